"""The company's own templates of papers."""

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.codes import Language
from db.types import Id, Instant, code


class PaperTemplate(Base):
    """The company's own Word template for a paper; without a row the shipped one is used."""

    __tablename__ = "paper_templates"
    __table_args__ = (UniqueConstraint("paper", "language"),)

    id: Mapped[Id]
    paper: Mapped[str] = mapped_column(String(32))
    language: Mapped[Language] = mapped_column(code(Language, "language"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    replaced_at: Mapped[Instant]
