"""What the eight steps do: effects, and what follows from them for the case."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.complaints import choices, penalties, plans, ties
from core.complaints.inputs import (
    Approve,
    Assign,
    AssignSeveral,
    CloseComplaint,
    Dismiss,
    Investigate,
    Judge,
    Link,
    Merge,
    NamePerson,
    Notify,
    Penalise,
    Propose,
    Refuse,
    Reopen,
    SendBack,
    SettlePenalties,
)
from core.complaints.rules import (
    CLOSED,
    JUDGED,
    RECORDED,
    RULES,
    TOLD,
    UNTOLD,
    select_visible,
)
from core.improvements import actions as improvements
from core.improvements.actions import PlanImprovement
from core.kernel.errors import InvalidInput, Problem, Refused
from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices, receivers, turns
from core.notices.notices import Told, taken
from core.process import workflow
from core.process.permissions import require
from core.process.rules import Done, Happening, Process
from core.requests import actions as requests
from db.codes import (
    CauseScope,
    ComplaintStatus,
    NoticeKind,
    Receiver,
    Role,
)
from db.tables import Complaint, Improvement, Responsible, ServiceRequest

HIGHEST = 2


def record(uow: UnitOfWork, request: ServiceRequest, registered: Done) -> None:
    """Open the file of a complaint that was just registered (E14, step 1)."""
    about_id = registered.data.get("about")
    request.named = [about_id] if about_id else []
    complaint = Complaint(
        request_id=request.id,
        request=request,
        status=RECORDED,
        about_id=about_id,
        approvers=[],
        responsibles=[],
        measures=[],
    )
    uow.session.add(complaint)
    uow.session.flush()
    workflow.advance(uow, PROCESS, complaint, "recorded", Done(data={"about": about_id}))


def withdraw(uow: UnitOfWork, request: ServiceRequest, note: str) -> None:
    """The complaint of a case that is cancelled goes with it."""
    complaint = of_case(uow, request.id)
    if complaint and complaint.status in UNTOLD:
        workflow.advance(uow, PROCESS, complaint, "withdrawn", Done(note=note))


def of_case(uow: UnitOfWork, case_id: int) -> Complaint | None:
    """The complaint of a case that the actor may see."""
    query = select_visible(uow.actor).where(Complaint.request_id == case_id)
    found: Complaint | None = uow.session.scalars(query).one_or_none()
    return found


def may_reopen(complaint: Complaint) -> bool:
    """Whether an unhappy customer opens it again by itself: until the leaders have decided."""
    return complaint.level < HIGHEST and complaint.status in TOLD | {CLOSED}


def reopen(uow: UnitOfWork, complaint: Complaint, note: str) -> None:
    """An unhappy customer opens the complaint again (E17, C6)."""
    workflow.advance(uow, PROCESS, complaint, "reopened", _back_to_judged(complaint, note))


@dataclass(frozen=True)
class Assigned:
    """How many complaints were assigned, and which ones were not, with the reason."""

    done: int
    refused: tuple[tuple[str, Refused], ...]


def assign_several(uow: UnitOfWork, command: AssignSeveral) -> Assigned:
    """Assign judged complaints by the rule book's routes; each on its own."""
    require(uow, "complaint:assign")
    refused: list[tuple[str, Refused]] = []
    for id in command.ids:
        complaint = workflow.fetch(uow, PROCESS, id)
        route = choices.route_of(uow, complaint)
        try:
            if complaint.status is not JUDGED:
                raise InvalidInput(Problem("ids", "not_judged"))
            # A person of their own choice is a hand-made assignment: the choice is the reason.
            one = Assign(department=route, handler_id=command.handler_id)
            workflow.act(uow, PROCESS, id=id, command=one, seen_version=complaint.version)
        except Refused as error:
            refused.append((complaint.request.number, error))
    return Assigned(len(command.ids) - len(refused), tuple(refused))


def _judge(uow: UnitOfWork, complaint: Complaint, command: Judge) -> Done:
    _classify(uow, complaint, command.nature)
    complaint.founded, complaint.reason_sufficient = True, True
    complaint.demand_reasonable, complaint.judged_at = command.demand_reasonable, uow.now
    if command.about_id:
        _name(complaint, about_id=command.about_id)
    data = {"class": command.nature, "demand_reasonable": command.demand_reasonable}
    return Done(note=command.note, data=data)


