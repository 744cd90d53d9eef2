"""Mails as screens show them: the pile, one with what is known of its sender, those of a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from core.kernel.errors import NotFound
from core.kernel.given_files import stored
from core.kernel.inputs import clean_search
from core.kernel.paging import PAGE, Page, leaf
from core.kernel.unit_of_work import UnitOfWork
from core.mail import senders, texts
from core.mail.actions import HANDLE, PROCESS, select_visible
from core.process import workflow
from core.process.permissions import require, require_case
from core.process.rules import Rule
from core.requests import whose
from core.requests.whose import Whose
from db.codes import MailFlaw, MailMachine, MailStatus
from db.tables import Mail, MailFile

# How far back a mail may be the same as another one, and how many of each are named.
ALIKE, MOST_NAMED = timedelta(days=14), 5


class MailPart(StrEnum):
    """Which mails are looked at."""

    NEW = "new"
    SETTLED = "settled"
    ASIDE = "aside"
    LEFT = "left"


PARTS = {
    MailPart.NEW: (MailStatus.WAITING,),
    MailPart.SETTLED: senders.OF_A_CASE,
    MailPart.ASIDE: (MailStatus.SET_ASIDE,),
    MailPart.LEFT: (MailStatus.LEFT,),
}


@dataclass(frozen=True)
class MailRow:
    """A mail of the list."""

    id: int
    status: MailStatus
    sender: str
    subject: str
    received_at: datetime
    customer: str
    files: int
    machine: MailMachine | None
    number: str


@dataclass(frozen=True)
class FileView:
    """A file of a mail; why it was not kept, where it was not.

    `is_erased` where it went with a person who was erased on request.
    """

    id: int
    name: str
    mime: str
    size: int
    flaw: MailFlaw | None
    is_erased: bool


@dataclass(frozen=True)
class MailView:
    """One mail with its files, and what a person needs to decide on it."""

    id: int
    version: int
    status: MailStatus
    sender: str
    sender_name: str
    subject: str
    body: str
    fresh: str
    is_cut: bool
    received_at: datetime
    machine: MailMachine | None
    reason: str
    handled_by: str
    handled_at: datetime | None
    case_id: int | None
    case_number: str
    files: tuple[FileView, ...]
    actions: tuple[Rule, ...]
    # Whose address it is; the case numbers of the subject; mails that say the same.
    known: tuple[Whose, ...] = ()
    numbers: tuple[str, ...] = ()
    alike: tuple[MailRow, ...] = ()

    @property
    def name(self) -> str:
        """Who wrote it."""
        return self.sender_name or self.sender


def listed(uow: UnitOfWork, *, part: MailPart, text: str = "", page: int = 1) -> Page[MailRow]:
    """The mails of a part: what waits the longest first, the others the newest first."""
    require(uow, HANDLE)
    order = Mail.received_at if part is MailPart.NEW else Mail.received_at.desc()
    query = select_visible(uow.actor).where(Mail.status.in_(PARTS[part]), *_narrow(text))
    counted = _counted(query).order_by(order, Mail.id)
    found, number = leaf(uow, counted, page=page, size=PAGE)
    rows = tuple(_row(mail, files) for mail, files, _ in found)
    return Page(rows, found[0][2] if found else 0, number)


def view(uow: UnitOfWork, *, id: int) -> MailView:
    """One mail; NotFound when it is out of sight."""
    require(uow, HANDLE)
    mail: Mail = workflow.fetch(uow, PROCESS, id, options=LOADED)
    return _view(
        uow,
        mail,
        known=whose.of(uow, senders.customers(uow, mail.sender_key)),
        numbers=senders.numbers_in(mail.subject),
        alike=_alike(uow, mail),
    )


def of_case(uow: UnitOfWork, *, case_id: int) -> tuple[MailView, ...]:
    """The mails of a case that the actor may see, the newest first."""
    require_case(uow, case_id)
    query = select_visible(uow.actor).where(Mail.request_id == case_id).options(*LOADED)
    rows = uow.session.scalars(query.order_by(Mail.received_at.desc(), Mail.id.desc()))
    return tuple(_view(uow, mail) for mail in rows)


def content(uow: UnitOfWork, *, id: int) -> bytes:
    """The bytes of a file of a mail in sight; AttachmentLost where it is not as it was."""
    require(uow, "case:read")
    seen = select_visible(uow.actor).with_only_columns(Mail.id)
    query = select(MailFile).where(MailFile.id == id, MailFile.mail_id.in_(seen))
    file = uow.session.scalar(query)
    if file is None or file.digest is None:
        raise NotFound(subject="mail", id=id)
    return stored(file.name, file.digest)


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many mails wait for somebody; none is late by itself."""
    waiting = select_visible(uow.actor).where(Mail.status == MailStatus.WAITING)
    found = waiting.with_only_columns(Mail.id).subquery()
    return select(func.count(), func.count().filter(found.c.id < 0)).select_from(found)


