"""What work costs: the price list, quotes, payments, what was handed in to finance."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import (
    Channel,
    HandInStatus,
    PayMeans,
    PaymentStatus,
    PriceKind,
    QuoteStatus,
    RequestKind,
)
from db.tables.customers import Product
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.tables.stock import Part
from db.types import Cents, FileDigest, Id, Instant, Line, Name, Text, code

# Whose price is not paid; what has been is in no list of what is open.
UNPAID = text("paid_cents < cents")


class Price(Versioned, Base):
    """What something costs from a day on; `key` names the thing over all its periods."""

    __tablename__ = "prices"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("key", "valid_from"),
        CheckConstraint("cents >= 0", name="not_negative"),
        CheckConstraint("valid_until >= valid_from", name="period_in_order"),
        CheckConstraint("(kind = 'part') = (part_id IS NOT NULL)", name="part_of_catalogue"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[PriceKind] = mapped_column(code(PriceKind, "kind"))
    name: Mapped[Name]
    unit: Mapped[Name]
    # For such cases and such a product alone, or for all.
    request_kind: Mapped[RequestKind | None] = mapped_column(code(RequestKind, "request_kind"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    part_id: Mapped[int | None] = mapped_column(ForeignKey("parts.id"), index=True)
    cents: Mapped[Cents]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]

    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")
    part: Mapped[Part | None] = relationship(lazy="raise_on_sql")


class Quote(Versioned, Base):
    """What the work on a case costs, line by line, and what the customer says to it (E5, S6)."""

    __tablename__ = "quotes"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("request_id"),
        CheckConstraint("cents >= 0 AND discount_cents >= 0", name="not_negative"),
        CheckConstraint("(status = 'agreed') = (agreed_at IS NOT NULL)", name="agreed_when"),
        CheckConstraint("invoice = '' OR status = 'agreed'", name="invoice_of_agreed"),
        Index("ix_quotes_unpaid", "status", sqlite_where=UNPAID, postgresql_where=UNPAID),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    status: Mapped[QuoteStatus] = mapped_column(code(QuoteStatus, "status"))
    # The sum of the lines, less the discount.
    cents: Mapped[Cents] = mapped_column(default=0)
    # The sum of the payments, less what was given back; kept with them.
    paid_cents: Mapped[Cents] = mapped_column(default=0)
    discount_cents: Mapped[Cents] = mapped_column(default=0)
    discount_reason: Mapped[Text] = mapped_column(default="")
    agreed_at: Mapped[Instant | None]
    agreed_by: Mapped[Name] = mapped_column(default="")
    # By which way, where nothing was signed; else the drawing.
    agreed_how: Mapped[Channel | None] = mapped_column(code(Channel, "agreed_how"))
    signature: Mapped[str | None] = mapped_column(FileDigest())
    # The SHA-256 of what was agreed to.
    agreed_what: Mapped[str] = mapped_column(String(64), default="")
    invoice: Mapped[Name] = mapped_column(default="")

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    lines: Mapped[list["QuoteLine"]] = relationship(
        order_by="QuoteLine.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class QuoteLine(Base):
    """One thing of a quote, at the price of the day on which it was written down."""

    __tablename__ = "quote_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_cents >= 0", name="not_negative"),
        Index("ix_quote_lines_quote", "quote_id"),
    )

    id: Mapped[Id]
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"))
    kind: Mapped[PriceKind] = mapped_column(code(PriceKind, "kind"))
    name: Mapped[Line]
    unit: Mapped[Name] = mapped_column(default="")
    quantity: Mapped[int]
    unit_cents: Mapped[Cents]
    # Where it comes from; neither for what stands on no list.
    price_id: Mapped[int | None] = mapped_column(ForeignKey("prices.id"), index=True)
    part_id: Mapped[int | None] = mapped_column(ForeignKey("parts.id"), index=True)

    price: Mapped[Price | None] = relationship(lazy="raise_on_sql")

    @property
    def cents(self) -> int:
        """What the line comes to."""
        return self.quantity * self.unit_cents


class HandIn(Versioned, Base):
    """Money that somebody has handed in to finance, and what was counted (E13)."""

    __tablename__ = "hand_ins"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint(
            "cash_cents >= 0 AND transfer_cents >= 0 AND code_cents >= 0", name="not_negative"
        ),
        CheckConstraint(
            "status <> 'counted' OR (counted_at IS NOT NULL AND counted_cash_cents IS NOT NULL"
            " AND counted_transfer_cents IS NOT NULL AND counted_code_cents IS NOT NULL)",
            name="counted_what",
        ),
        Index("ix_hand_ins_person", "person_id", "status"),
        Index("ix_hand_ins_day", "handed_on"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    status: Mapped[HandInStatus] = mapped_column(code(HandInStatus, "status"))
    handed_at: Mapped[Instant]
    # The company's local day.
    handed_on: Mapped[date]
    note: Mapped[Text] = mapped_column(default="")
    cash_cents: Mapped[Cents]
    transfer_cents: Mapped[Cents]
    code_cents: Mapped[Cents]
    counted_cash_cents: Mapped[Cents | None]
    counted_transfer_cents: Mapped[Cents | None]
    counted_code_cents: Mapped[Cents | None]
    counted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    counted_at: Mapped[Instant | None]
    difference_reason: Mapped[Text] = mapped_column(default="")

    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="raise_on_sql")
    counted_by: Mapped[Person | None] = relationship(
        foreign_keys=counted_by_id, lazy="raise_on_sql"
    )


class Payment(Versioned, Base):
    """Money that a customer paid for a case, or got back: then it is less than nothing."""

    __tablename__ = "payments"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("cents <> 0", name="of_something"),
        CheckConstraint("status <> 'handed_in' OR hand_in_id IS NOT NULL", name="handed_in_how"),
        CheckConstraint(
            "status NOT IN ('held', 'undone') OR hand_in_id IS NULL", name="held_by_who_took_it"
        ),
        Index("ix_payments_request", "request_id"),
        Index("ix_payments_taken_by", "taken_by_id", "status"),
    )

    id: Mapped[Id]
    # On the receipt.
    number: Mapped[Name]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    status: Mapped[PaymentStatus] = mapped_column(code(PaymentStatus, "status"))
    means: Mapped[PayMeans] = mapped_column(code(PayMeans, "means"))
    cents: Mapped[Cents]
    reference: Mapped[Name] = mapped_column(default="")
    note: Mapped[Text] = mapped_column(default="")
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[Instant]
    hand_in_id: Mapped[int | None] = mapped_column(ForeignKey("hand_ins.id"), index=True)

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    taken_by: Mapped[Person] = relationship(lazy="raise_on_sql")
