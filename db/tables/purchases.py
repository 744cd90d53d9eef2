"""What customers bought: the archive that a return is checked against (C9, C8)."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import PurchaseStatus
from db.tables.customers import Asset, Customer, Product
from db.types import Cents, Id, Instant, Name, code

HAS_NUMBER = text("invoice_key <> ''")
NAMES_PIECE = text("piece <> ''")


class Purchase(Versioned, Base):
    """One purchase of a customer: an invoice with its days."""

    __tablename__ = "purchases"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("source", "source_ref"),
        CheckConstraint("received_on >= purchased_on", name="received_after"),
        # Who bought something on a day (core/care/plans.py).
        Index("ix_purchases_day", "purchased_on", "customer_id"),
        Index("ix_purchases_customer", "customer_id", "purchased_on"),
        # An invoice is one purchase of a customer; the number comes first, to find it at others.
        Index(
            "ix_purchases_invoice",
            "invoice_key",
            "customer_id",
            unique=True,
            sqlite_where=HAS_NUMBER,
            postgresql_where=HAS_NUMBER,
        ),
    )

    id: Mapped[Id]
    status: Mapped[PurchaseStatus] = mapped_column(
        code(PurchaseStatus, "status"), default=PurchaseStatus.ON_FILE
    )
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    invoice_no: Mapped[Name] = mapped_column(default="")
    # The number as it is compared; empty without one, and for what was written twice before.
    invoice_key: Mapped[Name] = mapped_column(default="")
    purchased_on: Mapped[date]
    # What the law's days may count from; unknown while nobody has asked.
    received_on: Mapped[date | None]
    at_a_distance: Mapped[bool | None]
    added_at: Mapped[Instant]
    source: Mapped[str | None] = mapped_column(String(40))
    source_ref: Mapped[str | None] = mapped_column(String(80))

    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")
    lines: Mapped[list["PurchaseLine"]] = relationship(
        order_by="PurchaseLine.id", back_populates="purchase", lazy="raise_on_sql"
    )


class PurchaseLine(Versioned, Base):
    """A product on a purchase, and how much of it has come back.

    Whoever takes pieces for a return holds the row, so that two returns at once cannot take more
    than was bought.
    """

    __tablename__ = "purchase_lines"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_cents >= 0", name="price_not_negative"),
        CheckConstraint(
            "returned >= 0 AND under_way >= 0 AND returned + under_way <= quantity",
            name="returned_within_bought",
        ),
        CheckConstraint(
            "refunded_cents >= 0 AND refunded_cents <= total_cents", name="refunded_within_paid"
        ),
        # A piece stands on one purchase.
        Index(
            "ix_purchase_lines_piece",
            "piece",
            unique=True,
            sqlite_where=NAMES_PIECE,
            postgresql_where=NAMES_PIECE,
        ),
        Index("ix_purchase_lines_batch", "batch"),
    )

    id: Mapped[Id]
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"), index=True)
    # The piece that it names, as it is compared.
    piece: Mapped[Name] = mapped_column(default="")
    batch: Mapped[str] = mapped_column(String(60), default="")
    quantity: Mapped[int]
    unit_cents: Mapped[Cents]
    # What was paid for all of them, discounts taken off; and what of it was paid back.
    total_cents: Mapped[Cents]
    refunded_cents: Mapped[Cents] = mapped_column(default=0)
    # Refunded for good, and held by returns that are still open.
    returned: Mapped[int] = mapped_column(default=0)
    under_way: Mapped[int] = mapped_column(default=0)

    purchase: Mapped[Purchase] = relationship(back_populates="lines", lazy="raise_on_sql")
    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    asset: Mapped[Asset | None] = relationship(lazy="raise_on_sql")
