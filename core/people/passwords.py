"""Passwords: what is good enough, whose they are, and how they change."""

import secrets
import threading
from typing import Annotated

import bcrypt
from pydantic import AfterValidator, SecretStr
from pydantic_core import PydanticCustomError
from sqlalchemy import select
from zxcvbn import zxcvbn

from core.kernel.errors import InvalidInput, NotFound, Problem
from core.kernel.inputs import Input, Shown
from core.kernel.unit_of_work import UnitOfWork, seen
from core.people import attempts, records, second_steps, sign_ins
from core.people.attempts import clean_name
from core.process import history
from core.process.permissions import require, require_recent
from db.codes import AccessKind
from db.tables import Company, Person

LEAST = 12
# Of 4, as zxcvbn counts: what it finds in fewer than a hundred million guesses is below it.
GOOD = 3
# bcrypt reads 72 bytes and no more; a silently cut password would be a weaker one.
MOST_BYTES = 72
# zxcvbn keeps the words of the one who is asked about where all threads see them.
_JUDGING = threading.Lock()


def _password(value: SecretStr) -> SecretStr:
    text = value.get_secret_value().strip()
    if len(text) < LEAST:
        raise PydanticCustomError("password_short", "too short")
    if len(text.encode()) > MOST_BYTES:
        raise PydanticCustomError("password_long", "too long")
    return SecretStr(text)


Password = Annotated[SecretStr, AfterValidator(_password), Shown("password")]


class ChangePassword(Input):
    """One's own new password."""

    current: Annotated[SecretStr, Shown("password")]
    password: Password


class SetPassword(Input):
    """A new password given by the administrator."""

    password: Password


def hash_password(password: SecretStr) -> str:
    """The bcrypt hash of a checked password."""
    return bcrypt.hashpw(password.get_secret_value().encode(), bcrypt.gensalt()).decode()


def refuse_common(password: SecretStr, *about: str) -> None:
    """InvalidInput for what is guessed early: common ones, rows of keys, the person's own words."""
    with _JUDGING:
        found = zxcvbn(password.get_secret_value(), user_inputs=[each for each in about if each])
    if found["score"] < GOOD:
        raise InvalidInput(Problem("password", "password_common"))


def set_password(uow: UnitOfWork, *, id: int, command: SetPassword, seen_version: int) -> None:
    """Give a person a new password for the next sign-in; all their sign-ins end."""
    require(uow, "people:edit")
    require_recent(uow)
    person = seen(uow.session.get(Person, id), seen_version)
    _renew(uow, person, command.password, is_given=id != uow.actor.id)


def change_password(uow: UnitOfWork, command: ChangePassword, *, keep: str = "") -> None:
    """Change one's own password; all one's sign-ins end, but for the one whose secret is kept."""
    person = uow.session.get_one(Person, uow.actor.id)
    current = command.current.get_secret_value().strip()
    given = current.encode()
    if len(given) > MOST_BYTES or not bcrypt.checkpw(given, person.password_hash.encode()):
        raise InvalidInput(Problem("current", "wrong_password"))
    if current == command.password.get_secret_value():
        raise InvalidInput(Problem("password", "password_same"))
    _renew(uow, person, command.password, is_given=False, keep=keep)


def renew_password(uow: UnitOfWork, *, username: str) -> str:
    """Make a new password on the server, for whoever lost the way in; NotFound for nobody's name.

    The person may sign in again at once, also when disabled or locked, or without the telephone
    that makes the codes.
    """
    person = uow.session.scalar(select(Person).where(Person.username == clean_name(username)))
    if person is None:
        raise NotFound(subject="person")
    # Read off a terminal and typed: no letters that look like others.
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    password = "-".join("".join(secrets.choice(signs) for _ in range(4)) for _ in range(4))
    changes: dict[str, list[object]] = {} if person.active else {"active": [False, True]}
    person.active = True
    second_steps.drop(uow, person.id)
    _renew(uow, person, SecretStr(password), is_given=True, changes=changes)
    return password


def _renew(
    uow: UnitOfWork,
    person: Person,
    password: SecretStr,
    *,
    is_given: bool,
    keep: str = "",
    changes: dict[str, list[object]] | None = None,
) -> None:
    company = uow.session.get_one(Company, 1)
    refuse_common(password, person.username, person.name, company.name)
    person.password_hash = hash_password(password)
    person.password_is_given = is_given
    attempts.unlock(uow.session, person.username)
    sign_ins.end_all(uow.session, person.id, uow.now, keep=keep)
    uow.session.flush()
    records.changed(uow, AccessKind.PASSWORD_CHANGED, person.id)
    history.record(
        uow, subject="person", subject_id=person.id, action="password_changed", data=changes
    )
