"""Cases by the words that they were told in."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, false, select

from core.kernel.unit_of_work import UnitOfWork
from db import case_words as index
from db.tables import ServiceRequest


def remember(uow: UnitOfWork, *, request_id: int, text: str) -> None:
    """Let a case be found by the words of this text, and by no earlier ones."""
    remember_many(uow, [(request_id, text)])


def remember_many(uow: UnitOfWork, texts: Iterable[tuple[int, str]]) -> None:
    """The same for many cases, by request id."""
    index.write(uow.session.connection(), texts)


def saying(text: str) -> ColumnElement[bool]:
    """The same question as `matching`, for cases that are few: each looks up its own words."""
    return index.INDEX.said_of(ServiceRequest.id, index.words(text))


def matching(uow: UnitOfWork, text: str) -> ColumnElement[bool]:
    """Cases whose symptom holds every word of a text, also inside of longer words.

    Both are folded (width, capitals), and signs that are no letter and no digit only part words:
    a text without any word finds nothing.
    """
    words = index.words(text)
    if not words:
        return false()
    held = index.INDEX.holds_all(uow.session.get_bind().dialect, words)
    return ServiceRequest.id.in_(select(index.case_words.c.request_id).where(held))
