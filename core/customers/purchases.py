"""Purchases of a customer, and how much of them may still come back (C9, C8)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from core.customers import catalogue, doubles, invoices, life, pieces, readings
from core.customers.bought import AddPurchase, BoughtLine
from core.customers.warranty import OWNED
from core.kernel.errors import InvalidInput, NotFound, Problem, Stale
from core.kernel.inputs import plain_serial
from core.kernel.shares import split
from core.kernel.unit_of_work import UnitOfWork
from core.process import changes, fairness, workflow
from core.process.changes import Change
from core.process.fairness import Barred
from core.process.permissions import may, require
from core.process.rules import Done, Rule
from db.codes import PurchaseStatus
from db.keys import invoice_key
from db.tables import Asset, Customer, Product, Purchase, PurchaseLine
from db.types import LARGEST_ID

__all__ = [
    "AddPurchase",
    "BoughtLine",
    "PurchaseFile",
    "PurchaseLineView",
    "PurchaseView",
    "add",
    "file",
    "name_of",
    "of_customer",
    "options",
    "paid",
]

MOST = 200
ON_FILE = PurchaseStatus.ON_FILE


@dataclass(frozen=True)
class PurchaseLineView:
    """A product on a purchase; `returnable` pieces may still come back."""

    id: int
    product: str
    specification: str
    batch: str
    serial: str
    quantity: int
    unit_cents: int
    total_cents: int
    returned: int
    under_way: int
    returnable: int


@dataclass(frozen=True)
class PurchaseView:
    """One purchase of a customer."""

    id: int
    invoice_no: str
    purchased_on: date
    received_on: date | None
    at_a_distance: bool | None
    lines: tuple[PurchaseLineView, ...]


@dataclass(frozen=True)
class PurchaseFile:
    """A purchase with what may be done with it, and what was changed of it."""

    purchase: PurchaseView
    version: int
    status: PurchaseStatus
    customer: str
    customer_id: int
    edits: tuple[Change, ...]
    actions: tuple[Rule, ...]
    barred: tuple[Barred, ...]


def file(uow: UnitOfWork, *, id: int) -> PurchaseFile:
    """A purchase; NotFound where there is none, NotAllowed where the archive is not to be read."""
    require(uow, "search:use")
    row: Purchase = workflow.fetch(uow, invoices.PROCESS, id)
    readings.require_read(uow, row.customer_id)
    return PurchaseFile(
        purchase=_view(row),
        version=row.version,
        status=row.status,
        customer=row.customer.name,
        customer_id=row.customer_id,
        edits=changes.of_record(uow, subject="purchase", subject_id=id),
        actions=invoices.PROCESS.allowed(uow.actor, row),
        barred=fairness.barred(uow, invoices.PROCESS, row),
    )


def of_customer(uow: UnitOfWork, *, customer_id: int) -> tuple[PurchaseView, ...]:
    """What a customer bought, the latest first.

    Of another station's customer only to whoever takes returns: the call is about those goods.
    """
    require(uow, "search:use")
    if not may(uow.actor, "return:apply"):
        readings.require_read(uow, customer_id)
    line = selectinload(Purchase.lines)
    rows = uow.session.scalars(
        select(Purchase)
        .where(Purchase.customer_id == customer_id, Purchase.status == ON_FILE)
        .options(line.joinedload(PurchaseLine.product), line.joinedload(PurchaseLine.asset))
        .order_by(Purchase.purchased_on.desc(), Purchase.id.desc())
        .limit(MOST)
    )
    return tuple(_view(row) for row in rows)


def options(uow: UnitOfWork, customer_id: int) -> dict[int, str]:
    """The products on a customer's purchases, to choose from; the latest first."""
    rows = uow.session.scalars(
        select(PurchaseLine)
        .join(PurchaseLine.purchase)
        .where(Purchase.customer_id == customer_id, Purchase.status == ON_FILE)
        .options(
            joinedload(PurchaseLine.purchase),
            joinedload(PurchaseLine.product),
            joinedload(PurchaseLine.asset),
        )
        .order_by(Purchase.purchased_on.desc(), PurchaseLine.id.desc())
        .limit(MOST)
    )
    return {row.id: _label(row) for row in rows}


def add(uow: UnitOfWork, command: AddPurchase) -> PurchaseView:
    """Write a purchase down, once; InvalidInput as `check` tells."""
    require(uow, "return:apply")
    _hold_customer(uow, command.customer_id)
    return _view(enter(uow, command, check(uow, command)))


def check(uow: UnitOfWork, command: AddPurchase) -> dict[str, Any]:
    """InvalidInput for days that cannot be, an invoice or a piece that is on file, and for what
    looks like a purchase that is, unless it is said why it is another one.

    Gives what history keeps of the answer.
    """
    invoices.check_days(uow, command.purchased_on, command.received_on)
    paid(command)
    return doubles.check(uow, command)


