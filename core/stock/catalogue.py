"""The catalogue of parts, and who delivers them: only regular sources may (A21)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import flag_modified

from core.customers.catalogue import plain_name
from core.customers.purchases import name_of
from core.kernel.errors import InvalidInput, NotFound, Problem
from core.kernel.inputs import Choice, Input, Money, Phone, RequiredLine
from core.kernel.unit_of_work import UnitOfWork, seen
from core.process import changes, history
from core.process.changes import Change
from core.process.permissions import require
from core.stock.sight import EDIT, READ
from db.tables import Part, PartProduct, PartSubstitute, Product, Supplier

MOST = 2000
SUBJECT, SUPPLIER = "part", "supplier"
ROWS = ("substitutes", "products")
Number = Annotated[RequiredLine, Field(max_length=60)]


class OtherPart(Input):
    """A part that does in place of this one."""

    part_id: Annotated[int, Choice("parts")]


class FittedProduct(Input):
    """A product that the part fits."""

    product_id: Annotated[int, Choice("products")]


class EditPart(Input):
    """A part of the catalogue."""

    number: Number
    part_name: RequiredLine
    unit: Annotated[RequiredLine, Field(max_length=10)] = "件"
    price_cents: Money = 0
    # How long it is warranted by itself once it is built in; nothing where it is not.
    warranty_months: Annotated[int | None, Field(ge=0, le=600)] = None
    expires: bool = False
    substitutes: Annotated[list[OtherPart], Field(max_length=20)] = []
    products: Annotated[list[FittedProduct], Field(max_length=100)] = []
    active: bool = True


class EditSupplier(Input):
    """A source of parts."""

    supplier_name: RequiredLine
    phone: Phone = ""
    is_regular: bool = False


@dataclass(frozen=True)
class PartView:
    """One part, with what does in its place and what it fits."""

    id: int
    version: int
    number: str
    part_name: str
    unit: str
    price_cents: int | None
    warranty_months: int | None
    expires: bool
    active: bool
    substitutes: tuple[int, ...]
    products: tuple[int, ...]


@dataclass(frozen=True)
class SupplierView:
    """One source of parts."""

    id: int
    version: int
    supplier_name: str
    phone: str
    is_regular: bool


def label(part: Part) -> str:
    """A part as people tell it from others."""
    return f"{part.name} {part.number}"


def listed(uow: UnitOfWork) -> tuple[PartView, ...]:
    """The catalogue, what is given up last."""
    require(uow, READ)
    order = (Part.active.desc(), Part.name, Part.number)
    return tuple(_view(row) for row in uow.session.scalars(_whole().order_by(*order).limit(MOST)))


def parts(uow: UnitOfWork, _record: object = None) -> Mapping[int, str]:
    """The parts that may be asked for, by id."""
    query = select(Part).where(Part.active).order_by(Part.name, Part.number).limit(MOST)
    return {row.id: label(row) for row in uow.session.scalars(query)}


def products(uow: UnitOfWork) -> Mapping[int, str]:
    """The products that a part may fit, by id."""
    names = (Product.brand, Product.model, Product.specification)
    rows = uow.session.scalars(select(Product).order_by(*names).limit(MOST))
    return {row.id: name_of(row) for row in rows}


def suppliers(uow: UnitOfWork) -> tuple[SupplierView, ...]:
    """All sources, the regular ones first."""
    require(uow, READ)
    rows = uow.session.scalars(select(Supplier).order_by(Supplier.is_regular.desc(), Supplier.name))
    return tuple(
        SupplierView(row.id, row.version, row.name, row.phone, row.is_regular) for row in rows
    )


def sources(uow: UnitOfWork) -> Mapping[int, str]:
    """All sources, by id: what came from one may go back there."""
    return {row.id: row.supplier_name for row in suppliers(uow)}


def regular(uow: UnitOfWork) -> Mapping[int, str]:
    """The sources that may deliver, by id."""
    return {row.id: row.supplier_name for row in suppliers(uow) if row.is_regular}


def add_part(uow: UnitOfWork, command: EditPart) -> int:
    """Take a part into the catalogue; gives its id."""
    require(uow, EDIT)
    _check(uow, command, 0)
    row = Part(substitutes=[], products=[])
    data = _write(row, command)
    uow.session.add(row)
    uow.session.flush()
    history.record(uow, subject=SUBJECT, subject_id=row.id, action="added", data=data)
    return row.id


def change_part(uow: UnitOfWork, *, id: int, command: EditPart, seen_version: int) -> None:
    """Change a part; history keeps old and new."""
    require(uow, EDIT)
    row = seen(uow.session.scalar(_whole().where(Part.id == id)), seen_version)
    _check(uow, command, id)
    data = _write(row, command)
    flag_modified(row, "name")  # of its rows alone too: what others see is stale
    uow.session.flush()
    history.record(uow, subject=SUBJECT, subject_id=id, action="edited", data=data)


def part_edits(uow: UnitOfWork, *, id: int) -> tuple[Change, ...]:
    """What was changed of a part."""
    require(uow, READ)
    return changes.of_record(uow, subject=SUBJECT, subject_id=id)


def add_supplier(uow: UnitOfWork, command: EditSupplier) -> int:
    """Write down a source; gives its id."""
    require(uow, EDIT)
    row = Supplier(name="", phone="", is_regular=False)
    _keep(uow, row, command, "added")
    return row.id


def change_supplier(uow: UnitOfWork, *, id: int, command: EditSupplier, seen_version: int) -> None:
    """Change a source, or whether it is a regular one."""
    require(uow, EDIT)
    _keep(uow, seen(uow.session.get(Supplier, id), seen_version), command, "edited")


def part_of(uow: UnitOfWork, id: int) -> Part:
    """A part by its id; NotFound when there is none."""
    row = uow.session.get(Part, id)
    if row is None:
        raise NotFound(subject=SUBJECT, id=id)
    return row


def by_number(uow: UnitOfWork, *, number: str) -> int:
    """The part whose code was scanned; NotFound when there is none."""
    require(uow, READ)
    id = uow.session.scalar(select(Part.id).where(Part.key == _key(number)))
    if id is None:
        raise NotFound(subject=SUBJECT, id=0)
    return id


def _keep(uow: UnitOfWork, row: Supplier, command: EditSupplier, action: str) -> None:
    taken = select(Supplier.id).where(Supplier.name == command.supplier_name)
    if uow.session.scalar(taken.where(Supplier.id != (row.id or 0))):
        raise InvalidInput(Problem("supplier_name", "taken"))
    facts = {"phone": command.phone, "is_regular": command.is_regular}
    data = changes.write(row, facts | {"name": command.supplier_name})
    uow.session.add(row)
    uow.session.flush()
    history.record(uow, subject=SUPPLIER, subject_id=row.id, action=action, data=data)


def _whole() -> Any:
    return select(Part).options(selectinload(Part.substitutes), selectinload(Part.products))


def _check(uow: UnitOfWork, command: EditPart, id: int) -> None:
    wrong = []
    taken = select(Part.id).where(Part.key == _key(command.number), Part.id != id)
    if uow.session.scalar(taken):
        wrong.append(Problem("number", "taken"))
    fitted = products(uow) if command.products else {}
    known = set(uow.session.scalars(select(Part.id))) if command.substitutes else set()
    for at, other in enumerate(command.substitutes):
        if other.part_id not in known - {id}:
            wrong.append(Problem(f"substitutes.{at}.part_id", "not_an_option"))
    for at, each in enumerate(command.products):
        if each.product_id not in fitted:
            wrong.append(Problem(f"products.{at}.product_id", "not_an_option"))
    if wrong:
        raise InvalidInput(*wrong)


def _key(number: str) -> str:
    return plain_name(number)[:120]


def _write(row: Part, command: EditPart) -> dict[str, list[Any]]:
    old = _facts(row)
    row.number, row.key, row.name = command.number, _key(command.number), command.part_name
    row.unit, row.price_cents = command.unit, command.price_cents or None
    row.warranty_months = command.warranty_months
    row.expires, row.active = command.expires, command.active
    others = dict.fromkeys(each.part_id for each in command.substitutes)
    fitted = dict.fromkeys(each.product_id for each in command.products)
    # What stays keeps its row: one that goes and comes in one flush would be there twice.
    kept = {each.substitute_id: each for each in row.substitutes}
    row.substitutes = [kept.get(each) or PartSubstitute(substitute_id=each) for each in others]
    there = {each.product_id: each for each in row.products}
    row.products = [there.get(each) or PartProduct(product_id=each) for each in fitted]
    return changes.differences(old, _facts(row))


def _facts(row: Part) -> dict[str, Any]:
    names = ("number", "name", "unit", "price_cents", "warranty_months", "expires", "active")
    rows = {
        "substitutes": [each.substitute_id for each in row.substitutes],
        "products": [each.product_id for each in row.products],
    }
    told = {name: "、".join(map(str, sorted(ids))) for name, ids in rows.items()}
    return {name: getattr(row, name) for name in names} | told


def _view(row: Part) -> PartView:
    return PartView(
        id=row.id,
        version=row.version,
        number=row.number,
        part_name=row.name,
        unit=row.unit,
        price_cents=row.price_cents,
        warranty_months=row.warranty_months,
        expires=row.expires,
        active=row.active,
        substitutes=tuple(each.substitute_id for each in row.substitutes),
        products=tuple(each.product_id for each in row.products),
    )
