"""What all stories of requests for a technician have in common: where they stand, what is next."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from core.demo import deeds
from core.demo.catalogue import Fault, Model
from core.demo.world import Branch, Owned, Step, World
from core.kernel.inputs import Action
from core.kernel.unit_of_work import Actor
from db.codes import RequestKind, Role

Pause = Literal["part", "customer"]
Window = tuple[datetime, datetime]


@dataclass(frozen=True)
class Script:
    """A staged story: no accidents, steps at given times, and nothing after the last step."""

    until: str
    times: dict[str, datetime] = field(default_factory=dict)
    window: Window | None = None
    technician: Actor | None = None
    pause: Pause | None = None


@dataclass
class Story:
    """One request with its job; each step puts the next one on the agenda."""

    world: World
    branch: Branch
    kind: RequestKind
    model: Model | None = None
    owned: Owned | None = None
    fault: Fault | None = None
    script: Script | None = None
    case_id: int = 0
    technician: Actor | None = None
    window: Window | None = None
    earliest: datetime | None = None
    visits: int = 0
    # What the customer has had to bear so far: late visits, second visits.
    trouble: float = 0.0

    def next(self, done: str, step: str, at: datetime, method: Step) -> None:
        """Put the next step on the agenda; a script may know a better time, or end here."""
        if self.script is None:
            self.world.at(at, method)
        elif self.script.until != done:
            self.world.at(self.script.times.get(step, at), method)

    def happens(self, share: float) -> bool:
        """Whether an accident happens; never in a staged story."""
        return self.script is None and self.world.chance(share)

    def work(self, at: datetime, command: Action) -> None:
        """The technician acts on the job."""
        deeds.work(self.world, self.worker(), at, self.case_id, command)

    def worker(self) -> Actor:
        """The technician who was sent."""
        assert self.technician is not None  # no step needs one before the dispatch
        return self.technician

    def somebody(self) -> Actor:
        """A technician to send."""
        if self.script and self.script.technician:
            return self.script.technician
        return self.world.someone(Role.TECHNICIAN, self.branch)

    def soon(self, at: datetime, usual: float) -> datetime:
        """After so many of the office's minutes, more when everybody is busy."""
        return self.world.office_time(at, usual * self.world.strain(at))

    def find_window(self, at: datetime) -> Window:
        """When the technician comes: as the customer wants, in a free window."""
        if self.script and self.script.window:
            return self.script.window
        wish = self.earliest - timedelta(minutes=1) if self.earliest else at
        return self.world.slot(self.worker(), max(at, wish))

    def agreed(self) -> Window:
        """The window of the next visit."""
        assert self.window is not None  # no step needs one before it is agreed
        return self.window

    def arrival(self, at: datetime) -> datetime:
        """When the technician really comes: mostly inside the window."""
        begin, end = self.agreed()
        if self.world.chance(self.branch.punctual):
            moment = begin + (end - begin) * (0.8 * self.world.dice.random())
        else:
            moment = end + timedelta(minutes=self.world.dice.randint(6, 80))
        return max(moment, at + timedelta(minutes=1))