def _dismiss(uow: UnitOfWork, complaint: Complaint, command: Dismiss) -> Done:
    _classify(uow, complaint, command.nature)
    complaint.founded = False
    complaint.reason_sufficient = command.reason_sufficient
    complaint.demand_reasonable = command.demand_reasonable
    complaint.judged_at = complaint.notified_at = complaint.closed_at = uow.now
    complaint.request.answer = command.answer
    data = {"class": command.nature, "channel": command.channel.value}
    return Done(note=command.answer, data=data)


def _classify(uow: UnitOfWork, complaint: Complaint, nature: str) -> None:
    case_class, _, complaint.case_part = nature.partition(choices.BETWEEN)
    requests.classify(uow, complaint.request, case_class)


def _name_person(uow: UnitOfWork, complaint: Complaint, command: NamePerson) -> Done:
    data = {"about": [complaint.about_id, command.about_id]}
    _name(complaint, about_id=command.about_id)
    return Done(note=command.note, data=data)


def _name(complaint: Complaint, *, about_id: int | None) -> None:
    complaint.about_id = about_id
    complaint.request.named = sorted(_named(complaint))


def _named(complaint: Complaint) -> set[int]:
    return {each.person_id for each in complaint.responsibles if each.person_id} | (
        {complaint.about_id} if complaint.about_id else set()
    )


def _assign(uow: UnitOfWork, complaint: Complaint, command: Assign) -> Done:
    route = choices.route_of(uow, complaint)
    before = complaint.handler_id
    if command.department != route and not command.reason:
        raise InvalidInput(Problem("reason", "off_route"))
    if command.handler_id in complaint.request.named:
        raise InvalidInput(Problem("handler_id", "is_named"))
    complaint.department, complaint.handler_id = command.department, command.handler_id
    if command.handler_id:
        complaint.request.owner_id = command.handler_id
    _tell_assigned(uow, complaint)
    data = {"department": command.department, "route": route, "handler": command.handler_id}
    if before and before != command.handler_id:
        data["before"] = before
    return Done(note=command.reason, data=data)


def _tell_assigned(uow: UnitOfWork, complaint: Complaint) -> None:
    _notice(uow, complaint, NoticeKind.ASSIGNED, _handlers(uow, complaint))


def _handlers(uow: UnitOfWork, complaint: Complaint) -> set[int]:
    """Whoever has to see to it: the person, or the department where nobody was named."""
    if complaint.handler_id:
        return {complaint.handler_id}
    return set(receivers.of_department(uow, complaint.department)) - {*complaint.request.named}


def _investigate(uow: UnitOfWork, complaint: Complaint, command: Investigate) -> Done:
    _check_responsibles(command)
    facts = command.model_dump(include={"cause", "cause_kind", "cause_scope", "loss_cents"})
    for name, value in facts.items():
        setattr(complaint, name, value)
    if command.batch:
        complaint.request.batch = command.batch
    complaint.responsibles.clear()
    uow.session.flush()  # the old rows go before rows of the same people come
    complaint.responsibles += [Responsible(**line.model_dump()) for line in command.responsibles]
    complaint.request.named = sorted({*complaint.request.named, *_named(complaint)})
    shares = [line.model_dump() for line in command.responsibles]
    scope = {"cause_scope": command.cause_scope.value, "cause_kind": command.cause_kind.value}
    return Done(note=command.cause, data={**scope, "cents": command.loss_cents, "shares": shares})


def _check_responsibles(command: Investigate) -> None:
    lines = command.responsibles
    if command.cause_scope is not CauseScope.COMPANY:
        if lines:
            raise InvalidInput(Problem("responsibles", "not_the_company"))
        return
    if sum(line.share_percent for line in lines) != 100:
        raise InvalidInput(Problem("responsibles", "shares_not_100"))
    if len({(line.department, line.person_id) for line in lines}) != len(lines):
        raise InvalidInput(Problem("responsibles", "twice"))


def _settle_penalties(uow: UnitOfWork, complaint: Complaint, command: SettlePenalties) -> Done:
    if not command.note and not penalties.count_of(uow, complaint):
        raise InvalidInput(Problem("note", "why_no_penalty"))
    return Done(note=command.note)


def _plan_improvement(uow: UnitOfWork, complaint: Complaint, command: PlanImprovement) -> Done:
    row = improvements.plan(uow, complaint.request, command)
    return Done(note=command.measure, data={"improvement": row.id})


def _close(uow: UnitOfWork, complaint: Complaint, command: CloseComplaint) -> Done:
    planned = select(Improvement.id).where(Improvement.request_id == complaint.request_id)
    if not command.no_measure and uow.session.scalar(planned.limit(1)) is None:
        raise InvalidInput(Problem("no_measure", "measure_or_reason"))
    complaint.lesson, complaint.closed_at = command.lesson, uow.now
    return Done(note=command.lesson, data={"no_measure": command.no_measure})


