"""Photos, papers and sound that belong to a case; their bytes are files named by content."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base
from db.codes import PhotoMoment
from db.tables.people import Person
from db.types import FileDigest, Id, Instant, Line, Name, code


class Attachment(Base):
    """A file of a case: what it is called here, and the SHA-256 that it is stored under."""

    __tablename__ = "attachments"
    __table_args__ = (
        # The same file twice in one case is one.
        UniqueConstraint("request_id", "digest"),
        CheckConstraint("size > 0", name="not_empty"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    digest: Mapped[str] = mapped_column(FileDigest(), index=True)
    name: Mapped[Line]
    mime: Mapped[Name]
    size: Mapped[int]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[Instant]
    # Of a photo of the work.
    moment: Mapped[PhotoMoment | None] = mapped_column(code(PhotoMoment, "moment"))

    added_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