LOADED = (selectinload(Mail.files), joinedload(Mail.handled_by))


def _counted(query: Select[Mail]) -> Select[Mail, int, int]:
    files = select(func.count()).where(MailFile.mail_id == Mail.id).correlate(Mail)
    return query.add_columns(files.scalar_subquery(), func.count().over())


def _narrow(text: str) -> Iterable[ColumnElement[bool]]:
    if text := clean_search(text):
        columns = (Mail.sender, Mail.sender_name, Mail.subject, Mail.body)
        yield or_(*(each.icontains(text, autoescape=True) for each in columns))


def _row(mail: Mail, files: int) -> MailRow:
    return MailRow(
        id=mail.id,
        status=mail.status,
        sender=mail.sender_name or mail.sender,
        subject=mail.subject,
        received_at=mail.received_at,
        customer=mail.customer.name if mail.customer else "",
        files=files,
        machine=mail.machine,
        number=mail.request.number if mail.request else "",
    )


def _alike(uow: UnitOfWork, mail: Mail) -> tuple[MailRow, ...]:
    """Other mails of the sender that say the same, or bear the same name."""
    near = (
        Mail.received_at > mail.received_at - ALIKE,
        Mail.received_at < mail.received_at + ALIKE,
    )
    same = [(Mail.body == mail.body) if mail.body else (Mail.subject == mail.subject)]
    if mail.message_id:
        same.append(Mail.message_id == mail.message_id)
    query = select_visible(uow.actor).where(
        Mail.sender_key == mail.sender_key, Mail.id != mail.id, or_(*same), *near
    )
    found = uow.session.execute(_counted(query).order_by(Mail.id).limit(MOST_NAMED))
    return tuple(_row(each, files) for each, files, _ in found)


# Facts that the view shows as they are stored.
_PLAIN = (
    *("id", "version", "status", "sender", "sender_name", "subject", "body", "is_cut"),
    *("received_at", "machine", "reason", "handled_at"),
)


def _view(
    uow: UnitOfWork,
    mail: Mail,
    *,
    known: Sequence[Whose] = (),
    numbers: Sequence[str] = (),
    alike: Sequence[MailRow] = (),
) -> MailView:
    return MailView(
        **{name: getattr(mail, name) for name in _PLAIN},
        fresh=texts.fresh(mail.body),
        handled_by=mail.handled_by.name if mail.handled_by else "",
        case_id=mail.request_id,
        case_number=mail.request.number if mail.request else "",
        files=tuple(map(_file, mail.files)),
        actions=PROCESS.allowed(uow.actor, mail),
        known=tuple(known),
        numbers=tuple(numbers),
        alike=tuple(alike),
    )


def _file(file: MailFile) -> FileView:
    is_erased = file.digest is None and file.flaw is None
    return FileView(file.id, file.name, file.mime, file.size, file.flaw, is_erased)
