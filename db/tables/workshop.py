"""Goods in the shop: what was taken in, how far it is, what was lent meanwhile."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import CameFrom, ShopPurpose, ShopStatus
from db.tables.customers import Asset
from db.tables.people import Person, Station
from db.tables.requests import ServiceRequest
from db.types import Cents, Id, Instant, Line, Name, Text, code

TO_REPAIR = text("status NOT IN ('given_back', 'recycled') AND purpose = 'repair'")


class ShopPiece(Versioned, Base):
    """Goods that were taken in for a case, from the hand-over to the giving back (E10)."""

    __tablename__ = "shop_pieces"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("quote_cents >= 0", name="quote_not_negative"),
        CheckConstraint("(given_at IS NULL) = (given_to = '')", name="given_to_whom"),
        CheckConstraint("(status = 'given_back') = (given_at IS NOT NULL)", name="given_when"),
        CheckConstraint(
            "status NOT IN ('ready', 'given_back') OR ready_at IS NOT NULL", name="ready_when"
        ),
        CheckConstraint("lent <> '' OR lent_back_at IS NULL", name="lent_before_back"),
        CheckConstraint("(status = 'recycled') = (recycled_at IS NOT NULL)", name="recycled_when"),
        # The goods of a case are repaired once at a time.
        Index(
            "uq_shop_pieces_in_shop",
            "request_id",
            unique=True,
            sqlite_where=TO_REPAIR,
            postgresql_where=TO_REPAIR,
        ),
        Index("ix_shop_pieces_request", "request_id"),
        Index("ix_shop_pieces_status", "status", "station_id"),
    )

    id: Mapped[Id]
    # On its label, and read by the scanner.
    number: Mapped[Name]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"))
    status: Mapped[ShopStatus] = mapped_column(code(ShopStatus, "status"))
    purpose: Mapped[ShopPurpose] = mapped_column(
        code(ShopPurpose, "purpose"), default=ShopPurpose.REPAIR
    )
    came_from: Mapped[CameFrom] = mapped_column(code(CameFrom, "came_from"))
    condition: Mapped[Text]
    accessories: Mapped[Text] = mapped_column(default="")
    shelf: Mapped[Name] = mapped_column(default="")
    handed_over_by: Mapped[Name]
    taken_in_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    taken_in_at: Mapped[Instant]
    # Who repairs it.
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    diagnosis: Mapped[Text] = mapped_column(default="")
    quote_cents: Mapped[Cents | None]
    work_done: Mapped[Text] = mapped_column(default="")
    # When the customer was told that it can be collected.
    ready_at: Mapped[Instant | None]
    given_to: Mapped[Name] = mapped_column(default="")
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    given_at: Mapped[Instant | None]
    condition_back: Mapped[Text] = mapped_column(default="")
    # Who recycles what the customer gave up (D29).
    recycled_to: Mapped[Name] = mapped_column(default="")
    recycled_at: Mapped[Instant | None]
    # What the customer was lent meanwhile.
    lent: Mapped[Line] = mapped_column(default="")
    lent_until: Mapped[date | None]
    lent_back_at: Mapped[Instant | None]
    # When its people were last reminded that nobody has collected it, or brought the loan back.
    reminded_at: Mapped[Instant | None]

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    asset: Mapped[Asset | None] = relationship(lazy="raise_on_sql")
    station: Mapped[Station | None] = relationship(lazy="raise_on_sql")
    taken_in_by: Mapped[Person] = relationship(foreign_keys=taken_in_by_id, lazy="raise_on_sql")
    technician: Mapped[Person | None] = relationship(
        foreign_keys=technician_id, lazy="raise_on_sql"
    )
    given_by: Mapped[Person | None] = relationship(foreign_keys=given_by_id, lazy="raise_on_sql")
