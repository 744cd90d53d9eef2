"""How time limits move: pure functions over a case's facts, for the live case and for what-if."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar

from core.norms import working_time
from core.norms.model import LimitRule, Norm
from db.codes import Channel, LimitUnit, Measure, Priority, RequestKind

# Whether one of some facts may still come about.
MayCome = Callable[[Collection[str]], bool]


def nothing_comes(_facts: Collection[str]) -> bool:
    """Nothing more comes of a case."""
    return False


# Facts after which a case may fall under other limits than before.
REPLANNING = frozenset(
    {"request.reclassified", "request.charge_set", "request.station_moved"}
    | {"customer_link.time_wished"}
    | {"request.kind_changed", "request.contract_set", "emergency.level_changed"}
)
# The case has ended: what nothing can meet any more is dropped.
ENDS_CASE = frozenset({"request.cancelled", "request.closed"})
# What ends the limits that another fact started: nobody is called about a case that runs again.
ENDING = {"follow_up.dropped": "follow_up.planned"}
# The case runs again: what it was to be solved by starts anew (E17).
REOPENED = "request.reopened"


@dataclass(frozen=True)
class CaseFacts:
    """What decides under which limits a case falls."""

    kind: RequestKind
    priority: Priority
    channel: Channel
    case_class: str
    in_warranty: bool
    station: str
    received_at: datetime
    promised_at: datetime | None = None
    wanted_to: datetime | None = None
    level: int | None = None


class Clock(Protocol):
    """A running, met or dropped limit: a row of the table, or a shadow of one."""

    name: str
    unit: LimitUnit
    amount: int
    started_at: datetime
    due_at: datetime
    pauses: list[Any]
    met_at: datetime | None
    dropped_at: datetime | None


@dataclass(slots=True)
class Shadow:
    """A limit as it would be, never stored."""

    name: str
    clause: str
    measure: Measure
    unit: LimitUnit
    amount: int
    started_at: datetime
    due_at: datetime
    pauses: list[Any] = field(default_factory=list)
    met_at: datetime | None = None
    dropped_at: datetime | None = None


ClockT = TypeVar("ClockT", bound=Clock)


class Clockwork(Generic[ClockT]):
    """The limits of a norm in a time zone, for any number of cases."""

    def __init__(self, norm: Norm, zone: str, make: Callable[..., ClockT]) -> None:
        """`make` builds a limit from its facts."""
        self.norm, self.zone, self.make = norm, zone, make
        self.rules = {rule.name: rule for rule in norm.limits}
        self.starting: dict[str, list[LimitRule]] = {}
        for rule in norm.limits:
            self.starting.setdefault(rule.starts, []).append(rule)
        self.narrower = {rule.name: norm.narrower(rule) for rule in norm.limits}

    def happen(
        self,
        case: CaseFacts,
        clocks: list[ClockT],
        fact: str,
        at: datetime,
        *,
        waits: bool = False,
        happened: Mapping[str, datetime] | None = None,
        may_come: MayCome | None = None,
    ) -> list[ClockT]:
        """Move the limits of a case by one fact; gives the limits that it starts.

        `happened` tells when each earlier fact happened first, and when the case was last
        reopened; it is read after REPLANNING facts. `may_come` tells of a case that has ended
        whether one of some facts may still come: a limit runs on as long as it can be met.
        """
        if may_come is None and fact in ENDS_CASE:
            may_come = nothing_comes
        running = [c for c in clocks if c.met_at is None and c.dropped_at is None]
        for clock in running:
            self._move(case, clock, fact, _not_before(clock, at), waits=waits, may_come=may_come)
        started = self._start(case, clocks, fact, at, waits=waits)
        if fact == REOPENED:
            started += self._start_anew(case, clocks, at)
        if fact in REPLANNING:
            started += self._replan(case, clocks, at, happened or {}, may_come)
        clocks += started
        return started

    def due(self, case: CaseFacts, rule: LimitRule, since: datetime, pauses: Sequence[Any]) -> Any:
        """When a limit that started then is due; None for a moment that the case does not hold."""
        if rule.moment:
            moment: datetime | None = getattr(case, rule.moment)
            return None if moment is None else max(moment, since)
        return due_at(self.norm, self.zone, case.station, rule.unit, rule.amount, since, pauses)

    def covers(self, rule: LimitRule, case: CaseFacts) -> bool:
        """Whether a case falls under a limit, and under none that its class puts in the place."""
        return self._fits(rule, case) and not any(
            self._fits(other, case) for other in self.narrower[rule.name]
        )

    def _fits(self, rule: LimitRule, case: CaseFacts) -> bool:
        return rule.covers(
            case.kind,
            case.priority,
            case_class=case.case_class,
            channel=case.channel,
            in_warranty=case.in_warranty,
            level=case.level,
        )

    def _move(
        self,
        case: CaseFacts,
        clock: ClockT,
        fact: str,
        at: datetime,
        *,
        waits: bool,
        may_come: MayCome | None,
    ) -> None:
        rule = self.rules.get(clock.name)
        if rule and fact in rule.met:
            self._resume(case, clock, rule, at)
            clock.met_at = at
        elif _is_over(rule, may_come) or (rule and rule.starts == ENDING.get(fact)):
            self._resume(case, clock, rule, at)
            clock.dropped_at = at
        elif rule and rule.moment and fact == rule.starts and at <= clock.due_at:
            # The promise is moved before it is broken: the same limit, another time.
            clock.due_at = self.due(case, rule, clock.started_at, ())
        elif rule and rule.moment and fact == rule.starts:
            clock.met_at = at  # moved too late: this one stays missed, and the next one starts
        elif waits and not is_paused(clock):
            clock.pauses = [*clock.pauses, [at.isoformat(), None]]
        elif not waits:
            # Also when an answer or a report ends the waiting: what it does not meet runs on.
            self._resume(case, clock, rule, at)

    def _resume(self, case: CaseFacts, clock: ClockT, rule: LimitRule | None, at: datetime) -> None:
        if not is_paused(clock):
            return
        since = _instant(clock.pauses[-1][0])
        clock.pauses = [*clock.pauses[:-1], [clock.pauses[-1][0], at.isoformat()]]
        if rule and rule.moment:
            # Another time was agreed while nothing could be done: unless it was late before.
            agreed = self.due(case, rule, clock.started_at, ()) if since <= clock.due_at else None
            clock.due_at = agreed or clock.due_at
        else:
            clock.due_at = due_at(
                self.norm,
                self.zone,
                case.station,
                clock.unit,
                clock.amount,
                clock.started_at,
                clock.pauses,
            )

    def _start(
        self, case: CaseFacts, clocks: list[ClockT], fact: str, at: datetime, *, waits: bool
    ) -> list[ClockT]:
        names = {c.name for c in clocks if c.met_at is None and c.dropped_at is None}
        started = []
        for rule in self.starting.get(fact, ()):
            if rule.name not in names and self.covers(rule, case):
                since = case.received_at if rule.since == "received" else at
                pauses = [[at.isoformat(), None]] if waits else []
                started += self._made(case, rule, since, pauses)
        return started

    def _start_anew(self, case: CaseFacts, clocks: list[ClockT], at: datetime) -> list[ClockT]:
        running = {c.name for c in clocks if c.met_at is None and c.dropped_at is None}
        started: list[ClockT] = []
        for rule in self.norm.limits:
            if runs_anew(rule) and rule.name not in running and self.covers(rule, case):
                started += self._made(case, rule, at, [])
        return started

    def _replan(
        self,
        case: CaseFacts,
        clocks: list[ClockT],
        at: datetime,
        happened: Mapping[str, datetime],
        may_come: MayCome | None,
    ) -> list[ClockT]:
        for clock in clocks:
            rule = self.rules.get(clock.name)
            if clock.met_at or clock.dropped_at or rule is None:
                continue
            if self.covers(rule, case):
                clock.due_at = self.due(case, rule, clock.started_at, clock.pauses) or clock.due_at
            else:
                clock.dropped_at = _not_before(clock, at)
        kept = [clock for clock in clocks if clock.dropped_at is None]
        pauses = max((clock.pauses for clock in clocks), key=len, default=[])
        started: list[ClockT] = []
        for rule in self.norm.limits:
            since = self._since(case, rule, happened)
            if since is None or _is_over(rule, may_come) or not self.covers(rule, case):
                continue
            anew = runs_anew(rule) and REOPENED in happened
            if not any(c.name == rule.name and (not anew or c.started_at >= since) for c in kept):
                started += self._caught_up(case, rule, since, happened, pauses)
        return started

    def _since(
        self, case: CaseFacts, rule: LimitRule, happened: Mapping[str, datetime]
    ) -> datetime | None:
        """When a limit started that should have run; None when nothing has started it."""
        if runs_anew(rule) and REOPENED in happened:
            return happened[REOPENED]
        ended = any(fact in happened and ENDING[fact] == rule.starts for fact in ENDING)
        if rule.starts not in happened or ended:
            return None
        return case.received_at if rule.since == "received" else happened[rule.starts]

    def _caught_up(
        self,
        case: CaseFacts,
        rule: LimitRule,
        since: datetime,
        happened: Mapping[str, datetime],
        pauses: list[Any],
    ) -> list[ClockT]:
        """A limit that should have run since its fact: it starts there, and may be met already."""
        first = max(since, happened[rule.starts])
        pauses = [list(pause) for pause in pauses if pause[1] is None or _instant(pause[1]) > since]
        made = self._made(case, rule, since, pauses)
        met = [happened[fact] for fact in rule.met if fact in happened and happened[fact] >= first]
        for clock in made:
            clock.met_at = min(met, default=None)
        return made

    def _made(
        self, case: CaseFacts, rule: LimitRule, since: datetime, pauses: list[Any]
    ) -> list[ClockT]:
        due = self.due(case, rule, since, pauses)
        if due is None:
            return []
        facts = {"name": rule.name, "clause": rule.clause, "measure": rule.measure}
        length = {"unit": rule.unit, "amount": rule.amount}
        return [self.make(**facts, **length, started_at=since, due_at=due, pauses=pauses)]


def runs_anew(rule: LimitRule) -> bool:
    """Whether a limit starts again when its case is reopened: what the case is solved by."""
    return rule.measure is Measure.RESOLUTION and rule.starts == "request.registered"


def _is_over(rule: LimitRule | None, may_come: MayCome | None) -> bool:
    """Whether the case has ended and nothing that may still come would meet the limit."""
    return may_come is not None and not (rule and may_come(rule.met))


def is_paused(clock: Clock) -> bool:
    """Whether the limit stands still because the company waits."""
    return bool(clock.pauses) and clock.pauses[-1][1] is None


def _not_before(clock: Clock, at: datetime) -> datetime:
    # Whatever the clock on the wall did: nothing is met, paused or resumed before it began.
    last = (_instant(text) for pause in clock.pauses[-1:] for text in pause if text)
    return max(at, clock.started_at, *last)


def spans(pauses: Iterable[Any]) -> list[tuple[datetime, datetime]]:
    """The ended pauses of a limit."""
    return [(_instant(begin), _instant(end)) for begin, end in pauses if end]


def due_at(
    norm: Norm,
    zone: str,
    station: str,
    unit: LimitUnit,
    amount: int,
    since: datetime,
    pauses: Iterable[Any],
) -> datetime:
    """When a limit of an amount is due, by the calendar of the company or of the station."""
    calendar = norm.calendar(zone, station)
    due = working_time.due_at(calendar, working_time.Unit(unit), amount, since, spans(pauses))
    return due.astimezone(UTC)


def is_late(clock: Clock, now: datetime) -> bool:
    """Whether a limit was or is missed; a pause saves none that was late before it began."""
    if clock.met_at:
        return clock.met_at > clock.due_at
    if clock.dropped_at:
        return False
    return (_instant(clock.pauses[-1][0]) if is_paused(clock) else now) > clock.due_at


@lru_cache(maxsize=4096)
def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
