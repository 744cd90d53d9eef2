"""What if: cases judged again under a draft of the rule book; nothing is written."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import func, select

from core.house import HOUSE
from core.kernel.errors import NotFound, Refused
from core.kernel.unit_of_work import UnitOfWork
from core.norms import working_time
from core.norms.model import Norm
from core.process import contracted, lasting
from core.process.clockwork import (
    ENDS_CASE,
    REOPENED,
    CaseFacts,
    Clockwork,
    MayCome,
    Shadow,
    is_late,
    spans,
)
from core.process.limits import IN_WARRANTY
from core.process.permissions import require, visible_requests
from core.requests.drills import IN_EARNEST
from db.codes import LimitUnit, Measure, Priority, RequestKind
from db.tables import History, Limit, NormRevision, ServiceRequest, Station

CHUNK = 2000
SHOWN = 500
Progress = Callable[[int, int], bool]
"""Told the cases done and the cases in all; answers whether to go on."""


class ReplayStopped(Refused):
    """The person stopped it. Nothing was written anyway."""

    code = "replay_stopped"


@dataclass(frozen=True)
class Rate:
    """On-time rate of a clause or a station, before and after."""

    name: str
    due_before: int
    on_time_before: int
    due_after: int
    on_time_after: int

    @property
    def before(self) -> float | None:
        """The share that was on time under the rule books that were in force."""
        return self.on_time_before / self.due_before if self.due_before else None

    @property
    def after(self) -> float | None:
        """The share that would be on time under the draft."""
        return self.on_time_after / self.due_after if self.due_after else None


@dataclass(frozen=True)
class Change:
    """A case that changes side for one measure."""

    case_id: int
    number: str
    station: str
    measure: Measure
    late_before: bool
    late_after: bool


@dataclass(frozen=True)
class Outcome:
    """What the draft would change."""

    cases: int
    by_clause: tuple[Rate, ...]
    by_station: tuple[Rate, ...]
    changes: tuple[Change, ...]
    change_count: int


@dataclass(frozen=True)
class LedgerView:
    """One limit of a case under one rule book, with what counted."""

    name: str
    clause: str
    measure: Measure
    due_at: datetime
    met_at: datetime | None
    late: bool
    ledger: tuple[working_time.Entry, ...]


def replay(
    uow: UnitOfWork,
    *,
    draft: Norm,
    since: date,
    until: date,
    progress: Progress = lambda done, total: True,
) -> Outcome:
    """Judge the cases received from `since` to `until` (local days) again under the draft."""
    require(uow, "norm:read")
    where = _received(uow, since, until)
    total = uow.session.scalar(select(func.count(ServiceRequest.id)).where(*where)) or 0
    judge, done = _Replay(uow, draft), 0
    for cases in _chunks(uow, where):
        judge.take(cases)
        done += len(cases)
        if not progress(done, total):
            raise ReplayStopped()
    return judge.outcome(done)


def ledgers(
    uow: UnitOfWork, *, draft: Norm, case_id: int
) -> tuple[tuple[LedgerView, ...], tuple[LedgerView, ...]]:
    """The limits of one case with their ledgers: as they were, and under the draft."""
    require(uow, "norm:read")
    where = [visible_requests(uow.actor), ServiceRequest.id == case_id]
    cases = next(_chunks(uow, where), None)
    if not cases:
        raise NotFound(subject="request", id=case_id)
    judge = _Replay(uow, draft)
    facts = judge.facts_now(cases[0])
    in_force = Norm.model_validate(judge.revisions()[cases[0].revision_id])
    stored = judge.stored([case_id]).get(case_id, [])
    fresh = judge.again(cases[0], judge.events([case_id]).get(case_id, []))
    return (
        tuple(_ledger(uow, in_force, facts, clock) for clock in stored),
        tuple(_ledger(uow, draft, facts, clock) for clock in fresh),
    )


def _received(uow: UnitOfWork, since: date, until: date) -> list[Any]:
    zone = uow.actor.zone_info
    begins = datetime.combine(since, time(), zone)
    ends = datetime.combine(until + timedelta(days=1), time(), zone)
    return [
        visible_requests(uow.actor),
        ServiceRequest.received_at >= begins,
        ServiceRequest.received_at < ends,
        IN_EARNEST,
    ]


def _chunks(uow: UnitOfWork, where: Sequence[Any]) -> Iterator[Sequence[Any]]:
    last = 0
    while True:
        rows = uow.session.execute(
            select(*_COLUMNS)
            .outerjoin(Station, Station.id == ServiceRequest.station_id)
            .where(*where, ServiceRequest.id > last)
            .order_by(ServiceRequest.id)
            .limit(CHUNK)
        ).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id


_COLUMNS = (
    ServiceRequest.id,
    ServiceRequest.number,
    ServiceRequest.kind,
    ServiceRequest.priority,
    ServiceRequest.channel,
    ServiceRequest.case_class,
    ServiceRequest.charge_reason,
    ServiceRequest.received_at,
    ServiceRequest.promised_at,
    ServiceRequest.wanted_to,
    ServiceRequest.revision_id,
    Station.name.label("station"),
)
# Facts that end a waiting, whether or not somebody said that it was over.
_ENDS_WAITING = frozenset(
    {"request.resumed", "request.answered", "request.job_finished", "request.cancelled"}
)


class Event(NamedTuple):
    """One fact of a case, and the file that it moved: subject, id, new status."""

    fact: str
    at: datetime
    data: dict[str, Any]
    file: tuple[str, int, str | None]


class _Replay:
    """Judges chunks of cases and adds up what it finds."""

    def __init__(self, uow: UnitOfWork, draft: Norm) -> None:
        self.uow = uow
        self.clockwork = Clockwork(draft, uow.actor.zone, Shadow)
        self.tallies: dict[str, Counter[tuple[str, str]]] = {
            "clause": Counter(),
            "station": Counter(),
        }
        self.changes: list[Change] = []
        self.change_count = 0

    def take(self, cases: Sequence[Any]) -> None:
        ids = [case.id for case in cases]
        before, events = self.stored(ids), self.events(ids)
        for case in cases:
            after = self.again(case, events.get(case.id, []))
            self._compare(case, before.get(case.id, []), after)

    def stored(self, ids: Sequence[int]) -> dict[int, list[Shadow]]:
        """The limits as they stand in the table."""
        found: dict[int, list[Shadow]] = {}
        columns = (Limit.name, Limit.clause, Limit.measure, Limit.unit, Limit.amount)
        times = (Limit.started_at, Limit.due_at, Limit.pauses, Limit.met_at, Limit.dropped_at)
        query = select(Limit.request_id, *columns, *times).where(
            # Those of contracts are no matter of a rule book.
            Limit.request_id.in_(ids),
            Limit.name.not_in(contracted.NAMES),
        )
        for request_id, *facts in self.uow.session.execute(query.order_by(Limit.id)):
            found.setdefault(request_id, []).append(Shadow(*facts))
        return found

    def events(self, ids: Sequence[int]) -> dict[int, list[Event]]:
        """What happened to each case, oldest first."""
        found: dict[int, list[Event]] = {}
        h = History
        query = (
            select(h.case_id, h.subject, h.subject_id, h.action, h.new, h.at, h.data)
            .where(h.case_id.in_(ids))
            .order_by(h.case_id, h.at, h.id)
        )
        for case_id, subject, id, action, new, at, data in self.uow.session.execute(query):
            event = Event(f"{subject}.{action}", at, data, (subject, id, new))
            found.setdefault(case_id or 0, []).append(event)
        return found

    def facts_now(self, case: Any) -> CaseFacts:
        """What decides about the case, as it stands today."""
        return CaseFacts(
            kind=case.kind,
            priority=case.priority,
            channel=case.channel,
            case_class=case.case_class,
            in_warranty=case.charge_reason in IN_WARRANTY,
            station=case.station or "",
            received_at=case.received_at,
            promised_at=case.promised_at,
            wanted_to=case.wanted_to,
        )

    def again(self, case: Any, events: Sequence[Event]) -> list[Shadow]:
        """The limits of a case, had the draft been in force."""
        facts = _at_first(self.facts_now(case), events)
        clocks: list[Shadow] = []
        happened: dict[str, datetime] = {}
        waits = ended = False
        for number, (fact, at, data, _file) in enumerate(events, 1):
            waits = fact == "request.waiting" or (waits and fact not in _ENDS_WAITING)
            ended = fact in ENDS_CASE or (ended and fact != REOPENED)
            facts = _moved(facts, fact, data)
            happened[fact] = at if fact == REOPENED else happened.get(fact, at)
            may_come = _may_come(events[:number]) if ended else None
            self.clockwork.happen(
                facts, clocks, fact, at, waits=waits, happened=happened, may_come=may_come
            )
        return clocks

    def revisions(self) -> dict[int, dict[str, Any]]:
        """The rule books that were in force, by id."""
        rows = self.uow.session.execute(select(NormRevision.id, NormRevision.data))
        return {row.id: row.data for row in rows}

    def _compare(self, case: Any, before: list[Shadow], after: list[Shadow]) -> None:
        station = case.station or ""
        self._tally("before", station, before)
        self._tally("after", station, after)
        for measure in Measure:
            old, new = self._late(before, measure), self._late(after, measure)
            if old is None or new is None or old == new:
                continue
            self.change_count += 1
            if len(self.changes) < SHOWN:
                self.changes.append(Change(case.id, case.number, station, measure, old, new))

    def _tally(self, side: str, station: str, clocks: list[Shadow]) -> None:
        for clock in clocks:
            late = self._verdict(clock)
            if late is None:
                continue
            for kind, name in (("clause", clock.clause), ("station", station)):
                self.tallies[kind][name, f"due_{side}"] += 1
                self.tallies[kind][name, f"on_time_{side}"] += not late

    def _verdict(self, clock: Shadow) -> bool | None:
        """Late or not; None when it does not count: dropped, or running and not yet due."""
        if clock.dropped_at is not None:
            return None
        late = is_late(clock, self.uow.now)
        return None if clock.met_at is None and not late else late

    def _late(self, clocks: list[Shadow], measure: Measure) -> bool | None:
        verdicts = [self._verdict(clock) for clock in clocks if clock.measure is measure]
        known = [late for late in verdicts if late is not None]
        return any(known) if known else None

    def outcome(self, cases: int) -> Outcome:
        return Outcome(
            cases=cases,
            by_clause=self._rates("clause"),
            by_station=self._rates("station"),
            changes=tuple(self.changes),
            change_count=self.change_count,
        )

    def _rates(self, kind: str) -> tuple[Rate, ...]:
        counted = self.tallies[kind]
        columns = ("due_before", "on_time_before", "due_after", "on_time_after")
        names = sorted({name for name, _column in counted})
        return tuple(Rate(name, *(counted[name, column] for column in columns)) for name in names)


def _may_come(events: Sequence[Event]) -> MayCome:
    return partial(HOUSE.may_come, lasting.latest(each.file for each in events))


def _at_first(facts: CaseFacts, events: Sequence[Event]) -> CaseFacts:
    """The facts as they were when the case was registered: the changes since are taken back."""
    facts = replace(facts, promised_at=None)
    for fact, _at, data, _file in reversed(events):
        if fact == "request.reclassified":
            priority, case_class = data["priority"][0], data["case_class"][0]
            facts = replace(facts, priority=Priority(priority), case_class=case_class)
        elif fact == "request.kind_changed":
            facts = replace(facts, kind=RequestKind(data["kind"][0]))
        elif fact == "request.registered" and "reason" in data:
            facts = replace(facts, in_warranty=data["reason"] in IN_WARRANTY)
    return facts


def _moved(facts: CaseFacts, fact: str, data: dict[str, Any]) -> CaseFacts:
    if fact == "request.reclassified":
        priority = Priority(data["priority"][1])
        return replace(facts, priority=priority, case_class=data["case_class"][1])
    if fact == "request.kind_changed":
        return replace(facts, kind=RequestKind(data["kind"][1]))
    if fact == "request.charge_set":
        return replace(facts, in_warranty=data.get("reason") in IN_WARRANTY)
    if fact in ("emergency.declared", "emergency.level_changed"):
        level = data["level"]
        return replace(facts, level=level[-1] if isinstance(level, list) else level)
    if fact == "request.promised":
        return replace(facts, promised_at=datetime.fromisoformat(data["to"]))
    return facts


def _ledger(uow: UnitOfWork, norm: Norm, facts: CaseFacts, clock: Shadow) -> LedgerView:
    entries: tuple[working_time.Entry, ...] = ()
    if clock.unit is not LimitUnit.MOMENT:
        entries = working_time.ledger(
            norm.calendar(uow.actor.zone, facts.station),
            working_time.Unit(clock.unit),
            clock.amount,
            clock.started_at,
            spans(clock.pauses),
            max(clock.due_at, clock.met_at or clock.due_at),
        )
    late = is_late(clock, uow.now)
    return LedgerView(
        clock.name, clock.clause, clock.measure, clock.due_at, clock.met_at, late, entries
    )
