"""Mailboxes that are read, the mails that came in, and their files."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import MailFault, MailFlaw, MailMachine, MailStatus
from db.tables.customers import Customer
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.types import FileDigest, Id, Instant, Line, Name, Text, code


class MailBox(Base):
    """A mailbox: how far it was read, and what came of the last time."""

    __tablename__ = "mail_boxes"
    __table_args__ = (
        UniqueConstraint("address"),
        CheckConstraint("(fault IS NULL) = (failed_at IS NULL)", name="failed_why"),
        CheckConstraint("failures >= 0", name="failures_not_negative"),
    )

    id: Mapped[Id]
    # Who reads where, without the password.
    address: Mapped[Line]
    # The server gives each mail a number that grows; another series begins when it was rebuilt.
    series: Mapped[int] = mapped_column(BigInteger, default=0)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    # Until when a process that reads it keeps the others out.
    busy_until: Mapped[Instant | None]
    read_at: Mapped[Instant | None]
    failed_at: Mapped[Instant | None]
    fault: Mapped[MailFault | None] = mapped_column(code(MailFault, "fault"))
    # How often in a row it could not be read.
    failures: Mapped[int] = mapped_column(default=0)


class Mail(Versioned, Base):
    """A mail that came in, and what became of it (C4)."""

    __tablename__ = "mails"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        # The same mail is one, in whatever series or mailbox it stands.
        UniqueConstraint("letter_hash"),
        CheckConstraint("(status = 'left') = (machine IS NOT NULL)", name="left_why"),
        CheckConstraint(
            "(status IN ('accepted', 'attached')) = (request_id IS NOT NULL)", name="of_a_case"
        ),
        Index("ix_mails_status", "status", "received_at"),
        Index("ix_mails_sender", "sender_key", "received_at"),
        Index("ix_mails_message", "message_id"),
        Index("ix_mails_request", "request_id"),
        Index("ix_mails_customer", "customer_id"),
    )

    id: Mapped[Id]
    status: Mapped[MailStatus] = mapped_column(code(MailStatus, "status"))
    letter_hash: Mapped[str] = mapped_column(String(64))
    # The name that the sender's program gave it; the same one may stand on several.
    message_id: Mapped[Line] = mapped_column(default="")
    sender: Mapped[Line] = mapped_column(default="")
    sender_name: Mapped[Name] = mapped_column(default="")
    # As it is compared.
    sender_key: Mapped[Line] = mapped_column(default="")
    subject: Mapped[Line] = mapped_column(default="")
    body: Mapped[str] = mapped_column(String(20_000), default="")
    # Whether there is more of it than is kept here.
    is_cut: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[Instant]
    taken_at: Mapped[Instant]
    machine: Mapped[MailMachine | None] = mapped_column(code(MailMachine, "machine"))
    # Whose it seems to be; of a mail that belongs to a case, whose the case is.
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    # Whether a person has said that the address is the customer's.
    is_their_address: Mapped[bool] = mapped_column(default=False)
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    handled_at: Mapped[Instant | None]
    reason: Mapped[Text] = mapped_column(default="")
    answered_at: Mapped[Instant | None]

    customer: Mapped[Customer | None] = relationship(lazy="raise_on_sql")
    request: Mapped[ServiceRequest | None] = relationship(lazy="raise_on_sql")
    handled_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    files: Mapped[list["MailFile"]] = relationship(
        lazy="raise_on_sql", order_by="MailFile.place", cascade="all, delete-orphan"
    )


class MailFile(Base):
    """A file of a mail, kept or refused; neither where it went with a person who was erased."""

    __tablename__ = "mail_files"
    __table_args__ = (
        UniqueConstraint("mail_id", "place"),
        CheckConstraint("digest IS NULL OR flaw IS NULL", name="kept_or_refused"),
        CheckConstraint("size >= 0", name="size_not_negative"),
    )

    id: Mapped[Id]
    mail_id: Mapped[int] = mapped_column(ForeignKey("mails.id"))
    # In the order of the mail, from 1.
    place: Mapped[int]
    name: Mapped[Line]
    mime: Mapped[Name] = mapped_column(default="")
    size: Mapped[int]
    digest: Mapped[str | None] = mapped_column(FileDigest(), index=True)
    flaw: Mapped[MailFlaw | None] = mapped_column(code(MailFlaw, "flaw"))
