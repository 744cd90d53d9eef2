"""The files of an erased person: photos, papers and signatures leave the disk, and history says so.

They go when the erasing is committed; what a crash left behind goes with the next sweep of a day.
"""

import logging
from collections.abc import Iterable, Sequence

from sqlalchemy import event, or_, select
from sqlalchemy.orm import Session

from core.kernel.unit_of_work import UnitOfWork
from core.process import history, proof
from db import files
from db.base import Base
from db.tables import Attachment, Customer, ServiceRequest
from db.types import FileDigest

log = logging.getLogger("aftercare")


def of_rows(rows: Sequence[Base]) -> set[str]:
    """The files that some rows name."""
    return {
        digest
        for row in rows
        for column in row.__table__.columns
        if isinstance(column.type, FileDigest) and (digest := getattr(row, column.key))
    }


def unnamed(session: Session, digests: Iterable[str]) -> list[str]:
    """Those of some files that nothing names but the cases of persons who were erased."""
    asked, still = sorted(digests), set[str]()
    for column in proof.naming():
        if column.table is not Attachment.__table__:
            still |= set(session.scalars(select(column).where(column.in_(asked))))
    shown = (
        select(Attachment.digest)
        .join(ServiceRequest, ServiceRequest.id == Attachment.request_id)
        .join(Customer, Customer.id == ServiceRequest.customer_id)
        .where(or_(Customer.erased_at.is_(None), Attachment.added_at > Customer.erased_at))
    )
    still |= set(session.scalars(shown.where(Attachment.digest.in_(asked))))
    return [digest for digest in asked if digest not in still]


def erase_at_commit(session: Session, digests: Sequence[str]) -> None:
    """Let the files go as soon as nobody can take the erasing back."""

    def go(_session: Session) -> None:
        try:
            for digest in digests:
                files.erase(digest)
        except OSError:  # the person is erased; the sweep of a day tries again
            log.exception("files of an erased person could not be removed")

    event.listen(session, "after_commit", go, once=True)


def erase_left(uow: UnitOfWork) -> None:
    """Files of erased persons that are there though they should not be."""
    there = [each for each in history.erased_files(uow.session) if files.size(each) is not None]
    erase_at_commit(uow.session, unnamed(uow.session, there))
