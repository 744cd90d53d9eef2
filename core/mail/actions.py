"""What becomes of a mail: accepted as a request, attached to a case, set aside, or left."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from core.kernel.unit_of_work import Actor, UnitOfWork, seen
from core.mail import answers, senders, texts
from core.mail.inputs import AttachMail, PutMailBack, SetMailAside
from core.process import workflow
from core.process.permissions import require
from core.process.rules import Done, Happening, Process, Rule
from core.requests import attachments, intake, meant, whose
from core.requests.attachments import Given
from core.requests.intake import Register, Registered
from db.codes import MailMachine, MailStatus
from db.tables import Customer, Mail, MailFile, ServiceRequest

HANDLE = "mail:handle"
WAITING, ACCEPTED, ATTACHED, SET_ASIDE, LEFT = MailStatus
NEW, BESIDE = frozenset({WAITING}), frozenset({SET_ASIDE, LEFT})
# So much of a mail stands in the story of its case.
LONGEST_NOTE = 1000

RULES = (
    Rule("taken_in", None, frozenset(), WAITING, HANDLE, "C4"),
    # With the request that a person registers of it.
    Rule("accepted", None, NEW, ACCEPTED, HANDLE, "C4"),
    # By a person; by the tool where it is sure (senders.py).
    Rule("attached", AttachMail, NEW, ATTACHED, HANDLE, "C4"),
    Rule("set_aside", SetMailAside, NEW, SET_ASIDE, HANDLE, "C4"),
    Rule("left", None, NEW, LEFT, HANDLE, "C4"),
    Rule("put_back", PutMailBack, BESIDE, WAITING, HANDLE, "C4"),
)


def select_visible(actor: Actor) -> Select[Mail]:
    """The mails of cases in sight; those of no case, but for other stations' customers."""
    query = select(Mail).outerjoin(Mail.request).outerjoin(Mail.customer)
    loaded = query.options(contains_eager(Mail.request), contains_eager(Mail.customer))
    return loaded.where(
        whose.in_sight(actor, HANDLE, request_id=Mail.request_id, theirs=Mail.customer_id)
    )


def accept(uow: UnitOfWork, command: Register, *, mail_id: int, seen_version: int) -> Registered:
    """Register the request that a mail asks for; the sender is told its number and the time."""
    require(uow, HANDLE)
    mail = seen(workflow.fetch(uow, PROCESS, mail_id, lock=True), seen_version)
    registered = intake.register(uow, command)
    request = uow.session.get_one(ServiceRequest, registered.id)
    mail.is_their_address = bool(mail.sender_key)
    senders.learn(uow, request.customer_id, mail.sender_key)
    workflow.advance(uow, PROCESS, mail, "accepted", _join(uow, mail, request))
    answers.promise(uow, mail, request)
    return registered


def attach(uow: UnitOfWork, mail: Mail, request: ServiceRequest) -> None:
    """A mail that was just taken in belongs to a case."""
    workflow.advance(uow, PROCESS, mail, "attached", _join(uow, mail, request))


def leave(uow: UnitOfWork, mail: Mail, machine: MailMachine) -> None:
    """No person wrote it to us: it is kept, and nobody is asked to look at it."""
    mail.machine = machine
    workflow.advance(uow, PROCESS, mail, "left", Done(data={"machine": machine.value}))


def follow_customer(uow: UnitOfWork, changed: Happening) -> None:
    """The mails of a case are of the customer whose case it is; whose address it is, is open."""
    of_case = select(Mail).where(Mail.request_id == changed.record.id)
    for mail in uow.session.scalars(of_case):
        mail.customer_id, mail.is_their_address = changed.record.customer_id, False


def _join(uow: UnitOfWork, mail: Mail, request: ServiceRequest) -> Done:
    customer = uow.session.get_one(Customer, request.customer_id)
    kept = MailFile.digest.is_not(None) & (MailFile.mail_id == mail.id)
    files = uow.session.scalars(select(MailFile).where(kept).order_by(MailFile.place)).all()
    given = (Given(each.digest or "", each.name, each.mime, each.size) for each in files)
    attachments.enter_all(uow, request.id, given)
    mail.request, mail.customer = request, customer
    mail.handled_by_id, mail.handled_at = uow.actor.id, uow.now
    said = "\n".join(filter(None, (mail.subject, texts.fresh(mail.body))))
    return Done(note=said[:LONGEST_NOTE], data={"sender": mail.sender})


def _attach(uow: UnitOfWork, mail: Mail, command: AttachMail) -> Done:
    request = meant.case(uow, command.case_number)
    mail.is_their_address = command.is_their_address and bool(mail.sender_key)
    return _join(uow, mail, request)


def _named(_uow: UnitOfWork, mail: Mail) -> dict[str, Any]:
    return {"case_number": next(iter(senders.numbers_in(mail.subject)), "")}


def _set_aside(uow: UnitOfWork, mail: Mail, command: SetMailAside) -> Done:
    mail.reason, mail.handled_by_id, mail.handled_at = command.note, uow.actor.id, uow.now
    return Done(note=command.note)


def _put_back(_uow: UnitOfWork, mail: Mail, _command: PutMailBack) -> Done:
    mail.reason, mail.machine, mail.handled_by_id, mail.handled_at = "", None, None, None
    return Done()


PROCESS = Process(
    subject="mail",
    rules=RULES,
    effects={AttachMail: _attach, SetMailAside: _set_aside, PutMailBack: _put_back},
    select=select_visible,
    table=Mail,
    case_id=lambda mail: mail.request_id,
    proposals={AttachMail: _named},
)
