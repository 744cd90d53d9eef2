"""A paper as the card of a room declares it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.papers.placeholders import Facts


def of_case(_uow: Any, case_id: int) -> Mapping[str, int]:
    """A paper about the case itself."""
    return {"case_id": case_id}


@dataclass(frozen=True)
class Paper:
    """A printed paper: which facts it is filled with, who reads them, when it can be printed."""

    name: str
    shape: type[Facts]
    read: Callable[..., Facts]
    # Whether the file of a case has come so far that this paper can be printed; None for papers
    # that are not offered beside a file.
    fits: Callable[[Any], bool] | None = None
    # What `read` asks for to print this paper of a case; NotFound where there is none.
    about: Callable[[Any, int], Mapping[str, int]] = of_case


def always(_file: Any) -> bool:
    """A paper of a file that can be printed at once."""
    return True
