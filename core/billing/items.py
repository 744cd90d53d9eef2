"""What a quote may be made of: the prices in force for the case, and the parts of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from core.billing import prices
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.requests import charging
from core.stock import catalogue
from db.codes import PriceKind
from db.tables import Asset, Part, PartProduct, Price, ServiceRequest

OF_LIST, OF_CATALOGUE = "price", "part"
MOST = 2000


@dataclass(frozen=True)
class Item:
    """Something that may be quoted, at the price of today."""

    kind: PriceKind
    name: str
    unit: str
    cents: int
    price_id: int | None = None
    part_id: int | None = None

    @property
    def key(self) -> str:
        """What a form calls it."""
        if self.price_id:
            return f"{OF_LIST}·{self.price_id}"
        return f"{OF_CATALOGUE}·{self.part_id}"


def of_case(uow: UnitOfWork, request: ServiceRequest) -> Mapping[str, Item]:
    """What may be quoted on a case: labour first, then travel, then parts, fitting ones before."""
    product_id = _product(uow, request)
    rows = uow.session.scalars(prices.in_force(uow, uow.today))
    fitting = [row for row in rows if _fits(row, request, product_id)]
    # The price of the product or the kind goes before that of all.
    fitting.sort(key=lambda row: (row.product_id is None, row.request_kind is None))
    found: dict[object, Item] = {}
    for row in fitting:
        found.setdefault(row.part_id or (row.kind, row.name), _of_list(row))
    for part in _parts(uow, product_id):
        found.setdefault(part.id, _of_catalogue(part))
    order = [PriceKind.LABOUR, PriceKind.TRAVEL, PriceKind.PART]
    items = sorted(found.values(), key=lambda item: order.index(item.kind))
    free = charging.free_parts(uow, request)
    return {item.key: replace(item, cents=0) if item.kind in free else item for item in items}


def chosen(uow: UnitOfWork, request: ServiceRequest, key: str) -> Item:
    """What a form has named; InvalidInput says so where its price has ended meanwhile."""
    if item := of_case(uow, request).get(key):
        return item
    kind, _, id = key.partition("·")
    row = uow.session.get(Price, int(id)) if kind == OF_LIST and id.isdecimal() else None
    if until := prices.ended_on(row, uow.today):
        details = {"on": until.isoformat()}
        raise InvalidInput(Problem("item", "price_ended", details))
    raise InvalidInput(Problem("item", "not_an_option"))


def _product(uow: UnitOfWork, request: ServiceRequest) -> int | None:
    if request.asset_id is None:
        return None
    return uow.session.scalar(select(Asset.product_id).where(Asset.id == request.asset_id))


def _fits(row: Price, request: ServiceRequest, product_id: int | None) -> bool:
    return row.request_kind in (None, request.kind) and row.product_id in (None, product_id)


def _parts(uow: UnitOfWork, product_id: int | None) -> list[Part]:
    """The parts that have a price in the catalogue; what fits other products alone is left out."""
    fits = select(PartProduct.part_id).where(PartProduct.product_id == product_id)
    bound = select(PartProduct.part_id)
    here = Part.id.in_(fits)
    query = select(Part).where(Part.active, Part.price_cents > 0, here | Part.id.not_in(bound))
    return [*uow.session.scalars(query.order_by(here.desc(), Part.name, Part.number).limit(MOST))]


def _of_list(row: Price) -> Item:
    return Item(row.kind, row.name, row.unit, row.cents, row.id, row.part_id)


def _of_catalogue(part: Part) -> Item:
    name, cents = catalogue.label(part), part.price_cents or 0
    return Item(PriceKind.PART, name, part.unit, cents, part_id=part.id)
