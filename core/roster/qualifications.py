"""Certificates and skills: who holds what, until when, and what is due for renewal (A17)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Annotated, Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from core.kernel.errors import InvalidInput, NotFound, Problem, Refused
from core.kernel.file_types import fitting_name, type_of
from core.kernel.inputs import Choice, Day, Input, LineText, RequiredLine, clean_line
from core.kernel.unit_of_work import UnitOfWork, seen
from core.norms.revisions import in_force, norm_of
from core.notices import notices, receivers
from core.process import changes, history
from core.process.changes import Change
from core.process.permissions import require
from core.roster import sight
from db import files
from db.codes import NoticeKind
from db.tables import Person, Qualification

SUBJECT = "qualification"
LARGEST = 20 * 1024 * 1024
SCANNED = ("image/", "application/pdf")


class ScanRefused(Refused):
    """A scan that is not taken; `reason` is empty, too_large or unknown_type."""

    code = "attachment_refused"


class ScanLost(Refused):
    """A stored scan that is missing, or whose bytes have changed; it is not handed out."""

    code = "attachment_lost"


class Qualify(Input):
    """A certificate or a skill of a person."""

    kind: Annotated[RequiredLine, Choice("qualifications")]
    number: LineText = ""
    issuer: LineText = ""
    valid_from: Day | None = None
    valid_until: Day | None = None


@dataclass(frozen=True)
class QualificationView:
    """One qualification; `days_left` until it ends, None where it has no end."""

    id: int
    version: int
    person_id: int
    person: str
    station: str
    kind: str
    number: str
    issuer: str
    valid_from: date | None
    valid_until: date | None
    days_left: int | None
    is_due: bool
    scan: str
    scan_mime: str


@dataclass(frozen=True)
class Scan:
    """A scanned certificate with its bytes, which are those that were added."""

    name: str
    mime: str
    content: bytes


def kinds(uow: UnitOfWork, _record: object = None) -> Mapping[str, str]:
    """The qualifications that the rule book in force names, in the actor's language."""
    named = norm_of(in_force(uow)).qualifications
    return {each.name: each.text[uow.actor.language] for each in named}


def list_of(uow: UnitOfWork) -> tuple[QualificationView, ...]:
    """The qualifications that the actor may see: what ends first stands first, skills last."""
    rows = uow.session.scalars(
        select(Qualification)
        .join(Qualification.person)
        .where(Person.active, sight.visible_people(uow.actor))
        .options(contains_eager(Qualification.person).joinedload(Person.station))
        .order_by(
            *(Qualification.valid_until.is_(None), Qualification.valid_until),
            *(Person.name, Qualification.id),
        )
    )
    ahead = norm_of(in_force(uow)).renewal_days
    return tuple(_view(uow, row, ahead) for row in rows)


def add(uow: UnitOfWork, command: Qualify, *, person_id: int) -> int:
    """Write down a qualification of a person; gives its id."""
    sight.person_to_keep(uow, person_id)
    _check(uow, command)
    row = Qualification(person_id=person_id, **command.model_dump())
    uow.session.add(row)
    uow.session.flush()
    data = changes.differences({}, command.model_dump(exclude_defaults=True))
    history.record(
        uow,
        subject=SUBJECT,
        subject_id=row.id,
        action="added",
        data={"person": person_id} | data,
    )
    return row.id


def change(uow: UnitOfWork, *, id: int, command: Qualify, seen_version: int) -> None:
    """Change what is known of a qualification: renewed, or written down wrongly."""
    row = seen(_to_keep(uow, id), seen_version)
    _check(uow, command, before=row.kind)
    _edited(uow, row, changes.write(row, command.model_dump()))


def remove(uow: UnitOfWork, *, id: int, seen_version: int) -> None:
    """Take a qualification from a person; history keeps what it was."""
    row = seen(_to_keep(uow, id), seen_version)
    names = (*Qualify.model_fields, "scan_digest")
    old = {name: getattr(row, name) for name in names if getattr(row, name)}
    data = {"person": row.person_id} | changes.differences(old, {})
    uow.session.delete(row)
    uow.session.flush()
    history.record(uow, subject=SUBJECT, subject_id=id, action="removed", data=data)


