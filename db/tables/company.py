"""The company, its norm revisions and its paper templates."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Versioned
from db.codes import Language
from db.types import Data, Id, Instant, Name, code


class Company(Versioned, Base):
    """The one company that runs this tool."""

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    __mapper_args__ = {"version_id_col": Versioned.version}

    id: Mapped[Id]
    name: Mapped[Name]
    time_zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[Language] = mapped_column(code(Language, "language"))
    hotline: Mapped[str] = mapped_column(String(40), default="")
    cookie_key: Mapped[str] = mapped_column(String(128))
    set_up_at: Mapped[Instant]


class NormRevision(Base):
    """A dated, immutable revision of the company's rule book."""

    __tablename__ = "norm_revisions"
    __table_args__ = (UniqueConstraint("number"),)

    id: Mapped[Id]
    number: Mapped[int]
    pack: Mapped[str] = mapped_column(String(32))
    in_force_on: Mapped[date] = mapped_column(index=True)
    signed_by: Mapped[Name]
    created_at: Mapped[Instant]
    data: Mapped[Data]


class NormDraft(Base):
    """A person's draft of the next revision."""

    __tablename__ = "norm_drafts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    data: Mapped[Data]
    at: Mapped[Instant]


class PaperTemplate(Base):
    """The company's own Word template for a paper; without a row the shipped one is used."""

    __tablename__ = "paper_templates"
    __table_args__ = (UniqueConstraint("paper", "language"),)

    id: Mapped[Id]
    paper: Mapped[str] = mapped_column(String(32))
    language: Mapped[Language] = mapped_column(code(Language, "language"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    replaced_at: Mapped[Instant]
