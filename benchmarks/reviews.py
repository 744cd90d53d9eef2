"""What is reviewed step by step: complaints, quality feedback, suggestions (E14, C7, S12)."""

from typing import Any

from benchmarks import words
from benchmarks.cases import Case, Course
from benchmarks.sheets import Row
from db.codes import (
    CauseKind,
    CauseScope,
    ComplaintStatus,
    FaultArea,
    MeasureKind,
    QualityStatus,
    Reaction,
    RequestKind,
    RequestStatus,
    Role,
    Severity,
    SuggestionStatus,
)

# How many steps each kind takes: a case of the backlog stands still before one of them.
STEPS = {
    RequestKind.COMPLAINT: 8,
    RequestKind.QUALITY_FEEDBACK: 5,
    RequestKind.SUGGESTION: 3,
}
MOST_ROUNDS = 2
# Who investigates for a department of the rule book.
HANDLERS = {
    "after_sales": Role.HANDLER,
    "quality_control": Role.QUALITY,
    "freight": Role.MANAGER,
    "leaders": Role.LEADER,
}
ROUTES = {
    "product_quality": "quality_control",
    "service": "after_sales",
    "logistics": "freight",
    "contract": "leaders",
}
PARTS = {
    "product_quality": ("defect", "wrong_specification", "out_of_tolerance", "failure"),
    "service": ("quality", "attitude", "manner", "skill"),
}
CAUSES = {
    "product_quality": (CauseKind.DESIGN, CauseKind.MATERIAL, CauseKind.PRODUCTION),
    "service": (CauseKind.SERVICE, CauseKind.SERVICE, CauseKind.INSTALLATION),
    "logistics": (CauseKind.TRANSPORT,),
    "contract": (CauseKind.INFORMATION,),
}
OFFERS = (
    (MeasureKind.APOLOGISE, 0),
    (MeasureKind.COMPENSATE, 100_00),
    (MeasureKind.REFUND, 800_00),
    (MeasureKind.REPLACE, 2600_00),
    (MeasureKind.REPLACE, 6200_00),
)
LEADERS_ABOVE = 5000_00
DEFAULT_ANSWER = words.ANSWERS[-1]


def open_file(case: Case) -> None:
    """Open the file that belongs to a case of these kinds."""
    request, kind = case.request, case.request["kind"]
    if kind not in STEPS:
        return
    table, subject, first, blank = _FILES[kind]
    row = case.sheets.add(table, version=1, request_id=request["id"], status=first, **blank)
    case.file = row
    if kind is RequestKind.COMPLAINT:
        row |= {"about_id": case.about_id}
        case.request["named"] = [case.about_id] if case.about_id else []
        case.about(subject, row, "recorded", case.owner, about=case.about_id)
    else:
        case.about(subject, row, "recorded", case.owner)


_FILES: dict[RequestKind, tuple[str, str, object, Row]] = {
    RequestKind.COMPLAINT: (
        "complaints",
        "complaint",
        ComplaintStatus.RECORDED,
        dict.fromkeys(("case_part", "department", "cause", "lesson"), "")
        | dict.fromkeys(("founded", "reason_sufficient", "demand_reasonable", "judged_at"))
        | dict.fromkeys(("handler_id", "cause_kind", "cause_scope", "proposed_by_id"))
        | dict.fromkeys(("approved_by_id", "reaction", "notified_at", "closed_at"))
        | {"loss_cents": 0, "approvers": [], "level": 0},
    ),
    RequestKind.QUALITY_FEEDBACK: (
        "quality_feedback",
        "quality",
        QualityStatus.RECORDED,
        dict.fromkeys(("nature", "finding", "cause", "department", "report"), "")
        | dict.fromkeys(("severity", "defect_confirmed", "cause_kind", "solution", "closed_at")),
    ),
    RequestKind.SUGGESTION: (
        "suggestions",
        "suggestion",
        SuggestionStatus.COLLECTED,
        {"department": "", "adopted": None, "decision": "", "decided_at": None},
    ),
}


def course(case: Case) -> Course:
    """The whole way of a case of these kinds; the customer has the answer on the way."""
    ways = {
        RequestKind.COMPLAINT: _complaint,
        RequestKind.QUALITY_FEEDBACK: _feedback,
        RequestKind.SUGGESTION: _suggestion,
    }
    yield from ways[case.request["kind"]](case)


def may_reopen(case: Case) -> bool:
    """Whether an unhappy answer opens the complaint again, in place of a new one (E17)."""
    if case.request["kind"] is not RequestKind.COMPLAINT:
        return False
    # What the leaders handled themselves, nobody is left to decide on a third time.
    most = 1 if case.file["department"] == "leaders" else MOST_ROUNDS
    return bool(case.file["level"] < most)


