"""What the company already has: known cases, customers, products and pieces, and what is added.

The same finding serves the preview, which writes nothing, and the import, so that both count alike.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.customers import finding
from core.customers.catalogue import plain_name, spellings
from core.customers.warranty import OWNED, warranty_end
from core.imports.drafts import Draft
from core.imports.errors import RowCode
from core.imports.parties import (
    BY_CASE,
    AssetEntry,
    CustomerEntry,
    Fresh,
    Placed,
    ProductEntry,
    ProductKey,
    Stations,
    caller_key,
    customer_key,
    is_anonymous,
    product_key,
)
from core.kernel import known
from db import phones
from db.codes import PieceStatus
from db.keys import name_key, serial_key
from db.tables import Asset, Customer, Product, ServiceRequest

T = TypeVar("T")
# Nobody calls any more about what its customer has not.
GONE = {
    PieceStatus.HELD: RowCode.PIECE_HELD,
    PieceStatus.SCRAPPED: RowCode.PIECE_SCRAPPED,
    PieceStatus.RECYCLED: RowCode.PIECE_RECYCLED,
}
_AT_ONCE = 500


class Archive:
    """Finds the customer, product and piece of each draft, batch by batch."""

    def __init__(self, session: Session, source: str) -> None:
        self.session = session
        self.source = source
        self.known: set[str | None] = set()
        self.fresh = Fresh()
        self.country = known.country(session)
        self.unknown_stations: dict[str, None] = {}
        # Numbers that are on file, or stand in the file, under another name too.
        self.shared_numbers: dict[str, tuple[str, ...]] = {}
        # Under the name as it was first spelt, and under its plain form.
        self._products: dict[ProductKey, ProductEntry] = {}
        self._brands: dict[str, str] = {}
        self._looked_up: set[str] = set()
        self._customers: dict[str, CustomerEntry] = {}
        self._by_id: dict[int, CustomerEntry] = {}
        self._by_serial: dict[tuple[ProductKey, str], AssetEntry] = {}
        self._unnumbered: dict[tuple[ProductKey, CustomerEntry], AssetEntry] = {}
        # The names under which each number is known, by name key.
        self._named: dict[str, dict[str, str]] = {}
        self._stations = Stations(session)

    def look_up(self, drafts: Sequence[Draft]) -> None:
        """Fetch what the company has of a batch, in a few queries."""
        for entry in self.fresh.customers:
            entry.draft = None  # the batch before is done; its texts would fill the memory
        self.fresh = Fresh()
        self.known = self._known_refs(draft.ref for draft in drafts)
        drafts = [draft for draft in drafts if draft.ref not in self.known]
        self._look_up_products(drafts)
        self._look_up_customers(drafts)
        self._look_up_assets(drafts)

    def place(self, draft: Draft) -> Placed | RowCode:
        """Whom and what a draft is about, added where the company does not have it yet."""
        product = self._known_product(draft)
        owned = None
        if product and draft.serial:
            owned = self._by_serial.get((product.key, serial_key(draft.serial)))
        known = self._customers.get(customer_key(draft, self.country))
        if owned and owned.status not in OWNED:
            return GONE[owned.status]
        if owned and known is not owned.customer and not is_anonymous(draft):
            return RowCode.SERIAL_TAKEN
        customer = owned.customer if owned else known or self._add_customer(draft)
        asset = owned or (self._asset(draft, customer) if draft.brand else None)
        station_id = self._stations.find(draft)
        if station_id is None and draft.station:
            self.unknown_stations[draft.station] = None
        return Placed(draft, customer, asset, station_id or customer.station_id)

    def _asset(self, draft: Draft, customer: CustomerEntry) -> AssetEntry:
        product = self._product(draft)
        entry = None if draft.serial else self._unnumbered.get((product.key, customer))
        if entry is None:
            until = warranty_end(draft.purchased_on, product.warranty_months)
            entry = AssetEntry(None, product, customer, draft.serial, draft.purchased_on, until)
            self._keep_asset(entry)
            self.fresh.assets.append(entry)
        return entry

    def _product(self, draft: Draft) -> ProductEntry:
        known = self._known_product(draft)
        if known is not None:
            return known
        brand, model, specification = product_key(draft)
        spelt = self._brands.get(plain_name(brand), brand)
        entry = ProductEntry(None, (spelt, model, specification))
        self._keep_product(entry)
        self.fresh.products.append(entry)
        return entry

    def _known_product(self, draft: Draft) -> ProductEntry | None:
        key = product_key(draft)
        return self._products.get(key) or self._products.get(_plain(key))

    def _keep_product(self, entry: ProductEntry) -> None:
        for key in (entry.key, _plain(entry.key)):
            self._products.setdefault(key, entry)
        self._brands.setdefault(plain_name(entry.key[0]), entry.key[0])

    def _add_customer(self, draft: Draft) -> CustomerEntry:
        self._note_name(draft)
        key = customer_key(draft, self.country)
        entry = CustomerEntry(None, key, draft, self._stations.find(draft))
        # Who is known only by the case cannot come again, and there may be very many of them.
        if not entry.key.startswith(BY_CASE):
            self._customers[entry.key] = entry
        self.fresh.customers.append(entry)
        return entry

    def _keep_asset(self, entry: AssetEntry) -> None:
        if entry.serial:
            self._by_serial[entry.product.key, serial_key(entry.serial)] = entry
        elif not entry.customer.key.startswith(BY_CASE):
            self._unnumbered[entry.product.key, entry.customer] = entry

    def _known_refs(self, refs: Iterable[str]) -> set[str | None]:
        column = ServiceRequest.source_ref
        query = select(column).where(ServiceRequest.source == self.source)
        return {
            ref
            for some in batches(refs, _AT_ONCE)
            for ref in self.session.scalars(query.where(column.in_(some)))
        }

    def _look_up_products(self, drafts: Iterable[Draft]) -> None:
        wanted = {product_key(d) for d in drafts if d.brand} - self._products.keys()
        new = {brand for brand, *_ in wanted if plain_name(brand) not in self._looked_up}
        self._looked_up |= {plain_name(brand) for brand in new}
        for spelt in batches(spellings(self.session, new) if new else (), _AT_ONCE):
            self._fetch_products(Product.brand.in_(spelt))
        for some in batches(wanted, _AT_ONCE):
            brands, models, _ = zip(*some, strict=True)
            self._fetch_products(Product.brand.in_(brands) & Product.model.in_(models))

    def _fetch_products(self, which: ColumnElement[bool]) -> None:
        names = (Product.brand, Product.model, Product.specification)
        query = select(Product.id, *names, Product.warranty_months).where(which)
        for id, *key, months in self.session.execute(query.order_by(Product.id)):
            brand, model, specification = key
            self._keep_product(ProductEntry(id, (brand, model, specification), months))

    def _look_up_customers(self, drafts: Sequence[Draft]) -> None:
        wanted = {customer_key(d, self.country) for d in drafts} - self._customers.keys()
        columns = (finding.now(Customer), Customer.station_id, Customer.source_ref)
        query = select(*columns).where(Customer.source == self.source)
        for some in batches(wanted, _AT_ONCE):
            found = self.session.execute(query.where(Customer.source_ref.in_(some)))
            for id, station_id, key in found:
                self._customers[str(key)] = self._customer(id, station_id)
        self._look_up_callers(drafts)

    def _look_up_callers(self, drafts: Sequence[Draft]) -> None:
        """Customers who are on file already, by number and name."""
        numbers = {phones.key_of(draft.phone, self.country) for draft in drafts} - {""}
        columns = (Customer.phone_key, Customer.name, finding.now(Customer), Customer.station_id)
        for some in batches(numbers, _AT_ONCE):
            query = select(*columns).where(Customer.phone_key.in_(some)).order_by(Customer.id)
            for number, name, id, station_id in self.session.execute(query):
                self._named.setdefault(number, {}).setdefault(name_key(name), name)
                self._customers.setdefault(caller_key(number, name), self._customer(id, station_id))

    def _note_name(self, draft: Draft) -> None:
        """Somebody new, whose number is known under another name: perhaps a double."""
        if number := phones.key_of(draft.phone, self.country):
            names = self._named.setdefault(number, {})
            names.setdefault(name_key(draft.customer_name), draft.customer_name)
            if len(names) > 1:
                self.shared_numbers[draft.phone] = tuple(names.values())

    def _look_up_assets(self, drafts: Sequence[Draft]) -> None:
        products = {p.id: p for d in drafts if (p := self._known_product(d)) and p.id}
        serials = {serial_key(d.serial) for d in drafts if d.serial}
        owners = {
            c.id
            for d in drafts
            if (c := self._customers.get(customer_key(d, self.country))) and c.id
        }
        conditions = [
            (Asset.serial_key.in_(some) for some in batches(serials, _AT_ONCE)),
            (
                Asset.customer_id.in_(some) & Asset.serial.is_(None) & Asset.status.in_(OWNED)
                for some in batches(owners, _AT_ONCE)
            ),
        ]
        query = (
            select(Asset, Customer.station_id)
            .join(Asset.customer)
            .where(Asset.product_id.in_(products), Asset.joined_into_id.is_(None))
        )
        for condition in chain(*conditions):
            for asset, station_id in self.session.execute(query.where(condition)):
                customer = self._customer(asset.customer_id, station_id)
                self._keep_asset(
                    AssetEntry(
                        asset.id,
                        products[asset.product_id],
                        customer,
                        asset.serial or "",
                        asset.purchased_on,
                        asset.warranty_until,
                        asset.status,
                    )
                )

    def _customer(self, id: int, station_id: int | None) -> CustomerEntry:
        return self._by_id.setdefault(id, CustomerEntry(id, f"id:{id}", None, station_id))


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most so many items."""
    every = iter(items)
    while some := list(islice(every, size)):
        yield some


def _plain(key: ProductKey) -> ProductKey:
    brand, model, specification = map(plain_name, key)
    return brand, model, specification
