"""Material of a course, and pictures of it, kept outside the database as the files of cases are."""

from dataclasses import dataclass

from sqlalchemy import select

from core.courses.actions import PROCESS, may_add
from core.courses.rules import READ, courses
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.given_files import checked_type, enter, plain_name, stored
from core.kernel.unit_of_work import UnitOfWork
from core.process import history, workflow
from core.process.permissions import require
from db import files
from db.tables import Course, CourseFile
from db.types import LARGEST_ID

MOST = 30


@dataclass(frozen=True)
class FileView:
    """A file of a course."""

    id: int
    name: str
    mime: str


def add(uow: UnitOfWork, *, course_id: int, name: str, content: bytes) -> int:
    """Add a file to a course; the same one again is the one that is there."""
    row = _open(uow, course_id)
    mime = checked_type(content)
    digest = files.keep(content)
    of_it = CourseFile.course_id == row.id
    file = CourseFile(course_id=row.id, digest=digest, name=plain_name(name, mime), mime=mime)
    there = enter(uow.session, file, of_it, most=MOST)
    if there is file:
        _record(uow, row, "file_added", {"name": file.name, "sha256": digest})
    return there.id


def remove(uow: UnitOfWork, *, id: int) -> None:
    """Take a file out of a course; history keeps that it was there."""
    file = uow.session.get(CourseFile, id) if 0 < id <= LARGEST_ID else None
    if file is None:
        raise NotFound(subject="attachment", id=id)
    row = _open(uow, file.course_id)
    uow.session.delete(file)
    _record(uow, row, "file_removed", {"name": file.name, "sha256": file.digest})


def of_course(uow: UnitOfWork, *, course_id: int) -> tuple[FileView, ...]:
    """The files of a course that the actor may see, in the order in which they came."""
    require(uow, READ)
    seen = courses(uow.actor).with_only_columns(Course.id).where(Course.id == course_id)
    query = select(CourseFile).where(CourseFile.course_id.in_(seen)).order_by(CourseFile.id)
    return tuple(FileView(row.id, row.name, row.mime) for row in uow.session.scalars(query))


def content(uow: UnitOfWork, *, id: int) -> bytes:
    """The file as it was given; AttachmentLost where it is not as it was."""
    require(uow, READ)
    seen = courses(uow.actor).with_only_columns(Course.id)
    query = select(CourseFile).where(CourseFile.course_id.in_(seen), CourseFile.id == id)
    row = uow.session.scalar(query) if 0 < id <= LARGEST_ID else None
    if row is None:
        raise NotFound(subject="attachment", id=id)
    return stored(row.name, row.digest)


def _open(uow: UnitOfWork, course_id: int) -> Course:
    require(uow, READ)
    row: Course = workflow.fetch(uow, PROCESS, course_id, lock=True)
    if not may_add(uow.actor, row):
        raise NotAllowed(reason="course_material")
    return row


def _record(uow: UnitOfWork, row: Course, action: str, data: dict[str, str]) -> None:
    history.record(uow, subject="course", subject_id=row.id, action=action, data=data)
