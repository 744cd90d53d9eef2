"""What can be asked of a tool: one input model for each action."""

from typing import Annotated

from pydantic import Field

from core.kernel.inputs import Action, Choice, Day, Input, LongText, RequiredLine, RequiredText

Number = Annotated[RequiredLine, Field(max_length=60)]
Months = Annotated[int, Field(ge=1, le=120)]


class AddTool(Input):
    """A tool of the register."""

    number: Number
    tool_name: RequiredLine
    station_id: Annotated[int | None, Choice("stations")] = None
    qualification: Annotated[str | None, Choice("qualifications")] = None
    check_months: Months | None = None
    checked_on: Day | None = None


class EditTool(Action):
    """What is known of a tool."""

    tool_name: RequiredLine
    station_id: Annotated[int | None, Choice("stations")] = None
    qualification: Annotated[str | None, Choice("qualifications")] = None
    check_months: Months | None = None


class TakeTool(Action):
    """Take the tool along, for a job or as it is."""

    job_id: Annotated[int | None, Choice("jobs")] = None


class TakeToNextJob(Action):
    """The tool goes along to another job, without coming back between."""

    job_id: Annotated[int, Choice("jobs")]


class GiveBackTool(Action):
    """The tool is back."""


class CheckTool(Action):
    """The regular check is passed."""

    checked_on: Day
    note: LongText = ""


class ReportFault(Action):
    """Something is wrong with the tool: nobody takes it until it is repaired."""

    note: RequiredText


class RepairTool(Action):
    """The tool is in order again."""

    note: RequiredText


class RetireTool(Action):
    """The tool is not used any more."""

    note: RequiredText
