"""What is asked of whoever wants a report by hand."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from core.kernel import period
from core.kernel.errors import Problem
from core.kernel.inputs import Action, Choice, Day
from db.codes import ReportContent


class MakeReport(Action):
    """A report of any days, of a station or the whole company."""

    content: ReportContent
    since: Day
    until: Day
    station_id: Annotated[int | None, Choice("stations")] = None

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Days in order."""
        return period.disorder(values)
