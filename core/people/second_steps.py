"""Codes of the telephone as a second step of the sign-in, and codes for when it is lost."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Problem
from core.kernel.inputs import Input, RequiredLine
from core.kernel.unit_of_work import UnitOfWork
from core.people import attempts, records, sign_ins
from core.people.records import Place
from core.process import history
from core.process.permissions import require, require_recent
from db.codes import AccessKind
from db.tables import Company, Person, RecoveryCode, SecondStep

# Before and after: telephones go a little wrong.
WINDOW = 1
TRIES = 5
RECOVERY = 10
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


class GiveCode(Input):
    """A code of one's telephone, or one of the codes for when it is lost."""

    code: RequiredLine


@dataclass(frozen=True)
class Telephone:
    """What the telephone has to know: as a text to be typed, and as the address of a QR code."""

    secret: str
    address: str


@dataclass(frozen=True)
class Standing:
    """Whether a person has codes, since when, and how many are left for when it is lost."""

    since: datetime | None
    left: int
    # Whether the company asks the person's role for them.
    is_asked: bool


def standing(uow: UnitOfWork) -> Standing:
    """How the actor stands to codes of the telephone."""
    row = uow.session.get(SecondStep, uow.actor.id)
    own = RecoveryCode.person_id == uow.actor.id
    left = uow.session.scalar(select(func.count(RecoveryCode.digest)).where(own)) or 0
    asked = uow.session.get_one(Company, 1).code_roles
    return Standing(row.confirmed_at if row else None, left, uow.actor.role in asked)


def prepare(uow: UnitOfWork) -> None:
    """Make what the actor's telephone has to know; the same until the first code was given."""
    if uow.session.get(SecondStep, uow.actor.id) is None:
        uow.session.add(SecondStep(person_id=uow.actor.id, secret=pyotp.random_base32()))
        uow.session.flush()


def telephone(uow: UnitOfWork) -> Telephone | None:
    """What the actor's telephone has to know; None before it is made, and once codes are on."""
    row = uow.session.get(SecondStep, uow.actor.id)
    if row is None or row.confirmed_at:
        return None
    person = uow.session.get_one(Person, uow.actor.id)
    totp = pyotp.TOTP(row.secret)
    return Telephone(
        row.secret, totp.provisioning_uri(name=person.username, issuer_name=uow.actor.company)
    )


def new_recovery_codes() -> tuple[str, ...]:
    """Codes for when the telephone is lost, to be shown once and never stored as they are."""
    halves = ["".join(secrets.choice(SIGNS) for _ in range(5)) for _ in range(2 * RECOVERY)]
    return tuple("-".join(halves[n : n + 2]) for n in range(0, 2 * RECOVERY, 2))


def begin(uow: UnitOfWork, command: GiveCode, *, recovery: Sequence[str], secret: str) -> None:
    """Ask for codes from now on, because the first one was right; `secret` is of this sign-in."""
    require_recent(uow)
    row = uow.session.get(SecondStep, uow.actor.id, with_for_update=True)
    if row is None or row.confirmed_at:
        raise NotFound(subject="code")
    if not _is_taken(row, command.code, uow.now):
        raise InvalidInput(Problem("code", "wrong_code"))
    row.confirmed_at = uow.now
    _keep_recovery(uow, recovery)
    sign_in = sign_ins.open_row(uow.session, secret)
    if sign_in is not None:
        sign_in.code_at = uow.now
    _told(uow, AccessKind.CODES_ON, row.person_id)


def renew_recovery(uow: UnitOfWork, *, recovery: Sequence[str]) -> None:
    """Make the actor's codes for a lost telephone anew; the old ones are worth nothing."""
    require_recent(uow)
    row = uow.session.get(SecondStep, uow.actor.id)
    if row is None or row.confirmed_at is None:
        raise NotFound(subject="code")
    _keep_recovery(uow, recovery)


def stop(uow: UnitOfWork) -> None:
    """Ask the actor for no more codes; NotAllowed where the company wants them of the role."""
    require_recent(uow)
    if standing(uow).is_asked:
        raise NotAllowed(reason="codes_asked")
    drop(uow, uow.actor.id)


def take_away(uow: UnitOfWork, *, id: int) -> None:
    """The administrator lets somebody in who has lost the telephone."""
    require(uow, "people:edit")
    require_recent(uow)
    drop(uow, id)


def drop(uow: UnitOfWork, person_id: int | None) -> None:
    """Forget a person's telephone and recovery codes; nothing where there are none."""
    row = uow.session.get(SecondStep, person_id)
    if row is None:
        return
    was_on = row.confirmed_at is not None
    uow.session.delete(row)
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    uow.session.flush()
    if was_on:
        _told(uow, AccessKind.CODES_OFF, row.person_id)


def has_codes(uow: UnitOfWork) -> frozenset[int]:
    """The people who sign in with codes; for the administrator."""
    require(uow, "people:edit")
    on = select(SecondStep.person_id).where(SecondStep.confirmed_at.is_not(None))
    return frozenset(uow.session.scalars(on))


def give(session: Session, secret: str, code: str, now: datetime, place: Place) -> bool:
    """Take the code of a sign-in that lacks it; after five wrong ones each next has to wait.

    Counted for the person: whoever knows the password does not start from nought by giving it.
    """
    sign_in = sign_ins.open_row(session, secret)
    row = sign_in and session.get(SecondStep, sign_in.person_id, with_for_update=True)
    if sign_in is None or not row or row.confirmed_at is None:
        return False
    until = attempts.wait(row.wrong, row.wrong_at, TRIES, attempts.LONGEST, now)
    is_right = until <= now and (_is_taken(row, code, now) or _recovers(session, row, code))
    if is_right:
        sign_in.code_at, row.wrong = now, 0
        return True
    if until <= now:
        row.wrong, row.wrong_at = row.wrong + 1, now
    records.note(session, AccessKind.CODE_FAILED, now, person_id=row.person_id, place=place)
    return False


def _is_taken(row: SecondStep, code: str, now: datetime) -> bool:
    typed = "".join(code.split())
    totp = pyotp.TOTP(row.secret)
    this = totp.timecode(now)
    for step in range(max(row.last_step + 1, this - WINDOW), this + WINDOW + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            row.last_step = step
            return True
    return False


def _recovers(session: Session, row: SecondStep, code: str) -> bool:
    mine = RecoveryCode.person_id == row.person_id
    gone = delete(RecoveryCode).where(mine, RecoveryCode.digest == _digest(row.person_id, code))
    return bool(session.scalars(gone.returning(RecoveryCode.digest)).all())


def _keep_recovery(uow: UnitOfWork, recovery: Sequence[str]) -> None:
    id = uow.actor.id or 0
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == id))
    uow.session.add_all(RecoveryCode(digest=_digest(id, each), person_id=id) for each in recovery)
    uow.session.flush()


def _digest(person_id: int, code: str) -> str:
    plain = "".join(sign for sign in code.lower() if sign in SIGNS)
    return hashlib.sha256(f"{person_id}:{plain}".encode()).hexdigest()


def _told(uow: UnitOfWork, kind: AccessKind, person_id: int) -> None:
    records.changed(uow, kind, person_id)
    history.record(uow, subject="person", subject_id=person_id, action=kind.value)
