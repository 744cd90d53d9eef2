"""Maintenance plans: which pieces are looked after how often, and each round of it."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import (
    CountedFrom,
    IntervalUnit,
    MaintenanceStatus,
    NextRound,
    RequestKind,
    RoundStatus,
)
from db.tables.customers import Asset, Customer, Product
from db.tables.people import Station
from db.tables.requests import ServiceRequest
from db.types import Id, Instant, Name, Text, code


class MaintenancePlan(Versioned, Base):
    """A plan for the pieces of a product, or for those that a customer's contract covers."""

    __tablename__ = "maintenance_plans"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("(product_id IS NULL) <> (customer_id IS NULL)", name="covers_one"),
        CheckConstraint("interval_length > 0", name="interval_positive"),
        CheckConstraint("days_ahead >= 0", name="ahead_not_negative"),
        CheckConstraint("valid_until >= valid_from", name="valid_in_order"),
        CheckConstraint(
            "counted_from <> 'first_day' OR first_on IS NOT NULL", name="first_day_known"
        ),
    )

    id: Mapped[Id]
    title: Mapped[Name]
    status: Mapped[MaintenanceStatus] = mapped_column(code(MaintenanceStatus, "status"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    contract: Mapped[Name] = mapped_column(default="")
    # The team; that of each customer where none is named.
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(code(RequestKind, "kind"))
    task: Mapped[Text]
    interval_length: Mapped[int]
    interval_unit: Mapped[IntervalUnit] = mapped_column(code(IntervalUnit, "interval_unit"))
    counted_from: Mapped[CountedFrom] = mapped_column(code(CountedFrom, "counted_from"))
    first_on: Mapped[date | None]
    next_round: Mapped[NextRound] = mapped_column(code(NextRound, "next_round"))
    days_ahead: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    # The day on which it was made, taken up again, or given other days: nothing is due before.
    since: Mapped[date]

    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")
    customer: Mapped[Customer | None] = relationship(lazy="raise_on_sql")
    station: Mapped[Station | None] = relationship(lazy="raise_on_sql")


class MaintenancePiece(Base):
    """A piece that a contract names; a contract that names none covers all of the customer's."""

    __tablename__ = "maintenance_pieces"
    __table_args__ = (UniqueConstraint("plan_id", "asset_id"),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("maintenance_plans.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)


class MaintenanceRound(Versioned, Base):
    """One piece on one due day of a plan. While it is planned only, it is a forecast."""

    __tablename__ = "maintenance_rounds"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        # Two sweeps at once make one round, and one case of it.
        UniqueConstraint("plan_id", "asset_id", "due_on"),
        UniqueConstraint("request_id"),
        CheckConstraint("make_on <= due_on", name="made_ahead"),
        CheckConstraint(
            "status NOT IN ('made', 'done') OR request_id IS NOT NULL", name="has_case"
        ),
        CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name="done_when"),
        CheckConstraint("status <> 'skipped' OR note <> ''", name="skipped_why"),
        Index("ix_maintenance_rounds_make", "status", "make_on"),
        Index("ix_maintenance_rounds_station", "station_id", "due_on"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("maintenance_plans.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"))
    due_on: Mapped[date]
    # The day on which its case is made.
    make_on: Mapped[date]
    status: Mapped[RoundStatus] = mapped_column(code(RoundStatus, "status"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    done_on: Mapped[date | None]
    # Why it was skipped.
    note: Mapped[Text] = mapped_column(default="")
    # When the team was told that its case was made, and that it is overdue.
    told_at: Mapped[Instant | None]
    told_late_at: Mapped[Instant | None]

    plan: Mapped[MaintenancePlan] = relationship(lazy="raise_on_sql")
    asset: Mapped[Asset] = relationship(lazy="raise_on_sql")
    station: Mapped[Station | None] = relationship(lazy="raise_on_sql")
    request: Mapped[ServiceRequest | None] = relationship(lazy="raise_on_sql")
