"""Returns and exchanges: from the application to the refund, the stock and the loss (C8)."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import (
    CauseKind,
    DeductionKind,
    Destination,
    Direction,
    Fit,
    GoodsState,
    Payer,
    RefundMethod,
    ReturnReason,
    ReturnStatus,
    WayBack,
    Wish,
)
from db.tables.customers import Asset, Product
from db.tables.purchases import NAMES_PIECE, PurchaseLine
from db.tables.requests import ServiceRequest
from db.types import Cents, Id, Instant, Json, Line, Name, Text, code


class GoodsReturn(Versioned, Base):
    """A return or exchange on its way; its contact is the request (C8)."""

    __tablename__ = "returns"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        # Four eyes on the decision, on the appeal and on the refund.
        CheckConstraint("approved_by_id <> applied_by_id", name="approved_by_another"),
        CheckConstraint("approved_by_id <> screened_by_id", name="approved_not_screened"),
        CheckConstraint("approved_by_id <> inspected_by_id", name="approved_not_inspected"),
        CheckConstraint("appeal_by_id <> refused_by_id", name="appeal_by_another"),
        CheckConstraint("confirmed_by_id <> settled_by_id", name="confirmed_by_another"),
        CheckConstraint("confirmed_by_id <> approved_by_id", name="confirmed_not_approved"),
        CheckConstraint(
            "(confirmed_by_id IS NULL) = (refunded_at IS NULL)", name="refunded_when_confirmed"
        ),
        # Nothing is paid beyond the price of what was taken back and the freight advanced.
        CheckConstraint(
            "refund_cents >= 0 AND refund_cents <= taken_cents + advanced_cents",
            name="refund_within_paid",
        ),
        CheckConstraint("taken_cents >= 0 AND advanced_cents >= 0", name="paid_not_negative"),
        CheckConstraint("owed_cents >= 0", name="owed_not_negative"),
        CheckConstraint("refund_cents = 0 OR owed_cents = 0", name="refund_or_owed"),
        CheckConstraint("paid_at IS NULL OR owed_cents > 0", name="paid_what_was_owed"),
        CheckConstraint("mileage_km >= 0", name="mileage_not_negative"),
        Index("ix_returns_status", "status"),
        Index("ix_returns_refunded", "refunded_at"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    status: Mapped[ReturnStatus] = mapped_column(code(ReturnStatus, "status"))
    # The company's local day of the application: what the days of the conditions are held against.
    asked_on: Mapped[date]
    mileage_km: Mapped[int | None]
    # The refund is paid though nothing has to come.
    without_goods: Mapped[bool] = mapped_column(default=False)
    # The roles that may approve it, by its amount.
    approvers: Mapped[list[Any]] = mapped_column(Json)

    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    screened_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    inspected_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    refused_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    appeal_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    # Why it was refused, or approved beyond the rule; what the customer says against a refusal.
    decision: Mapped[Text] = mapped_column(default="")
    appeal: Mapped[Text] = mapped_column(default="")
    way_back: Mapped[WayBack | None] = mapped_column(code(WayBack, "way_back"))
    address: Mapped[Line] = mapped_column(default="")

    # As settled: the price of what was taken back, freight that the customer has advanced and
    # gets back, what is paid out, what the customer owes instead.
    taken_cents: Mapped[Cents] = mapped_column(default=0)
    advanced_cents: Mapped[Cents] = mapped_column(default=0)
    refund_cents: Mapped[Cents] = mapped_column(default=0)
    owed_cents: Mapped[Cents] = mapped_column(default=0)
    refund_method: Mapped[RefundMethod | None] = mapped_column(code(RefundMethod, "refund_method"))
    refund_ref: Mapped[Name] = mapped_column(default="")
    refunded_at: Mapped[Instant | None]
    # When the customer has paid what was owed.
    paid_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    lines: Mapped[list["ReturnLine"]] = relationship(
        order_by="ReturnLine.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    parcels: Mapped[list["ReturnParcel"]] = relationship(
        order_by="ReturnParcel.id", lazy="raise_on_sql"
    )


class ReturnLine(Base):
    """Some pieces of one purchase that are to come back, judged on their own."""

    __tablename__ = "return_lines"
    __table_args__ = (
        UniqueConstraint("return_id", "purchase_line_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("held BETWEEN 0 AND quantity", name="held_within_asked"),
        CheckConstraint("approved BETWEEN 0 AND quantity", name="approved_within_asked"),
        CheckConstraint("accepted BETWEEN 0 AND approved", name="accepted_within_approved"),
        CheckConstraint("replaced BETWEEN 0 AND accepted", name="replaced_within_accepted"),
        CheckConstraint("received >= 0 AND repairs >= 0", name="counts_not_negative"),
        CheckConstraint("price_cents >= 0 AND other_cents >= 0", name="prices_not_negative"),
        CheckConstraint("(other_product_id IS NULL) = (other_cents IS NULL)", name="other_priced"),
        CheckConstraint(
            "sent_back = 0 OR sent_back BETWEEN 0 AND received - accepted",
            name="sent_back_within_received",
        ),
        # A piece comes back once.
        Index(
            "ix_return_lines_piece",
            "piece",
            unique=True,
            sqlite_where=NAMES_PIECE,
            postgresql_where=NAMES_PIECE,
        ),
    )

    id: Mapped[Id]
    return_id: Mapped[int] = mapped_column(ForeignKey("returns.id"))
    purchase_line_id: Mapped[int] = mapped_column(ForeignKey("purchase_lines.id"), index=True)
    serial: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[ReturnReason] = mapped_column(code(ReturnReason, "reason"))
    wish: Mapped[Wish] = mapped_column(code(Wish, "wish"))
    goods: Mapped[GoodsState] = mapped_column(code(GoodsState, "goods"))
    repairs: Mapped[int] = mapped_column(default=0)
    quantity: Mapped[int]
    unit_cents: Mapped[Cents]
    # What was paid for all of them, to the cent.
    price_cents: Mapped[Cents]
    # Another model that is given in exchange, and the price of one piece of it.
    other_product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    other_cents: Mapped[Cents | None]
    # How many pieces of the purchase this line keeps from other returns.
    held: Mapped[int] = mapped_column(default=0)
    # The piece that it keeps from every other return, as it is compared: while it is under way,
    # and for good once it was taken back.
    piece: Mapped[Name] = mapped_column(default="")

    # The condition that counts, by name, with who pays the freight under it.
    fit: Mapped[Fit] = mapped_column(code(Fit, "fit"))
    condition: Mapped[str] = mapped_column(String(40), default="")
    payer: Mapped[Payer | None] = mapped_column(code(Payer, "payer"))

    sample: Mapped[Line] = mapped_column(default="")
    finding: Mapped[Text] = mapped_column(default="")
    defect: Mapped[bool | None]
    goods_found: Mapped[GoodsState | None] = mapped_column(code(GoodsState, "goods_found"))
    # The condition of which a person has found that its case is given.
    named: Mapped[str] = mapped_column(String(40), default="")
    approved: Mapped[int] = mapped_column(default=0)

    received: Mapped[int] = mapped_column(default=0)
    specification_ok: Mapped[bool | None]
    appearance: Mapped[GoodsState | None] = mapped_column(code(GoodsState, "appearance"))
    difference: Mapped[Line] = mapped_column(default="")

    accepted: Mapped[int] = mapped_column(default=0)
    retest: Mapped[Text] = mapped_column(default="")
    cause_kind: Mapped[CauseKind | None] = mapped_column(code(CauseKind, "cause_kind"))
    replaced: Mapped[int] = mapped_column(default=0)
    # Pieces that came and were not accepted, and are with the customer again.
    sent_back: Mapped[int] = mapped_column(default=0)

    purchase_line: Mapped[PurchaseLine] = relationship(lazy="raise_on_sql")
    other_product: Mapped[Product | None] = relationship(lazy="raise_on_sql")
    deductions: Mapped[list["ReturnDeduction"]] = relationship(
        order_by="ReturnDeduction.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    moves: Mapped[list["StockMove"]] = relationship(order_by="StockMove.id", lazy="raise_on_sql")
    replacements: Mapped[list["Replacement"]] = relationship(
        order_by="Replacement.id", lazy="raise_on_sql"
    )


class ReturnDeduction(Base):
    """What is kept of a line's price: cents, or a percent, and the cents that it comes to."""

    __tablename__ = "return_deductions"
    __table_args__ = (
        CheckConstraint("cents >= 0 AND percent BETWEEN 0 AND 100", name="in_range"),
        CheckConstraint("(cents = 0) <> (percent = 0)", name="cents_or_percent"),
        CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
    )

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("return_lines.id"), index=True)
    kind: Mapped[DeductionKind] = mapped_column(code(DeductionKind, "kind"))
    reason: Mapped[Line]
    cents: Mapped[Cents] = mapped_column(default=0)
    percent: Mapped[int] = mapped_column(default=0)
    amount_cents: Mapped[Cents]


