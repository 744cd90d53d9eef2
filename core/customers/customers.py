"""Customers and the products that they own: found while the phone is at the ear."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import case, select
from sqlalchemy.orm import joinedload

from core.customers import again, finding, life, readings, warranty
from core.customers.catalogue import product_of
from core.customers.warranty import OWNED
from core.kernel.errors import InvalidInput, NotAllowed, Problem
from core.kernel.inputs import (
    AddressLine,
    Choice,
    Day,
    Email,
    Input,
    LineText,
    LongText,
    Phone,
    Serial,
    clean_line,
    clean_search,
    plain_serial,
)
from core.kernel.unit_of_work import Actor, UnitOfWork, seen
from core.people.people import check_station
from core.process import changes, history, masked
from core.process.changes import Change
from core.process.permissions import may, require, sees_all_stations
from db.codes import Language, PieceStatus
from db.keys import name_key
from db.tables import Asset, Company, Customer, Station

HITS = 20
EDITS = "request:register"
# Who stands for all who did not say who they are.
NAMELESS = "nameless"
NOBODY = {Language.ZH: "匿名", Language.EN: "Nameless"}


class CustomerFields(Input):
    """A customer's facts."""

    customer_name: LineText = ""
    contact: LineText = ""
    phone: Phone = ""
    email: Email = ""
    address: AddressLine = ""
    region: LineText = ""


class AddCustomer(CustomerFields):
    """A customer who was not known until now, written down before anything else.

    `another_customer` answers the question whether it is not one who is on file.
    """

    another_customer: bool = False

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """A name, and a number to call back or a mailbox to write to."""
        yield from missing(values)


def missing(values: Mapping[str, Any]) -> Iterable[Problem]:
    """What a new customer lacks: a name, and a number to call back or a mailbox to write to."""
    given = {name for name in values if str(clean_line(values[name] or "")).strip()}
    for name in ("customer_name", *(("phone",) if "email" not in given else ())):
        if name not in given:
            yield Problem(name, "missing")


class AssetFields(Input):
    """A product that a customer owns."""

    brand: LineText = ""
    model: LineText = ""
    serial: Serial = ""
    purchased_on: Day | None = None
    warranty_months: Annotated[int | None, Field(ge=0, le=600)] = None


class EditCustomer(CustomerFields):
    """A customer's facts as corrected later, and why."""

    station_id: Annotated[int | None, Choice("stations")] = None
    # How the customer is written to, and whether at all.
    language: Language | None = None
    no_messages: bool = False
    reason: LongText = ""


@dataclass(frozen=True)
class AssetView:
    """A piece with its warranty as of today, which ends with the ownership."""

    id: int
    customer_id: int
    status: PieceStatus
    brand: str
    model: str
    specification: str
    serial: str
    purchased_on: date | None
    warranty_until: date | None
    in_warranty: bool | None
    # The day on which it left the customer's hands.
    left_on: date | None

    @property
    def is_owned(self) -> bool:
        """Whether the customer has it."""
        return self.status in OWNED


@dataclass(frozen=True)
class CustomerView:
    """A customer with what they own."""

    id: int
    name: str
    contact: str
    phone: str
    email: str
    address: str
    region: str
    language: Language | None
    no_messages: bool
    station_id: int | None
    # Whose customer it is; empty when no station's.
    station: str
    version: int
    # Whether the actor may correct these facts.
    may_edit: bool
    # Whether only what a call needs is shown: another station's customer, or to a department that
    # has not been granted to read the archive.
    narrow: bool
    # When the person was erased on request.
    erased_at: datetime | None
    assets: tuple[AssetView, ...] = ()


def find(uow: UnitOfWork, *, text: str) -> tuple[CustomerView, ...]:
    """Customers by phone, name, address, invoice, or a product's serial or plate number."""
    require(uow, "search:use")
    text = clean_search(text)
    exact = case((Customer.name_key == name_key(text), 0), else_=1)
    found = finding.matching(uow, text).order_by(exact, Customer.name, Customer.id).limit(HITS)
    return _with_assets(uow, list(uow.session.scalars(found)))


