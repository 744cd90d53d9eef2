"""Photos that customers send with a form: looked at before anything is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.kernel.errors import InvalidInput, Problem
from core.kernel.file_types import type_of

# At a time, and in bytes of each.
AT_ONCE, LARGEST = 5, 8 * 1024 * 1024
FIELD = "photos"


@dataclass(frozen=True)
class GivenPhoto:
    """A file as it came: the sender says its name, the bytes say what it is."""

    name: str
    content: bytes


def check(given: Sequence[GivenPhoto]) -> None:
    """InvalidInput for too many, too large ones, and what is no picture."""
    if len(given) > AT_ONCE:
        raise InvalidInput(Problem(FIELD, "too_many_files", {"most": AT_ONCE}))
    for each in given:
        if len(each.content) > LARGEST:
            raise InvalidInput(Problem(FIELD, "file_too_large", {"megabytes": LARGEST >> 20}))
        if not (type_of(each.content) or "").startswith("image/"):
            raise InvalidInput(Problem(FIELD, "no_picture"))