def reopen(case: Case, by: int) -> Course:
    """The complaint runs again, one level higher."""
    file, request = case.file, case.request
    file |= {"level": file["level"] + 1, "approvers": [], "proposed_by_id": None}
    file |= dict.fromkeys(("approved_by_id", "reaction", "notified_at", "closed_at"))
    judged = bool(file["department"])
    again = ComplaintStatus.ASSIGNED if judged else ComplaintStatus.RECORDED
    case.about("complaint", file, "reopened", by, again, words.GRUMBLES[0], level=file["level"])
    request |= {"resolved_at": None, "closed_at": None}
    case.fact("reopened", by, RequestStatus.IN_PROGRESS)
    case.call = None
    yield from _from_investigation(case) if judged else _complaint(case)


def _complaint(case: Case) -> Course:
    yield case.after(0.2, 7)
    by = case.who(case.random.choice((Role.QUALITY, Role.HANDLER)))
    case_class = _classify(case, by, _class_of(case))
    founded = case.random.random() > 0.12
    case.file |= {"founded": founded, "reason_sufficient": founded, "judged_at": case.at}
    case.file["demand_reasonable"] = founded and case.random.random() > 0.2
    if not founded:
        case.file |= {"notified_at": case.at, "closed_at": case.at}
        _step(case, "dismissed", by, ComplaintStatus.CLOSED, DEFAULT_ANSWER)
        acknowledge(case, by)
        answer(case, by)
        return
    _step(case, "judged", by, ComplaintStatus.JUDGED, **{"class": case_class})
    acknowledge(case, by)
    yield case.after(0.3, 6)
    _assign(case, ROUTES[case_class])
    yield from _from_investigation(case)


def _from_investigation(case: Case) -> Course:
    file, say = case.file, case.random.choice
    by = file["handler_id"]
    yield case.after(1, 30)
    _investigate(case, by)
    yield case.after(0.5, 8)
    decides = _propose(case, by)
    yield case.after(0.2, 10)
    file["approved_by_id"] = boss = _approver(case, decides)
    refused = case.random.random() < 0.05
    fact = "refused" if refused else "approved"
    _step(case, fact, boss, ComplaintStatus(fact), cents=case.cents)
    yield case.after(0.2, 6)
    caller = case.who(Role.AGENT)
    reaction = say((Reaction.SATISFIED, Reaction.ACCEPTED, Reaction.ACCEPTED, Reaction.NOT_REACHED))
    file |= {"reaction": reaction, "notified_at": case.at}
    _step(case, "notified", caller, ComplaintStatus.NOTIFIED, DEFAULT_ANSWER)
    answer(case, caller)
    yield case.after(0.5, 10)
    manager = case.who(Role.MANAGER)
    _step(case, "penalties_settled", manager, ComplaintStatus.PENALISED, "情节轻微，批评教育")
    yield case.after(0.3, 8)
    file |= {"lesson": "上门前先核对故障和配件", "closed_at": case.at}
    _step(case, "closed", manager, ComplaintStatus.CLOSED, file["lesson"])


def _feedback(case: Case) -> Course:
    file, tester = case.file, case.who(Role.QUALITY)
    yield case.after(0.2, 7)
    support, case_class = case.who(Role.SUPPORT), "product_quality"
    severity = case.random.choice((Severity.MINOR, Severity.MINOR, Severity.MAJOR))
    file |= {"nature": case.request["symptom"], "severity": severity}
    _classify(case, support, case_class)
    case.about("quality", file, "assessed", support, QualityStatus.ASSESSED)
    acknowledge(case, support)
    yield case.after(2, 40)
    file |= {"defect_confirmed": True, "finding": f"{case.part}失效"}
    case.about("quality", file, "test_skipped", tester, QualityStatus.TESTED, file["finding"])
    yield case.after(2, 40)
    file |= {"cause_kind": CauseKind.MATERIAL, "cause": f"{case.part}来料不良"}
    file["department"] = "quality_control"
    case.about("quality", file, "analysed", tester, QualityStatus.ANALYSED, file["cause"])
    yield case.after(1, 20)
    file["solution"] = MeasureKind.REPLACE
    case.about("quality", file, "solved", tester, QualityStatus.SOLVED)
    answer(case, tester)
    yield case.after(1, 30)
    file |= {"report": "已通知供应商整改", "closed_at": case.at}
    case.about("quality", file, "closed", tester, QualityStatus.CLOSED, file["report"])


