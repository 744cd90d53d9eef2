"""A record becomes a case to be, or a list of what is wrong with it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from core.imports import values
from core.imports.cells import CellFinder
from core.imports.drafts import ENDED, Draft
from core.imports.errors import RowCode, RowProblem, Unusable
from core.imports.mapping import CHOICES, USUAL, ColumnMap, Fact
from core.imports.records import Cell, Record
from core.kernel.inputs import plain_serial
from db.codes import RequestStatus

ValueT = TypeVar("ValueT")

# As many characters as the tables hold.
LENGTHS = {
    Fact.REF: 80,
    Fact.CUSTOMER_NAME: 120,
    Fact.CUSTOMER_REF: 4000,
    Fact.CONTACT: 120,
    Fact.PHONE: 40,
    Fact.ADDRESS: 300,
    Fact.REGION: 120,
    Fact.STATION: 120,
    Fact.BRAND: 120,
    Fact.MODEL: 120,
    Fact.SPECIFICATION: 120,
    Fact.SERIAL: 60,
    Fact.SYMPTOM: 4000,
    Fact.FAULT_CODES: 200,
    Fact.CASE_CLASS: 40,
    Fact.ANSWER: 4000,
}
_NO_TEXTS = {fact.value: "" for fact in LENGTHS}
_PARAGRAPHS = (Fact.SYMPTOM, Fact.ANSWER)
_CLEAN = {
    **dict.fromkeys((Fact.REF, Fact.CUSTOMER_REF, Fact.SERIAL), values.exact_of),
    Fact.PHONE: values.phone_of,
}
_TOLERATED = timedelta(minutes=5)


class RowReader:
    """Reads the records of one table by one map."""

    def __init__(
        self, map: ColumnMap, columns: Sequence[str], *, zone: ZoneInfo, now: datetime
    ) -> None:
        self.map = map
        self.width = len(columns)
        self.zone = ZoneInfo(map.zone) if map.zone else zone
        self.latest = now + _TOLERATED
        self.finder = CellFinder(map, columns)
        self.texts = [fact for fact in LENGTHS if fact in map.facts]

    def read(self, record: Record) -> Draft | tuple[RowProblem, ...]:
        """The case of a record, or every problem of it."""
        cells = list(record.cells)
        while len(cells) > self.width and cells[-1] == "":
            cells.pop()
        if len(cells) != self.width:
            details = {"cells": len(cells), "columns": self.width}
            return (RowProblem(record.line, "", RowCode.ROW_SHIFTED, "", details),)
        return _Row(self, record.line, cells).draft()


class _Row:
    """One record while it is read; problems gather, so that all are told at once."""

    def __init__(self, reader: RowReader, line: int, cells: list[Cell]) -> None:
        self.reader = reader
        self.line = line
        self.cells = cells
        self.problems: list[RowProblem] = []

    def draft(self) -> Draft | tuple[RowProblem, ...]:
        texts: dict[str, Any] = _NO_TEXTS | {f.value: self.text(f) for f in self.reader.texts}
        if Fact.REF not in self.reader.map.facts:
            texts["ref"] = self._digest()
        texts["serial"] = plain_serial(texts["serial"])
        texts["fault_codes"] = ",".join(values.codes_of(texts["fault_codes"]))
        texts["customer_name"] = texts["customer_name"] or texts["contact"] or texts["ref"]
        choices = {fact.value: self.choice(fact) for fact in CHOICES}
        moments = self._moments(choices["status"])
        others: dict[str, Any] = {
            "latitude": self.value(Fact.LATITUDE, lambda c: values.number_of(c, -90, 90)),
            "longitude": self.value(Fact.LONGITUDE, lambda c: values.number_of(c, -180, 180)),
            "purchased_on": self.value(Fact.PURCHASED_ON, self._day),
            "status_word": self._status_word(),
        }
        self._check(texts, moments, choices["status"])
        if self.problems:
            return tuple(self.problems)
        return Draft(line=self.line, **texts, **choices, **moments, **others)

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

    def _moments(self, status: RequestStatus) -> dict[str, Any]:
        """The times of a case; a bare day begins the case, and is due at its end."""
        received, _ = self._moment(Fact.RECEIVED_AT)
        due, due_day = self._moment(Fact.DUE_AT)
        closed, closed_day = self._moment(Fact.CLOSED_AT) if status in ENDED else (None, False)
        acknowledged, _ = self._moment(Fact.ACKNOWLEDGED_AT)
        if due and due_day:
            due += timedelta(days=1, microseconds=-1)
        if closed and closed_day and received and received - closed < timedelta(days=1):
            closed = max(closed, received)
        # A first reaction outside of the case's life is another system's book-keeping.
        end = closed or self.reader.latest
        if acknowledged and not (received and received <= acknowledged <= end):
            acknowledged = None
        return {
            "received_at": received,
            "due_at": due,
            "closed_at": closed,
            "acknowledged_at": acknowledged,
        }

    def _moment(self, fact: Fact) -> tuple[datetime | None, bool]:
        map, zone = self.reader.map, self.reader.zone
        found = self.value(fact, lambda cell: values.moment_of(cell, map.formats, zone, map.order))
        return found or (None, False)

    def _day(self, cell: Cell) -> date:
        return values.day_of(cell, self.reader.map.formats, self.reader.map.order)

    def _check(
        self, texts: Mapping[str, str], moments: Mapping[str, Any], status: RequestStatus
    ) -> None:
        noted = {problem.column for problem in self.problems}
        for fact, value in self._needed(texts, moments, status):
            if not value and self.reader.finder.column(fact) not in noted:
                self.problem(fact, RowCode.MISSING)
        received, closed, due = (moments[f"{name}_at"] for name in ("received", "closed", "due"))
        if received and received > self.reader.latest:
            self.problem(Fact.RECEIVED_AT, RowCode.IN_THE_FUTURE, received.isoformat())
        if received and closed and closed < received:
            self.problem(Fact.CLOSED_AT, RowCode.CLOSED_BEFORE_CREATED, closed.isoformat())
        if closed and closed > self.reader.latest:
            self.problem(Fact.CLOSED_AT, RowCode.IN_THE_FUTURE, closed.isoformat())
        if received and due and due < received:
            self.problem(Fact.DUE_AT, RowCode.DUE_BEFORE_CREATED, due.isoformat())

    def _needed(
        self, texts: Mapping[str, str], moments: Mapping[str, Any], status: RequestStatus
    ) -> Iterator[tuple[Fact, Any]]:
        """What this row must hold."""
        yield Fact.REF, texts["ref"]
        yield Fact.SYMPTOM, texts["symptom"]
        yield Fact.RECEIVED_AT, moments["received_at"]
        if any(texts[name] for name in ("brand", "model", "specification", "serial")):
            # Half a product is none.
            yield Fact.BRAND, texts["brand"]
            yield Fact.MODEL, texts["model"]
        closing = self.reader.map.facts.get(Fact.CLOSED_AT)
        if status in ENDED and closing and not closing.optional:
            yield Fact.CLOSED_AT, moments["closed_at"]

    def _status_word(self) -> str:
        try:
            return self.reader.finder.word(self.cells, Fact.STATUS)[:60]
        except Unusable:
            return ""  # its problem is noted where the status is read

    def _digest(self) -> str:
        # A file without ids: a row is known by what it says.
        text = "\x1f".join(f"{cell}" for cell in self.cells)
        return f"row:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
