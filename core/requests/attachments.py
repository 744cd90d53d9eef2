"""Attachments of a case: photos, films, sound and papers, kept outside the database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from core.kernel import given_files, previews
from core.kernel.errors import NotFound
from core.kernel.given_files import (
    AttachmentLost,
    AttachmentRefused,
    checked_type,
    plain_name,
    stored,
)
from core.kernel.unit_of_work import UnitOfWork
from core.process import history, workflow
from core.process.permissions import require, visible_requests
from core.requests.actions import PROCESS as REQUESTS
from db import files
from db.codes import PhotoMoment
from db.tables import Attachment, Customer, ServiceRequest
from db.types import LARGEST_ID

MOST = 50
# What was attached before the customer was erased on request.
ERASED = Customer.erased_at.is_not(None) & (Attachment.added_at <= Customer.erased_at)


@dataclass(frozen=True)
class AttachmentView:
    """A file of a case; `is_there` is False when it is missing or cut short on the disk.

    `is_erased` where it went with a person who was erased on request.
    """

    id: int
    name: str
    mime: str
    size: int
    added_by: str
    added_at: datetime
    is_there: bool
    is_erased: bool
    # Of a photo of the work.
    moment: PhotoMoment | None


@dataclass(frozen=True)
class AttachmentFile:
    """A file of a case with its bytes, which are those that were attached."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Given:
    """A file that was checked and kept: by which digest, and what it is."""

    digest: str
    name: str
    mime: str
    size: int


@dataclass(frozen=True)
class WorkPhoto:
    """A photo of the work as a paper shows it: small, before or after, and when it came."""

    moment: PhotoMoment
    added_at: datetime
    picture: bytes


def add(
    uow: UnitOfWork,
    *,
    case_id: int,
    name: str,
    content: bytes,
    moment: PhotoMoment | None = None,
) -> int:
    """Attach a file to a case that the actor works on; as `attach`."""
    require(uow, "request:note")
    return attach(uow, case_id=case_id, name=name, content=content, moment=moment)


def attach(
    uow: UnitOfWork,
    *,
    case_id: int,
    name: str,
    content: bytes,
    moment: PhotoMoment | None = None,
) -> int:
    """Attach a file to a case and give its id; the same file again is the one that is there.

    At most 20 MB a file, 50 MB a film, 50 files a case; the type is what the bytes say, and a file
    of another type or size is AttachmentRefused. The caller asks who may.
    """
    case = workflow.fetch(uow, REQUESTS, case_id, lock=True)
    mime = checked_type(content)
    file = Given(files.keep(content), plain_name(name, mime), mime, len(content))
    return enter(uow, case.id, file, moment)


def enter(uow: UnitOfWork, case_id: int, file: Given, moment: PhotoMoment | None = None) -> int:
    """Enter a kept file that was checked as in `add`, whoever brought it."""
    row = Attachment(
        request_id=case_id,
        digest=file.digest,
        name=file.name,
        mime=file.mime,
        size=file.size,
        added_by_id=uow.actor.id,
        added_at=uow.now,
        moment=moment if file.mime.startswith("image/") else None,
    )
    there = given_files.enter(uow.session, row, Attachment.request_id == case_id, most=MOST)
    if there is row:
        _record(uow, row)
    return there.id


def enter_all(uow: UnitOfWork, case_id: int, files: Iterable[Given]) -> None:
    """Enter files that came before the case did, as many as it has room for."""
    for file in files:
        try:
            enter(uow, case_id, file)
        except AttachmentRefused:  # the case is full: what is left stays where it came
            break


def list_of(uow: UnitOfWork, *, case_id: int) -> tuple[AttachmentView, ...]:
    """The files of a case that the actor may see, in the order in which they came."""
    require(uow, "case:read")
    rows = uow.session.execute(
        _visible(uow)
        .add_columns(ERASED)
        .where(Attachment.request_id == case_id)
        .options(joinedload(Attachment.added_by))
        .order_by(Attachment.id)
    )
    return tuple(_view(row, is_erased) for row, is_erased in rows)


def read(uow: UnitOfWork, *, id: int) -> AttachmentFile:
    """A file of a case that the actor may see; AttachmentLost when it is not as it was."""
    require(uow, "case:read")
    row = _one(uow, id)
    return AttachmentFile(row.name, row.mime, stored(row.name, row.digest))


def content(uow: UnitOfWork, *, id: int) -> bytes:
    """The bytes of a file; asked for as in `read`."""
    return read(uow, id=id).content


def pictures(
    uow: UnitOfWork, *, case_id: int, ids: Collection[int] | None = None
) -> dict[int, bytes]:
    """Small JPEG pictures of a case's photos by id, without those that cannot be drawn.

    Of all of them, or of those that are named.
    """
    require(uow, "case:read")
    query = _visible(uow).with_only_columns(Attachment.id, Attachment.digest)
    query = query.where(
        Attachment.request_id == case_id, Attachment.mime.in_(previews.DRAWN), ~ERASED
    )
    if ids is not None:
        query = query.where(Attachment.id.in_(ids))
    photos = {row.id: row.digest for row in uow.session.execute(query)}
    drawn = previews.of(photos.values(), now=uow.now)
    return {id: drawn[digest] for id, digest in photos.items() if digest in drawn}


def of_work(uow: UnitOfWork, *, case_id: int) -> tuple[WorkPhoto, ...]:
    """The photos before and after the work that can be drawn, in the order in which they came."""
    drawn = pictures(uow, case_id=case_id)
    return tuple(
        WorkPhoto(view.moment, view.added_at, drawn[view.id])
        for view in list_of(uow, case_id=case_id)
        if view.moment and view.id in drawn
    )


def _record(uow: UnitOfWork, row: Attachment) -> None:
    history.record(
        uow,
        subject="request",
        subject_id=row.request_id,
        case_id=row.request_id,
        action="attached",
        # The digest too: the chain of history then vouches for the file itself.
        data={"name": row.name, "size": row.size, "sha256": row.digest}
        | ({"moment": row.moment.value} if row.moment else {}),
    )


def _visible(uow: UnitOfWork) -> Select[Attachment]:
    return (
        select(Attachment)
        .join(ServiceRequest, ServiceRequest.id == Attachment.request_id)
        .join(Customer, Customer.id == ServiceRequest.customer_id)
        .where(visible_requests(uow.actor))
    )


def _one(uow: UnitOfWork, id: int) -> Attachment:
    query = _visible(uow).add_columns(ERASED).where(Attachment.id == id)
    found = uow.session.execute(query).one_or_none() if 0 < id <= LARGEST_ID else None
    if found is None:
        raise NotFound(subject="attachment", id=id)
    row: Attachment = found[0]
    if found[1]:
        raise AttachmentLost(reason="erased", name=row.name)
    return row


def _view(row: Attachment, is_erased: bool) -> AttachmentView:
    return AttachmentView(
        id=row.id,
        name=row.name,
        mime=row.mime,
        size=row.size,
        added_by=row.added_by.name if row.added_by else "",
        added_at=row.added_at,
        is_there=not is_erased and files.size(row.digest) == row.size,
        is_erased=is_erased,
        moment=row.moment,
    )
