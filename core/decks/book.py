"""The numbers of a deck as a workbook, each beside the counts that it is the quotient of."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from math import isclose
from typing import Any

import xlsxwriter

from core.decks import said
from core.decks.deck import Deck, Grid
from core.kpi.figures import ADDED, Unit
from core.kpi.frozen import FrozenFigure, Point
from core.kpi.workbook import FORMATS, PLAIN

Words = Mapping[str, str]
COUNTS = ("value", "numerator", "denominator")
MONTH, DAY = "yyyy-mm", "yyyy-mm-dd"


class _Formats(dict[str, Any]):
    """The forms of the cells, each made once."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook

    def __missing__(self, form: str) -> Any:
        self[form] = self.workbook.add_format({"num_format": form} if form else {"bold": True})
        return self[form]


class _Sheet:
    """A sheet that is written row by row."""

    def __init__(self, formats: _Formats, title: str, head: Sequence[str]) -> None:
        self.formats, self.at = formats, 0
        self.sheet = formats.workbook.add_worksheet(title[:31])
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_column(0, len(head) - 1, 18)
        self.sheet.write_row(0, 0, head, formats[""])

    def row(self, *cells: tuple[Any, str]) -> None:
        """A row of values, each with the form that it is shown in."""
        self.at += 1
        for place, (value, form) in enumerate(cells):
            shown = self.formats[form] if form else None
            if isinstance(value, _Quotient):
                self._quotient(place, value, shown)
            elif value is not None:
                self.sheet.write(self.at, place, value, shown)

    def _quotient(self, place: int, shown: "_Quotient", form: Any) -> None:
        above, below = (f"{chr(ord('A') + place + by)}{self.at + 1}" for by in (1, 2))
        formula = f'=IF({below}=0,"",{above}/{below})'
        self.sheet.write_formula(self.at, place, formula, form, shown.value)


class _Quotient:
    """A value that the sheet works out from the two cells beside it."""

    def __init__(self, value: float) -> None:
        self.value = value


def workbook(deck: Deck, words: Words) -> bytes:
    """A sheet for the figures, their months, their stations, the decisions, and each table."""
    output = BytesIO()
    with xlsxwriter.Workbook(output, PLAIN) as made:
        formats = _Formats(made)
        _figures(deck, words, formats)
        _months(deck, words, formats)
        _stations(deck, words, formats)
        _decisions(deck, words, formats)
        for table in deck.tables:
            _table(table, formats)
    return output.getvalue()


def _figures(deck: Deck, words: Words, formats: _Formats) -> None:
    columns = ("figure", *COUNTS, "target", "previous", "year_before", "reached", "note")
    sheet = _sheet(formats, words, "figures", *columns)
    for figure in deck.figures:
        form = FORMATS[figure.unit]
        others = (figure.target, figure.previous, figure.year_before)
        sheet.row(
            (words[figure.name], ""),
            *_counted(figure.unit, figure),
            *((value, form) for value in others),
            (said.state(figure, words), ""),
            (deck.notes.get(figure.name), ""),
        )


def _months(deck: Deck, words: Words, formats: _Formats) -> None:
    sheet = _sheet(formats, words, "months", "figure", "month", *COUNTS)
    for figure, point in _points(deck, [figure.months for figure in deck.figures]):
        cells = _counted(figure.unit, point)
        sheet.row((words[figure.name], ""), (point.month, MONTH), *cells)


def _stations(deck: Deck, words: Words, formats: _Formats) -> None:
    sheet = _sheet(formats, words, "stations", "figure", "station", *COUNTS)
    for figure, point in _points(deck, [figure.worst_first for figure in deck.figures]):
        cells = _counted(figure.unit, point)
        sheet.row((words[figure.name], ""), (said.station(point, words), ""), *cells)


def _decisions(deck: Deck, words: Words, formats: _Formats) -> None:
    if deck.decisions is None:
        return
    columns = ("decision", "figure", "owner", "due", "done")
    sheet = _sheet(formats, words, "decisions", *columns)
    for each in deck.decisions:
        text, owner, _due, done = said.decided(each, words)
        name = words[each.figure] if each.figure else None
        sheet.row((text, ""), (name, ""), (owner, ""), (each.due, DAY), (done, ""))


def _table(table: Grid, formats: _Formats) -> None:
    sheet = _Sheet(formats, table.title, table.head)
    for name, cells in table.lines:
        numbers = zip(cells, table.units, strict=True)
        sheet.row((name, ""), *((number, FORMATS[unit]) for number, unit in numbers))


def _sheet(formats: _Formats, words: Words, name: str, *columns: str) -> _Sheet:
    return _Sheet(formats, words[name], [words[column] for column in columns])


def _points(deck: Deck, points: Sequence[Sequence[Point]]) -> Iterator[tuple[FrozenFigure, Point]]:
    for figure, own in zip(deck.figures, points, strict=True):
        yield from ((figure, point) for point in own)


def _counted(unit: Unit, of: FrozenFigure | Point) -> tuple[tuple[Any, str], ...]:
    """The value, as a quotient where it is one, and what it is counted from."""
    value: float | _Quotient | None = of.value
    divides = of.value is not None and of.denominator and unit not in ADDED
    if divides and isclose(of.value or 0, of.numerator / of.denominator, abs_tol=1e-9):
        value = _Quotient(of.value or 0)
    return (value, FORMATS[unit]), (of.numerator, "General"), (of.denominator, "0")
