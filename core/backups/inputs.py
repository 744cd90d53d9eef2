"""What an administrator says about backups."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from core.kernel.inputs import Input, WideLine


def _absolute(value: str) -> str:
    if not Path(value).is_absolute():
        raise PydanticCustomError("not_absolute", "not the whole path of a folder")
    return value


class EditBackupPlan(Input):
    """Where copies are kept, from which hour of the day one is due, and how many stay."""

    folder: Annotated[WideLine, Field(min_length=1), AfterValidator(_absolute)]
    hour: Annotated[int, Field(ge=0, le=23)] = 2
    keep: Annotated[int, Field(ge=1, le=400)] = 14
