"""A record becomes a customer, a piece or a line of a purchase, or a list of what is wrong."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.imports import values
from core.imports.drafts import ArchiveDraft
from core.imports.errors import RowCode
from core.imports.rows import Bad, Row
from core.imports.subjects import FACTS, REQUIRED, Fact, Subject
from core.kernel.inputs import plain_serial
from db.keys import invoice_key

_DAYS = (Fact.PURCHASED_ON, Fact.RECEIVED_ON, Fact.WARRANTY_UNTIL)
Told = dict[str, Any]


class ArchiveRow(Row):
    """A record that tells of the archive."""

    def draft(self) -> ArchiveDraft | Bad:
        """What the record tells, or every problem of it."""
        told = self.texts() | self._days()
        if "serial" in told:
            told["serial"] = plain_serial(told["serial"])
        if self.subject is Subject.PURCHASES:
            told |= self._money()
        self._check(told)
        if self.problems:
            return Bad(tuple(self.problems), invoice_key(told.get("invoice_no", "")))
        return ArchiveDraft(line=self.line, **told)

    @property
    def subject(self) -> Subject:
        """What the rows of the file tell of."""
        return self.reader.map.subject

    def _days(self) -> dict[str, date | None]:
        facts = (fact for fact in _DAYS if fact in FACTS[self.subject])
        return {fact.value: self.value(fact, self.day) for fact in facts}

    def _money(self) -> Told:
        """How many pieces at which price, and what was paid for all of them."""
        count = self.value(Fact.QUANTITY, values.count_of) or 1
        price, off, total, whole_off = (self.value(fact, values.cents_of) for fact in _AMOUNTS)
        if price is None and total is None and not self.problems:
            self.problem(Fact.UNIT_PRICE, RowCode.MISSING)
        if price is None:
            # Rounded up: what was paid is no more than the price of all pieces.
            price = -(-((total or 0) + (off or 0)) // count)
        paid = count * price - (off or 0)
        if paid < 0 or (off is not None and total is not None and abs(paid - total) >= count):
            details = {"quantity": count, "price": price / 100, "off": (off or 0) / 100}
            self.problem(Fact.TOTAL, RowCode.SUM_WRONG, f"{(total or 0) / 100}", **details)
        return {
            "quantity": count,
            "unit_cents": price,
            "total_cents": paid if total is None else total,
            "invoice_discount_cents": whole_off,
        }

    def _check(self, told: Told) -> None:
        noted = {problem.column for problem in self.problems}
        for fact, value in self._needed(told):
            if not value and self.reader.finder.column(fact) not in noted:
                self.problem(fact, RowCode.MISSING)
        today = self.reader.latest.astimezone(self.reader.zone).date()
        for fact in (Fact.PURCHASED_ON, Fact.RECEIVED_ON):
            if (day := told.get(fact.value)) and day > today:
                self.problem(fact, RowCode.IN_THE_FUTURE, day.isoformat())
        bought, received = told.get("purchased_on"), told.get("received_on")
        if bought and received and received < bought:
            self.problem(Fact.RECEIVED_ON, RowCode.RECEIVED_BEFORE, received.isoformat())

    def _needed(self, told: Mapping[str, Any]) -> Iterator[tuple[Fact, Any]]:
        """What this row must hold."""
        yield from ((fact, told[fact.value]) for fact in REQUIRED[self.subject])
        if self.subject is Subject.CUSTOMERS:
            # Nobody could be known again by a name alone.
            yield Fact.PHONE, told["phone"] or told["customer_ref"]
            if told["other_phone"]:
                yield Fact.OTHER_CONTACT, told["other_contact"]
        if told.get("warranty_until"):
            # The warranty follows from the day of purchase.
            yield Fact.PURCHASED_ON, told["purchased_on"]


_AMOUNTS = (Fact.UNIT_PRICE, Fact.DISCOUNT, Fact.TOTAL, Fact.INVOICE_DISCOUNT)
