"""What happened to a case before it came here, as the facts that the rules of a case know.

What a file does not tell is not invented: a case that is closed, nobody knows when, becomes closed
by being imported, and its time limits are dropped, so that no figure takes it for a timely one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.imports.drafts import ENDED, Draft
from core.norms import working_time
from core.norms.model import LimitRule, Norm
from core.requests.kinds import REVIEWED
from db.codes import LimitUnit, Measure, RequestStatus

# A call about a service of long ago is no follow-up, and thousands of them would bury today's.
STILL_CALLED = timedelta(days=14)
REGISTERED, IN_PROGRESS = RequestStatus.REGISTERED, RequestStatus.IN_PROGRESS
RESOLVED, CLOSED, CANCELLED = (
    RequestStatus.RESOLVED,
    RequestStatus.CLOSED,
    RequestStatus.CANCELLED,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One fact of the story, in the past tense."""

    fact: str
    old: RequestStatus | None
    new: RequestStatus
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """Where a case stands when it comes in, and the facts that led there, oldest first."""

    status: RequestStatus
    steps: tuple[Step, ...]
    resolved_at: datetime | None
    closed_at: datetime | None
    # The status that the file names, where its own steps do not lead.
    is_told_whole: bool

    @property
    def acknowledged_at(self) -> datetime | None:
        """When the customer was first told, or had the answer; None where the file is silent."""
        told = ("acknowledged", "answered")
        return min((step.at for step in self.steps if step.fact in told), default=None)

    @property
    def is_followed_up(self) -> bool:
        """Whether a call is due before the case can be closed."""
        return self.status is RESOLVED


def tell(draft: Draft, norm: Norm, *, now: datetime) -> Story:
    """The story of a case up to its import, which is now."""
    status = _status(draft, norm, now)
    steps = [Step("registered", None, REGISTERED, draft.received_at)]
    if draft.acknowledged_at and status is not REGISTERED and _is_desk_matter(draft):
        steps.append(Step("acknowledged", REGISTERED, IN_PROGRESS, draft.acknowledged_at))
    if status in ENDED and draft.closed_at:
        steps += _ending(draft, status, steps[-1].new)
    ended_at = (draft.closed_at or draft.received_at) if status in ENDED else None
    return Story(
        status=status,
        steps=tuple(steps),
        resolved_at=ended_at if status in (RESOLVED, CLOSED) else None,
        closed_at=ended_at if status in (CLOSED, CANCELLED) else None,
        is_told_whole=steps[-1].new is status,
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """What a time limit depends on beside the case: the rule book, the day, the place."""

    norm: Norm
    now: datetime
    zone: str
    in_warranty: bool | None
    case_class: str = ""
    # Whether a limit that was late before the case came here goes on being late here.
    keeps_late: bool = True


def limit_rows(draft: Draft, story: Story, setting: Setting) -> list[dict[str, Any]]:
    """The time limits of a case by the norm: started, met or dropped as its story tells."""
    facts = {f"request.{step.fact}": step.at for step in story.steps}
    if story.is_followed_up and story.resolved_at:
        facts["follow_up.planned"] = story.resolved_at
    return [
        row
        for rule in setting.norm.limits
        if rule.starts in facts and _covers(rule, draft, setting)
        if (row := _limit(rule, draft, story, facts, setting))
    ]


def _covers(rule: LimitRule, draft: Draft, setting: Setting) -> bool:
    if not _fits(rule, draft, setting):
        return False
    # A limit of the class takes the place of the general one.
    return not setting.case_class or not any(
        _fits(other, draft, setting) for other in setting.norm.narrower(rule)
    )


def _fits(rule: LimitRule, draft: Draft, setting: Setting) -> bool:
    return rule.covers(
        draft.kind,
        draft.priority,
        case_class=setting.case_class,
        channel=draft.channel,
        in_warranty=setting.in_warranty,
    )


def _status(draft: Draft, norm: Norm, now: datetime) -> RequestStatus:
    """Where the case stands here: what has no place in our process goes where work on it starts."""
    if draft.status is IN_PROGRESS and not _is_desk_matter(draft):
        return REGISTERED  # in progress means a technician's job, and there is none here
    if draft.status is RESOLVED and not _may_be_called(draft, norm, now):
        return CLOSED
    return draft.status


def _may_be_called(draft: Draft, norm: Norm, now: datetime) -> bool:
    """A resolved case waits for its call (E3); without a number or a fresh end it is filed."""
    is_fresh = draft.closed_at is not None and now - draft.closed_at <= STILL_CALLED
    return is_fresh and bool(draft.phone) and draft.kind in norm.follow_up_kinds


def _is_desk_matter(draft: Draft) -> bool:
    return draft.kind in REVIEWED


def _ending(draft: Draft, status: RequestStatus, old: RequestStatus) -> list[Step]:
    assert draft.closed_at is not None
    if status is CANCELLED:
        return [Step("cancelled", old, CANCELLED, draft.closed_at, draft.answer)]
    answered = Step("answered", old, RESOLVED, draft.closed_at, draft.answer)
    closed = Step("closed", RESOLVED, CLOSED, draft.closed_at)
    return [answered, closed] if status is CLOSED else [answered]


def _limit(
    rule: LimitRule, draft: Draft, story: Story, facts: dict[str, datetime], setting: Setting
) -> dict[str, Any] | None:
    since = draft.received_at if rule.since == "received" else facts[rule.starts]
    due_at = _due(rule, draft, since, setting)
    if due_at is None:
        return None
    met_at = min((facts[fact] for fact in rule.met if fact in facts), default=None)
    return {
        "name": rule.name,
        "clause": rule.clause,
        "measure": rule.measure,
        "unit": rule.unit,
        "amount": rule.amount,
        "started_at": since,
        "due_at": due_at,
        "pauses": [],
        "met_at": met_at,
        "dropped_at": None if met_at else _dropped_at(rule, story, due_at, setting),
    }


def _due(rule: LimitRule, draft: Draft, since: datetime, setting: Setting) -> datetime | None:
    """When a limit is due; the file's own due time goes before the norm's for the solution."""
    if rule.unit is LimitUnit.MOMENT:
        return draft.due_at if rule.moment == "promised_at" else None
    if draft.due_at and rule.measure is Measure.RESOLUTION:
        return draft.due_at
    calendar, unit = setting.norm.calendar(setting.zone), working_time.Unit(rule.unit)
    return working_time.due_at(calendar, unit, rule.amount, since)


def _dropped_at(
    rule: LimitRule, story: Story, due_at: datetime, setting: Setting
) -> datetime | None:
    if story.status in (CLOSED, CANCELLED):
        return story.closed_at
    if due_at < setting.now and not setting.keeps_late:
        return setting.now
    # Somebody has reacted, nobody knows when: it can be neither late nor in time.
    is_answered = story.status is IN_PROGRESS and not story.is_told_whole
    return setting.now if is_answered and "request.acknowledged" in rule.met else None
