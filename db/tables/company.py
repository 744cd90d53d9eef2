"""The company that runs the tool."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Versioned
from db.codes import Language
from db.types import Id, Instant, Name, code


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
