"""Where a figure comes from: its value in each part of a dimension, and what moved the whole."""

from dataclasses import dataclass

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.kpi.asked import Asked
from core.kpi.boards import station_names
from core.kpi.counted import Dimension
from core.kpi.facts import Scope
from core.kpi.figures import ADDED, DEFINITIONS, ON_FILE, FigureName, Source, Tally, Value, value_of
from core.kpi.look import Look, look
from core.kpi.parts import Wanted, by_value
from core.kpi.spans import Days
from core.kpi.tallies import BEGINNING
from core.norms.revisions import in_force, norm_of
from core.process.permissions import require
from db.tables import Person, Product


@dataclass(frozen=True)
class Part:
    """A figure of one part of a dimension, now, in the period before and in that of last year.

    `value` names the part as `cases_behind` takes it, `name` is what people call it, if it has a
    name of its own. `by_value` and `by_share` add up, over all parts, to how much the whole moved:
    what the part's own value did, and what its larger or smaller share of all cases did.
    """

    value: str
    name: str
    now: Value
    before: Value
    year_before: Value
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
    asked: Asked,
) -> Breakdown:
    """A figure of a period by the values of a dimension, beside those that it is compared with.

    NotFound when the actor may not see the station.
    """
    require(uow, "kpi:read")
    span, about = asked.span, asked.scope(uow)
    fresh = look(uow, norm_of(in_force(uow)))
    now, before, year_before = (
        _Side.read(uow, figure, dimension, days, about, fresh)
        for days in (span.whole, span.before, span.year_before)
    )
    names = names_of(uow, dimension, {*now.values, *before.values})
    values = sorted(names, key=lambda value: (-now.part(value).denominator, value))
    parts = (
        Part(
            value,
            names[value],
            now.part(value),
            before.part(value),
            year_before.part(value),
            *_moved(now, before, value),
        )
        for value in values
    )
    return Breakdown(figure, dimension, now.whole, before.whole, tuple(parts))


@dataclass(frozen=True)
class _Side:
    """One of the periods."""

    figure: FigureName
    tallies: dict[str, Tally]
    # What all parts are divided by, and each part, where it is told apart.
    below: Tally
    parts_below: dict[str, Tally]

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
        about_it = DEFINITIONS[figure]
        found = cls._tallies(uow, days, about_it.source, dimension, about, fresh)
        if about_it.below is None:
            return cls(figure, found, Tally(), {})
        # All that are on file at the end, whatever part of the complaints is looked at.
        ever = about_it.below in ON_FILE
        days = Days(BEGINNING, days.last) if ever else days
        by = Dimension.STATION if ever or dimension not in OF_GOODS else dimension
        below = cls._tallies(uow, days, about_it.below, by, about, fresh)
        whole = sum(below.values(), Tally())
        return cls(figure, found, whole, {} if ever or dimension not in OF_GOODS else below)

    @staticmethod
    def _tallies(
        uow: UnitOfWork, days: Days, source: Source, by: Dimension, about: Scope, fresh: Look
    ) -> dict[str, Tally]:
        found = by_value(uow, Wanted(days, (source,), (by,)), about, fresh)
        return {value: tally for (_, _, value), tally in found.items()}

    @property
    def values(self) -> set[str]:
        return {*self.tallies, *self.parts_below}

    @property
    def whole(self) -> Value:
        return value_of(self.figure, sum(self.tallies.values(), Tally()), self.below)

    def part(self, value: str) -> Value:
        tally = self.tallies.get(value, Tally())
        below = self.parts_below.get(value, Tally()) if self.parts_below else self.below
        return value_of(self.figure, tally, below)


def _moved(now: _Side, before: _Side, value: str) -> tuple[float | None, float | None]:
    """How much of the change of the whole comes from the part's value, and from its share.

    With r for the part's rate and s for its share of all cases, its piece of the whole is r·s:
    half of each step is reckoned at the old weight and half at the new one, so that nothing is
    left over. A part that was not there before has a share only.
    """
    new, old = now.part(value), before.part(value)
    if DEFINITIONS[now.figure].unit in ADDED:
        return new.numerator - old.numerator, 0.0
    ends = now.whole, before.whole
    if ends[0].value is None or ends[1].value is None:
        return None, None
    if DEFINITIONS[now.figure].below:
        # The same below every part: nothing but what is above it moves the whole.
        above = new.numerator / ends[0].denominator - old.numerator / ends[1].denominator
        return above, 0.0
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


def names_of(uow: UnitOfWork, dimension: Dimension, values: set[str]) -> dict[str, str]:
    """What people call the parts, in the actor's language; codes have no name here."""
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
    elif dimension is Dimension.CASE_CLASS:
        classes = norm_of(in_force(uow)).classes
        names |= {c.name: c.text[uow.actor.language] for c in classes if c.name in values}
    return names


# By what goods that were sold are told apart.
OF_GOODS = frozenset({Dimension.STATION, Dimension.PRODUCT})
NAMED = frozenset({Dimension.STATION, Dimension.TECHNICIAN, Dimension.PRODUCT})
