"""The outbox: a message is a row, written in the transaction of the fact that it tells of.

It is sent by the minute (core/messages/sending.py), taken up by one process before it goes.
"""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from core.kernel.errors import InvalidInput, NotAllowed, Problem
from core.kernel.inputs import Action, clean_line, clean_text, digits, is_email
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.messages import occasions, templates, ways
from core.messages.inputs import SendAgain, SentByHand, WithdrawMessage, WriteMessage
from core.process import masked, workflow
from core.process.permissions import require, visible_requests
from core.process.rules import Done, Process, Relation, Rule
from core.requests import actions as requests
from db.codes import MessageStatus, MessageWay, Occasion, Unsent
from db.tables import Company, Customer, CustomerMessage, ServiceRequest

WAITING, SENT, FAILED, UNKNOWN, DROPPED = MessageStatus
HERE, UNSENT = frozenset({WAITING}), frozenset({FAILED, UNKNOWN, DROPPED})
# Whoever calls customers writes to them; nobody handles a complaint about themselves (A23).
WRITE = masked.CALLS
FAIR = (Relation("named", lambda actor, message: actor.id not in message.request.named),)
MOST_TITLE, MOST_TEXT = 300, 4000


def _is_free(message: CustomerMessage) -> bool:
    return message.claimed_at is None


RULES = (
    Rule("queued", None, frozenset(), WAITING, WRITE, "D30"),
    Rule("withdrawn", WithdrawMessage, HERE, DROPPED, WRITE, "D30", _is_free, FAIR),
    Rule("queued_again", SendAgain, UNSENT, WAITING, WRITE, "D30", who=FAIR),
    Rule("sent_by_hand", SentByHand, UNSENT | HERE, SENT, WRITE, "D30", _is_free, FAIR),
    Rule("sent", None, HERE | {UNKNOWN}, SENT, WRITE, "D30"),
    Rule("put_off", None, HERE, None, WRITE, "D30"),
    Rule("failed", None, HERE, FAILED, WRITE, "D30"),
    Rule("lost", None, HERE, UNKNOWN, WRITE, "D30"),
    Rule("dropped", None, HERE, DROPPED, WRITE, "D30"),
)


def select_visible(actor: Actor) -> Select[CustomerMessage]:
    """The messages of the cases that the actor may see."""
    return (
        select(CustomerMessage)
        .join(CustomerMessage.request)
        .where(visible_requests(actor))
        .options(contains_eager(CustomerMessage.request), joinedload(CustomerMessage.made_by))
    )


def queue(
    uow: UnitOfWork,
    *,
    request: ServiceRequest,
    occasion: Occasion,
    address: str = "",
    title: str = "",
    text: str = "",
    answers: str = "",
) -> CustomerMessage:
    """Write to the customer of a case for an occasion; it is sent by the minute.

    By e-mail where `address` is a mailbox or the customer has one, else as the company has set it
    up. `title` and `text` stand in place of the company's template, `answers` is the Message-ID of
    the mail that it answers. What waits for the same occasion is not sent any more. Where nothing
    can go, because there is no address or no messages are wanted, the row says why (`dropped`).
    """
    customer = _customer(uow, request)
    language = occasions.spoken(uow.session.get_one(Company, 1), customer)
    wording = templates.wording(uow, occasion, language)
    facts = occasions.facts(uow, request, customer, language)
    way, whom = _way(request, customer, address)
    _replace(uow, request, occasion)
    message = _row(uow, request, occasion, way, whom)
    message.title = title or templates.fill(wording.title, facts)
    message.text = text or templates.fill(wording.text, facts)
    message.answers = clean_line(answers)[:MOST_TITLE]
    _begin(uow, message)
    why = hindrance(customer, message)
    if why:
        drop(uow, message, why)
    return message


