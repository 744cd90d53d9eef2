"""Photos that a customer adds to the case of a link."""

from collections.abc import Sequence

from sqlalchemy import func, select

from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Input
from core.kernel.unit_of_work import UnitOfWork
from core.links import links
from core.requests import attachments, given_photos
from core.requests.given_photos import FIELD, GivenPhoto
from db.tables import Attachment

# Of one case: the rest of its room is the house's.
MOST = 15


class AddPhotos(Input):
    """The customer shows what it looks like."""


def add(uow: UnitOfWork, _command: AddPhotos, *, photos: Sequence[GivenPhoto]) -> int:
    """Attach photos to the case of the link; gives how many came."""
    link = links.used(uow)
    if not photos:
        raise InvalidInput(Problem(FIELD, "missing"))
    given_photos.check(photos)
    theirs = select(func.count()).where(
        Attachment.request_id == link.request_id, Attachment.added_by_id.is_(None)
    )
    if (uow.session.scalar(theirs) or 0) + len(photos) > MOST:
        raise InvalidInput(Problem(FIELD, "too_many_files", {"most": MOST}))
    for each in photos:
        attachments.attach(uow, case_id=link.request_id, name=each.name, content=each.content)
    return len(photos)
