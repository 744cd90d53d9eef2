"""The minute's work on the outbox: taken up first, then sent, then written down; never twice.

Between the two transactions the network is asked. If the process dies there, nobody knows how far
it came: then history says so, and only a person sends it again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, update

from core.kernel.unit_of_work import Actor, Follows, UnitOfWork, unit_of_work
from core.links import links
from core.links.links import GiveLink
from core.messages import occasions, outbox, templates, ways
from core.messages.ways import Letter, Outcome
from core.process import workflow
from db.codes import MessageWay, Unsent
from db.tables import Company, Customer, CustomerMessage

# So many in a minute: the sweep has other work.
MOST = 30
# So many are looked at: what waits for one way keeps no other one waiting.
SEEN = 1_000
# After each failed try it waits so long; after the last one it has failed.
WAITS = tuple(timedelta(minutes=each) for each in (2, 10, 60, 240))
# Whoever took it up and said nothing for so long is no more.
LOST = timedelta(minutes=15)
# What should have gone so long ago (nothing ran, or a copy was brought back) a person decides on.
STALE = timedelta(days=1)
# A way that was not reached is not tried for the others of this minute.
DEAF = frozenset({Unsent.AWAY, Unsent.SILENT, Unsent.NOT_SET_UP})


@dataclass(frozen=True)
class Due:
    """A message whose time has come, or that somebody took up and never wrote down."""

    id: int
    way: MessageWay
    is_left: bool


def deliver(engine: Engine, actor: Actor, house: Follows, *, now: datetime | None = None) -> None:
    """Send what is due, each message by one process; give up what another one left behind."""

    def work(write: bool) -> Any:
        return unit_of_work(engine, actor, house, write=write, now=now)

    with work(write=False) as uow:
        found = due(uow)
    deaf: set[MessageWay] = set()
    tried = 0
    for each in found:
        if each.is_left:
            with work(write=True) as uow:
                lose(uow, each.id)
        elif each.way not in deaf and tried < MOST:
            tried += 1
            with work(write=True) as uow:
                letter = take_up(uow, each.id)
            outcome = ways.send(letter) if letter else None
            if outcome:
                with work(write=True) as uow:
                    settle(uow, each.id, outcome)
                deaf |= {each.way} if outcome.why in DEAF else set()


def due(uow: UnitOfWork) -> tuple[Due, ...]:
    """What is to be sent, but for the hours in which nothing is; and what somebody left behind."""
    left = CustomerMessage.claimed_at < uow.now - LOST
    rows = uow.session.execute(
        select(CustomerMessage.id, CustomerMessage.way, CustomerMessage.claimed_at.is_not(None))
        .where(CustomerMessage.status == outbox.WAITING, _is_due(uow) | left)
        .order_by(CustomerMessage.due_at, CustomerMessage.id)
        .limit(SEEN)
    ).all()
    found = tuple(Due(id, way, bool(is_left)) for id, way, is_left in rows)
    if found and is_quiet(uow.session.get_one(Company, 1), uow):
        return tuple(each for each in found if each.is_left)
    return found


def is_quiet(company: Company, uow: UnitOfWork) -> bool:
    """Whether nothing is sent at this time of the day."""
    first, last = company.quiet_from, company.quiet_to
    if not first or not last or first == last:
        return False
    clock = f"{uow.clock.astimezone(uow.actor.zone_info):%H:%M}"
    return first <= clock < last if first < last else clock >= first or clock < last


def take_up(uow: UnitOfWork, id: int) -> Letter | None:
    """The message as it goes out, if this process is the one that sends it, and it still holds."""
    claim = update(CustomerMessage).where(CustomerMessage.id == id, _is_due(uow))
    taken = claim.values(claimed_at=uow.now).returning(CustomerMessage.id)
    if uow.session.execute(taken).first() is None:
        return None
    message: CustomerMessage = workflow.fetch(uow, outbox.PROCESS, id, lock=True)
    customer = uow.session.get_one(Customer, message.request.customer_id)
    why = outbox.hindrance(customer, message)
    if occasions.standing(uow, message.request, message.occasion) != message.about:
        why = why or Unsent.OVER
    if why:
        outbox.drop(uow, message, why)
    elif message.due_at < uow.now - STALE:
        outbox.settle(uow, message, "failed", Unsent.LATE, "")
    if message.status is not outbox.WAITING:
        return None
    return _letter(uow, message)


def settle(uow: UnitOfWork, id: int, outcome: Outcome) -> None:
    """Write down how a try ended; what surely did not go is tried again, later and later."""
    message: CustomerMessage = workflow.fetch(uow, outbox.PROCESS, id, lock=True)
    why, said = outcome.why, outcome.said
    if why is None:
        if message.status in (outbox.WAITING, outbox.UNKNOWN):
            outbox.settle(uow, message, "sent", None, said)
        return
    if message.status is not outbox.WAITING:
        return  # given up meanwhile
    message.tries += 1
    if why in (Unsent.SILENT, Unsent.GARBLED):
        outbox.settle(uow, message, "lost", why, said)
        return
    _end_link(uow, message)
    if outcome.again and message.tries <= len(WAITS):
        outbox.put_off(uow, message, uow.now + WAITS[message.tries - 1], why, said)
    else:
        outbox.settle(uow, message, "failed", why, said)


def lose(uow: UnitOfWork, id: int) -> None:
    """Whoever took it up is gone: whether it went, nobody knows."""
    message: CustomerMessage = workflow.fetch(uow, outbox.PROCESS, id, lock=True)
    if message.status is outbox.WAITING and message.claimed_at:
        outbox.settle(uow, message, "lost", Unsent.SILENT, "")


def _is_due(uow: UnitOfWork) -> Any:
    return (
        (CustomerMessage.status == outbox.WAITING)
        & CustomerMessage.claimed_at.is_(None)
        & (CustomerMessage.due_at <= uow.now)
    )


def _letter(uow: UnitOfWork, message: CustomerMessage) -> Letter:
    company = uow.session.get_one(Company, 1)
    link = {templates.LINK: _link(uow, message, company)}
    return Letter(
        way=message.way,
        address=message.address,
        title=templates.fill(message.title, link),
        text=templates.fill(message.text, link),
        reference=message.reference,
        answers=message.answers,
        is_automatic=message.made_by_id is None,
        company=company.name,
        at=uow.now,
    )


def _link(uow: UnitOfWork, message: CustomerMessage, company: Company) -> str:
    """A fresh link, whose secret stands in the message that goes out and nowhere else."""
    wanted = templates.names_link(message.title) or templates.names_link(message.text)
    if not wanted or not company.public_address or not company.customer_pages:
        return ""
    secret = links.new_secret()
    digest = GiveLink(digest=links.digest_of(secret))
    message.link_id = links.make(uow, digest, case_id=message.request_id)
    return f"{company.public_address}/{links.PATH}/{secret}"


def _end_link(uow: UnitOfWork, message: CustomerMessage) -> None:
    if message.link_id:
        links.end(uow, message.link_id)
        message.link_id = None
