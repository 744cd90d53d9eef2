"""Products sold, customers, and the pieces that customers own."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import Language, PieceStatus
from db.types import Id, Instant, Key, Line, Name, code

IS_JOINED = text("joined_into_id IS NOT NULL")


def _joined(table: str) -> Index:
    # Only of those that were joined: asked for all others, SQLite would take it and read them all.
    name = f"ix_{table}_joined_into_id"
    return Index(name, "joined_into_id", sqlite_where=IS_JOINED, postgresql_where=IS_JOINED)


class Product(Versioned, Base):
    """A product of the catalogue: brand, model, specification."""

    __tablename__ = "products"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("brand", "model", "specification"),
        CheckConstraint("warranty_months >= 0", name="warranty_not_negative"),
    )

    id: Mapped[Id]
    brand: Mapped[Name]
    model: Mapped[Name]
    specification: Mapped[Name] = mapped_column(default="")
    category: Mapped[Name] = mapped_column(default="")
    warranty_months: Mapped[int] = mapped_column(default=12)


class Customer(Versioned, Base):
    """A customer with the contact that is called (C9)."""

    __tablename__ = "customers"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("source", "source_ref"),
        CheckConstraint("joined_into_id <> id", name="joined_into_another"),
        _joined("customers"),
        Index("ix_customers_name_key", "name_key", "address"),
        Index("ix_customers_phone_key", "phone_key"),
        Index("ix_customers_phone_end", "phone_end"),
    )

    id: Mapped[Id]
    name: Mapped[Name]
    contact: Mapped[Name] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    # As they are compared (core/kernel/known.py); the number once more by its end.
    name_key: Mapped[Key]
    phone_key: Mapped[Key]
    phone_end: Mapped[Key]
    # Small letters: by it a mail is known again.
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    # How the customer is written to; the company's language where none is said.
    language: Mapped[Language | None] = mapped_column(code(Language, "language"))
    no_messages: Mapped[bool] = mapped_column(default=False)
    address: Mapped[Line] = mapped_column(default="")
    region: Mapped[Name] = mapped_column(default="")
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    source: Mapped[str | None] = mapped_column(String(40))
    source_ref: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[Instant]
    # The customer that this one turned out to be: what was theirs is there.
    joined_into_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    # When the person was erased on request: nothing but figures is left.
    erased_at: Mapped[Instant | None]


class Contact(Base):
    """Somebody else who is called of a customer, and what they are to the customer (C9)."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_phone_key", "phone_key"),
        Index("ix_contacts_phone_end", "phone_end"),
    )

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    name: Mapped[Name]
    role: Mapped[Name] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    # As it is compared, and once more by its end.
    phone_key: Mapped[Key]
    phone_end: Mapped[Key]


class Asset(Versioned, Base):
    """A piece: a product with its serial or plate number, and where it stands in its life."""

    __tablename__ = "assets"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("product_id", "serial"),
        CheckConstraint("joined_into_id <> id", name="joined_into_another"),
        _joined("assets"),
        Index("ix_assets_serial_key", "serial_key"),
        Index("ix_assets_serial_end", "serial_end"),
        # Who bought something on a day (core/care/plans.py).
        Index("ix_assets_purchased_on", "purchased_on", "customer_id"),
        CheckConstraint("repair_days >= 0", name="repair_days_not_negative"),
        CheckConstraint("warranty_months >= 0", name="months_not_negative"),
        CheckConstraint("(status IN ('bought', 'in_use')) = (left_on IS NULL)", name="left_when"),
        CheckConstraint(
            "(status IN ('scrapped', 'recycled')) = (ended_from IS NOT NULL)", name="ended_whence"
        ),
    )

    id: Mapped[Id]
    status: Mapped[PieceStatus] = mapped_column(
        code(PieceStatus, "status"), default=PieceStatus.IN_USE
    )
    # What it was before it was scrapped or recycled: where the way back leads.
    ended_from: Mapped[PieceStatus | None] = mapped_column(code(PieceStatus, "ended_from"))
    # The day on which it left its customer's hands: free service ends with the ownership.
    left_on: Mapped[date | None]
    # Whose it is; of a piece that has left, whose it was.
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    # Upper case without blanks; null when the customer does not know it.
    serial: Mapped[str | None] = mapped_column(String(60), index=True)
    # As it is compared, also without dashes; once more turned round, to be found by its end.
    serial_key: Mapped[Key]
    serial_end: Mapped[Key]
    purchased_on: Mapped[date | None]
    # Of this piece alone, where they are not those of the product.
    warranty_months: Mapped[int | None]
    # Days in repair, by which the warranty is longer where the rule book says so.
    repair_days: Mapped[int] = mapped_column(default=0)
    warranty_until: Mapped[date | None]
    # The piece that this one turned out to be.
    joined_into_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"))

    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")
    product: Mapped[Product] = relationship(lazy="raise_on_sql")
