"""Photos that a customer adds to the case of a link."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from core.kernel.errors import InvalidInput, Problem
from core.kernel.file_types import type_of
from core.kernel.inputs import Input
from core.kernel.unit_of_work import UnitOfWork
from core.links import links
from core.requests import attachments
from db.tables import Attachment

# At a time, and of one case: the rest of its room is the house's.
AT_ONCE, MOST = 5, 15
LARGEST = 8 * 1024 * 1024
FIELD = "photos"


@dataclass(frozen=True)
class Given:
    """A file as it came: the sender says its name, the bytes say what it is."""

    name: str
    content: bytes


class AddPhotos(Input):
    """The customer shows what it looks like."""


def check(given: Sequence[Given]) -> None:
    """InvalidInput where nothing came, too much, or what is no picture."""
    if not given:
        raise InvalidInput(Problem(FIELD, "missing"))
    if len(given) > AT_ONCE:
        raise InvalidInput(Problem(FIELD, "too_many_files", {"most": AT_ONCE}))
    for each in given:
        if len(each.content) > LARGEST:
            raise InvalidInput(Problem(FIELD, "file_too_large", {"megabytes": LARGEST >> 20}))
        if not (type_of(each.content) or "").startswith("image/"):
            raise InvalidInput(Problem(FIELD, "no_picture"))


def add(uow: UnitOfWork, given: Sequence[Given]) -> int:
    """Attach photos to the case of the link; gives how many there are of customers."""
    link = links.used(uow)
    check(given)
    theirs = select(func.count()).where(
        Attachment.request_id == link.request_id, Attachment.added_by_id.is_(None)
    )
    if (uow.session.scalar(theirs) or 0) + len(given) > MOST:
        raise InvalidInput(Problem(FIELD, "too_many_files", {"most": MOST}))
    for each in given:
        attachments.attach(uow, case_id=link.request_id, name=each.name, content=each.content)
    return len(given)
