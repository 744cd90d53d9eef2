"""Saved column maps and what was imported with them."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Versioned
from db.types import Data, Id, Instant


class ImportMap(Versioned, Base):
    """How the columns of a file become facts; saved by name."""

    __tablename__ = "import_maps"
    __mapper_args__ = {"version_id_col": Versioned.version}

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60), unique=True)
    data: Mapped[Data]


class ImportRun(Base):
    """One file that was brought in: by whom, when, how many rows."""

    __tablename__ = "import_runs"
    __table_args__ = (Index("ix_import_runs_at", "at"),)

    id: Mapped[Id]
    map_name: Mapped[str] = mapped_column(String(60))
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    added: Mapped[int]
    known: Mapped[int]
    refused: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[Instant]
