"""Contracts of customers with what they cover and give, and supplementary agreements (S7)."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import ContractStatus, SupplementStatus
from db.tables.customers import Asset, Customer
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.types import Cents, FileDigest, Id, Instant, Json, Line, Name, Text, code


class Contract(Versioned, Base):
    """What a customer and the company have agreed about the service of some pieces, or of all."""

    __tablename__ = "contracts"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("customer_id", "number"),
        CheckConstraint("valid_until >= valid_from", name="valid_in_order"),
        CheckConstraint("response_hours > 0", name="response_positive"),
        CheckConstraint("arrival_hours > 0", name="arrival_positive"),
        CheckConstraint("status <> 'in_force' OR in_force_at IS NOT NULL", name="in_force_when"),
        Index("ix_contracts_status", "status", "valid_until"),
    )

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    number: Mapped[Name]
    status: Mapped[ContractStatus] = mapped_column(code(ContractStatus, "status"))
    # What was agreed, in a sentence; by kind of work, where it is not for all.
    scope: Mapped[Text]
    kinds: Mapped[list[Any]] = mapped_column(Json, default=list)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    # Its own warranty and limits, where they are better than those of the piece and the book.
    warranty_until: Mapped[date | None]
    response_hours: Mapped[int | None]
    arrival_hours: Mapped[int | None]
    labour_free: Mapped[bool] = mapped_column(default=False)
    parts_free: Mapped[bool] = mapped_column(default=False)
    travel_free: Mapped[bool] = mapped_column(default=False)
    # Since when it binds; an ended one that never did was only a draft.
    in_force_at: Mapped[Instant | None]
    # The signed paper.
    paper_name: Mapped[Line] = mapped_column(default="")
    paper_digest: Mapped[str | None] = mapped_column(FileDigest())

    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")


class ContractPiece(Base):
    """A piece that a contract names; a contract that names none covers all of the customer's."""

    __tablename__ = "contract_pieces"
    __table_args__ = (UniqueConstraint("contract_id", "asset_id"),)

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)

    asset: Mapped[Asset] = relationship(lazy="raise_on_sql")


class Supplement(Versioned, Base):
    """What is done for a case beyond the contract, at what price, why; and who approved it."""

    __tablename__ = "supplements"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("cents >= 0", name="not_negative"),
        CheckConstraint(
            "(status IN ('approved', 'refused')) = (decided_by_id IS NOT NULL)", name="decided_by"
        ),
        Index("ix_supplements_status", "status"),
    )

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    status: Mapped[SupplementStatus] = mapped_column(code(SupplementStatus, "status"))
    work: Mapped[Text]
    cents: Mapped[Cents]
    reason: Mapped[Text]
    # The roles that may approve it, by the amount.
    approvers: Mapped[list[Any]] = mapped_column(Json, default=list)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)

    contract: Mapped[Contract] = relationship(lazy="raise_on_sql")
    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    asked_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[decided_by_id]
    )
