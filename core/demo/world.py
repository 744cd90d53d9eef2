"""The demo company as it lives: its clock, its people, its customers, its dice."""

import heapq
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.demo.catalogue import Model
from core.house import HOUSE
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.norms.model import Norm
from core.norms.working_time import Unit, due_at
from db.base import Base
from db.codes import Role

Step = Callable[[datetime], None]
ItemT = TypeVar("ItemT")

# Visits are agreed in these windows of a local day.
SLOTS = (
    (time(8, 30), time(10, 30)),
    (time(10, 30), time(12, 30)),
    (time(13, 30), time(15, 30)),
    (time(15, 30), time(17, 30)),
)
SUNDAY = 6
# Nobody rings or works before and after.
UP, DOWN = time(8, 0), time(20, 0)


@dataclass(frozen=True)
class Branch:
    """A station and how well it does: what makes its figures differ from the others'."""

    name: str
    region: str
    phone: str
    # Share of all contacts, and the working minutes until a technician is usually sent.
    share: float
    haste: int
    punctual: float
    first_time: float
    mood: float
    agents: int = 2
    technicians: int = 3


BRANCHES = (
    Branch("南京站", "南京", "025-0000-1201", 0.32, 40, 0.95, 0.91, 9.2),
    Branch("苏州站", "苏州", "0512-0000-2202", 0.20, 90, 0.90, 0.87, 8.9),
    Branch("杭州站", "杭州", "0571-0000-3303", 0.18, 240, 0.80, 0.80, 8.1),
    Branch("上海站", "上海", "021-0000-4404", 0.30, 110, 0.86, 0.84, 8.5),
)


@dataclass
class Owned:
    """A product in a customer's hands, and what it has already suffered from."""

    id: int
    model: Model
    customer: "Caller"


@dataclass
class Caller:
    """A customer as the stories know them."""

    id: int
    contact: str
    branch: Branch
    owned: list[Owned] = field(default_factory=list)


@dataclass
class World:
    """Everything that the stories share. What happens is put on an agenda and happens in order."""

    session: Session
    norm: Norm
    now: datetime
    start: datetime
    dice: random.Random
    office: Actor
    people: dict[tuple[Role, str], list[Actor]] = field(default_factory=dict)
    stations: dict[str, int] = field(default_factory=dict)
    callers: dict[str, list[Caller]] = field(default_factory=dict)
    serials: int = 0
    invoices: int = 0
    # How the complaint goes on that an unhappy call raised: the plays of calls and of complaints
    # know each other through the world only.
    complain: Callable[[Branch, int, datetime], None] = lambda branch, case_id, at: None
    # A session forgets what nobody holds: these rows would be read again for every command.
    held: list[Base] = field(default_factory=list)
    _agenda: list[tuple[datetime, int, Step]] = field(default_factory=list)
    _entries: int = 0
    _taken: set[tuple[int, datetime]] = field(default_factory=set)

    def uow(self, actor: Actor, at: datetime) -> UnitOfWork:
        """A unit of work of somebody at a moment, inside the one transaction of the building."""
        return UnitOfWork(self.session, actor, at, HOUSE)

    def at(self, when: datetime, step: Step) -> None:
        """Put a step on the agenda."""
        self._entries += 1
        when = when.replace(microsecond=0)
        heapq.heappush(self._agenda, (when, self._entries, step))

    def live(self) -> None:
        """Let everything happen that happens before now; the rest never does."""
        while self._agenda and self._agenda[0][0] <= self.now:
            when, _, step = heapq.heappop(self._agenda)
            step(when)

    def someone(self, role: Role, branch: Branch | None = None) -> Actor:
        """Somebody of a role at a branch, or at head office."""
        return self.dice.choice(self.people[role, branch.name if branch else ""])

    def actor(self, id: int | None) -> Actor:
        """Somebody by id."""
        return next(each for team in self.people.values() for each in team if each.id == id)

    def chance(self, share: float) -> bool:
        """Whether something happens that happens in this share of cases."""
        return self.dice.random() < share

    def choose(self, items: Sequence[ItemT]) -> ItemT:
        """One of them."""
        return self.dice.choice(items)

    def weighted(self, items: Iterable[tuple[ItemT, float]]) -> ItemT:
        """One of them, by its weight."""
        things, weights = zip(*items, strict=True)
        chosen: ItemT = self.dice.choices(things, weights)[0]
        return chosen

    def minutes(self, usual: float) -> timedelta:
        """A time that is usually about so long, and now and then much longer."""
        return timedelta(minutes=max(1.0, self.dice.lognormvariate(0, 0.7) * usual))

    def office_time(self, at: datetime, usual: float) -> datetime:
        """The moment when so much of the office's time has gone by, more or less."""
        minutes = max(1, round(self.minutes(usual).total_seconds() / 60))
        calendar = self.norm.calendar(self.office.zone)
        due = due_at(calendar, Unit.WORKING_MINUTES, minutes, at).astimezone(UTC)
        return due + timedelta(seconds=self.dice.randrange(60))

    def earlier(self, at: datetime, hours: float) -> datetime:
        """So many hours before, counting only those in which people ring and work."""
        left, moment = timedelta(hours=hours), at
        while True:
            begin = self.local(self.day(moment), UP)
            moment = min(moment, self.local(self.day(moment), DOWN))
            if moment - left >= begin:
                return moment - left
            left -= max(moment - begin, timedelta(0))
            moment = self.local(self.day(moment) - timedelta(days=1), DOWN)

    def notice(self, begin: datetime) -> datetime:
        """When somebody rings about a visit that was agreed: some time before, never at night."""
        return max(begin - self.minutes(90), self.local(self.day(begin), UP))

    def local(self, on: date, at: time) -> datetime:
        """A local day and time as an instant."""
        return datetime.combine(on, at, self.office.zone_info).astimezone(UTC)

    def day(self, at: datetime) -> date:
        """The company's local day."""
        return at.astimezone(self.office.zone_info).date()

    def slot(self, technician: Actor, after: datetime) -> tuple[datetime, datetime]:
        """The technician's next free window; Sundays are for emergencies."""
        day = self.day(after)
        while True:
            for begin, end in () if day.weekday() == SUNDAY else SLOTS:
                window = self.local(day, begin), self.local(day, end)
                key = (technician.id or 0, window[0])
                if window[0] > after and key not in self._taken:
                    self._taken.add(key)
                    return window
            day += timedelta(days=1)

    def progress(self, at: datetime) -> float:
        """How much of the company's time has gone by, 0 to 1."""
        return max(0.0, min(1.0, (at - self.start) / (self.now - self.start)))

    def strain(self, at: datetime) -> float:
        """How slow everything is: it gets better by the month, but for one hard one."""
        gone = self.progress(at)
        return 1.2 - 0.5 * gone + (0.7 if 0.45 < gone < 0.65 else 0.0)


def fresh(world: World, table: type[Any], record_id: int) -> Any:
    """A record as it is now."""
    return world.session.get_one(table, record_id)
