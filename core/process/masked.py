"""Customers' telephone numbers as they are shown: whole to whoever calls, masked to others (C10).

Views are made with `phone`, so that no screen, list, export or paper can forget it.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from core.kernel.inputs import MASK
from core.kernel.unit_of_work import Actor
from core.process.permissions import may

# The permission of the roles that call customers.
CALLS = "customer:call"

# The facts that hold numbers, by their names in history.
NUMBERS = ("phone", "contacts", "recipient")

CommandT = TypeVar("CommandT", bound=BaseModel)

# A number with the signs that may stand inside it.
_NUMBER = re.compile(r"\+?\d(?:[ ()\-]*\d){4,}")
# So many digits are shown before and after the mask, where enough of them stay hidden.
_BEFORE, _AFTER, _HIDDEN = 3, 4, 4


def phone(actor: Actor, text: str, *, handles: bool = False) -> str:
    """A number as the actor may see it; whoever handles the case in hand sees it whole."""
    return text if handles or may(actor, CALLS) else masked(text)


def masked(text: str) -> str:
    """A text with every telephone number in it masked: 138****5678."""
    return _NUMBER.sub(lambda number: _short(re.sub(r"\D", "", number[0])), text)


def is_masked(text: str) -> bool:
    """Whether a number is no longer one that can be called."""
    return MASK in text


def put_back(command: CommandT, record: Any) -> CommandT:
    """What a form asks, with the stored number in place of the masked one that it showed."""
    given, stored = getattr(command, "phone", ""), getattr(record, "phone", None)
    if stored and is_masked(given) and given == masked(stored):
        return command.model_copy(update={"phone": stored})
    return command


def data(actor: Actor, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What history keeps of a change, as the actor may see it."""
    return {name: _value(actor, each) if name in NUMBERS else each for name, each in facts.items()}


def _value(actor: Actor, value: Any) -> Any:
    if isinstance(value, list):
        return [_value(actor, each) for each in value]
    return phone(actor, value) if isinstance(value, str) else value


def _short(digits: str) -> str:
    after = min(_AFTER, max(2, len(digits) - _HIDDEN))
    before = max(0, min(_BEFORE, len(digits) - after - _HIDDEN))
    return f"{digits[:before]}{MASK}{digits[-after:]}"
