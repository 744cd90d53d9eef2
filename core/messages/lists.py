"""What screens read of messages: those of a case, what may be written now, and with which text."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.messages import occasions, outbox, sending, templates, ways
from core.process import masked, workflow
from core.process.permissions import require
from core.process.rules import Rule
from core.requests import actions as requests
from db.codes import Language, MessageStatus, MessageWay, Occasion, Unsent
from db.tables import Company, Customer, CustomerMessage, ServiceRequest


@dataclass(frozen=True)
class MessageView:
    """One message to the customer of a case."""

    id: int
    version: int
    occasion: Occasion
    way: MessageWay
    status: MessageStatus
    address: str
    title: str
    text: str
    # Who wrote it; empty for the tool itself.
    made_by: str
    made_at: datetime
    due_at: datetime
    ended_at: datetime | None
    tries: int
    why: Unsent | None
    said: str
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class Offer:
    """On which occasions the customer of a case may be written to now, and by which ways."""

    occasions: tuple[Occasion, ...]
    ways: tuple[MessageWay, ...]
    # What the customer should be told in writing, where there is a way, and was not yet.
    asked: Occasion | None
    no_messages: bool
    # Until when nothing is sent now; empty when it is.
    quiet_until: str


@dataclass(frozen=True)
class Proposal:
    """A message as it may be sent: to whom, and with which words."""

    recipient: str
    headline: str
    message: str
    language: Language


def of_case(uow: UnitOfWork, *, case_id: int) -> tuple[MessageView, ...]:
    """The messages of a case, the newest first, for whoever writes to customers."""
    require(uow, outbox.WRITE)
    workflow.fetch(uow, requests.PROCESS, case_id)
    query = outbox.select_visible(uow.actor).where(CustomerMessage.request_id == case_id)
    rows = uow.session.scalars(query.order_by(CustomerMessage.id.desc()))
    return tuple(_view(uow, row) for row in rows)


def offer(uow: UnitOfWork, *, case_id: int) -> Offer:
    """What may be written now; a promise is to be told in writing as long as it stands (A3)."""
    request, customer = _about(uow, case_id)
    company = uow.session.get_one(Company, 1)
    reached = ways.set_up() and not customer.no_messages
    # Own words are always there, also about a case that ended by mistake.
    open_now = (each for each in Occasion if occasions.standing(uow, request, each))
    return Offer(
        occasions=tuple(open_now),
        ways=(*ways.set_up(), MessageWay.BY_HAND),
        asked=Occasion.PROMISED if reached and is_promise_untold(uow, request) else None,
        no_messages=customer.no_messages,
        quiet_until=company.quiet_to if sending.is_quiet(company, uow) else "",
    )


def is_promise_untold(uow: UnitOfWork, request: ServiceRequest) -> bool:
    """Whether a time was promised of which no message tells."""
    stands = occasions.standing(uow, request, Occasion.PROMISED)
    told = select(CustomerMessage.id).where(
        CustomerMessage.request_id == request.id,
        CustomerMessage.occasion == Occasion.PROMISED,
        CustomerMessage.about == stands,
        CustomerMessage.status.in_((MessageStatus.WAITING, MessageStatus.SENT)),
    )
    return bool(stands) and uow.session.scalar(told.limit(1)) is None


def proposal(uow: UnitOfWork, *, case_id: int, occasion: Occasion, way: MessageWay) -> Proposal:
    """The company's text for an occasion, filled from the case, in the customer's language."""
    request, customer = _about(uow, case_id)
    language = occasions.spoken(uow.session.get_one(Company, 1), customer)
    wording = templates.wording(uow, occasion, language)
    facts = occasions.facts(uow, request, customer, language)
    if way is MessageWay.BY_HAND:  # a link is made and shown beside it
        facts[templates.LINK] = ""
    recipient = outbox.usual_address(way, request, customer)
    return Proposal(
        recipient=masked.phone(uow.actor, recipient),
        headline=templates.fill(wording.title, facts),
        message=templates.fill(wording.text, facts),
        language=language,
    )


def _about(uow: UnitOfWork, case_id: int) -> tuple[ServiceRequest, Customer]:
    require(uow, outbox.WRITE)
    request: ServiceRequest = workflow.fetch(uow, requests.PROCESS, case_id)
    return request, uow.session.get_one(Customer, request.customer_id)


def _view(uow: UnitOfWork, row: CustomerMessage) -> MessageView:
    return MessageView(
        id=row.id,
        version=row.version,
        occasion=row.occasion,
        way=row.way,
        status=row.status,
        address=masked.phone(uow.actor, row.address),
        title=row.title,
        text=row.text,
        made_by=row.made_by.name if row.made_by else "",
        made_at=row.made_at,
        due_at=row.due_at,
        ended_at=row.ended_at,
        tries=row.tries,
        why=row.why,
        said=row.said,
        actions=outbox.PROCESS.allowed(uow.actor, row),
    )
