"""What is put on file at a stage: what the rule book wants and the case lacks (A14, D23)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.customers import customers
from core.customers.customers import AssetFields
from core.customers.warranty import OWNED
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import parse
from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import Stage
from core.norms.revisions import norm_for
from core.process import changes
from core.process.rules import Asks
from core.requests import asked, charging, ready
from core.requests.inputs import ChangePiece, Completed
from db.tables import Asset, Customer, Product, ServiceRequest

OF_PIECE = frozenset({"serial", "purchased_on"})
OF_CASE = frozenset({"phone", "address", "fault_area", "batch", "wanted_from", "wanted_to"})
OWNED_PIECE, ANOTHER = "own", "new"
_WITH_PRODUCT = (
    select(Asset).where(Asset.joined_into_id.is_(None)).options(joinedload(Asset.product))
)


def asks(uow: UnitOfWork, request: ServiceRequest, stage: Stage = ready.SENT) -> Asks:
    """Of what can be completed, only what this case lacks."""
    lacks = _lacking(uow, request, stage)
    own = tuple(field for field in norm_for(uow, request).extra_fields if field.name in lacks)
    drawn = lacks | ({"piece"} if lacks & ready.OF_PRODUCT else frozenset())
    return Asks(frozenset(Completed.model_fields) - drawn, own)


def pieces(uow: UnitOfWork, request: ServiceRequest) -> Mapping[str, str]:
    """What the case may be about: the pieces that the customer has, then the other products."""
    mine = (Asset.customer_id == request.customer_id) & Asset.status.in_(OWNED)
    owned = _WITH_PRODUCT.where(mine).order_by(Asset.id)
    rows = uow.session.scalars(owned).all()
    products = uow.session.execute(
        select(Product.id, Product.brand, Product.model)
        .where(Product.id.notin_([row.product_id for row in rows]))
        .order_by(Product.brand, Product.model, Product.id)
    )
    own = {f"{OWNED_PIECE}·{row.id}": _label(row) for row in rows}
    return own | {f"{ANOTHER}·{id}": f"{brand} {model}" for id, brand, model in products}


def fill(
    uow: UnitOfWork, request: ServiceRequest, command: Completed, stage: Stage = ready.SENT
) -> dict[str, Any]:
    """Put on file what was typed of what the case lacks; gives what history keeps of it."""
    lacks = _lacking(uow, request, stage)
    fields = ((name, getattr(command, name)) for name in Completed.model_fields)
    typed = {name: value for name, value in fields if value not in (None, "") and name in lacks}
    facts = {name: typed[name] for name in OF_CASE & typed.keys()}
    if own := _own(uow, request, command, lacks):
        facts["extra"] = request.extra | own
    if command.piece and lacks & ready.OF_PRODUCT:
        facts["asset_id"] = piece_of(uow, request, command)
    elif request.asset and lacks & OF_PIECE:
        _complete(uow, request.asset, typed)
    changed = changes.write(request, facts)
    uow.session.flush()
    # What is told before somebody is sent may show that it is rework; a piece, its warranty.
    is_told = stage is ready.SENT or "asset_id" in facts
    found = charging.judge_anew(uow, request) if is_told else {}
    return ({"filled": changed} if changed else {}) | found


def _lacking(uow: UnitOfWork, request: ServiceRequest, stage: Stage) -> frozenset[str]:
    lacks = ready.of_case(uow, request, stage)
    names = {each.name for each in lacks if each.kind is ready.LackKind.FIELD}
    return frozenset(names | ({"wanted_to"} if "wanted_from" in names else set()))


def _own(
    uow: UnitOfWork, request: ServiceRequest, command: Completed, lacks: frozenset[str]
) -> dict[str, Any]:
    """The rule book's own fields among them, as they are stored."""
    stored = {
        field.name: asked.plain(field, command.extra[field.name])
        for field in norm_for(uow, request).extra_fields
        if field.name in lacks and command.extra.get(field.name) not in (None, "")
    }
    if wrong := [name for name, value in stored.items() if value is None]:
        raise InvalidInput(*(Problem(f"extra.{name}", "not_an_option") for name in wrong))
    return stored


def _label(piece: Asset) -> str:
    return f"{piece.product.brand} {piece.product.model} {piece.serial or ''}".strip()


def piece_of(uow: UnitOfWork, request: ServiceRequest, command: Completed | ChangePiece) -> int:
    """The piece that was chosen; of a product that the customer has not had yet, a new one."""
    whose, _, id = (command.piece or "").partition("·")
    if whose == OWNED_PIECE:
        asset = uow.session.scalars(_WITH_PRODUCT.where(Asset.id == int(id))).one()
        _complete(uow, asset, {"serial": command.serial, "purchased_on": command.purchased_on})
    else:
        product = uow.session.get_one(Product, int(id))
        named = {"brand": product.brand, "model": product.model, "serial": command.serial}
        fields = parse(AssetFields, named | {"purchased_on": command.purchased_on})
        customer = uow.session.get_one(Customer, request.customer_id)
        added = customers.add_asset(uow, customer, fields)
        assert added is not None  # it has a brand
        asset = added
    request.asset = asset
    uow.session.flush()  # what is judged next reads by its id
    return asset.id


def _complete(uow: UnitOfWork, asset: Asset, typed: Mapping[str, Any]) -> None:
    """Write down of a known piece what nobody knew of it."""
    empty = {name for name in OF_PIECE if not getattr(asset, name)}
    customers.complete_asset(uow, asset, {n: typed[n] for n in empty if typed.get(n)})
