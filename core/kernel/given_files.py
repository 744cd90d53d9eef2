"""Files that people give: what is taken, and what it is called here."""

from pathlib import PurePosixPath
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.kernel.errors import Refused
from core.kernel.file_types import fitting_name, type_of
from core.kernel.inputs import clean_line
from db import files
from db.base import Base

RowT = TypeVar("RowT", bound=Base)

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
LARGEST_FILM = 50 * MEGABYTE
FILM = "video/"
LONGEST_NAME = 200


class AttachmentRefused(Refused):
    """A file that is not taken; `reason` is empty, too_large, unknown_type or too_many."""

    code = "attachment_refused"


class AttachmentLost(Refused):
    """A stored file that is missing, altered, or erased with its person; it is not handed out."""

    code = "attachment_lost"


def checked_type(content: bytes) -> str:
    """What the bytes say that the file is; AttachmentRefused where it is not taken."""
    if not content:
        raise AttachmentRefused(reason="empty")
    mime = type_of(content)
    most = LARGEST_FILM if (mime or "").startswith(FILM) else LARGEST
    if len(content) > most:
        raise AttachmentRefused(reason="too_large", megabytes=most // MEGABYTE)
    if mime is None:
        raise AttachmentRefused(reason="unknown_type")
    return mime


def plain_name(name: str, mime: str) -> str:
    """The name of a file without its path, with the ending of its type."""
    # Some browsers send the whole path on the person's own disk.
    last = PurePosixPath(str(clean_line(name)).replace("\\", "/").strip())
    short = last.name
    if len(short) > LONGEST_NAME:
        short = last.stem[: LONGEST_NAME - 20] + last.suffix[:20]
    return fitting_name(short or "1", mime)


def enter(session: Session, row: RowT, *others: ColumnElement[bool], most: int) -> RowT:
    """Enter a kept file among the others of its record, of which there are so many at most.

    Gives the row of the same file where it is there already.
    """
    table: Any = type(row)
    given: Any = row
    same = select(table).where(*others, table.digest == given.digest)
    known: RowT | None = session.scalar(same)
    if known is not None:
        return known
    if (session.scalar(select(func.count()).select_from(table).where(*others)) or 0) >= most:
        raise AttachmentRefused(reason="too_many", most=most)
    session.add(row)
    session.flush()
    return row


def stored(name: str, digest: str) -> bytes:
    """The bytes of a kept file; AttachmentLost where it is not as it was."""
    content = files.load(digest)
    if content is None:
        raise AttachmentLost(reason="missing", name=name)
    if files.sha256(content) != digest:
        raise AttachmentLost(reason="altered", name=name)
    return content