def alike(
    uow: UnitOfWork, *, phone: str = "", brand: str = "", model: str = "", serial: str = ""
) -> tuple[CustomerView, ...]:
    """Who is on file with this number, or owns this piece: asked before somebody is added."""
    require(uow, "search:use")
    rows = again.callers(uow, phone) or again.owners(uow, brand, model, serial)
    return _with_assets(uow, rows)


def view(uow: UnitOfWork, *, id: int) -> CustomerView:
    """One customer with what they own."""
    require(uow, "search:use")
    customer = again.current(uow, id)
    opened = {customer.id} if readings.may_read(uow, customer) else set()
    return _with_assets(uow, [customer], opened)[0]


def add(
    uow: UnitOfWork,
    fields: CustomerFields,
    *,
    station_id: int | None,
    source: str | None = None,
) -> Customer:
    """A new customer; the form has seen to it that there is a name and a way to call back."""
    customer = Customer(
        name=fields.customer_name,
        contact=fields.contact,
        phone=fields.phone,
        email=fields.email,
        address=fields.address,
        region=fields.region,
        station_id=station_id,
        source=source,
        source_ref=source,
        created_at=uow.now,
    )
    uow.session.add(customer)
    uow.session.flush()
    history.record(uow, subject="customer", subject_id=customer.id, action="added")
    return customer


def nameless(uow: UnitOfWork) -> Customer:
    """Who stands for all who did not say who they are; made when the first one comes."""
    found = select(Customer).where(Customer.source == NAMELESS, Customer.source_ref == NAMELESS)
    if known := uow.session.scalar(found):
        return again.current(uow, known.id)
    name = NOBODY[uow.session.get_one(Company, 1).language]
    return add(uow, CustomerFields(customer_name=name), station_id=None, source=NAMELESS)


def register(uow: UnitOfWork, command: AddCustomer) -> Customer:
    """Write down a new customer of the actor's station; who is on file already is that one."""
    require(uow, "request:register")
    return again.meant(uow, command) or add(uow, command, station_id=uow.actor.station_id)


def edit(uow: UnitOfWork, *, id: int, command: EditCustomer, seen_version: int) -> None:
    """Correct a customer's facts; another station's customer is not touched (C15)."""
    require(uow, EDITS)
    customer = again.current(uow, id)
    require_own(uow, customer)
    seen(customer, seen_version)
    command = masked.put_back(command, customer)
    _check_move(uow, customer, command.station_id)
    values = command.model_dump(exclude={"reason"})
    values["name"] = values.pop("customer_name")
    wanted = {"customer_name": values["name"], "reason": command.reason}
    if missing := [name for name, value in wanted.items() if not value]:
        raise InvalidInput(*(Problem(name, "missing") for name in missing))
    data = changes.write(customer, values)
    uow.session.flush()
    facts: dict[str, Any] = {"action": "edited", "note": command.reason, "data": data}
    history.record(uow, subject="customer", subject_id=id, **facts)


def edits(uow: UnitOfWork, *, id: int) -> tuple[Change, ...]:
    """What was changed of a customer's facts, for those who may change them."""
    require(uow, EDITS)
    require_own(uow, again.current(uow, id))
    joined = uow.session.scalars(select(Customer.id).where(Customer.joined_into_id == id)).all()
    each = (changes.of_record(uow, subject="customer", subject_id=one) for one in (id, *joined))
    return tuple(sorted(chain(*each), key=lambda change: change.at, reverse=True))


def add_asset(uow: UnitOfWork, customer: Customer, fields: AssetFields) -> Asset | None:
    """A product in a customer's hands, also one that is on file; None when the form names none."""
    if not (fields.brand or fields.model or fields.serial):
        return None
    if fields.purchased_on and fields.purchased_on > uow.today:
        raise InvalidInput(Problem("purchased_on", "in_the_future"))
    product = product_of(uow.session, fields.brand, fields.model)
    serial = plain_serial(fields.serial) or None
    known = life.known(uow, product.id, serial or "")
    if known and known.customer_id == customer.id and known.status in OWNED:
        return known
    life.refuse_known(uow, product, serial or "")
    months = fields.warranty_months
    asset = Asset(
        customer_id=customer.id,
        serial=serial,
        purchased_on=fields.purchased_on,
        warranty_months=None if months == product.warranty_months else months,
    )
    return life.begin(uow, asset, product=product)


