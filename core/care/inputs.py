"""What is asked about key customers and calls on a plan: one input model for each action."""

from typing import Annotated

from pydantic import Field

from core.kernel.inputs import Action, Choice, Input, LongText, RecordId, RequiredText, Score


class MarkKey(Input):
    """This is a key customer, and why (S14)."""

    customer_id: RecordId
    reason: RequiredText


class MarkKeyAgain(Action):
    """A key customer once more: the plan counts from today."""

    note: RequiredText


class EndKey(Action):
    """No key customer any more, and why."""

    note: RequiredText


class RecordCare(Action):
    """The customer was reached: what was said, how content they are, what else they want."""

    care_result: RequiredText
    scores: Annotated[dict[str, Score], Choice("questions"), Field(max_length=20)] = {}
    opinion: LongText = ""
    other_needs: LongText = ""


class GiveCareLink(Action):
    """The customer may answer without a call: by a new link, told by the digest of its secret."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class AnswerCare(Action):
    """The survey, answered by the customer alone by that link (E20, C13)."""

    scores: Annotated[dict[str, Score], Choice("questions"), Field(max_length=20)]
    opinion: LongText = ""
    other_needs: LongText = ""


class CareNotReached(Action):
    """Nobody was there; the third time it is given up."""

    note: LongText = ""


class SkipCare(Action):
    """This call is not needed: say why."""

    note: RequiredText
