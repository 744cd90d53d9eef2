"""Counts 盘点: the sheet of a place, what was found, and the differences settled by another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import fairness, workflow
from core.process.fairness import Barred
from core.process.permissions import require
from core.process.rules import Done, Process, Relation, Rule
from core.stock import catalogue, ledger, receiving, sight
from core.stock.inputs import (
    BeginCount,
    CountAgain,
    DropCount,
    FinishCount,
    FoundLot,
    SettleCount,
)
from core.stock.ledger import Taken
from core.stock.sight import APPROVE, KEEP, READ, Place
from db.codes import CountStatus, MoveReason
from db.tables import PartBalance, PartLot, StockCount, StockCountLine, StockPlace

MOST = 100
COUNTING, COUNTED, SETTLED, DROPPED = CountStatus
OPEN = frozenset({COUNTING, COUNTED})
NOT_OWN = Relation("own_count", lambda actor, row: actor.id != row.counted_by_id)
WAITS = frozenset({COUNTED})
RULES = (
    Rule("begun", None, frozenset(), COUNTING, KEEP, "D13"),
    Rule("counted", FinishCount, frozenset({COUNTING}), COUNTED, KEEP, "D13"),
    Rule("settled", SettleCount, WAITS, SETTLED, APPROVE, "D13", who=(NOT_OWN,)),
    Rule("again", CountAgain, WAITS, COUNTING, APPROVE, "D13"),
    Rule("dropped", DropCount, OPEN, DROPPED, KEEP, "D13"),
)


@dataclass(frozen=True)
class CountLine:
    """A lot on the sheet."""

    part: str
    batch: str
    expected: int
    counted: int | None
    reason: str


@dataclass(frozen=True)
class CountView:
    """One sheet with what may be done about it."""

    id: int
    version: int
    status: CountStatus
    place: Place
    begun_at: datetime
    counted_by: str
    settled_by: str
    lines: tuple[CountLine, ...]
    actions: tuple[Rule, ...]

    @property
    def is_counted(self) -> bool:
        """Whether all of the sheet was counted."""
        return all(each.counted is not None for each in self.lines)

    @property
    def differences(self) -> tuple[CountLine, ...]:
        """The lines that were found otherwise than the books say."""
        return tuple(each for each in self.lines if each.counted not in (None, each.expected))


def select_visible(actor: Actor) -> Select[StockCount]:
    """The sheets of the places that the actor sees."""
    lines = selectinload(StockCount.lines).joinedload(StockCountLine.lot).joinedload(PartLot.part)
    return (
        select(StockCount)
        .join(StockCount.place)
        .where(sight.visible(actor))
        .options(contains_eager(StockCount.place), lines)
    )


def begin(uow: UnitOfWork, command: BeginCount) -> int:
    """Begin a sheet with all that the books say lies at a place; gives its id."""
    require(uow, KEEP)
    place = sight.place(uow, command.place_id)
    is_open = StockCount.status.in_(OPEN) & (StockCount.place_id == place.id)
    held = select(StockPlace.id).where(StockPlace.id == place.id).with_for_update()
    uow.session.execute(held)
    if uow.session.scalar(select(StockCount.id).where(is_open)) is not None:
        raise InvalidInput(Problem("place_id", "counted_already"))
    lots = uow.session.execute(
        select(PartBalance.lot_id, PartBalance.quantity)
        .where(PartBalance.place_id == place.id, PartBalance.quantity > 0)
        .order_by(PartBalance.lot_id)
    ).all()
    if not lots:
        raise InvalidInput(Problem("place_id", "nothing_there"))
    lines = [StockCountLine(lot_id=lot_id, expected=quantity) for lot_id, quantity in lots]
    row = StockCount(place_id=place.id, begun_at=uow.now, counted_by_id=uow.actor.id, lines=lines)
    workflow.begin(uow, PROCESS, row)
    return row.id


def listed(uow: UnitOfWork) -> tuple[CountView, ...]:
    """The sheets, those that are open first."""
    require(uow, READ)
    rows = uow.session.scalars(
        select_visible(uow.actor)
        .options(
            contains_eager(StockCount.place).joinedload(StockPlace.station),
            contains_eager(StockCount.place).joinedload(StockPlace.person),
            joinedload(StockCount.counted_by),
            joinedload(StockCount.settled_by),
        )
        .order_by(StockCount.status.not_in(OPEN), StockCount.id.desc())
        .limit(MOST)
    )
    return tuple(_view(uow, row) for row in rows)


def barred(uow: UnitOfWork, *, id: int) -> tuple[Barred, ...]:
    """What waits on a sheet and is kept from the actor, who counted it."""
    require(uow, READ)
    return fairness.barred(uow, PROCESS, workflow.fetch(uow, PROCESS, id))


def _view(uow: UnitOfWork, row: StockCount) -> CountView:
    return CountView(
        id=row.id,
        version=row.version,
        status=row.status,
        place=sight.name_of(row.place),
        begun_at=row.begun_at,
        counted_by=row.counted_by.name,
        settled_by=row.settled_by.name if row.settled_by else "",
        lines=tuple(
            CountLine(
                catalogue.label(line.lot.part),
                line.lot.batch,
                line.expected,
                line.counted,
                line.reason,
            )
            for line in row.lines
        ),
        actions=PROCESS.allowed(uow.actor, row),
    )


def _finish(uow: UnitOfWork, row: StockCount, command: FinishCount) -> Done:
    given, wrong = {line.line_id: line for line in command.count_lines}, []
    for stored in row.lines:  # the books as they are now: what went out meanwhile is no difference
        stored.expected = ledger.left(uow, row.place_id, stored.lot_id)
    for at, line in enumerate(command.count_lines):
        stored = next(each for each in row.lines if each.id == line.line_id)
        if line.counted != stored.expected and not line.difference_reason:
            wrong.append(Problem(f"count_lines.{at}.difference_reason", "missing"))
    if len(given) != len(row.lines) or len(given) != len(command.count_lines):
        wrong.append(Problem("count_lines", "not_all_counted"))
    found = _found(uow, row, command.found_lots, wrong)
    if wrong:
        raise InvalidInput(*wrong)
    for stored in row.lines:
        stored.counted = given[stored.id].counted
        stored.reason = given[stored.id].difference_reason
    row.lines += found
    # Whoever counted last may not settle it.
    row.counted_by_id = uow.actor.id or row.counted_by_id
    differ = sum(line.counted != line.expected for line in row.lines)
    return Done(data={"count": differ})


def _found(
    uow: UnitOfWork, row: StockCount, given: list[FoundLot], wrong: list[Problem]
) -> list[StockCountLine]:
    """What lies there and is not on the sheet: a batch that nobody had written down as there."""
    known = {line.lot_id for line in row.lines}
    lines = []
    for at, each in enumerate(given):
        part = catalogue.part_of(uow, each.part_id)
        lacks = receiving.lacks_of_lot(part, each.batch, each.expires_on)
        wrong += [Problem(f"found_lots.{at}.{bad.field}", bad.code) for bad in lacks]
        if lacks:
            continue
        lot_id = receiving.lot_of(uow, part, each.batch, each.expires_on)
        if lot_id in known:
            wrong.append(Problem(f"found_lots.{at}.batch", "on_the_sheet"))
            continue
        known.add(lot_id)
        about = {"lot_id": lot_id, "expected": ledger.left(uow, row.place_id, lot_id)}
        lines.append(StockCountLine(**about, counted=each.counted, reason=each.difference_reason))
    return lines


def _settle(uow: UnitOfWork, row: StockCount, _command: SettleCount) -> Done:
    for line in row.lines:
        more = (line.counted or 0) - line.expected
        if not more:
            continue
        here, taken = row.place_id, Taken(line.lot_id, abs(more))
        came, went = (here, None) if more > 0 else (None, here)
        ledger.move(
            *(uow, taken, MoveReason.COUNTED),
            source=went,
            target=came,
            field="form",
            note=line.reason,
            count_id=row.id,
        )
    row.settled_by_id, row.settled_at = uow.actor.id, uow.now
    return Done()


def _again(_uow: UnitOfWork, row: StockCount, command: CountAgain) -> Done:
    for line in row.lines:
        line.counted, line.reason = None, ""
    return Done(note=command.note)


def _drop(_uow: UnitOfWork, _row: StockCount, command: DropCount) -> Done:
    return Done(note=command.note)


def _lines(_uow: UnitOfWork, row: StockCount) -> Mapping[int, str]:
    return {
        line.id: " · ".join(filter(None, (catalogue.label(line.lot.part), line.lot.batch)))
        for line in row.lines
    }


def _proposed(_uow: UnitOfWork, row: StockCount) -> dict[str, Any]:
    # What the books say is not shown: whoever counts looks into the shelf.
    return {"count_lines": [{"line_id": line.id} for line in row.lines]}


PROCESS = Process(
    subject="stock_count",
    rules=RULES,
    effects={CountAgain: _again, DropCount: _drop, FinishCount: _finish, SettleCount: _settle},
    select=select_visible,
    table=StockCount,
    case_id=lambda row: None,
    options={"count_lines": _lines, "parts": catalogue.parts},
    proposals={FinishCount: _proposed},
)