def complete_asset(uow: UnitOfWork, asset: Asset, facts: Mapping[str, Any]) -> None:
    """Write down of a piece what nobody knew of it: serial number, day of purchase."""
    if facts:
        life.complete(uow, asset, dict(facts))


def asset_view(asset: Asset, today: date) -> AssetView:
    """A product in a customer's hands, with its warranty as of a local day."""
    product, until = asset.product, warranty.free_until(asset)
    return AssetView(
        id=asset.id,
        customer_id=asset.customer_id,
        status=asset.status,
        brand=product.brand,
        model=product.model,
        specification=product.specification,
        serial=asset.serial or "",
        purchased_on=asset.purchased_on,
        warranty_until=until,
        in_warranty=None if until is None else today <= until,
        left_on=asset.left_on,
    )


def _with_assets(
    uow: UnitOfWork, customers: list[Customer], opened: Collection[int] = ()
) -> tuple[CustomerView, ...]:
    """The customers with their pieces; the archives of the `opened` ones are read by leave."""
    owned: dict[int, list[AssetView]] = {}
    assets = uow.session.scalars(
        select(Asset)
        .options(joinedload(Asset.product))
        .where(Asset.customer_id.in_([c.id for c in customers]), Asset.joined_into_id.is_(None))
        .order_by(Asset.id.desc())
    )
    for asset in assets:
        owned.setdefault(asset.customer_id, []).append(asset_view(asset, uow.today))
    stations = _station_names(uow, customers)
    return tuple(
        _shown(uow.actor, c, stations.get(c.station_id, ""), owned.get(c.id, ()), c.id in opened)
        for c in customers
    )


def _shown(
    actor: Actor, customer: Customer, station: str, assets: Sequence[AssetView], opened: bool
) -> CustomerView:
    """What the actor sees of a customer: all of it, or what a call needs (C10, C15)."""
    whole = opened or again.reads(actor, customer)
    return CustomerView(
        id=customer.id,
        name=customer.name,
        contact=customer.contact if whole else "",
        phone=again.number(actor, customer),
        email=customer.email if whole else "",
        address=customer.address if whole else "",
        region=customer.region,
        language=customer.language,
        no_messages=customer.no_messages,
        station_id=customer.station_id,
        station=station,
        version=customer.version,
        may_edit=_may_edit(actor, customer),
        narrow=not whole,
        erased_at=customer.erased_at,
        assets=tuple(each for each in assets if whole or each.is_owned),
    )


def _may_edit(actor: Actor, customer: Customer) -> bool:
    return may(actor, EDITS) and customer.erased_at is None and again.reads(actor, customer)


def _station_names(uow: UnitOfWork, customers: list[Customer]) -> dict[int | None, str]:
    own: dict[int | None, str] = {uow.actor.station_id: uow.actor.station}
    ids = {each.station_id for each in customers} - {None, uow.actor.station_id}
    if not ids:
        return own
    rows = uow.session.execute(select(Station.id, Station.name).where(Station.id.in_(ids)))
    return own | dict(rows.all())


def require_own(uow: UnitOfWork, customer: Customer) -> None:
    """NotAllowed for another station's customer, another department, and who was erased."""
    require(uow, again.READS)
    if customer.erased_at is not None:
        raise NotAllowed(reason="erased")
    if not again.is_own(uow.actor, customer):
        names = _station_names(uow, [customer])
        raise NotAllowed(reason="another_station", station=names[customer.station_id])


def _check_move(uow: UnitOfWork, customer: Customer, station_id: int | None) -> None:
    """A station may take a customer whom nobody has; none is pushed upon another one."""
    check_station(uow, station_id, before=customer.station_id)
    usual = (None, customer.station_id, uow.actor.station_id)
    if station_id not in usual and not sees_all_stations(uow.actor):
        raise InvalidInput(Problem("station_id", "own_station_only"))
