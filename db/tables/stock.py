"""Parts: the catalogue, where how many lie, every move, orders, what was used, counts."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import CountStatus, MoveReason, OldPart, OrderStatus, PartUseStatus, PlaceKind
from db.tables.jobs import Job
from db.tables.people import Person, Station
from db.tables.requests import ServiceRequest
from db.types import Cents, Id, Instant, Line, Name, Text, code

OPEN_COUNT = text("status IN ('counting', 'counted')")


class Supplier(Versioned, Base):
    """A source of parts; only a regular one may deliver (A21)."""

    __tablename__ = "suppliers"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[Name]
    phone: Mapped[Name] = mapped_column(default="")
    is_regular: Mapped[bool]


class Part(Versioned, Base):
    """A part of the catalogue; `key` is its number as numbers are compared."""

    __tablename__ = "parts"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        CheckConstraint("warranty_months >= 0", name="warranty_not_negative"),
    )

    id: Mapped[Id]
    number: Mapped[Name]
    key: Mapped[str] = mapped_column(String(120))
    name: Mapped[Name]
    unit: Mapped[Name]
    price_cents: Mapped[Cents | None]
    # How long it is warranted by itself once it is built in; nothing where it is not.
    warranty_months: Mapped[int | None]
    # Whether each lot has a day until which it may be used.
    expires: Mapped[bool]
    active: Mapped[bool] = mapped_column(default=True)

    substitutes: Mapped[list["PartSubstitute"]] = relationship(
        foreign_keys="PartSubstitute.part_id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    products: Mapped[list["PartProduct"]] = relationship(
        cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class PartSubstitute(Base):
    """A part that does in place of another."""

    __tablename__ = "part_substitutes"
    __table_args__ = (
        UniqueConstraint("part_id", "substitute_id"),
        CheckConstraint("part_id <> substitute_id", name="of_another"),
    )

    id: Mapped[Id]
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("parts.id"), index=True)


class PartProduct(Base):
    """A product that a part fits; a part without one fits any."""

    __tablename__ = "part_products"
    __table_args__ = (UniqueConstraint("part_id", "product_id"),)

    id: Mapped[Id]
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)


class StockPlace(Base):
    """Where parts lie. `key` names it once: the store of a station, the van of a person."""

    __tablename__ = "stock_places"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("(kind = 'van') = (person_id IS NOT NULL)", name="van_of_somebody"),
    )

    id: Mapped[Id]
    kind: Mapped[PlaceKind] = mapped_column(code(PlaceKind, "kind"))
    key: Mapped[str] = mapped_column(String(24))
    # That of head office belongs to no station.
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    # The day on which its keepers were last told what is short or about to expire.
    told_on: Mapped[date | None]

    station: Mapped[Station | None] = relationship(lazy="raise_on_sql")
    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class PartMinimum(Base):
    """How many of a part a place is to have at least."""

    __tablename__ = "part_minimums"
    __table_args__ = (
        UniqueConstraint("place_id", "part_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: Mapped[Id]
    place_id: Mapped[int] = mapped_column(ForeignKey("stock_places.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"), index=True)
    quantity: Mapped[int]


class PartLot(Base):
    """What was delivered under one batch number; parts without one are one lot."""

    __tablename__ = "part_lots"
    __table_args__ = (UniqueConstraint("part_id", "batch"),)

    id: Mapped[Id]
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    batch: Mapped[Name] = mapped_column(default="")
    expires_on: Mapped[date | None]

    part: Mapped[Part] = relationship(lazy="raise_on_sql")


class PartBalance(Base):
    """How many of a lot lie at a place: the sum of its moves, kept with them."""

    __tablename__ = "part_balances"
    __table_args__ = (
        UniqueConstraint("place_id", "lot_id"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
    )

    id: Mapped[Id]
    place_id: Mapped[int] = mapped_column(ForeignKey("stock_places.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("part_lots.id"), index=True)
    quantity: Mapped[int]


class PartOrder(Versioned, Base):
    """The parts that a technician asked for 领料单, for a job or for the van."""

    __tablename__ = "part_orders"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name="decided_when"),
        CheckConstraint(
            "status NOT IN ('picked', 'issued') OR ready_at IS NOT NULL", name="ready_when"
        ),
        CheckConstraint("status <> 'issued' OR issued_at IS NOT NULL", name="issued_when"),
        CheckConstraint("(job_id IS NULL) = (case_id IS NULL)", name="job_of_case"),
        Index("ix_part_orders_status", "status", "asked_at"),
    )

    id: Mapped[Id]
    status: Mapped[OrderStatus] = mapped_column(code(OrderStatus, "status"))
    technician_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    note: Mapped[Text] = mapped_column(default="")
    asked_at: Mapped[Instant]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    decided_at: Mapped[Instant | None]
    # When the parts lay ready: whether it was before the visit is a figure (D22).
    ready_at: Mapped[Instant | None]
    issued_at: Mapped[Instant | None]

    technician: Mapped[Person] = relationship(foreign_keys=[technician_id], lazy="raise_on_sql")
    decided_by: Mapped[Person | None] = relationship(
        foreign_keys=[decided_by_id], lazy="raise_on_sql"
    )
    station: Mapped[Station | None] = relationship(lazy="raise_on_sql")
    case: Mapped[ServiceRequest | None] = relationship(lazy="raise_on_sql")
    lines: Mapped[list["PartOrderLine"]] = relationship(
        order_by="PartOrderLine.id", lazy="raise_on_sql"
    )


class PartOrderLine(Base):
    """So many of a part."""

    __tablename__ = "part_order_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("part_orders.id"), index=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"), index=True)
    quantity: Mapped[int]

    part: Mapped[Part] = relationship(lazy="raise_on_sql")


class PartUse(Versioned, Base):
    """A part that a technician built in, and what became of the old one."""

    __tablename__ = "part_uses"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(
            "old_part = 'to_maker' OR status IN ('used', 'undone')", name="old_to_maker"
        ),
        Index("ix_part_uses_status", "status"),
    )

    id: Mapped[Id]
    status: Mapped[PartUseStatus] = mapped_column(code(PartUseStatus, "status"))
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("stock_places.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("part_lots.id"), index=True)
    quantity: Mapped[int]
    old_serial: Mapped[Name] = mapped_column(default="")
    new_serial: Mapped[Name] = mapped_column(default="")
    old_part: Mapped[OldPart] = mapped_column(code(OldPart, "old_part"))
    used_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    used_at: Mapped[Instant]
    # The last day of its own warranty.
    warranty_until: Mapped[date | None]

    job: Mapped[Job] = relationship(lazy="raise_on_sql")
    case: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    place: Mapped[StockPlace] = relationship(lazy="raise_on_sql")
    lot: Mapped[PartLot] = relationship(lazy="raise_on_sql")
    used_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class StockCount(Versioned, Base):
    """The count of a place 盘点; who counted does not settle the differences."""

    __tablename__ = "stock_counts"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("settled_by_id <> counted_by_id", name="settled_by_another"),
        CheckConstraint("(settled_by_id IS NULL) = (settled_at IS NULL)", name="settled_when"),
        # A place is counted by one sheet at a time.
        Index(
            "uq_stock_counts_open_place",
            "place_id",
            unique=True,
            sqlite_where=OPEN_COUNT,
            postgresql_where=OPEN_COUNT,
        ),
    )

    id: Mapped[Id]
    status: Mapped[CountStatus] = mapped_column(code(CountStatus, "status"))
    place_id: Mapped[int] = mapped_column(ForeignKey("stock_places.id"), index=True)
    begun_at: Mapped[Instant]
    counted_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    settled_at: Mapped[Instant | None]

    place: Mapped[StockPlace] = relationship(lazy="raise_on_sql")
    counted_by: Mapped[Person] = relationship(foreign_keys=[counted_by_id], lazy="raise_on_sql")
    settled_by: Mapped[Person | None] = relationship(
        foreign_keys=[settled_by_id], lazy="raise_on_sql"
    )
    lines: Mapped[list["StockCountLine"]] = relationship(
        order_by="StockCountLine.id", lazy="raise_on_sql"
    )


class StockCountLine(Base):
    """A lot on the sheet: what the books said, what was found, and why it differs."""

    __tablename__ = "stock_count_lines"
    __table_args__ = (
        UniqueConstraint("count_id", "lot_id"),
        CheckConstraint("counted >= 0", name="counted_not_negative"),
    )

    id: Mapped[Id]
    count_id: Mapped[int] = mapped_column(ForeignKey("stock_counts.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("part_lots.id"), index=True)
    expected: Mapped[int]
    counted: Mapped[int | None]
    reason: Mapped[Line] = mapped_column(default="")

    lot: Mapped[PartLot] = relationship(lazy="raise_on_sql")


class PartMove(Base):
    """Parts that came, went, or went from place to place. Rows are added, never altered."""

    __tablename__ = "part_moves"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("from_id IS NOT NULL OR to_id IS NOT NULL", name="somewhere"),
        CheckConstraint("from_id <> to_id", name="elsewhere"),
        CheckConstraint("reason <> 'received' OR supplier_id IS NOT NULL", name="has_source"),
    )

    id: Mapped[Id]
    lot_id: Mapped[int] = mapped_column(ForeignKey("part_lots.id"), index=True)
    from_id: Mapped[int | None] = mapped_column(ForeignKey("stock_places.id"), index=True)
    to_id: Mapped[int | None] = mapped_column(ForeignKey("stock_places.id"), index=True)
    quantity: Mapped[int]
    reason: Mapped[MoveReason] = mapped_column(code(MoveReason, "reason"))
    note: Mapped[Line] = mapped_column(default="")
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("part_orders.id"), index=True)
    use_id: Mapped[int | None] = mapped_column(ForeignKey("part_uses.id"), index=True)
    count_id: Mapped[int | None] = mapped_column(ForeignKey("stock_counts.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[Instant]

    lot: Mapped[PartLot] = relationship(lazy="raise_on_sql")
    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")