def put_scan(uow: UnitOfWork, *, id: int, name: str, content: bytes, seen_version: int) -> None:
    """Keep a scan with a qualification, in the place of the one before: a picture or a PDF."""
    row = seen(_to_keep(uow, id), seen_version)
    mime = _type(content)
    short = PurePosixPath(str(clean_line(name)).replace("\\", "/").strip()).name[-180:]
    facts = {
        "scan_digest": files.keep(content),
        "scan_name": fitting_name(short or "1", mime),
        "scan_mime": mime,
    }
    _edited(uow, row, changes.write(row, facts))


def scan(uow: UnitOfWork, *, id: int) -> Scan:
    """The scan of a qualification that the actor may see; ScanLost when it is not as it was."""
    row = _one(uow, id)
    if row.scan_digest is None:
        raise NotFound(subject=SUBJECT, id=id)
    content = files.load(row.scan_digest)
    if content is None:
        raise ScanLost(reason="missing", name=row.scan_name)
    if files.sha256(content) != row.scan_digest:
        raise ScanLost(reason="altered", name=row.scan_name)
    return Scan(row.scan_name, row.scan_mime, content)


def edits(uow: UnitOfWork, *, id: int) -> tuple[Change, ...]:
    """What was changed of a qualification that the actor may see."""
    _one(uow, id)
    return changes.of_record(uow, subject=SUBJECT, subject_id=id)


def due(uow: UnitOfWork) -> Sequence[int]:
    """The certificates that end soon, and whose end nobody was told of yet."""
    last = uow.today + timedelta(days=norm_of(in_force(uow)).renewal_days)
    untold = Qualification.told_of.is_distinct_from(Qualification.valid_until)
    return uow.session.scalars(
        select(Qualification.id)
        .join(Qualification.person)
        .where(Person.active, Qualification.valid_until <= last, untold)
        .order_by(Qualification.id)
    ).all()


def remind(uow: UnitOfWork, id: int) -> None:
    """Tell a person and the station head that a certificate ends: once for each end."""
    row = uow.session.scalar(
        select(Qualification)
        .where(Qualification.id == id)
        .options(joinedload(Qualification.person))
        .with_for_update(of=Qualification)
    )
    if row is None or row.valid_until is None or row.told_of == row.valid_until:
        return
    row.told_of = row.valid_until
    ends = row.valid_until.isoformat()
    notices.put(
        uow,
        people=[row.person_id, *receivers.heads(uow, row.person.station_id)],
        kind=NoticeKind.RENEWAL,
        source=f"qualification:{id}:{ends}",
        data={"name": row.person.name, "kind": row.kind, "until": ends},
    )


def _one(uow: UnitOfWork, id: int) -> Qualification:
    row = uow.session.scalar(
        select(Qualification)
        .join(Qualification.person)
        .where(Qualification.id == id, sight.visible_people(uow.actor))
    )
    if row is None:
        raise NotFound(subject=SUBJECT, id=id)
    return row


def _to_keep(uow: UnitOfWork, id: int) -> Qualification:
    require(uow, sight.EDIT)
    return _one(uow, id)


def _edited(uow: UnitOfWork, row: Qualification, data: dict[str, list[Any]]) -> None:
    uow.session.flush()
    history.record(uow, subject=SUBJECT, subject_id=row.id, action="edited", data=data)


def _check(uow: UnitOfWork, command: Qualify, *, before: str = "") -> None:
    # What the rule book names no longer stays a person's own until it is changed.
    if command.kind != before and command.kind not in kinds(uow):
        raise InvalidInput(Problem("kind", "not_an_option"))
    begins, ends = command.valid_from, command.valid_until
    if begins and ends and ends < begins:
        raise InvalidInput(Problem("valid_until", "window"))


def _type(content: bytes) -> str:
    if not content:
        raise ScanRefused(reason="empty")
    if len(content) > LARGEST:
        raise ScanRefused(reason="too_large", megabytes=LARGEST // 1024 // 1024)
    mime = type_of(content)
    if mime is None or not mime.startswith(SCANNED):
        raise ScanRefused(reason="unknown_type")
    return mime


def _view(uow: UnitOfWork, row: Qualification, ahead: int) -> QualificationView:
    left = (row.valid_until - uow.today).days if row.valid_until else None
    return QualificationView(
        id=row.id,
        version=row.version,
        person_id=row.person_id,
        person=row.person.name,
        station=row.person.station.name if row.person.station else "",
        kind=row.kind,
        number=row.number,
        issuer=row.issuer,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        days_left=left,
        is_due=left is not None and left <= ahead,
        scan=row.scan_name if row.scan_digest else "",
        scan_mime=row.scan_mime,
    )