def enter(
    uow: UnitOfWork,
    command: AddPurchase,
    asked: dict[str, Any],
    *,
    source: str | None = None,
    ref: str | None = None,
) -> Purchase:
    """A purchase that was checked, in its place; `ref` is its number in the system of before."""
    totals = paid(command)
    row = Purchase(
        **command.model_dump(exclude={"lines", "another_purchase", "why", "discount_cents"}),
        invoice_key=invoice_key(command.invoice_no),
        added_at=uow.now,
        source=source,
        source_ref=ref,
        lines=[_line(uow, command, number, total) for number, total in enumerate(totals)],
    )
    off = {"discount_cents": command.discount_cents} if command.discount_cents else {}
    done = Done(note=command.why if asked else "", data=asked | off)
    try:
        workflow.begin(uow, invoices.PROCESS, row, done)
    except IntegrityError as error:  # the same piece was written down elsewhere just now
        raise Stale() from error
    return row


def paid(command: AddPurchase) -> list[int]:
    """What was paid for each line: its total less its share of what the invoice takes off."""
    totals = dict(enumerate(line.paid_cents for line in command.lines))
    off = command.discount_cents
    if off > sum(totals.values()):
        raise InvalidInput(Problem("discount_cents", "more_than_price"))
    shares = split(off, totals) if off else {}
    return [total - shares.get(number, 0) for number, total in totals.items()]


def name_of(product: Product) -> str:
    """Brand, model and specification."""
    return " ".join(filter(None, (product.brand, product.model, product.specification)))


def _hold_customer(uow: UnitOfWork, id: int) -> None:
    # Two clerks with one invoice: the second waits here, and then sees the first one's purchase.
    locked: dict[str, Any] = {"key_share": True}
    known = uow.session.get(Customer, id, with_for_update=locked) if id <= LARGEST_ID else None
    if known and known.joined_into_id:
        raise Stale()
    if known is None:
        raise NotFound(subject="customer", id=id)


def _line(uow: UnitOfWork, command: AddPurchase, number: int, total_cents: int) -> PurchaseLine:
    given = command.lines[number]
    product = catalogue.product_of(uow.session, given.brand, given.model, given.specification)
    serial = plain_serial(given.serial)
    if serial and given.quantity > 1:
        raise InvalidInput(Problem(f"lines.{number}.serial", "one_piece_only"))
    asset = _asset(uow, command, product, serial, number) if serial else None
    return PurchaseLine(
        product=product,
        asset=asset,
        piece=pieces.key_of(serial, product),
        batch=given.batch,
        quantity=given.quantity,
        unit_cents=given.unit_cents,
        total_cents=total_cents,
        refunded_cents=0,
        returned=0,
        under_way=0,
    )


def _asset(
    uow: UnitOfWork, command: AddPurchase, product: Product, serial: str, number: int
) -> Asset:
    """The piece that a line names: a new one, one that is on file, or one that is sold again."""
    asset = life.known(uow, product.id, serial)
    if asset is None:
        fresh = Asset(
            customer_id=command.customer_id, serial=serial, purchased_on=command.purchased_on
        )
        return life.begin(uow, fresh, product=product)
    if doubles.is_for_sale(asset, command.purchased_on):
        life.resell(uow, asset, customer_id=command.customer_id, on=command.purchased_on)
    elif asset.status not in OWNED or asset.customer_id != command.customer_id:
        raise InvalidInput(life.elsewhere(uow, f"lines.{number}.serial", asset))
    return asset


def piece_name(asset: Asset) -> str:
    """A piece as people tell it from others."""
    return f"{name_of(asset.product)} {asset.serial or f'#{asset.id}'}"


def _label(row: PurchaseLine) -> str:
    left = pieces.returnable(bought=row.quantity, returned=row.returned, under_way=row.under_way)
    bought = row.purchase
    serial = row.asset.serial if row.asset else ""
    facts = (bought.invoice_no, bought.purchased_on.isoformat(), name_of(row.product))
    return " · ".join(filter(None, (*facts, serial, row.batch, f"{left}/{row.quantity}")))


def _view(row: Purchase) -> PurchaseView:
    return PurchaseView(
        id=row.id,
        invoice_no=row.invoice_no,
        purchased_on=row.purchased_on,
        received_on=row.received_on,
        at_a_distance=row.at_a_distance,
        lines=tuple(_line_view(each) for each in row.lines),
    )


def _line_view(row: PurchaseLine) -> PurchaseLineView:
    return PurchaseLineView(
        id=row.id,
        product=f"{row.product.brand} {row.product.model}",
        specification=row.product.specification,
        batch=row.batch,
        serial=(row.asset.serial or "") if row.asset else "",
        quantity=row.quantity,
        unit_cents=row.unit_cents,
        total_cents=row.total_cents,
        returned=row.returned,
        under_way=row.under_way,
        returnable=pieces.returnable(
            bought=row.quantity, returned=row.returned, under_way=row.under_way
        ),
    )
