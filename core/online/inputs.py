"""What a customer fills in, and what can be done with it: one input model for each action."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from core.kernel.errors import Problem
from core.kernel.inputs import (
    Action,
    Email,
    Input,
    LineText,
    LongText,
    RequiredLine,
    RequiredText,
    clean_line,
)
from db.codes import RequestKind

# What may be asked for without speaking to anybody.
OFFERED = (
    *(RequestKind.REPAIR, RequestKind.INSTALLATION, RequestKind.CONSULTATION),
    *(RequestKind.COMPLAINT, RequestKind.RETURN, RequestKind.SUGGESTION),
)


class Apply(Input):
    """A request, complaint, return or suggestion, as a customer writes it (D1, E23)."""

    kind: RequestKind
    name: LineText = ""
    phone: Annotated[LineText, Field(max_length=40)] = ""
    email: Email = ""
    address: LongText = ""
    product: LineText = ""
    body: RequiredText

    @field_validator("kind")
    @classmethod
    def _offered(cls, kind: RequestKind) -> RequestKind:
        if kind not in OFFERED:
            raise PydanticCustomError("enum", "not offered")
        return kind

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Who it is and a way back; a suggestion may be nameless."""
        if values.get("kind") == RequestKind.SUGGESTION:
            return
        given = {name for name in values if str(clean_line(values[name] or "")).strip()}
        if "name" not in given:
            yield Problem("name", "missing")
        if not given & {"phone", "email"}:
            yield Problem("phone", "missing")


class AttachOnline(Action):
    """It belongs to a case that is on file."""

    case_number: Annotated[RequiredLine, Field(max_length=40)]


class SetOnlineAside(Action):
    """Nothing follows from it, and why."""

    note: RequiredText


class PutOnlineBack(Action):
    """It is to be looked at after all."""
