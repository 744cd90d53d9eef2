"""A record is read by a map: texts, choices, days and numbers, or what is wrong with them."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from core.imports import values
from core.imports.cells import CellFinder
from core.imports.drafts import ArchiveDraft, Draft
from core.imports.errors import RowCode, RowProblem, Unusable
from core.imports.mapping import CHOICES, USUAL, ColumnMap
from core.imports.records import Cell, Record
from core.imports.subjects import FACTS, Fact

ValueT = TypeVar("ValueT")

# As many characters as the tables hold.
LENGTHS = {
    Fact.REF: 80,
    Fact.CUSTOMER_NAME: 120,
    Fact.CUSTOMER_REF: 4000,
    Fact.CONTACT: 120,
    Fact.PHONE: 40,
    Fact.OTHER_CONTACT: 120,
    Fact.OTHER_PHONE: 40,
    Fact.ADDRESS: 300,
    Fact.REGION: 120,
    Fact.STATION: 120,
    Fact.INVOICE_NO: 120,
    Fact.BRAND: 120,
    Fact.MODEL: 120,
    Fact.SPECIFICATION: 120,
    Fact.SERIAL: 60,
    Fact.BATCH: 60,
    Fact.SYMPTOM: 4000,
    Fact.FAULT_CODES: 200,
    Fact.CASE_CLASS: 40,
    Fact.ANSWER: 4000,
}
_PARAGRAPHS = (Fact.SYMPTOM, Fact.ANSWER)
_NUMBERS = (Fact.REF, Fact.CUSTOMER_REF, Fact.SERIAL, Fact.INVOICE_NO)
_CLEAN = {
    **dict.fromkeys(_NUMBERS, values.exact_of),
    **dict.fromkeys((Fact.PHONE, Fact.OTHER_PHONE), values.phone_of),
}
_TOLERATED = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that stays out, and everything that is wrong with it."""

    problems: tuple[RowProblem, ...]
    # The invoice of which it is a line, as it is compared; empty where it is none.
    invoice: str = ""


class RowReader:
    """Reads the records of one table by one map."""

    def __init__(
        self,
        map: ColumnMap,
        columns: Sequence[str],
        row: "type[Row]",
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> None:
        self.map = map
        self.row = row
        self.width = len(columns)
        self.zone = ZoneInfo(map.zone) if map.zone else zone
        self.latest = now + _TOLERATED
        self.finder = CellFinder(map, columns)
        told = [fact for fact in LENGTHS if fact in FACTS[map.subject]]
        self.texts = [fact for fact in told if fact in map.facts]
        self.no_texts = {fact.value: "" for fact in told}

    def read(self, record: Record) -> "Draft | ArchiveDraft | Bad":
        """What a record tells, or every problem of it."""
        cells = list(record.cells)
        while len(cells) > self.width and cells[-1] == "":
            cells.pop()
        if len(cells) != self.width:
            details = {"cells": len(cells), "columns": self.width}
            return Bad((RowProblem(record.line, "", RowCode.ROW_SHIFTED, "", details),))
        return self.row(self, record.line, cells).draft()


class Row(ABC):
    """One record while it is read; problems gather, so that all are told at once."""

    def __init__(self, reader: RowReader, line: int, cells: list[Cell]) -> None:
        self.reader = reader
        self.line = line
        self.cells = cells
        self.problems: list[RowProblem] = []

    @abstractmethod
    def draft(self) -> Draft | ArchiveDraft | Bad:
        """What the record tells, or every problem of it."""

    def texts(self) -> dict[str, Any]:
        """The texts that the map reads; without a number of its own, a row has one of its cells."""
        texts: dict[str, Any] = self.reader.no_texts | {
            fact.value: self.text(fact) for fact in self.reader.texts
        }
        if Fact.REF not in self.reader.map.facts:
            texts["ref"] = self._digest()
        return texts

    def text(self, fact: Fact) -> str:
        """A text fact, cleaned and measured."""
        clean = _CLEAN.get(fact, values.text_of)
        text = self.value(fact, clean) or ""
        if fact not in _PARAGRAPHS:
            text = values.line_of(text)
        if len(text) > LENGTHS[fact]:
            self.problem(fact, RowCode.TOO_LONG, text, most=LENGTHS[fact], length=len(text))
        return text

    def choice(self, fact: Fact) -> Any:
        """A fact out of a closed list."""
        text = self.value(fact, values.text_of) or ""
        if not text:
            return USUAL.get(fact)
        try:
            return CHOICES[fact](text)
        except ValueError:
            self.problem(fact, RowCode.NOT_AN_OPTION, text)
            return USUAL.get(fact)

    def value(self, fact: Fact, read: Callable[[Cell], ValueT]) -> ValueT | None:
        """A fact by its rule; None when the cell is empty or its problem was noted."""
        cell: Cell = ""
        try:
            cell = self.reader.finder.cell(self.cells, fact)
            return None if cell == "" else read(cell)
        except Unusable as error:
            shown = cell if isinstance(cell, str) else f"{cell}"
            self.problem(fact, error.code, shown, **error.details)
            return None

    def problem(self, fact: Fact, code: RowCode, value: str = "", **details: Any) -> None:
        """Note what is wrong with the column of a fact."""
        column = self.reader.finder.column(fact)
        self.problems.append(RowProblem(self.line, column, code, value[:200], details))

    def day(self, cell: Cell) -> date:
        """A calendar day."""
        return values.day_of(cell, self.reader.map.formats, self.reader.map.order)

    def _digest(self) -> str:
        # A file without ids: a row is known by what it says.
        text = "\x1f".join(f"{cell}" for cell in self.cells)
        return f"row:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
