"""The price list: by kind of work, product and part, each price for a period (A16)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from core.billing.sight import EDIT, PRICES
from core.customers.catalogue import plain_name
from core.customers.purchases import name_of
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Choice, Day, Input, LineText, Money
from core.kernel.unit_of_work import UnitOfWork, seen
from core.process import changes, history
from core.process.changes import Change
from core.process.permissions import require
from core.stock import catalogue
from db.codes import PriceKind, RequestKind
from db.tables import Price

SUBJECT = "price"
MOST = 2000
DAY = timedelta(days=1)
# What tells a thing of the list from others, over all its periods.
THING = ("kind", "name", "unit", "request_kind", "product_id", "part_id")


class InForce(StrEnum):
    """Whether a price is in force today."""

    NOW = "now"
    AHEAD = "ahead"
    ENDED = "ended"


class EditPrice(Input):
    """A price of the list."""

    price_kind: PriceKind
    price_name: LineText = ""
    unit: Annotated[LineText, Field(max_length=10)] = ""
    request_kind: RequestKind | None = None
    product_id: Annotated[int | None, Choice("products")] = None
    part_id: Annotated[int | None, Choice("parts")] = None
    price_cents: Money
    valid_from: Day
    valid_until: Day | None = None


class NewPeriod(Input):
    """From a day on it costs something else."""

    price_cents: Money
    valid_from: Day
    valid_until: Day | None = None


@dataclass(frozen=True)
class PriceView:
    """One price in its period."""

    id: int
    version: int
    price_kind: PriceKind
    price_name: str
    unit: str
    request_kind: RequestKind | None
    product_id: int | None
    product: str
    part_id: int | None
    price_cents: int
    valid_from: date
    valid_until: date | None
    in_force: InForce


def listed(uow: UnitOfWork) -> tuple[PriceView, ...]:
    """The price list: what is in force first, then what comes, then what has ended."""
    require(uow, PRICES)
    rows = [_view(uow, row) for row in uow.session.scalars(_whole().limit(MOST))]
    order = list(InForce)
    return tuple(sorted(rows, key=lambda row: (order.index(row.in_force), row.price_kind)))


def edits(uow: UnitOfWork, *, id: int) -> tuple[Change, ...]:
    """What was changed of a price."""
    require(uow, PRICES)
    return changes.of_record(uow, subject=SUBJECT, subject_id=id)


def add(uow: UnitOfWork, command: EditPrice) -> int:
    """Put a price on the list; gives its id."""
    require(uow, EDIT)
    return _begin(uow, _facts(uow, command))


def change(uow: UnitOfWork, *, id: int, command: EditPrice, seen_version: int) -> None:
    """Change a price; what was quoted keeps the price of its day."""
    require(uow, EDIT)
    row = seen(uow.session.get(Price, id), seen_version)
    facts = _facts(uow, command)
    _check(uow, facts, id)
    data = changes.write(row, facts)
    uow.session.flush()
    history.record(uow, subject=SUBJECT, subject_id=id, action="edited", data=data)


def begin_period(uow: UnitOfWork, *, id: int, command: NewPeriod, seen_version: int) -> int:
    """From a day on it costs something else: what it cost until then ends the day before."""
    require(uow, EDIT)
    row = seen(uow.session.get(Price, id), seen_version)
    if command.valid_from <= row.valid_from:
        details = {"on": row.valid_from.isoformat()}
        raise InvalidInput(Problem("valid_from", "period_too_early", details))
    if row.valid_until is None or row.valid_until >= command.valid_from:
        data = changes.write(row, {"valid_until": command.valid_from - DAY})
        uow.session.flush()
        history.record(uow, subject=SUBJECT, subject_id=id, action="edited", data=data)
    thing = {name: getattr(row, name) for name in (*THING, "key")}
    return _begin(uow, thing | _period(command) | {"cents": command.price_cents})


def in_force(uow: UnitOfWork, on: date) -> Select[Any]:
    """The prices that are in force on a day."""
    lasts = Price.valid_until.is_(None) | (Price.valid_until >= on)
    return _whole().where(Price.valid_from <= on, lasts)


def ended_on(row: Price | None, today: date) -> date | None:
    """The last day of a price that has ended; None while it is in force, or to come."""
    until = row.valid_until if row else None
    return until if until and until < today else None


def _begin(uow: UnitOfWork, facts: dict[str, Any]) -> int:
    _check(uow, facts, 0)
    row = Price(**facts)
    uow.session.add(row)
    uow.session.flush()
    history.record(uow, subject=SUBJECT, subject_id=row.id, action="added", note=row.name)
    return row.id


def _facts(uow: UnitOfWork, command: EditPrice) -> dict[str, Any]:
    is_part = command.price_kind is PriceKind.PART
    wrong = []
    if command.product_id and command.product_id not in catalogue.products(uow):
        wrong.append(Problem("product_id", "not_an_option"))
    if is_part and command.part_id is None:
        wrong.append(Problem("part_id", "missing"))
    elif is_part and command.part_id not in catalogue.parts(uow):
        wrong.append(Problem("part_id", "not_an_option"))
    elif not is_part and command.part_id:
        wrong.append(Problem("part_id", "only_of_parts"))
    if not is_part and not command.price_name:
        wrong.append(Problem("price_name", "missing"))
    if wrong:
        raise InvalidInput(*wrong)
    part = catalogue.part_of(uow, command.part_id) if command.part_id else None
    facts = {
        "kind": command.price_kind,
        "name": command.price_name or (catalogue.label(part)[:120] if part else ""),
        "unit": command.unit or (part.unit if part else ""),
        "cents": command.price_cents,
    }
    facts |= {name: getattr(command, name) for name in THING if name not in facts}
    return facts | _period(command) | {"key": _key(facts)}


def _key(facts: dict[str, Any]) -> str:
    kind = facts["request_kind"]
    # A part is the same whatever it is called on the list.
    name = "" if facts["part_id"] else plain_name(facts["name"])
    own = (facts["kind"].value, kind.value if kind else "", facts["product_id"], facts["part_id"])
    return "·".join([*(str(each or "") for each in own), name])[:200]


def _period(command: EditPrice | NewPeriod) -> dict[str, date | None]:
    if command.valid_until and command.valid_until < command.valid_from:
        raise InvalidInput(Problem("valid_until", "period_backwards"))
    return {"valid_from": command.valid_from, "valid_until": command.valid_until}


def _check(uow: UnitOfWork, facts: dict[str, Any], id: int) -> None:
    """One thing has one price at a time."""
    last = facts["valid_until"] or date.max
    others = select(Price).where(
        Price.key == facts["key"],
        Price.id != id,
        Price.valid_from <= last,
        func.coalesce(Price.valid_until, date.max) >= facts["valid_from"],
    )
    if other := uow.session.scalars(others.limit(1)).first():
        details = {"on": other.valid_from.isoformat()}
        raise InvalidInput(Problem("valid_from", "periods_overlap", details))


def _whole() -> Select[Any]:
    order = (Price.kind, Price.name, Price.valid_from.desc(), Price.id)
    return select(Price).options(joinedload(Price.product)).order_by(*order)


def _view(uow: UnitOfWork, row: Price) -> PriceView:
    is_ended = ended_on(row, uow.today) is not None
    is_ahead = row.valid_from > uow.today
    return PriceView(
        id=row.id,
        version=row.version,
        price_kind=row.kind,
        price_name=row.name,
        unit=row.unit,
        request_kind=row.request_kind,
        product_id=row.product_id,
        product=name_of(row.product) if row.product else "",
        part_id=row.part_id,
        price_cents=row.cents,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        in_force=InForce.ENDED if is_ended else InForce.AHEAD if is_ahead else InForce.NOW,
    )
