"""Who is who in a file that tells of the archive: on file already, told before, or new.

Known again as whoever calls is (core/customers/again.py): by number and name, however written; and
by the number that the other system gives its customers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core.customers import again
from core.imports.drafts import ArchiveDraft
from core.imports.errors import RowCode
from core.imports.parties import BY_PHONE, Stations, caller_key, short_key
from core.imports.tallies import Difference
from core.imports.values import plain
from core.kernel.known import country
from core.kernel.unit_of_work import UnitOfWork
from db import phones
from db.keys import name_key
from db.tables import Contact, Customer

# What a file may complete: the fact of a row, and the column of the customer.
FILLED = {"customer_name": "name", "contact": "contact", "phone": "phone", "address": "address"}
FILLED |= {"region": "region"}


@dataclass(eq=False, slots=True)
class Party:
    """A customer of the file; without an id it is new."""

    id: int | None
    # The row that brought it.
    draft: ArchiveDraft
    # As they will stand, and of them what the file brings.
    facts: dict[str, Any]
    brought: dict[str, Any] = field(default_factory=dict)
    contacts: list[tuple[str, str]] = field(default_factory=list)
    # Its number in the other system; and whether it takes one that a row tells.
    source_ref: str = ""
    takes_ref: bool = False
    # The number of a contact, as it is compared, or the name; asked for when a row tells of one.
    known_contacts: set[str] | None = None

    @property
    def name(self) -> str:
        """The name."""
        return str(self.facts["name"])

    @property
    def is_known(self) -> bool:
        """Whether it is on file already."""
        return self.id is not None

    @property
    def is_told(self) -> bool:
        """Whether the file tells anything of it that is not on file."""
        return not self.is_known or bool(self.brought or self.contacts)


class Parties:
    """Finds the customer of each row."""

    def __init__(self, uow: UnitOfWork, source: str) -> None:
        self.uow = uow
        self.source = source
        self.country = country(uow.session)
        self.unknown_stations: dict[str, None] = {}
        # Numbers that are on file, or stand in the file, under another name too.
        self.shared_numbers: dict[str, tuple[str, ...]] = {}
        self._stations = Stations(uow.session)
        self._by_id: dict[int, Party] = {}
        self._by_ref: dict[str, Party] = {}
        self._by_call: dict[str, Party] = {}
        self._names: dict[str, dict[str, None]] = {}

    def find(self, draft: ArchiveDraft) -> Party | RowCode | None:
        """The customer whom a row names; None for somebody new, or whom the row does not tell."""
        ref = short_key(draft.customer_ref) if draft.customer_ref else ""
        return self._of_ref(ref, draft) or self._of_call(ref, draft)

    def add(self, draft: ArchiveDraft) -> Party:
        """Somebody new, with the number of the other system or that of the telephone."""
        facts = {column: getattr(draft, fact) for fact, column in FILLED.items()}
        party = Party(None, draft, facts | {"station_id": self._station(draft)})
        party.source_ref = short_key(draft.customer_ref) if draft.customer_ref else ""
        party.takes_ref = not party.source_ref
        party.known_contacts = set()
        if party.source_ref:
            self._by_ref[party.source_ref] = party
        for key in self._calls(draft):
            self._by_call.setdefault(key, party)
        self._note_names(draft)
        self._add_contact(party, draft)
        return party

    def of(self, row: Customer, draft: ArchiveDraft) -> Party:
        """The customer who is on file."""
        if row.id not in self._by_id:
            names = (*FILLED.values(), "station_id")
            party = Party(row.id, draft, {name: getattr(row, name) for name in names})
            party.source_ref = self._ref_of(row)
            party.takes_ref = not party.source_ref and row.source in (None, self.source)
            self._by_id[row.id] = party
        return self._by_id[row.id]

    def complete(self, party: Party, draft: ArchiveDraft) -> Iterator[Difference]:
        """Take what is not on file yet; gives what is on file otherwise, which stays."""
        for fact, column in FILLED.items():
            here, there = party.facts[column], getattr(draft, fact)
            if there and not here:
                self._bring(party, column, there)
            elif there and not self._same(column, here, there):
                yield Difference(draft.line, party.name, fact, here, there)
        station = self._station(draft) if draft.station or draft.region else None
        if station and not party.facts["station_id"]:
            self._bring(party, "station_id", station)
        elif station and station != party.facts["station_id"] and draft.station:
            here = self._stations.name(party.facts["station_id"])
            yield Difference(draft.line, party.name, "station", here, draft.station)
        if draft.customer_ref and party.takes_ref:
            party.takes_ref, party.source_ref = False, short_key(draft.customer_ref)
            self._by_ref[party.source_ref] = party
            party.brought |= {"source": self.source, "source_ref": party.source_ref}
        self._add_contact(party, draft)

    def _bring(self, party: Party, column: str, value: Any) -> None:
        party.facts[column] = party.brought[column] = value

    def _add_contact(self, party: Party, draft: ArchiveDraft) -> None:
        if not draft.other_contact:
            return
        if party.known_contacts is None:
            rows = select(Contact.name, Contact.phone).where(Contact.customer_id == party.id)
            told = self.uow.session.execute(rows)
            party.known_contacts = {self._contact(name, phone) for name, phone in told}
        key = self._contact(draft.other_contact, draft.other_phone)
        if key not in party.known_contacts:
            party.known_contacts.add(key)
            party.contacts.append((draft.other_contact, draft.other_phone))

    def _contact(self, name: str, phone: str) -> str:
        return f"{name_key(name)} {phones.key_of(phone, self.country)}"

    def _of_ref(self, ref: str, draft: ArchiveDraft) -> Party | RowCode | None:
        if not ref or ref in self._by_ref:
            return self._by_ref.get(ref)
        query = select(Customer.id).where(
            Customer.source == self.source, Customer.source_ref == ref
        )
        id = self.uow.session.scalar(query)
        row = None if id is None else again.current(self.uow, id)
        if row is None or row.erased_at is not None:
            return RowCode.CUSTOMER_ERASED if row else None
        return self.of(row, draft)

    def _of_call(self, ref: str, draft: ArchiveDraft) -> Party | RowCode | None:
        if not (draft.customer_name and draft.phone):
            return None
        told = (self._by_call[key] for key in self._calls(draft) if key in self._by_call)
        if (before := next(told, None)) and self._may_be(before.source_ref, ref):
            return before
        found = again.named(self.uow, draft.phone, draft.customer_name)
        same = [each for each in found if self._may_be(self._ref_of(each), ref)]
        if len(same) > 1:
            return RowCode.CUSTOMER_DOUBLE
        return self.of(same[0], draft) if same else None

    def _may_be(self, known: str, ref: str) -> bool:
        """Whether two are one as far as the numbers of the other system tell."""
        return not (known and ref) or known == ref

    def _ref_of(self, row: Customer) -> str:
        ref = row.source_ref or "" if row.source == self.source else ""
        return "" if ref.startswith(BY_PHONE) else ref

    def _calls(self, draft: ArchiveDraft) -> Iterator[str]:
        for number in phones.same_as(draft.phone, self.country):
            yield caller_key(number, draft.customer_name)

    def _note_names(self, draft: ArchiveDraft) -> None:
        """Somebody new, whose number is known under another name: perhaps a double."""
        if number := phones.key_of(draft.phone, self.country):
            if number not in self._names:
                rows = again.callers(self.uow, draft.phone)
                self._names[number] = dict.fromkeys(row.name for row in rows)
            names = self._names[number]
            names[draft.customer_name] = None
            if len(names) > 1:
                self.shared_numbers[draft.phone] = tuple(names)

    def _station(self, draft: ArchiveDraft) -> int | None:
        station = self._stations.find(draft)
        if station is None and draft.station:
            self.unknown_stations[draft.station] = None
        return station

    def _same(self, column: str, here: str, there: str) -> bool:
        if column == "phone":
            keys = (set(phones.same_as(text, self.country)) for text in (here, there))
            return bool(set.intersection(*keys))
        if column in ("name", "contact"):
            return name_key(here) == name_key(there)
        return plain(here) == plain(there)
