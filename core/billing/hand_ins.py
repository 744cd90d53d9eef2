"""Money that is handed in to finance, counted, and reconciled by day and person (E13)."""

from collections.abc import Mapping

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from core.billing import payments, sight
from core.billing.inputs import CountMoney, HandInMoney, SendMoneyBack
from core.billing.sight import COUNT, TAKE
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import workflow
from core.process.permissions import require
from core.process.rules import Done, Process, Relation, Rule
from db.codes import HandInStatus, PayMeans, PaymentStatus
from db.tables import HandIn, Payment

HANDED_IN, COUNTED, SENT_BACK = HandInStatus
WAITS = frozenset({HANDED_IN})
# Nobody counts what they have handed in themselves.
NOT_OWN = Relation("own_money", lambda actor, row: row.person_id != actor.id)
SUMS = {means: f"{means.value}_cents" for means in PayMeans}
RULES = (
    Rule("handed_in", None, frozenset(), HANDED_IN, TAKE, "E13"),
    Rule("counted", CountMoney, WAITS, COUNTED, COUNT, "E13", who=(NOT_OWN,)),
    Rule("sent_back", SendMoneyBack, WAITS, SENT_BACK, COUNT, "E13", who=(NOT_OWN,)),
)


def select_visible(actor: Actor) -> Select[HandIn]:
    """What the actor has handed in, or all."""
    return (
        select(HandIn)
        .join(HandIn.person)
        .where(sight.hand_ins(actor))
        .options(contains_eager(HandIn.person))
    )


def hand_in(uow: UnitOfWork, command: HandInMoney) -> int:
    """All that the actor holds goes to finance; gives the id of what is to be counted."""
    require(uow, TAKE)
    payments.lock_person(uow, uow.actor.id)
    mine = (Payment.taken_by_id == uow.actor.id) & (Payment.status == PaymentStatus.HELD)
    found = uow.session.scalars(select(Payment).where(mine).order_by(Payment.id)).all()
    if not found:
        raise InvalidInput(Problem("form", "nothing_held"))
    sums = {SUMS[means]: cents for means, cents in payments.held(uow, uow.actor.id).items()}
    row = HandIn(
        person_id=uow.actor.id,
        handed_at=uow.now,
        handed_on=uow.today,
        note=command.note,
        **sums,
    )
    workflow.begin(uow, PROCESS, row, Done(command.note, {"cents": sum(sums.values())}))
    for each in found:
        each.hand_in_id = row.id
        workflow.advance(uow, payments.PROCESS, each, "handed_in")
    return row.id


def of_means(row: HandIn) -> Mapping[PayMeans, tuple[int, int | None]]:
    """What was handed in of each means, and what was counted."""
    return {
        means: (getattr(row, name), getattr(row, f"counted_{name}")) for means, name in SUMS.items()
    }


def difference_of(sums: Mapping[PayMeans, tuple[int, int | None]]) -> int:
    """What was counted beyond what was handed in, in cents."""
    return sum((counted or 0) - cents for cents, counted in sums.values())


def how_many_held(uow: UnitOfWork) -> Select[int, int]:
    """How many payments are with who took them; late are those of a day that is over."""
    today, _ = payments.bounds(uow, uow.today)
    late = func.count().filter(Payment.taken_at < today)
    here = (Payment.status == PaymentStatus.HELD) & sight.payments(uow.actor)
    return select(func.count(), late).select_from(Payment).where(here)


def how_many_to_count(uow: UnitOfWork) -> Select[int, int]:
    """How much that was handed in waits to be counted; late is what waits since another day."""
    late = func.count().filter(HandIn.handed_on < uow.today)
    waits = HandIn.status == HANDED_IN
    return select(func.count(), late).select_from(HandIn).where(waits)


def _count(uow: UnitOfWork, row: HandIn, command: CountMoney) -> Done:
    for name in SUMS.values():
        setattr(row, f"counted_{name}", getattr(command, f"counted_{name}"))
    difference = difference_of(of_means(row))
    is_equal = all(counted == cents for cents, counted in of_means(row).values())
    if not is_equal and not command.difference_reason:
        raise InvalidInput(Problem("difference_reason", "why_different"))
    row.counted_by_id, row.counted_at = uow.actor.id, uow.now
    row.difference_reason = "" if is_equal else command.difference_reason
    _settle(uow, row, "counted")
    return Done(row.difference_reason, {"cents": difference})


def _send_back(uow: UnitOfWork, row: HandIn, command: SendMoneyBack) -> Done:
    payments.lock_person(uow, row.person_id)
    _settle(uow, row, "sent_back")
    return Done(command.note)


def _settle(uow: UnitOfWork, row: HandIn, fact: str) -> None:
    of_it = select(Payment).where(Payment.hand_in_id == row.id).order_by(Payment.id)
    for each in uow.session.scalars(of_it).all():
        if fact == "sent_back":
            each.hand_in_id = None
        workflow.advance(uow, payments.PROCESS, each, fact)


PROCESS = Process(
    subject="hand_in",
    rules=RULES,
    effects={CountMoney: _count, SendMoneyBack: _send_back},
    select=select_visible,
    table=HandIn,
    case_id=lambda row: None,
)
