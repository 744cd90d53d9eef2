"""Stories of complaints: the eight steps, by whoever may take them, up to now (E14)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from core.complaints.inputs import (
    Approve,
    Assign,
    CloseComplaint,
    Dismiss,
    Investigate,
    Judge,
    Notify,
    Propose,
    Refuse,
    SendBack,
    SettlePenalties,
)
from core.customers.paid_elsewhere import GIVES
from core.customers.warranty import OWNED
from core.demo import complaints_after, complaints_told, deeds
from core.demo.complaints_told import Grievance
from core.demo.followups import FollowUpStory
from core.demo.world import Branch, World
from core.improvements.actions import PlanImprovement
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import Actor
from db.codes import CauseScope, ComplaintStatus, Reaction, RequestKind, Role
from db.tables import Asset, Complaint

DAY = 450
REACTIONS = (
    *((Reaction.SATISFIED, 0.45), (Reaction.ACCEPTED, 0.42)),
    *((Reaction.NOT_REACHED, 0.07), (Reaction.DISSATISFIED, 0.06)),
)
INVESTIGATORS = (Role.HANDLER, Role.QUALITY, Role.LEADER)


@dataclass(frozen=True)
class Plot:
    """A staged complaint: no accidents, its steps at given moments, and nothing after the last."""

    grievance: Grievance
    # It stops when it stands here, after having been reopened so many times.
    until: ComplaintStatus
    level: int = 0
    unfounded: bool = False
    penalty: bool = False
    appealed: bool = False
    improvement: str = ""


@dataclass
class ComplaintStory:
    """One complaint; where it stands says what is next, so it goes on wherever it was left."""

    world: World
    branch: Branch
    case_id: int = 0
    grievance: Grievance | None = None
    plot: Plot | None = None
    moments: list[datetime] = field(default_factory=list)

    def register(self, at: datetime) -> None:
        """The customer complains about a product or a service."""
        told = self.told(complaints_told.GRIEVANCES)
        owned = self.world.choose(deeds.some_caller(self.world, self.branch).owned)
        facts = {"kind": RequestKind.COMPLAINT, "symptom": told.said, "fault_area": told.area}
        self.case_id = deeds.register_for(self.world, at, owned, **facts)
        self.begin(at)

    def begin(self, at: datetime) -> None:
        """Somebody will take the next step."""
        row = self.row()
        if self.plot and (row.status, row.level) == (self.plot.until, self.plot.level):
            return
        if row.status is ComplaintStatus.RECORDED:
            deeds.acknowledge_soon(self.world, self.branch, self.case_id, at)
        step = STEPS.get(row.status)
        if step:
            act, minutes = step
            later = partial(self._step, row.status, row.level, partial(act, self))
            self.world.at(self._after(at, minutes), later)

    def told(self, among: Sequence[Grievance] = complaints_told.AFTER_A_SERVICE) -> Grievance:
        """What it is about; an unhappy answer to a call is about the service."""
        if self.grievance is None:
            self.grievance = self.plot.grievance if self.plot else self.world.choose(among)
        return self.grievance

    def row(self) -> Complaint:
        """The complaint as it is now."""
        row: Complaint = deeds.file_of(self.world, Complaint, self.case_id)
        return row

    def happens(self, share: float) -> bool:
        """Whether an accident happens; never in a staged story."""
        return self.plot is None and self.world.chance(share)

    def act(self, actor: Actor, at: datetime, command: Action) -> None:
        """Somebody takes a step."""
        deeds.review(self.world, actor, at, self.row(), command)

    def free(self, *roles: Role, without: int | None = None) -> Actor:
        """Somebody of these roles whom nothing bars: not named, not the planner."""
        row = self.row()
        found = [actor for role in roles for actor in self.world.people[role, ""]]
        barred = {*row.request.named, without}
        return self.world.choose([actor for actor in found if actor.id not in barred])

    def _step(
        self, seen: ComplaintStatus, level: int, act: Callable[[datetime], None], at: datetime
    ) -> None:
        row = self.row()
        # The customer may have opened it again meanwhile: then another step is on the agenda.
        if (row.status, row.level) == (seen, level):
            act(at)
            self.begin(at)

    def _after(self, at: datetime, minutes: float) -> datetime:
        if self.moments:
            return self.moments.pop(0)
        return self.world.office_time(at, minutes * self.world.strain(at))

    def judge(self, at: datetime) -> None:
        """Founded or not, and of which class."""
        told, row = self.told(), self.row()
        who = self.free(Role.HANDLER, Role.QUALITY)
        staged = self.plot is not None and self.plot.unfounded
        if staged or (not row.level and self.happens(0.12)):
            answer = self.world.choose(complaints_told.UNFOUNDED)
            facts = {"nature": told.nature, "answer": answer, "channel": "hotline"}
            self.act(who, at, parse(Dismiss, facts))
            self._follow_up()
        else:
            self.act(who, at, Judge(nature=told.nature))

    def assign(self, at: datetime) -> None:
        """To the department of its class, and there to somebody."""
        department = deeds.route_of(self.world, self.case_id)
        team = [
            actor
            for role in INVESTIGATORS
            for actor in self.world.people[role, ""]
            if actor.department == department and actor.id not in self.row().request.named
        ]
        command = Assign(department=department, handler_id=self.world.choose(team).id)
        self.act(self.free(Role.MANAGER), at, command)

    def investigate(self, at: datetime) -> None:
        """The cause, and who answers for it with which share."""
        told, row = self.told(), self.row()
        facts: dict[str, Any] = {
            "cause": told.cause,
            "cause_kind": told.cause_kind,
            "cause_scope": told.scope,
        }
        if told.scope is CauseScope.COMPANY:
            person = row.about_id or self.world.someone(Role.TECHNICIAN, self.branch).id
            shares = [(person, 70), (None, 30)] if self.world.chance(0.6) else [(person, 100)]
            facts |= {"loss_cents": told.loss, "responsibles": _lines(row.department, shares)}
        self.act(self.handler(), at, parse(Investigate, facts))

    def propose(self, at: datetime) -> None:
        """What is offered, and what it costs."""
        names = ("kind", "what", "cost_cents")
        offers = self.told().offers
        asset_id = self.row().request.asset_id
        # The piece may have come back meanwhile: it is not paid for again.
        if asset_id and self.world.session.get_one(Asset, asset_id).status not in OWNED:
            kept = tuple(offer for offer in offers if offer[0] not in GIVES)
            offers = kept or (complaints_told.APOLOGY,)
        lines = [dict(zip(names, offer, strict=True)) for offer in offers]
        self.act(self.handler(), at, parse(Propose, {"measures": lines}))

    def decide(self, at: datetime) -> None:
        """The lowest level that may; mostly in favour."""
        row = self.row()
        boss = self.free(Role(row.approvers[0]), without=row.proposed_by_id)
        if self.happens(0.05):
            self.act(boss, at, SendBack(note=complaints_told.SENT_BACK))
        elif self.happens(0.04):
            self.act(boss, at, Refuse(note=complaints_told.REFUSED))
        else:
            self.act(boss, at, Approve())

    def notify(self, at: datetime) -> None:
        """The customer has the answer, and takes it well or not."""
        row, agent = self.row(), self.world.someone(Role.AGENT, self.branch)
        reaction = self.world.weighted(REACTIONS) if self.plot is None else Reaction.ACCEPTED
        note = ""
        if self.plot and row.level < self.plot.level:
            reaction, note = Reaction.DISSATISFIED, complaints_told.UNHAPPY
        facts = {"answer": self.told().answer, "note": note} | deeds.told(reaction)
        self.act(agent, at, parse(Notify, facts))
        self._follow_up()

    def penalise(self, at: datetime) -> None:
        """Those who answer for it, or nobody with the reason said."""
        wanted = self.plot.penalty if self.plot else self.world.chance(0.35)
        note = ""
        if not (wanted and complaints_after.penalise(self, at)):
            note = self.world.choose(complaints_told.NO_PENALTY)
        self.act(self.free(Role.MANAGER), at, SettlePenalties(note=note))

    def close(self, at: datetime) -> None:
        """The lesson, with a measure or the reason for none."""
        planned = self.plot.improvement if self.plot else self.world.chance(0.4)
        reason = "" if planned else self.world.choose(complaints_told.NO_MEASURE)
        if planned:
            how = self.plot.improvement if self.plot else ""
            measure, owner = self.told().lesson, self.free(Role.QUALITY, Role.HANDLER)
            complaints_after.improve(
                self.world, self.case_id, at, self.plan, measure, owner=owner, how=how
            )
        command = CloseComplaint(lesson=self.told().lesson, no_measure=reason)
        self.act(self.free(Role.MANAGER, Role.HANDLER), at, command)

    def plan(self, at: datetime, command: PlanImprovement) -> None:
        """Write a measure of improvement down."""
        self.act(self.free(Role.MANAGER), at, command)

    def handler(self) -> Actor:
        """Whoever it was assigned to."""
        return self.world.actor(self.row().handler_id)

    def _follow_up(self) -> None:
        if deeds.call_of(self.world, self.case_id):
            # A staged customer is content: the story would go on otherwise.
            trouble = -1.0 if self.plot else 0.0
            FollowUpStory(self.world, self.branch, self.case_id, trouble).plan()


def _lines(department: str, shares: Iterable[tuple[int | None, int]]) -> list[dict[str, object]]:
    return [
        {"department": department, "person_id": person, "share_percent": share}
        for person, share in shares
    ]


# What is next where a complaint stands, and after how many of the office's minutes usually.
STEPS: dict[ComplaintStatus, tuple[Callable[[ComplaintStory, datetime], None], float]] = {
    ComplaintStatus.RECORDED: (ComplaintStory.judge, 90),
    ComplaintStatus.JUDGED: (ComplaintStory.assign, 45),
    ComplaintStatus.ASSIGNED: (ComplaintStory.investigate, 0.8 * DAY),
    ComplaintStatus.INVESTIGATED: (ComplaintStory.propose, 70),
    ComplaintStatus.PROPOSED: (ComplaintStory.decide, 80),
    ComplaintStatus.APPROVED: (ComplaintStory.notify, 40),
    ComplaintStatus.REFUSED: (ComplaintStory.notify, 40),
    ComplaintStatus.NOTIFIED: (ComplaintStory.penalise, 0.7 * DAY),
    ComplaintStatus.PENALISED: (ComplaintStory.close, 0.5 * DAY),
}
