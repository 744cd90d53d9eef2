"""The company that runs the tool."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Versioned
from db.codes import Language
from db.types import Id, Instant, Json, Name, code


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
    # Whoever does nothing for so long signs in anew.
    idle_hours: Mapped[int] = mapped_column(default=12)
    # The roles whose people sign in with a code of their telephone as well.
    code_roles: Mapped[list[str]] = mapped_column(Json, default=list)
    # After how many days what goes by itself; what is not named goes after the usual ones.
    retention: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    # Whether customers have pages of their own, by links, and for how many days a link opens.
    customer_pages: Mapped[bool] = mapped_column(default=True)
    link_days: Mapped[int] = mapped_column(default=180)
    # Where customers reach these pages, as a message says it; empty while nobody has said so.
    public_address: Mapped[str] = mapped_column(String(200), default="")
    # On which occasions the tool itself writes to customers; between these hours nothing is sent.
    occasions: Mapped[list[str]] = mapped_column(Json, default=list)
    quiet_from: Mapped[str] = mapped_column(String(5), default="")
    quiet_to: Mapped[str] = mapped_column(String(5), default="")


class FirstStart(Base):
    """The token that founds the company: it stands in the log of the server, until it is used."""

    __tablename__ = "first_starts"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(64))
