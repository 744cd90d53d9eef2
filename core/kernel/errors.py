"""Errors that a person can act on. Screens turn their codes into words."""

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar


class Refused(Exception):
    """Something was not done, for a reason that a person can act on."""

    code: ClassVar[str] = "refused"

    def __init__(self, **details: Any) -> None:
        super().__init__(self.code, details)
        self.details = details


class NotAllowed(Refused):
    """The actor lacks the permission, or stands in a relation that forbids it."""

    code = "not_allowed"


class NotSignedIn(Refused):
    """Nobody is signed in, or the sign-in has ended."""

    code = "not_signed_in"


class AskAgain(Refused):
    """The password must be given once more before this is changed."""

    code = "ask_again"


class NotFound(Refused):
    """There is no such record, or the actor may not know of it."""

    code = "not_found"


class WrongStatus(Refused):
    """The record has moved on: no rule allows the action from where it stands."""

    code = "wrong_status"


class Stale(Refused):
    """Somebody else changed the record after the actor looked at it."""

    code = "stale"


class Hindered(Refused):
    """The machine or the database cannot do it now (`reason`); nothing of it was saved."""

    code = "hindered"


@dataclass(frozen=True)
class Problem:
    """One bad field: its name, what is wrong with it, and the numbers that the words need."""

    field: str
    code: str
    details: dict[str, Any] = dataclasses.field(default_factory=dict)


class InvalidInput(Refused):
    """One or more fields are wrong; all of them are named at once."""

    code = "invalid_input"

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems=problems)
        self.problems = problems
