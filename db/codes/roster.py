"""The roster: days of the week, where a day begins, why and whether somebody is away."""

from enum import StrEnum


class Weekday(StrEnum):
    """A day of the week, as the working calendar names it."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class DayStart(StrEnum):
    """Where a technician's day on the road begins."""

    STATION = "station"
    HOME = "home"


class AbsenceReason(StrEnum):
    """Why somebody is away."""

    LEAVE = "leave"
    SICK = "sick"
    TRAINING = "training"
    OTHER = "other"


class AbsenceStatus(StrEnum):
    """Whether an absence was granted."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