def write(uow: UnitOfWork, command: WriteMessage, *, case_id: int) -> int:
    """Write to the customer by a person's own words; by hand it is noted as sent."""
    require(uow, WRITE)
    request: ServiceRequest = workflow.fetch(uow, requests.PROCESS, case_id, lock=True)
    if uow.actor.id in request.named:
        raise NotAllowed(permission=WRITE, reason="named")
    customer = _customer(uow, request)
    way, is_by_hand = command.message_way, command.message_way is MessageWay.BY_HAND
    whom = "" if is_by_hand else put_back(command.recipient, request, customer)
    _check(uow, request, customer, command, whom)
    _replace(uow, request, command.occasion)
    message = _row(uow, request, command.occasion, way, whom)
    message.title, message.text = command.headline, command.message
    message.made_by_id = uow.actor.id
    _begin(uow, message)
    if is_by_hand:
        message.ended_at = uow.now
        workflow.advance(uow, PROCESS, message, "sent_by_hand")
    return message.id


def put_back(given: str, request: ServiceRequest, customer: Customer) -> str:
    """The stored number in place of the masked one that a form showed."""
    known = (request.phone, customer.phone)
    return next((each for each in known if each and masked.masked(each) == given), given)


def drop(uow: UnitOfWork, message: CustomerMessage, why: Unsent) -> None:
    """It is not sent, and why."""
    _end(uow, message, why)
    workflow.advance(uow, PROCESS, message, "dropped", Done(data={"why": why.value}))


def hindrance(customer: Customer, message: CustomerMessage) -> Unsent | None:
    """Why nothing may go to this customer by this message; None when nothing is in the way."""
    if customer.erased_at is not None:
        return Unsent.ERASED
    if customer.no_messages:
        return Unsent.DECLINED
    if not message.address:
        return Unsent.NO_ADDRESS
    if message.way not in ways.set_up():
        return Unsent.NOT_SET_UP
    return None


def fits(way: MessageWay, address: str) -> bool:
    """Whether a way leads to an address."""
    return is_email(address) if way is MessageWay.EMAIL else 5 <= len(digits(address)) <= 20


def usual_address(way: MessageWay, request: ServiceRequest, customer: Customer) -> str:
    """Where a way leads to, as far as it is on file."""
    if way is MessageWay.BY_HAND:
        return ""
    return customer.email if way is MessageWay.EMAIL else request.phone or customer.phone


def _way(request: ServiceRequest, customer: Customer, address: str) -> tuple[MessageWay, str]:
    """By which way and where to: the first that is set up and leads somewhere."""
    if address:
        return MessageWay.EMAIL if is_email(address) else MessageWay.SMS, address
    known = ways.set_up()
    for way in known:
        if whom := usual_address(way, request, customer):
            return way, whom
    return known[0] if known else MessageWay.EMAIL, ""


def _check(
    uow: UnitOfWork,
    request: ServiceRequest,
    customer: Customer,
    command: WriteMessage,
    whom: str,
) -> None:
    way, problems = command.message_way, []
    if not occasions.standing(uow, request, command.occasion):
        problems.append(Problem("occasion", "occasion_over"))
    try:
        templates.check(headline=command.headline, message=command.message)
    except InvalidInput as error:
        problems += error.problems
    if customer.erased_at is not None:
        problems.append(Problem("form", "erased"))
    elif way is MessageWay.BY_HAND:
        if templates.names_link(command.message):
            problems.append(Problem("message", "link_by_hand"))
    elif customer.no_messages:
        problems.append(Problem("message_way", "wants_no_messages"))
    elif not whom:
        problems.append(Problem("recipient", "missing"))
    elif not fits(way, whom):
        problems.append(Problem("recipient", "email" if way is MessageWay.EMAIL else "phone"))
    elif way not in ways.set_up():
        problems.append(Problem("message_way", "way_not_set_up"))
    if problems:
        raise InvalidInput(*problems)


def _customer(uow: UnitOfWork, request: ServiceRequest) -> Customer:
    return uow.session.get_one(Customer, request.customer_id)


def _row(
    uow: UnitOfWork, request: ServiceRequest, occasion: Occasion, way: MessageWay, whom: str
) -> CustomerMessage:
    return CustomerMessage(
        request=request,
        occasion=occasion,
        about=occasions.standing(uow, request, occasion),
        way=way,
        address=whom,
        reference=f"aftercare-{secrets.token_hex(12)}",
        made_at=uow.now,
        due_at=uow.now,
        tries=0,
    )


