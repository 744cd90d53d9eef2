"""When the company's data is copied to another place, and what came of it."""

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Versioned
from db.codes import BackupOutcome, BackupProblem
from db.types import Id, Instant, Line, code


class BackupPlan(Versioned, Base):
    """Where copies are kept, when one is made each day, and how many stay."""

    __tablename__ = "backup_plans"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour_of_day"),
        CheckConstraint("keep BETWEEN 1 AND 400", name="keep_some"),
    )
    __mapper_args__ = {"version_id_col": Versioned.version}

    id: Mapped[Id]
    folder: Mapped[Line]
    # The hour of the company's own clock from which the day's copy is due.
    hour: Mapped[int]
    keep: Mapped[int]
    # Somebody wants one now.
    asked_at: Mapped[Instant | None]


class BackupRun(Base):
    """One copy: begun, and then made or failed."""

    __tablename__ = "backup_runs"
    __table_args__ = (
        CheckConstraint("ended_at >= began_at", name="ended_after"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_with_outcome"),
        CheckConstraint(
            "(outcome IS NOT NULL AND outcome = 'failed') = (problem IS NOT NULL)",
            name="failed_why",
        ),
        Index("ix_backup_runs_began_at", "began_at"),
    )

    id: Mapped[Id]
    began_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    outcome: Mapped[BackupOutcome | None] = mapped_column(code(BackupOutcome, "outcome"))
    # The folder of the copy.
    place: Mapped[Line]
    size: Mapped[int] = mapped_column(BigInteger)
    problem: Mapped[BackupProblem | None] = mapped_column(code(BackupProblem, "problem"))
    # Where, or as the system says it.
    said: Mapped[str] = mapped_column(String(1000))
