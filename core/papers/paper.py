"""A paper as the card of a room declares it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.papers.placeholders import Facts


@dataclass(frozen=True)
class Paper:
    """A printed paper: which facts it is filled with, who reads them, when it can be printed."""

    name: str
    shape: type[Facts]
    read: Callable[..., Facts]
    # Whether the file of a case has come so far that this paper can be printed; None for papers
    # that are not offered beside a file.
    fits: Callable[[Any], bool] | None = None


def always(_file: Any) -> bool:
    """A paper of a file that can be printed at once."""
    return True