def _reopen(uow: UnitOfWork, complaint: Complaint, command: Reopen) -> Done:
    return _back_to_judged(complaint, command.note)


def _back_to_judged(complaint: Complaint, note: str) -> Done:
    complaint.level = min(HIGHEST, complaint.level + 1)
    complaint.approvers, complaint.proposed_by_id, complaint.approved_by_id = [], None, None
    complaint.reaction, complaint.notified_at, complaint.closed_at = None, None, None
    return Done(note=note, data={"level": complaint.level})


def end_case(uow: UnitOfWork, merged: Happening) -> None:
    """It goes on under another number: its own case ends without an answer."""
    requests.cancel(uow, merged.record.request, merged.done.data["number"])


def run_anew(uow: UnitOfWork, reopened: Happening) -> None:
    """The case runs again, its limits anew; whoever has it and stands one level higher is told."""
    complaint, request = reopened.record, reopened.record.request
    requests.reopen(uow, request)
    higher = Receiver.MANAGER if complaint.level == 1 else Receiver.LEADER
    reached = receivers.find(uow, request, higher, without=uow.actor.id)
    _notice(uow, complaint, NoticeKind.REOPENED, {*reached.people, *_handlers(uow, complaint)})


def _notice(uow: UnitOfWork, complaint: Complaint, kind: NoticeKind, whom: Any) -> None:
    notices.put(
        uow,
        people=whom,
        kind=kind,
        source=f"complaint:{complaint.id}:{complaint.version}:{kind.value}",
        case_id=complaint.request_id,
        data={"step": complaint.status.value},
    )


# Who is asked for the next step, the first of these that is there; what a department has is its
# own, and for a decision the lowest is asked that may take it (plans.propose).
ASKED_NEXT = {
    ComplaintStatus.RECORDED: (Role.QUALITY, Role.HANDLER, Role.MANAGER),
    ComplaintStatus.JUDGED: (Role.HANDLER, Role.MANAGER, Role.LEADER),
    ComplaintStatus.NOTIFIED: (Role.MANAGER, Role.LEADER),
}
HANDED_ON = ("recorded", "judged", "investigated", "sent_back", "notified", "penalties_settled")


def has_next(uow: UnitOfWork, complaint: Complaint) -> Iterable[int | None]:
    """Whoever may take the step that is open now."""
    if complaint.status in ASKED_NEXT:
        return turns.first_of(uow, complaint.request, ASKED_NEXT[complaint.status])
    if complaint.handler_id:
        return (complaint.handler_id,)
    return receivers.of_department(uow, complaint.department)


def given_to_another(_uow: UnitOfWork, complaint: Complaint, done: Done) -> Iterator[Told]:
    """Whoever had the complaint before has it no longer."""
    yield taken(done.data.get("before"), number=complaint.request.number)


def ended(_uow: UnitOfWork, complaint: Complaint, _done: Done) -> Iterator[Told]:
    """Nothing is left to do for whoever had the complaint."""
    yield taken(complaint.handler_id, number=complaint.request.number)


def decided(_uow: UnitOfWork, complaint: Complaint, _done: Done) -> Iterator[Told]:
    """The plan was decided on: whoever has the case goes on."""
    # Whoever has the case owes the customer the answer (D9); the planner is told besides.
    others = {complaint.request.owner_id} - {complaint.proposed_by_id, *complaint.request.named}
    yield Told(NoticeKind.ASSIGNED, others)


PROCESS = Process(
    subject="complaint",
    rules=RULES,
    effects={
        Approve: plans.approve,
        Assign: _assign,
        CloseComplaint: _close,
        Dismiss: _dismiss,
        Investigate: _investigate,
        Judge: _judge,
        Link: ties.link,
        Merge: ties.merge,
        NamePerson: _name_person,
        Notify: plans.notify,
        Penalise: penalties.impose,
        PlanImprovement: _plan_improvement,
        Propose: plans.propose,
        Refuse: plans.refuse,
        Reopen: _reopen,
        SendBack: plans.send_back,
        SettlePenalties: _settle_penalties,
    },
    select=select_visible,
    table=Complaint,
    case_id=lambda complaint: complaint.request_id,
    options={
        "natures": choices.natures,
        "departments": choices.departments,
        "handlers": choices.handlers,
        "staff": improvements.staff,
        "assets": choices.assets,
    },
    proposals={
        Assign: choices.assignment,
        Dismiss: choices.channel,
        Investigate: choices.cause,
        Link: choices.link,
        Notify: choices.channel,
        Propose: choices.measures,
    },
)