def _suggestion(case: Case) -> Course:
    file, handler = case.file, case.who(Role.HANDLER)
    yield case.after(0.2, 12)
    file["department"] = "after_sales"
    case.about("suggestion", file, "passed_on", case.owner, SuggestionStatus.PASSED_ON)
    acknowledge(case, case.owner)
    yield case.after(4, 60)
    adopted = case.random.random() < 0.4
    decided = SuggestionStatus.ADOPTED if adopted else SuggestionStatus.DECLINED
    file |= {"adopted": adopted, "decision": "纳入改进" if adopted else "暂不具备条件"}
    file["decided_at"] = case.at
    case.about("suggestion", file, decided.value, handler, decided, file["decision"])
    yield case.after(1, 20)
    case.about("suggestion", file, "answered", case.owner, SuggestionStatus.ANSWERED)
    answer(case, case.owner)


def _step(case: Case, fact: str, by: int, to: ComplaintStatus, note: str = "", **data: Any) -> None:
    case.about("complaint", case.file, fact, by, to, note, **data)


def _class_of(case: Case) -> str:
    chance = case.random.random()
    if chance < 0.07:
        return "logistics" if chance < 0.05 else "contract"
    is_service = case.request["fault_area"] in (None, FaultArea.SERVICE)
    return "service" if is_service else "product_quality"


def _classify(case: Case, by: int, case_class: str) -> str:
    if case.file.get("case_part") == "":
        case.file["case_part"] = case.random.choice(PARTS.get(case_class, ("",)))
    case.reclassify(by, case_class)
    return case_class


def acknowledge(case: Case, by: int) -> None:
    """The first step: the request is worked on."""
    if case.request["status"] is RequestStatus.REGISTERED:
        case.fact("acknowledged", by, RequestStatus.IN_PROGRESS)


def answer(case: Case, by: int) -> None:
    """The customer has the answer, and will be called."""
    case.request |= {"answer": DEFAULT_ANSWER, "resolved_at": case.at}
    case.fact("answered", by, RequestStatus.RESOLVED, DEFAULT_ANSWER)
    case.plan_call()


def _assign(case: Case, department: str) -> None:
    handler = case.who(HANDLERS[department])
    case.file |= {"department": department, "handler_id": handler}
    case.request["owner_id"] = handler
    data = {"department": department, "route": department, "handler": handler}
    _step(case, "assigned", case.who(Role.MANAGER), ComplaintStatus.ASSIGNED, **data)


def _investigate(case: Case, by: int) -> None:
    file, say = case.file, case.random.choice
    scope = say((CauseScope.COMPANY,) * 8 + (CauseScope.CUSTOMER, CauseScope.OUTSIDE))
    cents = case.random.choice((0, 200_00, 900_00, 3200_00)) if scope is CauseScope.COMPANY else 0
    file |= {"cause": say(words.CAUSES).format(c=case.part), "cause_scope": scope}
    file |= {"cause_kind": say(CAUSES[case.request["case_class"]]), "loss_cents": cents}
    if scope is CauseScope.COMPANY and not file["level"]:
        _hold_responsible(case)
    _step(case, "investigated", by, ComplaintStatus.INVESTIGATED, file["cause"], cents=cents)


def _hold_responsible(case: Case) -> None:
    person = case.about_id or case.who(Role.TECHNICIAN)
    shares = ((person, 60), (None, 40)) if case.random.random() < 0.5 else ((person, 100),)
    for person_id, share in shares:
        case.sheets.add(
            "complaint_responsibles",
            complaint_id=case.file["id"],
            department=case.file["department"],
            person_id=person_id,
            share_percent=share,
        )
    case.request["named"] = sorted({*case.request["named"], person})


def _propose(case: Case, by: int) -> Role:
    level = case.file["level"]
    if not level:
        # A plan of the leaders must be one that a manager may approve.
        most = -1 if case.file["department"] == "leaders" else len(OFFERS)
        kind, case.cents = case.random.choice(OFFERS[:most])
        case.sheets.add(
            "complaint_measures",
            complaint_id=case.file["id"],
            kind=kind,
            what="",
            cost_cents=case.cents,
        )
    high = case.cents > LEADERS_ABOVE or level == MOST_ROUNDS
    roles = [Role.LEADER] if high else [Role.MANAGER, Role.LEADER]
    case.file |= {"proposed_by_id": by, "approvers": [role.value for role in roles]}
    _step(case, "proposed", by, ComplaintStatus.PROPOSED, cents=case.cents)
    return Role(roles[0])


def _approver(case: Case, role: Role) -> int:
    # Nobody approves an own plan.
    return case.who(role, without=case.file["proposed_by_id"])