class ReturnParcel(Base):
    """A parcel from or to the customer; its label leads back to the return."""

    __tablename__ = "return_parcels"
    __table_args__ = (
        UniqueConstraint("label"),
        CheckConstraint("freight_cents >= 0", name="freight_not_negative"),
    )

    id: Mapped[Id]
    return_id: Mapped[int] = mapped_column(ForeignKey("returns.id"), index=True)
    direction: Mapped[Direction] = mapped_column(code(Direction, "direction"))
    label: Mapped[str] = mapped_column(String(32))
    carrier: Mapped[Name] = mapped_column(default="")
    tracking: Mapped[Name] = mapped_column(default="")
    paid_by: Mapped[Payer] = mapped_column(code(Payer, "paid_by"))
    freight_cents: Mapped[Cents] = mapped_column(default=0)
    # Sent when the settlement was closed: its freight is the company's, and booked by itself.
    after_refund: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[Instant | None]
    arrived_at: Mapped[Instant | None]


class StockMove(Base):
    """Pieces put somewhere, with what they are worth there. Rows are added, never altered.

    A move out of quarantine names the one that brought the pieces there.
    """

    __tablename__ = "stock_moves"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("value_cents >= 0", name="value_not_negative"),
        CheckConstraint("destination <> 'scrap' OR value_cents = 0", name="scrap_worth_nothing"),
        CheckConstraint(
            "moved_from_id IS NULL OR destination <> 'quarantine'", name="out_of_quarantine"
        ),
        Index("ix_stock_moves_destination", "destination", "at"),
    )

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("return_lines.id"), index=True)
    moved_from_id: Mapped[int | None] = mapped_column(ForeignKey("stock_moves.id"), index=True)
    quantity: Mapped[int]
    destination: Mapped[Destination] = mapped_column(code(Destination, "destination"))
    value_cents: Mapped[Cents]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[Instant]


class Replacement(Base):
    """Pieces sent in exchange, with the serial number as a product of the customer."""

    __tablename__ = "replacements"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("return_lines.id"), index=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("return_parcels.id"), index=True)
    quantity: Mapped[int]
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"), index=True)

    asset: Mapped[Asset | None] = relationship(lazy="raise_on_sql")


class ReturnLoss(Base):
    """A loss booked to the cost of returns (C14). Rows are added; a later one corrects."""

    __tablename__ = "return_losses"
    __table_args__ = (
        CheckConstraint(
            "loss_cents = value_cents + freight_cents - deducted_cents", name="adds_up"
        ),
        Index("ix_return_losses_booked", "booked_on"),
    )

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("return_lines.id"), index=True)
    booked_on: Mapped[date]
    # Price against what the pieces are still worth; freight borne by the company; kept back.
    value_cents: Mapped[Cents]
    freight_cents: Mapped[Cents]
    deducted_cents: Mapped[Cents]
    loss_cents: Mapped[Cents]
