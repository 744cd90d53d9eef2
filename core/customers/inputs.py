"""What can be asked of a piece: one input model for each action."""

from typing import Annotated

from pydantic import Field

from core.kernel.inputs import (
    Action,
    Day,
    LineText,
    RecordId,
    RequiredLine,
    RequiredText,
    Serial,
)

Months = Annotated[int | None, Field(ge=0, le=600)]


class CorrectPiece(Action):
    """Put right what was written down of a piece."""

    brand: RequiredLine
    model: RequiredLine
    specification: LineText = ""
    serial: Serial = ""
    purchased_on: Day | None = None
    warranty_months: Months = None
    note: RequiredText


class MovePiece(Action):
    """The piece has a new owner: the warranty goes along, the owner before has no claim left."""

    customer_id: RecordId
    note: RequiredText


class ScrapPiece(Action):
    """The piece is no more."""

    note: RequiredText


class RecyclePiece(Action):
    """An old piece is taken back for recycling (D29)."""

    note: RequiredText


class RestorePiece(Action):
    """It was a mistake: the piece is there, and was never gone."""

    note: RequiredText