def _begin(uow: UnitOfWork, message: CustomerMessage) -> None:
    message.title = clean_line(message.title)[:MOST_TITLE]
    message.text = clean_text(message.text)[:MOST_TEXT]
    workflow.begin(uow, PROCESS, message, Done(data=told(message)))


def told(message: CustomerMessage) -> dict[str, Any]:
    """What history keeps of a message besides the fact."""
    data = {"occasion": message.occasion.value, "way": message.way.value}
    return data | ({"recipient": message.address} if message.address else {})


def _replace(uow: UnitOfWork, request: ServiceRequest, occasion: Occasion) -> None:
    """What waits for the same occasion gives way to what is written now."""
    if occasion is Occasion.OWN:
        return
    waiting = select_visible(uow.actor).where(
        CustomerMessage.request_id == request.id,
        CustomerMessage.occasion == occasion,
        CustomerMessage.status == WAITING,
        CustomerMessage.claimed_at.is_(None),
    )
    for row in uow.session.scalars(waiting.with_for_update(of=CustomerMessage)).all():
        drop(uow, row, Unsent.REPLACED)


def _end(uow: UnitOfWork, message: CustomerMessage, why: Unsent | None) -> None:
    message.ended_at, message.why, message.claimed_at = uow.now, why, None


def settle(
    uow: UnitOfWork, message: CustomerMessage, fact: str, why: Unsent | None, said: str
) -> None:
    """It has come to its end: sent, failed, or nobody knows."""
    _end(uow, message, why)
    message.said = said
    data = told(message) | ({"why": why.value} if why else {})
    workflow.advance(uow, PROCESS, message, fact, Done(note=said, data=data))


def put_off(
    uow: UnitOfWork, message: CustomerMessage, due_at: datetime, why: Unsent, said: str
) -> None:
    """A try failed; the next one is later."""
    message.due_at, message.why, message.said, message.claimed_at = due_at, why, said, None
    data = {"why": why.value, "until": due_at.isoformat()}
    workflow.advance(uow, PROCESS, message, "put_off", Done(note=said, data=data))


def _withdraw(uow: UnitOfWork, message: CustomerMessage, command: WithdrawMessage) -> Done:
    _end(uow, message, Unsent.WITHDRAWN)
    return Done(note=command.note)


def _by_hand(uow: UnitOfWork, message: CustomerMessage, command: SentByHand) -> Done:
    _end(uow, message, None)
    message.way = MessageWay.BY_HAND
    return Done(note=command.note, data={"occasion": message.occasion.value})


def _again(uow: UnitOfWork, message: CustomerMessage, command: SendAgain) -> Done:
    customer = _customer(uow, message.request)
    if customer.erased_at is not None:
        raise InvalidInput(Problem("form", "erased"))
    usual = message.address or usual_address(message.way, message.request, customer)
    whom = put_back(command.recipient, message.request, customer) or usual
    if not fits(message.way, whom):
        raise InvalidInput(
            Problem("recipient", "email" if message.way is MessageWay.EMAIL else "phone")
        )
    message.address, message.tries, message.due_at = whom, 0, uow.now
    message.ended_at = message.why = None
    message.said = ""
    if why := hindrance(customer, message):
        raise InvalidInput(Problem("form", f"not_sent_{why}"))
    stands = occasions.standing(uow, message.request, message.occasion)
    if not stands or occasions.owner_of(stands) != occasions.owner_of(message.about):
        raise InvalidInput(Problem("form", f"not_sent_{Unsent.OVER}"))
    message.about = stands
    return Done(data=told(message))


def _proposed(actor: Actor, message: CustomerMessage) -> dict[str, Any]:
    return {"recipient": masked.phone(actor, message.address)}


EFFECTS: dict[type[Action], Any] = {
    WithdrawMessage: _withdraw,
    SendAgain: _again,
    SentByHand: _by_hand,
}

PROCESS = Process(
    subject="customer_message",
    rules=RULES,
    effects=EFFECTS,
    select=select_visible,
    table=CustomerMessage,
    case_id=lambda message: message.request_id,
    proposals={SendAgain: lambda uow, message: _proposed(uow.actor, message)},
)
