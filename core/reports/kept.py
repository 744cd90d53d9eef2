"""What a report keeps: the figures as they stood, and its tables; codes and no words."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.kpi import Frozen, Unit


class ReportTable(StrEnum):
    """A table of a report."""

    FAULT_AREAS = "fault_areas"
    PRODUCTS = "products"
    COMPLAINT_CLASSES = "complaint_classes"
    HANDLING = "handling"
    TREND = "trend"
    VOICES = "voices"
    DEPARTMENTS = "departments"
    SURVEY = "survey"


class ReportColumn(StrEnum):
    """A column of a table."""

    CASES = "cases"
    SHARE = "share"
    BEFORE = "before"
    CHANGE = "change"
    RECEIVED = "received"
    RESOLVED = "resolved"
    OPEN = "open"
    LATE = "late"
    COMPLAINTS = "complaints"
    KEPT = "kept"
    PENALTIES = "penalties"
    DONE = "done"
    OVERDUE = "overdue"
    MEAN = "mean"
    ANSWERS = "answers"


class ReportVoice(StrEnum):
    """What customers said besides their cases."""

    SUGGESTIONS = "suggestions"
    ADOPTED = "adopted"
    DECLINED = "declined"
    OPINIONS = "opinions"
    NEEDS = "needs"


# What is counted in cases is not named.
UNITS = {
    ReportColumn.SHARE: Unit.SHARE,
    ReportColumn.KEPT: Unit.SHARE,
    ReportColumn.MEAN: Unit.SCORE,
}


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Line(_Kept):
    """A line of a table: a code, what people or the rule book call it, or the days it is of."""

    code: str = ""
    name: str = ""
    words: dict[str, str] = {}
    since: date | None = None
    until: date | None = None
    cells: tuple[float | None, ...]


class Table(_Kept):
    """A table; `codes` is the closed list that the codes of its lines are of."""

    name: ReportTable
    codes: str = ""
    columns: tuple[ReportColumn, ...]
    lines: tuple[Line, ...] = ()


class Kept(_Kept):
    """A report; not `whole` where cases were still to be counted when somebody asked for it."""

    title: dict[str, str] = {}
    frozen: Frozen
    tables: tuple[Table, ...] = ()
    whole: bool = True
