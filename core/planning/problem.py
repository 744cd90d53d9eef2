"""What is to be planned, with whom, and the plan: all times are minutes from one midnight."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.planning.travel import Roads, Table, Where

Id = int | str
DAY = 24 * 60


@dataclass(frozen=True)
class Window:
    """A visit begins in it, the last minute included."""

    start: int
    end: int


@dataclass(frozen=True)
class Appointment:
    """Who comes, and when the visit begins."""

    technician: Id
    start: int


@dataclass(frozen=True)
class Task:
    """A visit to plan: it begins in one of its windows, and by its due time if that is hard."""

    id: Id
    place: Where | None
    minutes: int
    windows: tuple[Window, ...] = ()
    due: int | None = None
    is_due_hard: bool = False
    priority: int = 3
    needs: frozenset[str] = frozenset()
    allowed: frozenset[Id] | None = None
    locked: Appointment | None = None
    told: Appointment | None = None
    worth: int | None = None  # minutes of driving that it is worth; None: by its priority
    reach: int | None = None  # most minutes of driving to it, between places that are known

    def __post_init__(self) -> None:
        if self.minutes < 1 or self.priority not in (1, 2, 3):
            raise ValueError(f"task {self.id}: minutes {self.minutes}, priority {self.priority}")


@dataclass(frozen=True)
class Break:
    """Free time, at `start` or at another moment from `earliest` to `latest`."""

    start: int
    minutes: int
    earliest: int
    latest: int

    def moved(self, minutes: int) -> "Break":
        """The same on another day."""
        starts = (self.start, self.earliest, self.latest)
        start, earliest, latest = (each + minutes for each in starts)
        return Break(start, self.minutes, earliest, latest)


def lunch(start: int = 12 * 60, end: int = 13 * 60, slide: tuple[int, int] = (30, 90)) -> Break:
    """The lunch hour, which may begin somewhat sooner or later than it should."""
    return Break(start, end - start, start - slide[0], start + slide[1])


@dataclass(frozen=True)
class Shift:
    """A technician on duty, once: where from and to, what is certified on that day."""

    technician: Id
    start: int
    end: int
    start_place: Where
    end_place: Where
    rest: Break | None = None
    overtime: int = 0
    qualifications: frozenset[str] = frozenset()
    station: Id = ""

    @property
    def day(self) -> int:
        """The day on which it begins, 0 for the first."""
        return self.start // DAY

    @property
    def latest(self) -> int:
        """When the technician is back at the latest."""
        return self.end + max(self.overtime, 0)


@dataclass(frozen=True)
class Prices:
    """What counts how much, in minutes of driving; by priority 1, 2 and 3."""

    left_out: tuple[int, int, int] = (2000, 800, 400)
    late: tuple[int, int, int] = (120, 60, 30)
    overtime: float = 1.5
    other_technician: int = 30
    other_time: int = 20
    told_slack: int = 30  # somebody told 10:00 is not disturbed by 10:30


@dataclass(frozen=True)
class Problem:
    """Tasks and shifts of one day or of many, and the roads between them."""

    tasks: tuple[Task, ...]
    shifts: tuple[Shift, ...]
    travel: Roads | Table
    prices: Prices = field(default_factory=Prices)
    grid: int = 1  # visits begin on whole multiples of it, where their windows have one

    def __post_init__(self) -> None:
        if len({task.id for task in self.tasks}) != len(self.tasks):
            raise ValueError("a task is given twice")

    def worth(self, task: Task) -> int:
        """What leaving it out costs."""
        by_priority = self.prices.left_out[task.priority - 1]
        return by_priority if task.worth is None else task.worth


class Reason(StrEnum):
    """Why a task is not in the plan."""

    PLACE_UNKNOWN = "place_unknown"
    WINDOW_OVER = "window_over"  # it ends before it begins, or before the first shift
    DUE_OVER = "due_over"  # a hard due time before the first moment that is left
    NOBODY_QUALIFIED = "nobody_qualified"  # of those on duty
    NOBODY_ON_DUTY = "nobody_on_duty"  # in its time, of those who may
    DOES_NOT_FIT = "does_not_fit"  # too far or too long even for an empty shift
    TOO_FAR = "too_far"  # from where each who may begins the day
    LOCKED_IMPOSSIBLE = "locked_impossible"  # its locked time cannot be kept
    NO_ROOM = "no_room"  # each who may has other work
    NOT_READY = "not_ready"  # facts, a paper or guidance come first: it is not asked of the engine
    NOT_WORTH = "not_worth"  # there is room, and the drive costs more than the task is worth


@dataclass(frozen=True)
class Visit:
    """A task in the plan; `travel` is the drive to it."""

    task: Id
    technician: Id
    start: int
    end: int
    travel: int


@dataclass(frozen=True)
class LeftOut:
    """A task that is not in the plan; `able` is how many on duty may do it."""

    task: Id
    reason: Reason
    able: int = 0


@dataclass(frozen=True)
class Measures:
    """A plan in figures; `cost` in minutes of driving is what the search makes small."""

    travel: int = 0
    overtime: int = 0
    late: int = 0
    other_technician: int = 0
    other_time: int = 0
    left_out: int = 0
    cost: float = 0.0


@dataclass(frozen=True)
class Plan:
    """The visits in the order of their start, and what is not among them."""

    visits: tuple[Visit, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    measures: Measures = Measures()
