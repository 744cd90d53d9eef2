"""The application for a return: its lines, what they may expect, what is asked and answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from core.customers import again, invoices, purchases
from core.customers.pieces import key_of, returnable
from core.kernel.errors import InvalidInput, Problem, Stale
from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.norms.revisions import in_force, norm_for, norm_of
from core.people.people import station_options
from core.process import changes, workflow
from core.process.permissions import require
from core.process.rules import Done
from core.requests import asked, waiting
from core.returns import pieces
from core.returns.conditions import Facts, Judgement, judge, other_wishes
from core.returns.holding import amount_of, hold, keep, price_of, rejudge, release
from core.returns.inputs import Amend, AppliedLine, Apply, AskMore, CancelReturn, Supply
from core.returns.rows import plain
from core.returns.rules import APPLIES, PROVEN, of_case
from db.codes import Fit, RequestKind, WaitReason, Wish
from db.tables import Customer, GoodsReturn, Purchase, PurchaseLine, ReturnLine, ServiceRequest


@dataclass(frozen=True)
class LineProspect:
    """What a line may expect before it is sent in: which condition fits, which fails and why.

    `most` pieces may still come back; `other_wishes` are those that would be granted.
    """

    purchase_line_id: int
    product: str
    quantity: int
    most: int
    amount_cents: int
    judgement: Judgement
    other_wishes: tuple[Wish, ...]
    # What is wrong with the piece that it names, or is to be answered about it.
    problems: tuple[Problem, ...]


def prospect(
    uow: UnitOfWork,
    *,
    lines: Sequence[AppliedLine],
    asked_on: date | None = None,
    mileage_km: int | None = None,
    case_id: int | None = None,
) -> tuple[LineProspect, ...]:
    """Hold lines against the rule book before they are sent in (C8); two queries.

    With a case, by the revision that it was accepted under, and with the pieces that its return
    holds already. Lines of purchases that are not there are left out.
    """
    require(uow, APPLIES)
    row = _file(uow, case_id)
    norm = norm_for(uow, row.request) if row else norm_of(in_force(uow))
    held = {line.purchase_line_id: line.held for line in row.lines} if row else {}
    known = _bought(uow, [line.purchase_line_id for line in lines])
    day = asked_on or uow.today
    found = ((n, line, known.get(line.purchase_line_id)) for n, line in enumerate(lines))
    return tuple(
        _prospect(
            norm,
            line,
            bought,
            _facts(line, bought.purchase, day, mileage_km),
            held.get(bought.id, 0),
            tuple(pieces.problems(uow, n, line, bought, but=row.id if row else None)),
        )
        for n, line, bought in found
        if bought
    )


def check(uow: UnitOfWork, command: Apply) -> tuple[Customer, dict[str, Any], int | None]:
    """The customer of an application, the rule book's own fields, and the station."""
    customer = again.current(uow, command.customer_id)
    norm = norm_of(in_force(uow))
    known = _bought(uow, [line.purchase_line_id for line in command.lines])
    problems = []
    stations = station_options(uow)
    if command.station_id and command.station_id not in stations:
        problems.append(Problem("station_id", "not_an_option"))
    if command.received_at and command.received_at > uow.now:
        problems.append(Problem("received_at", "in_the_future"))
    try:
        extra = asked.read_extra(norm, RequestKind.RETURN, _own_fields(norm, command, known))
    except InvalidInput as error:
        raise InvalidInput(*problems, *error.problems) from None
    if problems:
        raise InvalidInput(*problems)
    usual = (command.station_id, customer.station_id, uow.actor.station_id)
    return customer, extra, next((each for each in usual if each in stations), None)


def enter(uow: UnitOfWork, row: GoodsReturn, lines: Sequence[AppliedLine]) -> Done:
    """Put these lines in the place of those that are there; InvalidInput names each wrong one."""
    release(uow, row)
    row.lines.clear()
    uow.session.flush()  # the old rows go before rows of the same purchases come
    bought = keep(uow, [line.purchase_line_id for line in lines])
    if problems := list(_problems(uow, row.request, lines, bought)):
        raise InvalidInput(*problems)
    row.lines += [_line(line, bought[line.purchase_line_id]) for line in lines]
    try:
        uow.session.flush()
    except IntegrityError as error:  # another return has taken the same piece just now
        raise Stale() from error
    hold(uow, {line: line.quantity for line in row.lines})
    row.applied_by_id = uow.actor.id
    if row.request.asset_id is None:
        row.request.asset_id = row.lines[0].purchase_line.asset_id
    row.request.batch = row.request.batch or row.lines[0].purchase_line.batch
    rejudge(uow, row, inspected=False)
    count = sum(line.quantity for line in row.lines)
    data = {"lines": len(row.lines), "pieces": count, "cents": amount_of(row)}
    again = "; ".join(line.again for line in lines if line.again)
    return Done(note=again, data=data | {"entered": plain(lines)})


def amend(uow: UnitOfWork, row: GoodsReturn, command: Amend) -> Done:
    """Other lines; judged anew as of the day of asking."""
    row.mileage_km = command.mileage_km
    done = enter(uow, row, command.lines)
    return Done(note="\n".join(filter(None, (command.note, done.note))), data=done.data)


def ask_more(_uow: UnitOfWork, row: GoodsReturn, command: AskMore) -> Done:
    """The customer is asked; the company waits."""
    waiting.begin(row.request, WaitReason.CUSTOMER)
    return Done(note=command.note)


