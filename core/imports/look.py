"""A first look into a file: what its columns hold, to find out what they mean."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from core.imports.days import Order, order_of
from core.imports.errors import Unusable
from core.imports.files import SourceFile
from core.imports.reading import Options, open_table
from core.imports.records import Cell
from core.imports.values import line_of, text_of

LOOKED_AT = 5000
SAMPLES = 3
# A column of more different words than these is no list of codes.
MOST_WORDS = 60


@dataclass(frozen=True)
class Column:
    """A column: its first values, and each word that it holds, the most frequent first."""

    name: str
    samples: tuple[str, ...]
    # Empty where there are too many.
    words: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Look:
    """How a file was read, and its columns; `order` is what its short dates prove."""

    columns: tuple[Column, ...]
    encoding: str
    sheet: str
    sheets: tuple[str, ...]
    header_line: int
    above: tuple[str, ...]
    filled: int
    order: Order

    def column(self, name: str) -> Column | None:
        """A column by its name."""
        return next((each for each in self.columns if each.name == name), None)


def look(file: SourceFile, options: Options = Options()) -> Look:
    """The columns of a file with what they hold; FileRefused when it is no table."""
    with open_table(file, options) as table:
        counts: list[Counter[str]] = [Counter() for _ in table.columns]
        for record in islice(table.records(), LOOKED_AT):
            for count, cell in zip(counts, record.cells, strict=False):
                count[_said(cell)] += 1
        pairs = zip(table.columns, counts, strict=True)
        return Look(
            columns=tuple(_column(name, count) for name, count in pairs if name),
            encoding=table.encoding,
            sheet=table.sheet,
            sheets=table.sheets,
            header_line=table.header_line,
            above=table.above,
            filled=table.filled,
            order=order_of(text for count in counts for text in count),
        )


def _column(name: str, count: Counter[str]) -> Column:
    said = [text for text in count if text]
    words = count.most_common() if len(said) <= MOST_WORDS else []
    return Column(name, tuple(said[:SAMPLES]), tuple(pair for pair in words if pair[0]))


def _said(cell: Cell) -> str:
    try:
        return line_of(text_of(cell))[:60]
    except Unusable:
        return ""
