"""Reports as they were made: what was frozen stays, whatever is corrected afterwards."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base
from db.codes import ReportContent, ReportEvery
from db.tables.people import Person, Station
from db.types import Data, Id, Instant, code

OF_COMPANY = text("name <> '' AND station_id IS NULL")
OF_STATION = text("name <> ''")


class Report(Base):
    """A report of a period, of a station or the whole company (C12, E21, S16)."""

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("until >= since", name="in_order"),
        CheckConstraint("(name = '') = (every IS NULL)", name="by_rule"),
        # However many processes sweep at once: what a rule asks for is made once.
        Index(
            "uq_reports_company",
            *("name", "since", "until"),
            unique=True,
            sqlite_where=OF_COMPANY,
            postgresql_where=OF_COMPANY,
        ),
        Index(
            "uq_reports_station",
            *("name", "since", "until", "station_id"),
            unique=True,
            sqlite_where=OF_STATION,
            postgresql_where=OF_STATION,
        ),
        Index("ix_reports_until", "until", "made_at"),
    )

    id: Mapped[Id]
    # The rule of the rule book; empty, and no interval, for one that was asked for by hand.
    name: Mapped[str] = mapped_column(String(40))
    content: Mapped[ReportContent] = mapped_column(code(ReportContent, "content"))
    every: Mapped[ReportEvery | None] = mapped_column(code(ReportEvery, "every"))
    since: Mapped[date]
    until: Mapped[date]
    # None for the whole company.
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    made_at: Mapped[Instant]
    # None for the tool itself.
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    data: Mapped[Data]

    station: Mapped[Station | None] = relationship(lazy="raise_on_sql")
    made_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
