"""Service requests: every contact that was registered."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import (
    Channel,
    Charge,
    ChargeReason,
    FaultArea,
    Priority,
    RequestKind,
    RequestStatus,
    ServiceWay,
    WaitReason,
)
from db.tables.customers import Asset, Customer
from db.tables.norms import NormRevision
from db.tables.people import Person, Station
from db.types import Data, Id, Instant, Json, Key, Line, Name, Text, code


class ServiceRequest(Versioned, Base):
    """What a customer asked for, from the contact to the closed file (E1)."""

    __tablename__ = "requests"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("source", "source_ref"),
        CheckConstraint("resolved_at IS NULL OR resolved_at >= received_at", name="resolved_after"),
        CheckConstraint("wanted_to IS NULL OR wanted_to > wanted_from", name="wanted_window"),
        CheckConstraint(
            "status NOT IN ('resolved', 'closed') OR resolved_at IS NOT NULL", name="resolved_when"
        ),
        CheckConstraint(
            "wait_reason IS NULL OR status IN ('registered', 'in_progress')", name="waits_open"
        ),
        CheckConstraint("wait_until IS NULL OR wait_reason IS NOT NULL", name="waits_until"),
        # The queues: open work of a station by kind, oldest first.
        Index("ix_requests_queue", "status", "station_id", "received_at"),
        Index("ix_requests_asset", "asset_id", "received_at"),
        Index("ix_requests_customer", "customer_id", "received_at"),
        Index("ix_requests_owner", "owner_id", "status"),
        Index("ix_requests_batch", "batch"),
        Index("ix_requests_received", "received_at"),
        Index("ix_requests_resolved", "resolved_at"),
        Index("ix_requests_address", "address"),
        Index("ix_requests_phone_key", "phone_key"),
        Index("ix_requests_phone_end", "phone_end"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24))
    kind: Mapped[RequestKind] = mapped_column(code(RequestKind, "kind"))
    status: Mapped[RequestStatus] = mapped_column(code(RequestStatus, "status"))
    channel: Mapped[Channel] = mapped_column(code(Channel, "channel"))
    priority: Mapped[Priority] = mapped_column(code(Priority, "priority"))

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("norm_revisions.id"), index=True)
    # The customer's contract on the day of the contact, and whether this is work beyond it (S7).
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), index=True)
    beyond_contract: Mapped[bool] = mapped_column(default=False)
    # The case that this one came from: a complaint raised by a follow-up call.
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)

    contact: Mapped[Name] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    # As it is compared, and once more by its end.
    phone_key: Mapped[Key]
    phone_end: Mapped[Key]
    address: Mapped[Line] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    symptom: Mapped[Text]
    fault_area: Mapped[FaultArea | None] = mapped_column(code(FaultArea, "fault_area"))
    fault_codes: Mapped[str] = mapped_column(String(200), default="")
    # The production batch of the goods (C7); empty while nobody knows it.
    batch: Mapped[str] = mapped_column(String(60), default="")
    # The class of the rule book (E15), empty while nobody has judged it.
    case_class: Mapped[str] = mapped_column(String(40), default="")
    # What the rule book asks besides the usual fields, by name.
    extra: Mapped[Data] = mapped_column(default=dict)
    charge: Mapped[Charge] = mapped_column(code(Charge, "charge"))
    charge_reason: Mapped[ChargeReason] = mapped_column(code(ChargeReason, "charge_reason"))
    # Whether a person has decided so; else it follows from what is on file.
    charge_by_person: Mapped[bool] = mapped_column(default=False)
    wanted_from: Mapped[Instant | None]
    wanted_to: Mapped[Instant | None]
    # How it is served, as wished for or decided since (E25, D27).
    way: Mapped[ServiceWay] = mapped_column(code(ServiceWay, "way"), default=ServiceWay.SITE)
    # When the work was promised to be done (A3, E4).
    promised_at: Mapped[Instant | None]
    # Set while the company waits for the customer or for a part: the limits pause.
    wait_reason: Mapped[WaitReason | None] = mapped_column(code(WaitReason, "wait_reason"))
    # When the waiting ends by itself.
    wait_until: Mapped[Instant | None] = mapped_column(index=True)
    answer: Mapped[Text] = mapped_column(default="")
    # Everybody whom a complaint names, by id: none of them decides anything here (A23).
    named: Mapped[list[Any]] = mapped_column(Json, default=list)

    received_at: Mapped[Instant]
    registered_at: Mapped[Instant]
    # When the customer was first told that it is in hand, or had the answer or a promise (A8).
    acknowledged_at: Mapped[Instant | None]
    resolved_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]

    source: Mapped[str | None] = mapped_column(String(40))
    source_ref: Mapped[str | None] = mapped_column(String(80))

    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")
    asset: Mapped[Asset | None] = relationship(lazy="raise_on_sql")
    station: Mapped[Station | None] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    revision: Mapped[NormRevision] = relationship(lazy="raise_on_sql")
