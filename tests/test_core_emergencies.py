"""Emergencies: who is told, what each role may do, resources that another one approves, limits."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core import sweep
from core.emergencies import actions, lists, resources
from core.house import HOUSE
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongStatus
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import Actor, UnitOfWork, transaction, unit_of_work
from core.norms import revisions
from core.norms.model import Norm
from core.process import history, limits, workflow
from core.process.permissions import GRANTS, may
from core.process.rules import Process
from core.requests import inputs
from db.codes import EmergencyStatus, NoticeKind, ResourceStatus, Role
from db.tables import (
    Emergency,
    EmergencyResource,
    Escalation,
    History,
    Limit,
    Notice,
    Person,
    ServiceRequest,
)
from tests import stored_rows
from tests.company_cast import NOW, Company, local

RULE = {
    "clause": "D6",
    "measure": "response",
    "unit": "clock_minutes",
    "starts": "emergency.declared",
    "met": ["emergency.responded"],
}
LIMITS = [
    RULE | {"name": "grave_response", "amount": 240, "levels": [1], "ladder": "alarm"},
    RULE | {"name": "grave_handled", "amount": 1440, "levels": [1], "met": ["emergency.handled"]},
    RULE | {"name": "lower_response", "amount": 1440, "levels": [2, 3]},
]
LEVELS = [
    {"level": 1, "tell": ["leader", "manager", "dispatcher"], "response_minutes": 240},
    {"level": 2, "tell": ["manager"], "response_minutes": 1440},
    {"level": 3, "tell": ["handler"], "response_minutes": 1440},
]


@pytest.fixture
def plant(company: Company) -> Company:
    """A company whose rule book knows three levels."""
    return equip(company)


def equip(company: Company) -> Company:
    texts = {"text": {"zh_CN": "重大", "en": "Major"}, "clause": "D6"}
    book = {
        "limits": LIMITS,
        "emergencies": [level | texts for level in LEVELS],
        "ladders": {"alarm": [{"share": 0.5, "to": "manager"}]},
    }
    shipped = revisions.shipped("appliance").dump()
    clauses = {"D6": texts["text"]} | shipped["clauses"]
    norm = Norm.model_validate(shipped | book | {"clauses": clauses})
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="测试")
    return company


def declare(company: Company, who: str = "technician", level: int = 1, **facts: Any) -> int:
    """An emergency on a new case; gives its id."""
    case_id = facts.pop("case_id", None) or company.register()
    number = company.get(ServiceRequest, case_id).number
    filled = {"number": number, "level": level, "happened": "冷库漏氨"} | facts
    command = parse(actions.DeclareEmergency, filled)
    declared: Emergency = company.do(who, actions.declare, command)
    return declared.id


def act(
    company: Company,
    who: str,
    record_id: int,
    command: Action,
    at: datetime = NOW,
    table: Any = Emergency,
    **seen: int,
) -> Any:
    version = seen.get("seen_version") or company.get(table, record_id).version
    process = actions.PROCESS if table is Emergency else resources.PROCESS
    return company.do(
        who, workflow.act, process, id=record_id, command=command, seen_version=version, now=at
    )


def decide(company: Company, who: str, resource_id: int, command: Action) -> Any:
    return act(company, who, resource_id, command, table=EmergencyResource)


def ask(company: Company, who: str, emergency_id: int, **facts: Any) -> int:
    """A resource that somebody asks for; gives its id."""
    filled = {"resource": "抽排车", "quantity": 2, "asked_cents": 80_000} | facts
    act(company, who, emergency_id, parse(actions.AskResource, filled))
    return company.rows(EmergencyResource)[-1].id


def names(company: Company, ids: list[int]) -> list[str]:
    by_id = {actor.id: name for name, actor in company.people.items()}
    return sorted(by_id[id] for id in ids)


def told(company: Company, kind: NoticeKind = NoticeKind.EMERGENCY) -> list[str]:
    return names(company, [row.person_id for row in company.rows(Notice, kind=kind)])


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (1, ["dispatcher", "dispatcher.colleague", "leader", "manager"]),
        (2, ["manager"]),
        (3, ["handler"]),
    ],
)
def test_the_people_of_the_level_are_told(plant: Company, level: int, expected: list[str]) -> None:
    emergency_id = declare(plant, level=level)
    row = plant.get(Emergency, emergency_id)
    assert told(plant) == names(plant, row.told) == expected
    assert (row.status, row.level, row.declared_at) == ("declared", level, NOW)
    (fact,) = plant.rows(History, subject="emergency")
    assert (fact.action, fact.case_id, fact.note) == ("declared", row.request_id, "冷库漏氨")
    assert fact.data == {"level": level, "drill": False, "told": row.told}
    assert plant.rows(Notice)[0].data == {"emergency": row.id, "level": level, "drill": False}


def test_who_declares_is_not_told_what_they_know(plant: Company) -> None:
    declare(plant, "dispatcher")
    assert told(plant) == ["dispatcher.colleague", "leader", "manager"]


def test_where_the_level_names_nobody_present_managers_and_leaders_are_told(
    plant: Company,
) -> None:
    with transaction(plant.engine, write=True) as session:
        session.execute(update(Person).where(Person.username == "handler").values(active=False))
    declare(plant, level=3)
    assert told(plant) == ["leader", "manager"]


def test_a_rule_book_without_levels_knows_three(company: Company) -> None:
    norm = revisions.shipped("appliance").model_copy(update={"emergencies": (), "limits": ()})
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="测试")
    assert company.see("agent", lists.level_options) == {1: "1", 2: "2", 3: "3"}
    declare(company, level=2)
    assert told(company) == ["leader", "manager"]


def test_a_drill_says_so(plant: Company) -> None:
    emergency_id = declare(plant, drill=True)
    assert plant.get(Emergency, emergency_id).drill
    assert plant.rows(Notice)[0].data["drill"] is True
    assert plant.see("manager", lists.view, id=emergency_id).drill


def problems(company: Company, **facts: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refusal:
        declare(company, **facts)
    return [(bad.field, bad.code) for bad in refusal.value.problems]


def test_what_cannot_be_declared(plant: Company) -> None:
    case_id, cancelled = plant.register(), plant.register()
    plant.act("agent", ServiceRequest, cancelled, inputs.Cancel(note="误报"))
    assert problems(plant, number="SR-0") == [("number", "unknown_case")]
    assert problems(plant, case_id=cancelled) == [("number", "case_ended")]
    assert problems(plant, case_id=case_id, level=4) == [("level", "less_than_equal")]
    assert problems(plant, case_id=case_id, happened=" ") == [("happened", "missing")]
    assert problems(plant, case_id=case_id, who="agent.stranger") == [("number", "unknown_case")]
    declare(plant, case_id=case_id)
    assert problems(plant, case_id=case_id) == [("number", "already_declared")]
    assert len(plant.rows(Emergency)) == 1


def test_a_number_is_found_in_small_letters(plant: Company) -> None:
    case_id = plant.register()
    number = plant.get(ServiceRequest, case_id).number
    assert declare(plant, number=f" {number.lower()} ")


def running(company: Company, request_id: int) -> dict[str, datetime]:
    return {
        row.name: row.due_at
        for row in company.rows(Limit, request_id=request_id)
        if row.met_at is None and row.dropped_at is None
    }


def test_the_limits_of_the_level_run_and_are_met(plant: Company) -> None:
    emergency_id = declare(plant)
    case_id = plant.get(Emergency, emergency_id).request_id
    assert running(plant, case_id) == {
        "grave_response": local("2026-03-02 14:00"),
        "grave_handled": local("2026-03-03 10:00"),
    }
    at = NOW + timedelta(hours=1)
    act(plant, "dispatcher", emergency_id, actions.Respond(), at)
    assert running(plant, case_id).keys() == {"grave_handled"}
    act(plant, "dispatcher", emergency_id, actions.Handle(note="已堵漏"), at)
    assert running(plant, case_id) == {}
    view = plant.see("manager", lists.view, id=emergency_id)
    assert {limit.name: limit.met_at for limit in view.limits} == {
        "grave_response": at,
        "grave_handled": at,
    }
    lower = plant.get(Emergency, declare(plant, level=3)).request_id
    assert running(plant, lower) == {"lower_response": local("2026-03-03 10:00")}


def test_an_emergency_that_nobody_answers_escalates(plant: Company) -> None:
    declare(plant)
    sweep.run(plant.engine, now=local("2026-03-02 11:59"))
    assert plant.rows(Escalation) == []
    sweep.run(plant.engine, now=local("2026-03-02 12:00"))
    assert [row.receiver for row in plant.rows(Escalation)] == ["manager"]


def test_another_level_tells_more_people_and_runs_other_limits(plant: Company) -> None:
    emergency_id = declare(plant, level=2)
    row = plant.get(Emergency, emergency_id)
    assert running(plant, row.request_id).keys() == {"lower_response"}
    at = NOW + timedelta(hours=2)
    act(plant, "dispatcher", emergency_id, actions.ChangeLevel(level=1, note="扩散"), at)
    # It was as grave from the beginning: the graver limits run since it was declared.
    assert running(plant, row.request_id) == {
        "grave_response": local("2026-03-02 14:00"),
        "grave_handled": local("2026-03-03 10:00"),
    }
    assert names(plant, plant.get(Emergency, emergency_id).told) == [
        *("dispatcher.colleague", "leader", "manager"),
    ]
    assert told(plant) == ["dispatcher.colleague", "leader", "manager", "manager"]
    fact = plant.rows(History, action="level_changed")[0]
    assert fact.data["level"] == [2, 1]
    with pytest.raises(InvalidInput):
        act(plant, "dispatcher", emergency_id, actions.ChangeLevel(level=1, note="同级"))


def test_a_resource_from_asking_to_giving_back(plant: Company) -> None:
    emergency_id = declare(plant)
    resource_id = ask(plant, "dispatcher", emergency_id)
    assert told(plant, NoticeKind.RESOURCE_ASKED) == ["manager"]
    decide(plant, "manager", resource_id, resources.ApproveResource(note="同意"))
    assert told(plant, NoticeKind.RESOURCE_DECIDED) == ["dispatcher"]
    decide(plant, "support", resource_id, resources.UseResource(used_cents=75_000))
    decide(plant, "support", resource_id, resources.ReturnResource())
    row = plant.get(EmergencyResource, resource_id)
    assert (row.status, row.used_cents, row.asked_cents) == ("returned", 75_000, 80_000)
    assert (row.asked_by_id, row.decided_by_id) == (plant["dispatcher"].id, plant["manager"].id)
    facts = plant.rows(History, subject="emergency_resource")
    assert [(f.action, f.old, f.new) for f in facts] == [
        ("approved", "asked", "approved"),
        ("used", "approved", "used"),
        ("returned", "used", "returned"),
    ]
    request_id = plant.get(Emergency, emergency_id).request_id
    assert {fact.case_id for fact in facts} == {request_id}
    assert [fact.note for fact in facts] == ["抽排车 × 2\n同意", "抽排车 × 2", "抽排车 × 2"]
    assert plant.see("auditor", history.verify) == ()


def test_nobody_decides_on_what_they_asked_for(plant: Company) -> None:
    emergency_id = declare(plant)
    resource_id = ask(plant, "manager", emergency_id)
    # The only manager asked: the leader is called to decide.
    assert told(plant, NoticeKind.RESOURCE_ASKED) == ["leader"]
    for command in (resources.ApproveResource(), resources.RefuseResource(note="不批")):
        with pytest.raises(NotAllowed):
            decide(plant, "manager", resource_id, command)
    (shown,) = plant.see("manager", lists.view, id=emergency_id).resources
    assert shown.actions == ()
    decide(plant, "leader", resource_id, resources.RefuseResource(note="改用自有车辆"))
    assert plant.get(EmergencyResource, resource_id).status is ResourceStatus.REFUSED


def test_an_emergency_is_closed_with_a_lesson_and_nothing_undecided(plant: Company) -> None:
    emergency_id = declare(plant)
    resource_id = ask(plant, "dispatcher", emergency_id)
    act(plant, "dispatcher", emergency_id, actions.Respond())
    act(plant, "dispatcher", emergency_id, actions.Handle(note="已堵漏"))
    close = actions.CloseEmergency(lesson="阀门每季检查")
    with pytest.raises(InvalidInput) as refusal:
        act(plant, "dispatcher", emergency_id, close)
    assert refusal.value.problems[0].code == "resources_undecided"
    decide(plant, "leader", resource_id, resources.ApproveResource())
    act(plant, "dispatcher", emergency_id, close)
    row = plant.get(Emergency, emergency_id)
    assert (row.status, row.lesson, row.closed_at) == ("closed", "阀门每季检查", NOW)
    # What was lent comes back later than that.
    decide(plant, "dispatcher", resource_id, resources.ReturnResource())
    with pytest.raises(InvalidInput):
        parse(actions.CloseEmergency, {"lesson": " "})


def test_two_people_at_once_the_slower_one_is_told(plant: Company) -> None:
    emergency_id = declare(plant)
    version = plant.get(Emergency, emergency_id).version
    act(plant, "dispatcher", emergency_id, actions.Respond(), seen_version=version)
    with pytest.raises(Stale):
        act(plant, "manager", emergency_id, actions.Respond(), seen_version=version)


def test_the_list_has_the_gravest_first_and_closed_ones_apart(plant: Company) -> None:
    low, high, done = (declare(plant, level=level) for level in (3, 1, 2))
    for command in (
        actions.Respond(),
        actions.Handle(note="好了"),
        actions.CloseEmergency(lesson="无"),
    ):
        act(plant, "manager", done, command)
    rows = plant.see("agent", lists.list_emergencies)
    assert [row.id for row in rows] == [high, low]
    assert rows[0].next_due == local("2026-03-02 14:00")
    assert [row.id for row in plant.see("agent", lists.list_emergencies, closed=True)] == [done]
    assert plant.see("agent.stranger", lists.list_emergencies) == ()
    with pytest.raises(NotFound):
        plant.see("agent.stranger", lists.view, id=high)
    with pytest.raises(NotAllowed):
        plant.see("admin", lists.list_emergencies)


RESPONDERS = {"dispatcher", "support", "quality", "handler", "manager", "leader"}
APPROVERS = {"manager", "leader"}
DECLARERS = {role.value for role in Role} - {"auditor", "admin"}
# The action, who may do it, where it may be done, and where it leads.
CELLS: dict[type[Action], tuple[set[str], str, str | None]] = {
    actions.Respond: (RESPONDERS, "declared", "responded"),
    actions.ChangeLevel: (RESPONDERS, "declared responded", None),
    actions.AskResource: (RESPONDERS, "declared responded", None),
    actions.Handle: (RESPONDERS, "responded", "handled"),
    actions.CloseEmergency: (RESPONDERS, "handled", "closed"),
}
RESOURCE_CELLS: dict[type[Action], tuple[set[str], str, str | None]] = {
    resources.ApproveResource: (APPROVERS, "asked", "approved"),
    resources.RefuseResource: (APPROVERS, "asked", "refused"),
    resources.UseResource: (RESPONDERS, "approved", "used"),
    resources.ReturnResource: (RESPONDERS, "approved used", "returned"),
}
SAMPLES: dict[type[Action], dict[str, Any]] = {
    actions.ChangeLevel: {"level": 2, "note": "缩小"},
    actions.AskResource: {"resource": "吊车"},
    actions.Handle: {"note": "已堵漏"},
    actions.CloseEmergency: {"lesson": "检查"},
    resources.RefuseResource: {"note": "不批"},
}


def test_who_may_declare(sqlite_company: Company) -> None:
    assert {role.value for role in Role if "emergency:declare" in GRANTS[role]} == DECLARERS
    with pytest.raises(NotAllowed):
        declare(equip(sqlite_company), "auditor")


def put_emergency(uow: UnitOfWork, company: Company, status: str) -> Emergency:
    case = stored_rows.request(uow.session, company, "in_progress", revision_id=2)
    ended = {"lesson": "检查", "closed_at": NOW} if status == "closed" else {}
    return stored_rows.add(
        uow.session,
        Emergency(
            request_id=case.id,
            level=1,
            status=EmergencyStatus(status),
            happened="漏氨",
            declared_at=NOW,
            told=[],
            **ended,
        ),
    )


def put_resource(uow: UnitOfWork, company: Company, status: str) -> EmergencyResource:
    decided = None if status == "asked" else company["leader"].id
    return stored_rows.add(
        uow.session,
        EmergencyResource(
            emergency_id=put_emergency(uow, company, "declared").id,
            resource="吊车",
            quantity=1,
            status=ResourceStatus(status),
            asked_by_id=company["support"].id,
            decided_by_id=decided,
        ),
    )


Put = Callable[[UnitOfWork, Company, str], Any]
MATRIX = [
    *((actions.PROCESS, CELLS, put_emergency, s.value) for s in EmergencyStatus),
    *((resources.PROCESS, RESOURCE_CELLS, put_resource, s.value) for s in ResourceStatus),
]


@pytest.mark.parametrize(
    ("process", "cells", "put", "status"),
    MATRIX,
    ids=[f"{process.subject}-{status}" for process, _, _, status in MATRIX],
)
def test_everybody_tries_everything(
    sqlite_company: Company, process: Process, cells: Any, put: Put, status: str
) -> None:
    company = equip(sqlite_company)
    assert {rule.action for rule in process.rules if rule.action} == {*cells}
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        record = put(uow, company, status)
        for name in company.people:
            by = UnitOfWork(uow.session, company[name], NOW, HOUSE)
            for action, cell in cells.items():
                try:
                    check(by, process, record, action, cell)
                except BaseException as error:
                    error.add_note(f"{name} tries {action.name} on {process.subject} {status}")
                    raise


def check(by: UnitOfWork, process: Process, record: Any, action: type[Action], cell: Any) -> None:
    """One cell of the matrix: tried for real; what was accepted is undone."""
    roles, sources, target = cell
    expected = expected_for(by.actor, roles, record.status.value in sources.split())
    offered = action in [rule.action for rule in process.allowed(by.actor, record)]
    given = {"id": record.id, "command": parse(action, SAMPLES.get(action, {}))}
    savepoint = by.session.begin_nested()
    try:
        if expected is None:
            assert offered
            old = record.status
            done = workflow.act(by, process, **given, seen_version=record.version)
            assert done.status == (target or old)
        else:
            assert expected is NotFound or not offered
            with pytest.raises(expected):
                workflow.act(by, process, **given, seen_version=record.version)
    finally:
        savepoint.rollback()


def expected_for(actor: Actor, roles: set[str], here: bool) -> type[Exception] | None:
    if actor.station_id == Company.SOUTH:
        return NotFound
    if actor.role.value not in roles:
        return NotAllowed
    return None if here else WrongStatus


def test_the_auditor_reads_and_changes_nothing(sqlite_company: Company) -> None:
    company = equip(sqlite_company)
    emergency_id = declare(company)
    assert company.see("auditor", lists.view, id=emergency_id).actions == ()
    verbs = ("declare", "handle", "approve")
    assert not [verb for verb in verbs if may(company["auditor"], f"emergency:{verb}")]


def test_a_case_shows_the_emergency_in_its_timeline(plant: Company) -> None:
    emergency_id = declare(plant)
    resource_id = ask(plant, "dispatcher", emergency_id)
    decide(plant, "leader", resource_id, resources.ApproveResource())
    case_id = plant.get(Emergency, emergency_id).request_id
    events = plant.see("manager", history.timeline, case_id=case_id)
    assert [f"{event.subject}.{event.action}" for event in events][-3:] == [
        "emergency.declared",
        "emergency.resource_asked",
        "emergency_resource.approved",
    ]
    assert {limit.name for limit in plant.see("manager", limits.of_case, request_id=case_id)} == {
        "grave_response",
        "grave_handled",
    }
