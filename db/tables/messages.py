"""Messages to customers, and the texts that they start from."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import Language, MessageStatus, MessageWay, Occasion, Unsent
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.types import Id, Instant, Line, Text, code

WAITS = text("status = 'waiting'")


class MessageTemplate(Versioned, Base):
    """The company's own text for an occasion, in place of the one that comes with the tool."""

    __tablename__ = "message_templates"
    __table_args__ = (UniqueConstraint("occasion", "language"),)
    __mapper_args__ = {"version_id_col": Versioned.version}

    id: Mapped[Id]
    occasion: Mapped[Occasion] = mapped_column(code(Occasion, "occasion"))
    language: Mapped[Language] = mapped_column(code(Language, "language"))
    title: Mapped[Line]
    text: Mapped[Text]


class CustomerMessage(Versioned, Base):
    """A message to the customer of a case: written with the fact that it tells of, sent later."""

    __tablename__ = "customer_messages"
    __table_args__ = (
        UniqueConstraint("reference"),
        CheckConstraint("(status = 'waiting') = (ended_at IS NULL)", name="ended_when"),
        CheckConstraint("claimed_at IS NULL OR status = 'waiting'", name="claimed_waiting"),
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        Index("ix_customer_messages_request", "request_id"),
        Index("ix_customer_messages_due", "due_at", sqlite_where=WAITS, postgresql_where=WAITS),
    )
    __mapper_args__ = {"version_id_col": Versioned.version}

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    occasion: Mapped[Occasion] = mapped_column(code(Occasion, "occasion"))
    # What it tells of, as the case stood then: of an occasion that is over nothing is sent.
    about: Mapped[str] = mapped_column(String(80))
    way: Mapped[MessageWay] = mapped_column(code(MessageWay, "way"))
    status: Mapped[MessageStatus] = mapped_column(code(MessageStatus, "status"))
    address: Mapped[Line]
    title: Mapped[Line]
    text: Mapped[Text]
    # By which a service, and the answer to a mail, know it again.
    reference: Mapped[str] = mapped_column(String(40))
    # The mail that it answers, by its Message-ID.
    answers: Mapped[Line] = mapped_column(default="")
    # Nobody where the tool itself has written it.
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    made_at: Mapped[Instant]
    # When it is tried next; taken up by one process at a time, before it is sent.
    due_at: Mapped[Instant]
    claimed_at: Mapped[Instant | None]
    tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[Instant | None]
    why: Mapped[Unsent | None] = mapped_column(code(Unsent, "why"))
    # What the service outside said to it.
    said: Mapped[Line] = mapped_column(default="")
    # The link that was made for it, while it is on its way.
    link_id: Mapped[int | None] = mapped_column(ForeignKey("customer_links.id"), index=True)

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    made_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
