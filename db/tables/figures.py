"""Figures, counted when a case changes: a look at them never counts cases."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.types import Id, Instant

# SQLite keeps the rows in the order of their key, and no second copy of it.
BY_KEY = {"sqlite_with_rowid": False}
# Sums are added to again and again: PostgreSQL finds room for the next state on the same page.
ROOMY = {"postgresql_with": {"fillfactor": "60"}}


class FigureFact(Base):
    """What one case, or one customer on file, adds to one figure (K1 to K15)."""

    __tablename__ = "figure_facts"
    __table_args__ = (Index("ix_figure_facts_day", "source", "day"), BY_KEY)

    # The request; a customer for the facts about customers.
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(24), primary_key=True)
    part: Mapped[str] = mapped_column(String(40), primary_key=True)
    # Which of several of the case it is; 0 where there is one.
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The company's local day.
    day: Mapped[date]
    hit: Mapped[bool]
    total: Mapped[int] = mapped_column(BigInteger)
    # 0 stands for none: sums are kept for it as for any other.
    station_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    case_class: Mapped[str] = mapped_column(String(40))
    fault_area: Mapped[str] = mapped_column(String(32))
    product_id: Mapped[int]
    technician_id: Mapped[int]
    imported: Mapped[bool]
    cancelled: Mapped[bool]


class _Sums:
    """Facts added up: all of them, or those with one value of one dimension."""

    # Empty for all facts.
    dimension: Mapped[str] = mapped_column(String(16), primary_key=True)
    source: Mapped[str] = mapped_column(String(24), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(40), primary_key=True)
    station_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Of the request; empty for customers on file and what they bought.
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    part: Mapped[str] = mapped_column(String(40), primary_key=True)
    cases: Mapped[int]
    hits: Mapped[int]
    total: Mapped[int] = mapped_column(BigInteger)


class FigureDay(_Sums, Base):
    """The facts of one day, added up."""

    __tablename__ = "figure_days"
    __table_args__ = (BY_KEY | ROOMY,)


class FigureMonth(_Sums, Base):
    """The days of one month, added up, under its first day."""

    __tablename__ = "figure_months"
    __table_args__ = (BY_KEY | ROOMY,)


class FigureMark(Base):
    """A case or a customer that changed since its facts were counted.

    A row for each change: who writes one waits for nobody, and nobody waits for it.
    """

    __tablename__ = "figure_marks"
    __table_args__ = (
        CheckConstraint("(request_id IS NULL) <> (customer_id IS NULL)", name="one_subject"),
    )

    id: Mapped[Id]
    # No foreign keys: checking one would wait for whoever holds the case.
    request_id: Mapped[int | None]
    customer_id: Mapped[int | None]


class FigureState(Base):
    """How far the facts are counted, and by what: one row."""

    __tablename__ = "figure_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[Id]
    # Limits that fell due until then are counted as missed.
    counted_at: Mapped[Instant]
    zone: Mapped[str] = mapped_column(String(64))
    unhappy_below: Mapped[float]
    # Which facts there are and what they mean; nothing before the first count.
    edition: Mapped[int | None]
    # Within how many days the same fault is a repeat (S8).
    repeat_days: Mapped[int | None]
