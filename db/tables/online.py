"""What customers ask for by the company's own pages, and the labels that lead there."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import LabelStatus, Language, OnlineStatus, RequestKind
from db.tables.customers import Asset
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.types import FileDigest, Id, Instant, Line, Name, Text, code


class OnlineRequest(Versioned, Base):
    """A request as a customer wrote it, until a person has seen to it (D1)."""

    __tablename__ = "online_requests"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint(
            "(status IN ('accepted', 'attached')) = (request_id IS NOT NULL)", name="of_a_case"
        ),
        Index("ix_online_requests_status", "status", "taken_at"),
        Index("ix_online_requests_phone", "phone_key", "taken_at"),
        Index("ix_online_requests_request", "request_id"),
        Index("ix_online_requests_asset", "asset_id"),
    )

    id: Mapped[Id]
    status: Mapped[OnlineStatus] = mapped_column(code(OnlineStatus, "status"))
    kind: Mapped[RequestKind] = mapped_column(code(RequestKind, "kind"))
    language: Mapped[Language] = mapped_column(code(Language, "language"))
    # Who it is, as far as it was told; nobody has to for a suggestion (E23).
    name: Mapped[Name] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    # As it is compared (db/phones.py).
    phone_key: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[Line] = mapped_column(default="")
    address: Mapped[Line] = mapped_column(default="")
    product: Mapped[Name] = mapped_column(default="")
    body: Mapped[Text]
    # By the label of which piece it came.
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"))
    # The address of the device.
    came_from: Mapped[str] = mapped_column(String(64), default="")
    taken_at: Mapped[Instant]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    handled_at: Mapped[Instant | None]
    reason: Mapped[Text] = mapped_column(default="")

    asset: Mapped[Asset | None] = relationship(lazy="raise_on_sql")
    request: Mapped[ServiceRequest | None] = relationship(lazy="raise_on_sql")
    handled_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    files: Mapped[list["OnlineFile"]] = relationship(
        lazy="raise_on_sql", order_by="OnlineFile.id", cascade="all, delete-orphan"
    )


class OnlineFile(Base):
    """A photo that came with it."""

    __tablename__ = "online_files"
    __table_args__ = (
        UniqueConstraint("online_request_id", "digest"),
        CheckConstraint("size >= 0", name="size_not_negative"),
    )

    id: Mapped[Id]
    online_request_id: Mapped[int] = mapped_column(ForeignKey("online_requests.id"))
    name: Mapped[Line]
    mime: Mapped[Name]
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(FileDigest(), index=True)


class PieceLabel(Versioned, Base):
    """The code on a piece that leads customers to its page, until it is revoked."""

    __tablename__ = "piece_labels"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("digest"),
        CheckConstraint("(status = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_when"),
        Index("ix_piece_labels_asset", "asset_id"),
    )

    id: Mapped[Id]
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    status: Mapped[LabelStatus] = mapped_column(code(LabelStatus, "status"))
    # Of the secret that the code holds; the secret itself is kept nowhere.
    digest: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    made_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]

    asset: Mapped[Asset] = relationship(lazy="raise_on_sql")
    made_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
