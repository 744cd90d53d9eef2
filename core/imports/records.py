"""The rows of a file before anybody knows what they mean: cells, and the line they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class NoResult:
    """A cell whose formula has no result: never calculated, or an error."""

    is_error: bool


Cell = str | float | bool | date | datetime | NoResult


class Record(NamedTuple):
    """The cells of one row and the line of the file where the row begins."""

    line: int
    cells: Sequence[Cell]
