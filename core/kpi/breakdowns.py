"""Where a figure comes from: its value in each part of a dimension, and what moved the whole."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.kpi import facts, tallies
from core.kpi.boards import station_names
from core.kpi.counted import Dimension
from core.kpi.facts import Scope
from core.kpi.figures import DEFINITIONS, FigureName, Source, Tally, Unit, Value, value_of
from core.kpi.look import Look, look
from core.kpi.spans import Days, span
from core.norms.revisions import in_force, norm_of
from core.process.permissions import require
from db.tables import Person, Product


@dataclass(frozen=True)
class Part:
    """A figure of one part of a dimension, now and in the period before.

    `value` names the part as `cases_behind` takes it, `name` is what people call it, if it has a
    name of its own. `by_value` and `by_share` add up, over all parts, to how much the whole moved:
    what the part's own value did, and what its larger or smaller share of all cases did.
    """

    value: str
    name: str
    now: Value
    before: Value
    by_value: float | None
    by_share: float | None

    @property
    def contribution(self) -> float | None:
        """What the part adds to the change of the whole."""
        return None if self.by_value is None else self.by_value + (self.by_share or 0.0)


@dataclass(frozen=True)
class Breakdown:
    """A figure by one dimension; the parts with the most cases first."""

    figure: FigureName
    dimension: Dimension
    now: Value
    before: Value
    parts: tuple[Part, ...]

    @property
    def change(self) -> float | None:
        """How much the whole moved since the period before."""
        if self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value


def breakdown(
    uow: UnitOfWork,
    *,
    figure: FigureName,
    dimension: Dimension,
    since: date,
    until: date,
    station_id: int | None = None,
    whole_months: bool = True,
) -> Breakdown:
    """A figure of a period by the values of a dimension, beside the period before it.

    NotFound when the actor may not see the station.
    """
    require(uow, "kpi:read")
    asked = span(since, until, whole_months=whole_months)
    about = facts.scope(uow, station_id, None)
    fresh = look(uow, norm_of(in_force(uow)))
    sides = tuple(
        _Side.read(uow, figure, dimension, days, about, fresh)
        for days in (asked.whole, asked.before)
    )
    now, before = sides
    names = named(uow, dimension, {*now.tallies, *before.tallies})
    values = sorted(names, key=lambda value: (-now.part(value).denominator, value))
    parts = (_part(value, names[value], now, before) for value in values)
    return Breakdown(figure, dimension, now.whole, before.whole, tuple(parts))


@dataclass(frozen=True)
class _Side:
    """One of the two periods."""

    figure: FigureName
    tallies: dict[str, Tally]
    customers: int

    @classmethod
    def read(
        cls,
        uow: UnitOfWork,
        figure: FigureName,
        dimension: Dimension,
        days: Days,
        about: Scope,
        fresh: Look,
    ) -> "_Side":
        source = DEFINITIONS[figure].source
        found = tallies.by_value(uow, days, source, dimension, about, fresh)
        customers = 0
        if figure is FigureName.COMPLAINT_RATE:
            # Per customer on file, whatever part of the complaints is looked at.
            ever = Days(tallies.BEGINNING, days.last)
            on_file = tallies.by_value(uow, ever, Source.CUSTOMERS, Dimension.STATION, about, fresh)
            customers = sum(tally.cases for tally in on_file.values())
        return cls(figure, found, customers)

    @property
    def whole(self) -> Value:
        return value_of(self.figure, sum(self.tallies.values(), Tally()), self.customers)

    def part(self, value: str) -> Value:
        return value_of(self.figure, self.tallies.get(value, Tally()), self.customers)


def _part(value: str, name: str, now: _Side, before: _Side) -> Part:
    new, old = now.part(value), before.part(value)
    return Part(value, name, new, old, *_moved(now, before, new, old))


def _moved(now: _Side, before: _Side, new: Value, old: Value) -> tuple[float | None, float | None]:
    """How much of the change of the whole comes from the part's value, and from its share.

    With r for the part's rate and s for its share of all cases, its piece of the whole is r·s:
    half of each step is reckoned at the old weight and half at the new one, so that nothing is
    left over. A part that was not there before has a share only.
    """
    if DEFINITIONS[now.figure].unit is Unit.COUNT:
        return float(new.denominator - old.denominator), 0.0
    ends = now.whole, before.whole
    if ends[0].value is None or ends[1].value is None:
        return None, None
    if now.figure is FigureName.COMPLAINT_RATE:
        # The same customers below every part: nothing but its own complaints moves it.
        return (new.value or 0.0) - (old.value or 0.0), 0.0
    share, share_before = (
        new.denominator / ends[0].denominator,
        old.denominator / ends[1].denominator,
    )
    rate = new.value if new.value is not None else old.value or 0.0
    rate_before = old.value if old.value is not None else rate
    mean = (ends[0].value + ends[1].value) / 2
    by_value = (share + share_before) / 2 * (rate - rate_before)
    by_share = (share - share_before) * ((rate + rate_before) / 2 - mean)
    return by_value, by_share


def named(uow: UnitOfWork, dimension: Dimension, values: set[str]) -> dict[str, str]:
    """What people call the parts; codes have no name here."""
    ids = [int(value) for value in values] if dimension in NAMED else []
    names = dict.fromkeys(values, "")
    if dimension is Dimension.STATION:
        names |= {str(id): name for id, name in station_names(uow).items() if str(id) in values}
    elif dimension is Dimension.TECHNICIAN:
        people = select(Person.id, Person.name).where(Person.id.in_(ids))
        names |= {str(id): name for id, name in uow.session.execute(people)}
    elif dimension is Dimension.PRODUCT:
        products = select(Product.id, Product.brand, Product.model).where(Product.id.in_(ids))
        names |= {str(id): f"{brand} {model}" for id, brand, model in uow.session.execute(products)}
    return names


NAMED = frozenset({Dimension.STATION, Dimension.TECHNICIAN, Dimension.PRODUCT})