def supply(uow: UnitOfWork, row: GoodsReturn, command: Supply) -> Done:
    """What was missing is known: the lines are judged anew."""
    facts = command.model_dump(include={"received_on", "at_a_distance"}, exclude_none=True)
    for bought in {line.purchase_line.purchase for line in row.lines}:
        _complete(uow, bought, facts)
    if command.mileage_km is not None:
        row.mileage_km = command.mileage_km
    waiting.end(row.request)
    uow.session.flush()
    rejudge(uow, row, inspected=row.status in PROVEN)
    return Done(note=command.note, data=command.model_dump(mode="json", exclude={"note"}))


def cancel(uow: UnitOfWork, row: GoodsReturn, command: CancelReturn) -> Done:
    """Nothing comes back; the pieces may be asked for again."""
    release(uow, row)
    row.closed_at = uow.now
    return Done(note=command.note)


def purchase_lines(uow: UnitOfWork, row: GoodsReturn) -> Mapping[int, str]:
    """What the customer of a return has bought."""
    return purchases.options(uow, row.request.customer_id)


def propose_lines(_uow: UnitOfWork, row: GoodsReturn) -> dict[str, Any]:
    """The lines as they are."""
    names = ("purchase_line_id", "quantity", "reason", "wish", "goods", "repairs", "serial")
    return {"lines": [{name: getattr(line, name) for name in names} for line in row.lines]}


def _file(uow: UnitOfWork, case_id: int | None) -> GoodsReturn | None:
    return of_case(uow, case_id) if case_id else None


def _bought(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, PurchaseLine]:
    rows = uow.session.scalars(
        select(PurchaseLine)
        .where(PurchaseLine.id.in_(ids))
        .options(
            joinedload(PurchaseLine.purchase),
            joinedload(PurchaseLine.product),
            joinedload(PurchaseLine.asset),
        )
    )
    return {row.id: row for row in rows}


def _prospect(
    norm: Norm,
    line: AppliedLine,
    row: PurchaseLine,
    facts: Facts,
    mine: int,
    problems: tuple[Problem, ...],
) -> LineProspect:
    return LineProspect(
        purchase_line_id=row.id,
        product=purchases.name_of(row.product),
        quantity=line.quantity,
        most=_most(row) + mine,
        amount_cents=price_of(row, line.quantity),
        judgement=judge(norm, facts),
        other_wishes=other_wishes(norm, facts),
        problems=problems,
    )


def _facts(line: AppliedLine, bought: Purchase, day: date, mileage_km: int | None) -> Facts:
    return Facts(
        reason=line.reason,
        wish=line.wish,
        asked_on=day,
        goods=line.goods,
        purchased_on=bought.purchased_on,
        received_on=bought.received_on,
        at_a_distance=bought.at_a_distance,
        mileage_km=mileage_km,
        repairs=line.repairs,
    )


def _most(row: PurchaseLine) -> int:
    return returnable(bought=row.quantity, returned=row.returned, under_way=row.under_way)


def _problems(
    uow: UnitOfWork,
    request: ServiceRequest,
    lines: Sequence[AppliedLine],
    bought: Mapping[int, PurchaseLine],
) -> Iterator[Problem]:
    if len({line.purchase_line_id for line in lines}) < len(lines):
        yield Problem("lines", "line_twice")
    else:
        yield from _twice(lines, bought)
    for number, line in enumerate(lines):
        row = bought.get(line.purchase_line_id)
        if row is None or row.purchase.customer_id != request.customer_id:
            yield Problem(f"lines.{number}.purchase_line_id", "not_an_option")
        elif line.quantity > _most(row):
            details = {"most": _most(row)}
            yield Problem(f"lines.{number}.quantity", "more_than_returnable", details)
        else:
            yield from pieces.problems(uow, number, line, row)


def _twice(lines: Sequence[AppliedLine], bought: Mapping[int, PurchaseLine]) -> Iterator[Problem]:
    """Two lines of one application that name one piece."""
    seen: set[str] = set()
    for number, line in enumerate(lines):
        row = bought.get(line.purchase_line_id)
        piece = key_of(pieces.said(line, row), row.product) if row else ""
        if piece and piece in seen:
            yield Problem(f"lines.{number}.serial", "line_twice")
        seen.add(piece)


def _line(line: AppliedLine, row: PurchaseLine) -> ReturnLine:
    serial = pieces.said(line, row)
    return ReturnLine(
        **line.model_dump(exclude={"again", "serial"}),
        serial=serial,
        piece=key_of(serial, row.product) if line.quantity == 1 else "",
        purchase_line=row,
        unit_cents=row.unit_cents,
        price_cents=price_of(row, line.quantity),
        held=0,
        fit=Fit.OPEN,
        named="",
        deductions=[],
        moves=[],
        replacements=[],
    )


def _complete(uow: UnitOfWork, bought: Purchase, facts: Mapping[str, Any]) -> None:
    received_on = facts.get("received_on")
    invoices.check_days(uow, bought.purchased_on, received_on)
    if data := changes.write(bought, facts):
        workflow.advance(uow, invoices.PROCESS, bought, "edited", Done(data=data))


def _own_fields(norm: Norm, command: Apply, known: Mapping[int, PurchaseLine]) -> dict[str, Any]:
    """What the rule book asks besides, as far as the lines say it already."""
    batches = [
        known[each.purchase_line_id].batch
        for each in command.lines
        if each.purchase_line_id in known
    ]
    said = {
        "quantity": sum(line.quantity for line in command.lines),
        "batch_no": next(filter(None, batches), ""),
        "mileage": command.mileage_km,
    }
    names = {field.name for field in asked.extra_fields(norm, RequestKind.RETURN)}
    known_facts = {name: value for name, value in said.items() if name in names}
    return known_facts | {name: value for name, value in command.extra.items() if value}
