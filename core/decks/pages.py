"""The pages of a deck, drawn alike as slides and as PDF: what stands where. Lengths in points."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil, floor, log10

from core.decks import said
from core.decks.deck import Decision, Deck, Grid
from core.decks.fitting import Fitted, fit, height
from core.kpi.figures import Unit
from core.kpi.frozen import FrozenFigure, Point

WIDTH, HEIGHT = 960.0, 540.0
LEFT, INNER, BODY, BOTTOM = 36.0, 888.0, 84.0, 508.0
# Good and bad are told apart by whoever sees no red or no green.
INK, GREY, GOOD, BAD = "1F2A37", "5B6675", "1F5FA8", "B3261E"
# Of a cell: beside, and above and below together.
SIDE, PAD = 6.0, 8.0
# Of a number of a report.
CELL = 110.0
TEXT, SMALL = 12.0, 11.0
# As many stations as a chart tells apart; all of them follow on a page of their own.
BARS = 10
TICKS = 5
TONES = {True: GOOD, False: BAD, None: GREY}
Words = Mapping[str, str]


@dataclass(frozen=True)
class Box:
    """A place on the page."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Text:
    """Words of one size and colour."""

    box: Box
    text: str
    size: float
    color: str = INK


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first row is the head where `head` says so."""

    box: Box
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    size: float
    head: bool


@dataclass(frozen=True)
class Chart:
    """Values as columns, or lying as bars, from 0 to `top`, and the target as a line."""

    box: Box
    title: str
    bars: bool
    unit: Unit
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    # Which of them miss the target.
    missed: tuple[bool, ...]
    target: float | None
    # How the series and the target are called.
    names: tuple[str, str]
    top: float
    step: float


Item = Text | Table | Chart
# Its title first.
Page = tuple[Item, ...]


def pages(deck: Deck, words: Words) -> list[Page]:
    """All pages in their order, each with its number at the foot."""
    made = [
        *_cover(deck, words),
        *chain.from_iterable(_told(table, words) for table in deck.tables),
        *chain.from_iterable(_figure(deck, figure, words) for figure in deck.figures),
        *_decisions(deck, words),
    ]
    foot = Box(LEFT, 516, INNER, 16)
    return [
        (page[0], *filter(_speaks, page[1:]), Text(foot, f"{number} / {len(made)}", 9, GREY))
        for number, page in enumerate(made, start=1)
    ]


def _speaks(item: Item) -> bool:
    return not isinstance(item, Text) or bool(item.text)


def _cover(deck: Deck, words: Words) -> Iterator[Page]:
    title = fit(deck.title, INNER, 168, (40, 32, 28, 24))
    subtitle = fit(deck.subtitle, INNER, 64, (18, 16, 14))
    people = fit(_people(deck, words), INNER, 100, (14, 12))
    yield (
        Text(Box(LEFT, 110, INNER, 168), title.text, title.size),
        Text(Box(LEFT, 290, INNER, 64), subtitle.text, subtitle.size, GREY),
        Text(Box(LEFT, 370, INNER, 100), people.text, people.size, GREY),
    )
    rest = [part.rest for part in (title, subtitle, people) if part.rest]
    yield from _running(words["continued"], rest)


def _people(deck: Deck, words: Words) -> str:
    return f"{words['people']}: {', '.join(deck.people)}" if deck.people else ""


def _figure(deck: Deck, figure: FrozenFigure, words: Words) -> Iterator[Page]:
    name = words[figure.name]
    decided = [_line(each, words) for each in deck.decided if each.figure is figure.name]
    note = fit(deck.notes.get(figure.name, ""), INNER, 46, (16, 14, 13))
    beside = fit("\n".join(decided), 264, 196, (TEXT,))
    yield (
        *_top(name),
        Text(Box(LEFT, 76, INNER, 46), note.text, note.size),
        *_large(figure, words),
        Text(Box(LEFT, 312, 264, 196), beside.text, beside.size),
        *_charts(figure, words),
    )
    yield from _running(_continued(name, words), [t for t in (note.rest, beside.rest) if t])
    if len(figure.stations) > BARS:
        yield from _stations(figure, words)


def _large(figure: FrozenFigure, words: Words) -> Iterator[Item]:
    value = words["no_value"] if figure.value is None else _value(figure, figure.value, words)
    large = fit(value, 264, 62, (40, 32, 26, 20, 16))
    yield Text(Box(LEFT, 128, 264, 62), large.text, large.size, TONES[figure.reached])
    if figure.value is not None:
        state = fit(said.state(figure, words), 264, 24, (14, 12, 10))
        yield Text(Box(LEFT, 192, 264, 24), state.text, state.size, TONES[figure.reached])
    rows = (
        (words["target"], _value(figure, figure.target, words)),
        (words["previous"], said.since(figure, figure.previous, words)),
        (words["year_before"], said.since(figure, figure.year_before, words)),
    )
    yield Table(Box(LEFT, 224, 264, 78), (104, 160), (26,) * 3, rows, SMALL, head=False)


def _charts(figure: FrozenFigure, words: Words) -> Iterator[Item]:
    months = Box(318, 128, 606, 194)
    points = [(each.month.strftime(said.MONTH), each) for each in figure.months if each.month]
    yield _chart(months, words["months"], figure, points, words, bars=False)
    worst = figure.worst_first[:BARS]
    bars = [(said.station(each, words), each) for each in worst]
    yield _chart(Box(318, 328, 606, 180), _ranked(figure, words), figure, bars, words, bars=True)


def _ranked(figure: FrozenFigure, words: Words) -> str:
    order = "" if figure.unit is Unit.COUNT else f" ({words['worst']})"
    goal = f" · {words['target']} {_value(figure, figure.target, words)}"
    return f"{words['stations']}{order}{'' if figure.target is None else goal}"


def _chart(
    box: Box,
    title: str,
    figure: FrozenFigure,
    points: Sequence[tuple[str, Point]],
    words: Words,
    *,
    bars: bool,
) -> Item:
    values = tuple(point.value for _label, point in points)
    if not any(value is not None for value in values):
        return Text(box, f"{title}: {words['no_value']}", TEXT, GREY)
    top, step = _axis(figure.unit, [*(v for v in values if v is not None), figure.target or 0])
    missed = tuple(figure.reaches(point) is False for _label, point in points)
    names = (words[figure.name], words["target"])
    labels = tuple(label for label, _point in points)
    return Chart(
        box, title, bars, figure.unit, labels, values, missed, figure.target, names, top, step
    )


def _axis(unit: Unit, values: Sequence[float]) -> tuple[float, float]:
    """Where the axis ends, and its steps; a share ends at all of them at most."""
    high = max(values)
    if high <= 0:
        return 1.0, 1.0
    rough = high / TICKS
    size = 10.0 ** floor(log10(rough))
    step = next(each * size for each in (1, 2, 2.5, 5, 10) if each * size >= rough * 0.999)
    if unit is Unit.COUNT:
        step = max(1.0, ceil(step))
    top = ceil(high / step - 1e-9) * step
    return (min(top, 1.0) if unit is Unit.SHARE and high <= 1 else top), step


def _stations(figure: FrozenFigure, words: Words) -> Iterator[Page]:
    head = tuple(words[each] for each in ("station", "value", "numerator", "denominator"))
    rows = [
        (
            said.station(point, words),
            _value(figure, point.value, words),
            f"{point.numerator:,.1f}".removesuffix(".0"),
            f"{point.denominator:,}",
        )
        for point in figure.worst_first
    ]
    title = f"{words[figure.name]} · {words['stations']}"
    yield from _grid(title, head, (438, 150, 150, 150), rows, words)


def _told(table: Grid, words: Words) -> Iterator[Page]:
    """A table of a report."""
    if not table.lines:
        yield (*_top(table.title), Text(_BODY, words["no_value"], TEXT, GREY))
        return
    widths = (INNER - CELL * len(table.units), *(CELL for _ in table.units))
    rows = [(name, *map(said.bare, table.units, cells)) for name, cells in table.lines]
    yield from _grid(table.title, table.head, widths, rows, words)


def _decisions(deck: Deck, words: Words) -> Iterator[Page]:
    if deck.decisions is None:
        return
    if not deck.decisions:
        yield (*_top(words["decisions"]), Text(_BODY, words["no_decision"], TEXT, GREY))
        return
    codes = ("decision", "figure", "owner", "due", "done")
    rows = [
        (text, words[each.figure] if each.figure else said.NOTHING, owner, due, done)
        for each in deck.decisions
        for text, owner, due, done in [said.decided(each, words)]
    ]
    head = tuple(words[code] for code in codes)
    yield from _grid(words["decisions"], head, (412, 170, 132, 90, 84), rows, words)


_BODY = Box(LEFT, BODY, INNER, BOTTOM - BODY)


def _grid(
    title: str,
    head: tuple[str, ...],
    widths: tuple[float, ...],
    rows: Sequence[tuple[str, ...]],
    words: Words,
) -> Iterator[Page]:
    """A table over as many pages as it takes, its head on each."""
    shown: list[tuple[str, ...]] = []
    room = free = _BODY.height - _high(head, widths)
    for row in chain.from_iterable(_parted(row, widths, room) for row in rows):
        if shown and _high(row, widths) > free:
            yield _sheet(title, head, widths, shown)
            shown, free, title = [], room, _continued(title, words)
        shown.append(row)
        free -= _high(row, widths)
    yield _sheet(title, head, widths, shown)


def _sheet(
    title: str, head: tuple[str, ...], widths: tuple[float, ...], rows: list[tuple[str, ...]]
) -> Page:
    all_rows = (head, *rows)
    heights = tuple(_high(row, widths) for row in all_rows)
    box = Box(LEFT, BODY, INNER, sum(heights))
    return (*_top(title), Table(box, widths, heights, all_rows, SMALL, head=True))


def _parted(
    row: tuple[str, ...], widths: tuple[float, ...], room: float
) -> Iterator[tuple[str, ...]]:
    """A row, as several where one of its texts is longer than a page."""
    while any(row):
        cells = [_in_cell(text, width, room) for text, width in zip(row, widths, strict=True)]
        yield tuple(cell.text for cell in cells)
        row = tuple(cell.rest for cell in cells)


def _in_cell(text: str, width: float, room: float) -> Fitted:
    return fit(text, width - 2 * SIDE, room - PAD, (SMALL,))


def _high(row: tuple[str, ...], widths: tuple[float, ...]) -> float:
    cells = zip(row, widths, strict=True)
    return PAD + max(height(text, width - 2 * SIDE, SMALL) for text, width in cells)


def _running(title: str, texts: Sequence[str]) -> Iterator[Page]:
    """What did not find room, over as many pages as it takes."""
    rest = "\n".join(texts)
    while rest:
        part = fit(rest, INNER, _BODY.height, (TEXT,))
        yield (*_top(title), Text(_BODY, part.text, part.size))
        rest = part.rest


def _top(title: str) -> Page:
    line = fit(title, INNER, 46, (28, 24, 20, 16))
    return (Text(Box(LEFT, 26, INNER, 46), line.text, line.size),)


def _continued(title: str, words: Words) -> str:
    mark = f" ({words['continued']})"
    return title if title.endswith(mark) else title + mark


def _line(decision: Decision, words: Words) -> str:
    text, owner, due, done = said.decided(decision, words)
    return f"{said.STAYS} {text} · {owner} · {due} · {done}"


def _value(figure: FrozenFigure, number: float | None, words: Words) -> str:
    return said.value(figure.unit, number, words)
