"""What can be done with a mail: one input model for each action."""

from typing import Annotated

from pydantic import Field

from core.kernel.inputs import Action, RequiredLine, RequiredText


class AttachMail(Action):
    """It belongs to a case that is on file."""

    case_number: Annotated[RequiredLine, Field(max_length=40)]
    # From then on replies of this address find their case by themselves.
    is_their_address: bool = False


class SetMailAside(Action):
    """Nothing follows from it, and why."""

    note: RequiredText


class PutMailBack(Action):
    """It is to be looked at after all."""
