"""What a meeting or a report shows: figures as they were frozen, and what was decided on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.kpi.figures import FigureName, Unit
from core.kpi.frozen import FrozenFigure

# Every code that `words` must hold in the reader's language, beside those of FigureName.
WORDS = frozenset(
    {
        *("figure", "value", "target", "previous", "year_before", "numerator", "denominator"),
        *("figures", "months", "stations", "month", "station", "no_station"),
        *("reached", "missed", "no_target", "no_value", "too_few", "better", "worse", "same"),
        *("decisions", "decision", "owner", "due", "done", "open", "no_decision"),
        *("hours", "points", "money", "cases", "continued", "minutes", "people", "note", "worst"),
    }
)


@dataclass(frozen=True)
class Decision:
    """What was decided: who does it by when, and the figure that it is about."""

    text: str
    owner: str
    due: date | None
    done: bool
    figure: FigureName | None


@dataclass(frozen=True)
class Grid:
    """A table of a report: the words of its head, the units of its columns, its named lines."""

    title: str
    head: tuple[str, ...]
    # Of all columns but the first, which names the lines.
    units: tuple[Unit, ...]
    lines: tuple[tuple[str, tuple[float | None, ...]], ...]


@dataclass(frozen=True)
class Deck:
    """The figures in the order shown, with a sentence for each that needs one.

    A report has tables, and no decisions (None): nobody met.
    """

    title: str
    # The period, the station and the moment of freezing, in words.
    subtitle: str
    figures: tuple[FrozenFigure, ...]
    decisions: tuple[Decision, ...] | None
    notes: Mapping[FigureName, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    tables: tuple[Grid, ...] = ()

    @property
    def decided(self) -> tuple[Decision, ...]:
        """What was decided, if anything."""
        return self.decisions or ()
