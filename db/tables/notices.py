"""Escalations, the notices in people's inboxes, and their delivery outside the tool."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.codes import NoticeKind, Receiver
from db.types import Data, Id, Instant, code

UNREAD = text("read_at IS NULL")


class Escalation(Base):
    """A step of a ladder that was climbed for a time limit (norms 8, E17)."""

    __tablename__ = "escalations"
    # However many processes sweep at once: a step is climbed once.
    __table_args__ = (
        UniqueConstraint("limit_id", "step"),
        CheckConstraint("step >= 0", name="step_not_negative"),
    )

    id: Mapped[Id]
    limit_id: Mapped[int] = mapped_column(ForeignKey("limits.id"))
    # The place in the ladder, from 0.
    step: Mapped[int]
    # Who was reached: higher than the ladder asks where nobody is there to be told.
    receiver: Mapped[Receiver] = mapped_column(code(Receiver, "receiver"))
    at: Mapped[Instant]


class Notice(Base):
    """What one person is told, in the tool."""

    __tablename__ = "notices"
    __table_args__ = (
        # What caused it, as in "limit:17:2": the same cause tells a person once.
        UniqueConstraint("person_id", "source"),
        Index("ix_notices_inbox", "person_id", "at"),
        Index("ix_notices_at", "at"),
        Index("ix_notices_unread", "person_id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("ix_notices_case", "case_id", sqlite_where=UNREAD, postgresql_where=UNREAD),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    kind: Mapped[NoticeKind] = mapped_column(code(NoticeKind, "kind"))
    source: Mapped[str] = mapped_column(String(60))
    # Codes and numbers; the screens make sentences of them.
    data: Mapped[Data]
    at: Mapped[Instant]
    read_at: Mapped[Instant | None]


class Delivery(Base):
    """A message on its way to a channel outside the tool: taken up by one process at a time."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("source", "channel"),
        CheckConstraint("attempts > 0", name="attempted"),
        CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name="sent_or_failed"),
        Index("ix_deliveries_at", "at"),
    )

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(String(60))
    # A digest of the channel's address: the address itself holds passwords.
    channel: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    at: Mapped[Instant]
    # Neither of the two while a process is sending.
    failed_at: Mapped[Instant | None]
    sent_at: Mapped[Instant | None]
