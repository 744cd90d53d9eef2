"""What the steps of quality feedback do: effects, and what follows from them for the case."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from core.emergencies import actions as emergencies
from core.improvements import actions as improvements
from core.improvements.actions import PlanImprovement
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import norm_for
from core.notices import notices, receivers, turns
from core.process import workflow
from core.process.rules import Done, Process
from core.quality import owners
from core.quality.inputs import (
    Analyse,
    Assess,
    CloseFeedback,
    Recall,
    RecordTest,
    SkipTest,
    Solve,
    TakeSample,
)
from core.quality.rules import ANALYSED, ASSESSED, CLOSED, RECORDED, RULES, UNTOLD, select_visible
from core.requests import actions as requests
from core.requests import asked
from db.codes import (
    ImprovementKind,
    NoticeKind,
    QualityStatus,
    Role,
    Severity,
)
from db.tables import Emergency, Improvement, QualityFeedback, ServiceRequest

# Whom a grave problem is reported to at once, and the report of each one at its end (S11, D19).
UPWARD = (Role.MANAGER, Role.LEADER)


def record(uow: UnitOfWork, request: ServiceRequest, _registered: Done) -> None:
    """Open the file of quality feedback that was just registered (C7)."""
    row = QualityFeedback(request_id=request.id, request=request, status=RECORDED)
    uow.session.add(row)
    uow.session.flush()
    workflow.advance(uow, PROCESS, row, "recorded")


def withdraw(uow: UnitOfWork, request: ServiceRequest, note: str) -> None:
    """The feedback of a case that is cancelled goes with it."""
    query = select_visible(uow.actor).where(QualityFeedback.request_id == request.id)
    row = uow.session.scalars(query).one_or_none()
    if row and row.status in UNTOLD:
        workflow.advance(uow, PROCESS, row, "withdrawn", Done(note=note))


def recall(uow: UnitOfWork, request: ServiceRequest, happened: str) -> Emergency:
    """Declare the gravest emergency on a case; InvalidInput when one was declared on it."""
    gravest = min(emergencies.levels(norm_for(uow, request), uow.actor.language))
    declared = emergencies.declare(
        uow,
        emergencies.DeclareEmergency(number=request.number, level=gravest, happened=happened),
    )
    if request.batch:
        owners.call(uow, declared, request.batch)
    return declared


def _assess(uow: UnitOfWork, row: QualityFeedback, command: Assess) -> Done:
    if command.happened_on and command.happened_on > uow.today:
        raise InvalidInput(Problem("happened_on", "in_the_future"))
    was = row.severity
    row.nature, row.severity = command.defect_nature, command.severity
    row.used_for, row.place, row.happened_on = command.used_for, command.place, command.happened_on
    _keep_batch(row, command.batch)
    if (command.case_class or "") != row.request.case_class:
        requests.classify(uow, row.request, command.case_class or "")
    _tell_assessed(uow, row, was)
    data = {"severity": [was, command.severity.value], "batch": row.request.batch}
    return Done(note=command.defect_nature, data=data)


def _take_sample(uow: UnitOfWork, row: QualityFeedback, command: TakeSample) -> Done:
    row.sample, row.sample_quantity = command.sample, command.sample_quantity
    # What was found on an earlier sample says nothing about this one; history keeps it.
    row.tested_quantity, row.defect_quantity = 0, 0
    row.defect_confirmed, row.finding = None, ""
    _keep_batch(row, command.batch)
    data = {"quantity": command.sample_quantity, "batch": row.request.batch}
    return Done(note=" · ".join(filter(None, (command.sample, command.note))), data=data)


def _keep_batch(row: QualityFeedback, batch: str) -> None:
    if batch:
        row.request.batch = batch


def _record_test(uow: UnitOfWork, row: QualityFeedback, command: RecordTest) -> Done:
    facts = command.model_dump(exclude={"test_finding"})
    for name, value in facts.items():
        setattr(row, name, value)
    row.finding = command.test_finding
    return Done(note=command.test_finding, data=facts)


def _skip_test(uow: UnitOfWork, row: QualityFeedback, command: SkipTest) -> Done:
    row.defect_confirmed, row.finding = command.defect_confirmed, command.test_finding
    return Done(note=command.test_finding, data={"defect_confirmed": command.defect_confirmed})


def _analyse(uow: UnitOfWork, row: QualityFeedback, command: Analyse) -> Done:
    # A defect of the company's own making has a department that answers for it (S11).
    if row.defect_confirmed and not command.department and _departments(uow, row):
        raise InvalidInput(Problem("department", "missing"))
    row.cause_kind, row.cause = command.cause_kind, command.cause
    row.department = command.department or ""
    _tell(uow, row, receivers.of_department(uow, row.department), ANALYSED)
    data = {"cause_kind": command.cause_kind.value, "department": row.department}
    return Done(note=command.cause, data=data)


def _solve(uow: UnitOfWork, row: QualityFeedback, command: Solve) -> Done:
    row.solution, row.solution_note = command.solution, command.solution_note
    row.request.answer = command.answer
    data = {"solution": command.solution.value, "channel": command.channel.value}
    return Done(note=command.solution_note, data=data)


def _plan_improvement(uow: UnitOfWork, row: QualityFeedback, command: PlanImprovement) -> Done:
    planned = improvements.plan(uow, row.request, command)
    return Done(note=command.measure, data={"improvement": planned.id})


def _close(uow: UnitOfWork, row: QualityFeedback, command: CloseFeedback) -> Done:
    if row.defect_confirmed and not command.no_measure and not _has_both_kinds(uow, row):
        raise InvalidInput(Problem("no_measure", "both_measures_or_reason"))
    row.report, row.closed_at = command.report, uow.now
    _tell(uow, row, receivers.of_roles(uow, row.request, UPWARD), CLOSED)
    return Done(note=command.report, data={"no_measure": command.no_measure})


def _has_both_kinds(uow: UnitOfWork, row: QualityFeedback) -> bool:
    kinds = select(Improvement.kind).where(Improvement.request_id == row.request_id).distinct()
    return set(uow.session.scalars(kinds)) == set(ImprovementKind)


def _recall(uow: UnitOfWork, row: QualityFeedback, command: Recall) -> Done:
    emergency = recall(uow, row.request, command.happened)
    data = {"emergency": emergency.id, "batch": row.request.batch}
    return Done(note=command.happened, data=data)


def _tell_assessed(uow: UnitOfWork, row: QualityFeedback, was: Severity | None) -> None:
    request, grave = row.request, Severity.CRITICAL
    if row.severity is grave and was is not grave:
        upward = receivers.of_roles(uow, request, UPWARD)
        _tell(uow, row, upward, ASSESSED, severity=grave.value)
    if row.status is RECORDED:
        _tell(uow, row, receivers.of_roles(uow, request, (Role.QUALITY,)), ASSESSED)


def _tell(
    uow: UnitOfWork, row: QualityFeedback, people: Iterable[int], step: QualityStatus, **more: str
) -> None:
    notices.put(
        uow,
        people=people,
        kind=NoticeKind.ASSIGNED,
        source=f"quality:{row.id}:{row.version}:{step.value}",
        case_id=row.request_id,
        data={"step": step.value, **more},
    )


def _classes(uow: UnitOfWork, row: QualityFeedback) -> Mapping[str, str]:
    speaks, request = uow.actor.language, row.request
    classes = norm_for(uow, request).classes
    return {each.name: each.text[speaks] for each in classes if request.kind in each.kinds}


def _departments(uow: UnitOfWork, row: QualityFeedback) -> Mapping[str, str]:
    departments = norm_for(uow, row.request).departments
    return {each.name: each.text[uow.actor.language] for each in departments}


def _propose_assessment(uow: UnitOfWork, row: QualityFeedback) -> dict[str, Any]:
    """The only class that the rule book knows for such cases is the likely one."""
    classes = list(_classes(uow, row))
    likely = classes[0] if len(classes) == 1 and not row.severity else None
    case_class = row.request.case_class or likely
    return {"defect_nature": row.nature, "case_class": case_class, "batch": row.request.batch}


def _propose_batch(uow: UnitOfWork, row: QualityFeedback) -> dict[str, Any]:
    return {"batch": row.request.batch}


def _propose_department(uow: UnitOfWork, row: QualityFeedback) -> dict[str, Any]:
    request = row.request
    norm = norm_for(uow, request)
    route = asked.route_of(norm, request.kind, request.priority, request.case_class)
    return {"department": row.department or (route.department if route else None)}


def _propose_channel(uow: UnitOfWork, row: QualityFeedback) -> dict[str, Any]:
    return {"channel": row.request.channel}


def has_next(uow: UnitOfWork, row: QualityFeedback) -> Iterable[int]:
    """Whoever may take the step that is open now: quality control, or who stands in for it."""
    return turns.first_of(uow, row.request, (Role.QUALITY, Role.MANAGER))


PROCESS = Process(
    subject="quality",
    rules=RULES,
    effects={
        Analyse: _analyse,
        Assess: _assess,
        CloseFeedback: _close,
        PlanImprovement: _plan_improvement,
        Recall: _recall,
        RecordTest: _record_test,
        SkipTest: _skip_test,
        Solve: _solve,
        TakeSample: _take_sample,
    },
    select=select_visible,
    table=QualityFeedback,
    case_id=lambda row: row.request_id,
    options={
        "classes": _classes,
        "departments": _departments,
        "staff": improvements.staff,
    },
    proposals={
        Analyse: _propose_department,
        Assess: _propose_assessment,
        Solve: _propose_channel,
        TakeSample: _propose_batch,
    },
)
