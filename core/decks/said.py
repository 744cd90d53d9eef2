"""The numbers and the state of a figure in words, the same in each of the files."""

from collections.abc import Mapping
from dataclasses import replace

from core.decks.deck import Decision, Deck
from core.kpi.figures import Unit
from core.kpi.frozen import FrozenFigure, Point
from core.papers.placeholders import plain

NOTHING = "—"
RISES, FALLS, STAYS = "▲", "▼", "■"
# The unit in words, and the number as it is written before it.
WRITTEN = {
    Unit.SCORE: ("points", ".2f"),
    Unit.HOURS: ("hours", ".1f"),
    Unit.MONEY: ("money", ".2f"),
    Unit.COUNT: ("cases", ".0f"),
}
UNNAMED = {word: "" for word, _form in WRITTEN.values()}
# As text, so that a year that is not known yet is no number.
MONTH = "%Y-%m"


def tidy(deck: Deck) -> Deck:
    """The deck without what no file can hold; people wrote and imported its texts."""
    return replace(
        deck,
        title=plain(deck.title),
        subtitle=plain(deck.subtitle),
        notes={name: plain(note) for name, note in deck.notes.items()},
        people=tuple(plain(each) for each in deck.people),
        decisions=deck.decisions
        and tuple(
            replace(each, text=plain(each.text), owner=plain(each.owner)) for each in deck.decisions
        ),
        tables=tuple(
            replace(each, lines=tuple((plain(name), cells) for name, cells in each.lines))
            for each in deck.tables
        ),
        figures=tuple(
            figure.model_copy(update={"stations": tuple(_tidy(each) for each in figure.stations)})
            for figure in deck.figures
        ),
    )


def _tidy(point: Point) -> Point:
    return point.model_copy(update={"station": plain(point.station)})


def value(unit: Unit, number: float | None, words: Mapping[str, str]) -> str:
    """A value with its unit; a dash where there is none."""
    if number is None:
        return NOTHING
    if unit is Unit.SHARE:
        return f"{number:.1%}"
    word, form = WRITTEN[unit]
    return f"{number:,{form}} {words[word]}"


def bare(unit: Unit, number: float | None) -> str:
    """A value without the name of its unit."""
    return value(unit, number, UNNAMED).strip()


def state(figure: FrozenFigure, words: Mapping[str, str]) -> str:
    """Whether the target is reached, or why that cannot be said."""
    if figure.value is None:
        return words["no_value"]
    if not figure.enough:
        return words["too_few"]
    if figure.reached is None:
        return words["no_target"]
    return words["reached" if figure.reached else "missed"]


def since(figure: FrozenFigure, before: float | None, words: Mapping[str, str]) -> str:
    """An earlier value, and how the figure moved since; more cases are neither good nor bad."""
    earlier = value(figure.unit, before, words)
    if figure.value is None or before is None:
        return earlier
    if value(figure.unit, figure.value, words) == earlier:
        return f"{earlier}  {STAYS} {words['same']}"
    rises = figure.value > before
    sign = RISES if rises else FALLS
    if figure.unit is Unit.COUNT:
        return f"{earlier}  {sign}"
    return f"{earlier}  {sign} {words['worse' if rises is figure.lower_is_better else 'better']}"


def station(point: Point, words: Mapping[str, str]) -> str:
    """A station by its name."""
    return point.station or words["no_station"]


def decided(decision: Decision, words: Mapping[str, str]) -> tuple[str, str, str, str]:
    """What, who, by when, and whether it is done."""
    due = decision.due.isoformat() if decision.due else NOTHING
    return decision.text, decision.owner, due, words["done" if decision.done else "open"]
