"""One case as the benchmark writes it: its row, its clock, its history and its time limits.

Core would write the same facts one command at a time; here a hundred thousand cases take a minute.
Due dates and hashes come from core itself.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.sheets import Row, Sheets
from core.kernel import chain
from core.norms.model import Norm
from core.norms.working_time import Unit, due_at
from core.process.clockwork import REOPENED, CaseFacts, Clockwork, Shadow
from core.process.limits import IN_WARRANTY
from db.codes import FollowUpStatus, Role

# Moments of the next steps of a case.
Course = Iterator[datetime]

TO_THE_END = 1_000


@dataclass(frozen=True)
class Town:
    """What all cases share: chance, rule book, time zone, sheets, and who works where."""

    random: Random
    norm: Norm
    zone: ZoneInfo
    sheets: Sheets
    staff: dict[int, dict[Role, list[int]]]

    @cached_property
    def clockwork(self) -> Clockwork[Shadow]:
        """What moves the time limits."""
        return Clockwork(self.norm, self.zone.key, Shadow)


class Diary:
    """History rows of some subjects, each with the hash of the one before it."""

    def __init__(self, sheets: Sheets, case_id: int | None = None) -> None:
        self.sheets, self.case_id = sheets, case_id
        self.last: dict[tuple[str, int], tuple[int, str]] = {}

    def write(
        self, subject: str, id: int, action: str, by: int | None, at: datetime, **more: Any
    ) -> None:
        """Write down one change."""
        sequence, before = self.last.get((subject, id), (0, ""))
        facts = {"old": None, "new": None, "note": "", "data": {}, **more}
        facts |= {"subject": subject, "subject_id": id, "sequence": sequence + 1}
        facts |= {"case_id": self.case_id, "action": action, "actor_id": by, "at": at}
        facts["previous_hash"] = before
        # The digest reads attributes; a mapped row for each would double the time.
        facts["hash"] = chain.digest(SimpleNamespace(**facts))  # type: ignore[arg-type]
        self.last[subject, id] = sequence + 1, facts["hash"]
        self.sheets.add("history", **facts)


class Case:
    """A request on its course."""

    def __init__(self, town: Town, request: Row, part: str) -> None:
        self.town, self.request, self.part = town, request, part
        self.random, self.sheets = town.random, town.sheets
        self.at: datetime = request["registered_at"]
        self.diary = Diary(town.sheets, request["id"])
        self.limits: list[Shadow] = []
        self.unhappy: float | None = None
        # The file of what is reviewed, whom it is about, what the plan costs; the call that is due.
        self.file: Row = {}
        self.about_id: int | None = None
        self.cents = 0
        self.call: Row | None = None
        # What is given back: the line of the return, that of its purchase, and the day of it.
        self.line: Row = {}
        self.bought: Row = {}
        self.bought_on: date | None = None
        self.product_id: int | None = None
        # Whoever was sent.
        self.technician: int | None = None
        # When each fact came about first, and when the case was last opened again.
        self.happened: dict[str, datetime] = {}

    def register(self, note: str = "") -> None:
        """Write the request down; its first limits start."""
        request = self.request
        columns = {"channel": "channel", "charge": "charge", "reason": "charge_reason"}
        data = {name: request[column].value for name, column in columns.items()}
        id, status = request["id"], request["status"].value
        self.diary.write(
            "request", id, "registered", self.owner, self.at, new=status, note=note, data=data
        )
        self._react("request.registered")

    def play(self, course: Course, until: datetime, steps: int = TO_THE_END) -> bool:
        """Follow a course until a moment, or for some steps; whether it came to its end."""
        for moment in course:
            if moment >= until or not steps:
                return False
            self.at, steps = moment, steps - 1
        return True

    @property
    def owner(self) -> int:
        """Whoever took the call."""
        return int(self.request["owner_id"])

    def who(self, role: Role, *, without: int | None = None) -> int:
        """Somebody of a role, at the station or at head office."""
        people = self.town.staff[self.request["station_id"]][role]
        return self.random.choice([id for id in people if id != without])

    def after(self, least: float, most: float) -> datetime:
        """A moment some hours later, by day: nobody calls a customer at night."""
        moment = self.at + timedelta(hours=self.random.uniform(least, most))
        local = moment.astimezone(self.town.zone)
        if 8 <= local.hour < 20:
            return moment
        return self.on(local.date() + timedelta(days=local.hour >= 20), 8.2, 11)

    def on(self, day: date, least: float, most: float) -> datetime:
        """A moment of a local day between two hours, never before now."""
        midnight = datetime.combine(day, time(0), self.town.zone)
        moment = midnight + timedelta(hours=self.random.uniform(least, most))
        return max(moment.astimezone(UTC), self.at + timedelta(minutes=5))

    def today(self) -> date:
        """The company's local day."""
        return self.at.astimezone(self.town.zone).date()

    def fact(self, name: str, by: int | None, new: Any = None, note: str = "", **data: Any) -> None:
        """Something happens to the request itself."""
        self.about("request", self.request, name, by, new, note, **data)

    def about(
        self,
        subject: str,
        row: Row,
        name: str,
        by: int | None,
        new: Any = None,
        note: str = "",
        **data: Any,
    ) -> None:
        """Something happens to the request, to its job or to its call."""
        old, row["status"] = row["status"].value, new or row["status"]
        row["version"] += 1
        more = {"old": old, "new": row["status"].value, "note": note, "data": data}
        self.diary.write(subject, row["id"], name, by, self.at, **more)
        self._react(f"{subject}.{name}")

    def reclassify(self, by: int, case_class: str) -> None:
        """The class is known: other limits may run from now on."""
        old, self.request["case_class"] = self.request["case_class"], case_class
        self.__dict__.pop("_facts", None)
        priority = self.request["priority"].value
        data = {"priority": [priority] * 2, "case_class": [old, case_class]}
        self.fact("reclassified", by, **data)

    def plan_call(self) -> Row | None:
        """The call that asks how it went, on the next working day; none for kinds without (E3)."""
        if self.request["kind"] not in self.town.norm.follow_up_kinds:
            return None
        due = self.next_working_day()
        self.call = self.sheets.add(
            "follow_ups",
            version=1,
            request_id=self.request["id"],
            status=FollowUpStatus.DUE,
            due_on=due,
            attempts=0,
            ended_at=None,
            caller_id=None,
            score=None,
            opinion="",
            other_needs="",
        )
        self.about("follow_up", self.call, "planned", None, due_on=due.isoformat())
        return self.call

    def next_working_day(self) -> date:
        """The local day on which a call is due."""
        calendar = self.town.norm.calendar(self.town.zone.key)
        return due_at(calendar, Unit.WORKING_DAYS, 1, self.at).astimezone(self.town.zone).date()

    def file_limits(self) -> None:
        """Put the time limits on their sheet: from now on nothing moves them."""
        for limit in self.limits:
            self.sheets.add("limits", request_id=self.request["id"], **asdict(limit))

    def _react(self, fact: str) -> None:
        waits = self.request["wait_reason"] is not None
        if fact == REOPENED:
            self.happened[fact] = self.at
        self.happened.setdefault(fact, self.at)
        self.town.clockwork.happen(
            self._facts, self.limits, fact, self.at, waits=waits, happened=self.happened
        )

    @cached_property
    def _facts(self) -> CaseFacts:
        request = self.request
        return CaseFacts(
            kind=request["kind"],
            priority=request["priority"],
            channel=request["channel"],
            case_class=request["case_class"],
            in_warranty=request["charge_reason"] in IN_WARRANTY,
            station="",
            received_at=request["received_at"],
            wanted_to=request["wanted_to"],
        )
