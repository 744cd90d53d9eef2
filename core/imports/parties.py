"""Whom and what a case is about: customers, products and pieces, and by what they are known."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.imports.drafts import ArchiveDraft, Draft
from core.imports.values import plain
from db import phones
from db.codes import PieceStatus
from db.keys import name_key, serial_key
from db.tables import Station

# Brand, model, specification.
ProductKey = tuple[str, str, str]
BY_PHONE, BY_CASE = "phone:", "case:"


@dataclass(eq=False, slots=True)
class ProductEntry:
    """A product of the catalogue; without an id it is new."""

    id: int | None
    key: ProductKey
    warranty_months: int = 12


@dataclass(eq=False, slots=True)
class CustomerEntry:
    """A customer; without an id it is new, and `draft` tells who it is."""

    id: int | None
    key: str
    draft: Draft | None = None
    station_id: int | None = None


@dataclass(eq=False, slots=True)
class AssetEntry:
    """A piece in a customer's hands; without an id it is new."""

    id: int | None
    product: ProductEntry
    customer: CustomerEntry
    serial: str
    purchased_on: date | None
    warranty_until: date | None
    status: PieceStatus = PieceStatus.IN_USE


@dataclass(frozen=True, slots=True)
class Placed:
    """A draft with whom and what it is about."""

    draft: Draft
    customer: CustomerEntry
    asset: AssetEntry | None
    station_id: int | None


@dataclass
class Fresh:
    """What a batch adds to the archive."""

    products: list[ProductEntry] = field(default_factory=list)
    customers: list[CustomerEntry] = field(default_factory=list)
    assets: list[AssetEntry] = field(default_factory=list)


class Stations:
    """The company's stations, found by their name or their region."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(
            select(Station.id, Station.name, Station.region).where(Station.active)
        ).all()
        self.names = {plain(name): id for id, name, _ in rows}
        self.regions = {plain(region): id for id, _, region in rows if region}
        self._named = {id: name for id, name, _ in rows}
        self.only = rows[0].id if len(rows) == 1 else None

    def name(self, id: int | None) -> str:
        """The name of a station that is at work."""
        return self._named.get(id, "") if id else ""

    def find(self, draft: Draft | ArchiveDraft) -> int | None:
        """The station that the row names, else that of its region, else the only one."""
        if draft.station:
            return self.names.get(plain(draft.station))
        return self.regions.get(plain(draft.region)) or self.only


def customer_key(draft: Draft, country: str) -> str:
    """By what a customer is known again: an id, a number with a name, a serial, or the case."""
    if draft.customer_ref:
        return short_key(draft.customer_ref)
    if number := phones.key_of(draft.phone, country):
        return caller_key(number, draft.customer_name)
    if serial := serial_key(draft.serial):
        return short_key(f"serial:{serial} {' '.join(product_key(draft))}")
    return short_key(f"{BY_CASE}{draft.ref}")


def caller_key(number: str, name: str) -> str:
    """By what somebody who called is known again: the number as it is compared, and the name."""
    return short_key(f"{BY_PHONE}{number} {name_key(name)}")


def is_anonymous(draft: Draft) -> bool:
    """Whether the row tells nothing by which its customer could be known again."""
    return not draft.customer_ref and not phones.key_of(draft.phone)


def product_key(draft: Draft) -> ProductKey:
    """The product that the row names."""
    return draft.brand, draft.model, draft.specification


def short_key(key: str) -> str:
    """A key as the column holds it, in 80 characters."""
    return key if len(key) <= 80 else hashlib.sha256(key.encode()).hexdigest()
