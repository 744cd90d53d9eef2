"""A record becomes a case to be, or a list of what is wrong with it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from core.imports import values
from core.imports.drafts import ENDED, Draft
from core.imports.errors import RowCode, Unusable
from core.imports.mapping import CHOICES
from core.imports.rows import Bad, Row
from core.imports.subjects import Fact
from core.kernel.inputs import plain_serial
from db.codes import RequestStatus


class CaseRow(Row):
    """A record that tells of a case."""

    def draft(self) -> Draft | Bad:
        """The case of a record, or every problem of it."""
        texts = self.texts()
        texts["serial"] = plain_serial(texts["serial"])
        texts["fault_codes"] = ",".join(values.codes_of(texts["fault_codes"]))
        texts["customer_name"] = texts["customer_name"] or texts["contact"] or texts["ref"]
        choices = {fact.value: self.choice(fact) for fact in CHOICES}
        moments = self._moments(choices["status"])
        others: dict[str, Any] = {
            "latitude": self.value(Fact.LATITUDE, lambda c: values.number_of(c, -90, 90)),
            "longitude": self.value(Fact.LONGITUDE, lambda c: values.number_of(c, -180, 180)),
            "purchased_on": self.value(Fact.PURCHASED_ON, self.day),
            "status_word": self._status_word(),
        }
        self._check(texts, moments, choices["status"])
        if self.problems:
            return Bad(tuple(self.problems))
        return Draft(line=self.line, **texts, **choices, **moments, **others)

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
