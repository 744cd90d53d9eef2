"""Action x status x role of emergencies, of what they need, and of alarms of repeat faults.

And whether every process of the house stands in such a matrix.
"""

import ast
import importlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.emergencies import actions, resources
from core.emergencies.actions import AskResource, ChangeLevel, CloseEmergency, Handle, Respond
from core.emergencies.resources import (
    ApproveResource,
    RefuseResource,
    ReturnResource,
    UseResource,
)
from core.house import HOUSE
from core.improvements.actions import PlanImprovement
from core.kernel.inputs import Action
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from core.prevention import actions as alarms
from core.prevention.actions import SettleAlarm
from core.process.rules import Process
from db.codes import AlarmStatus, EmergencyStatus, FaultArea, RequestStatus, ResourceStatus
from db.tables import Emergency, EmergencyResource, Product, RepeatFault, ServiceRequest
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.complaint_steps import DUE
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

RESPONDERS = "dispatcher support quality handler manager leader"
APPROVERS = "manager leader"

emergency = partial(Cells, kinds="emergency", roles=RESPONDERS)
EMERGENCY_CELLS = (
    emergency("respond", "responded", "declared", "responded"),
    emergency("ask_resource", "resource_asked", "declared responded", None),
    emergency("handle", "handled", "responded", "handled"),
    emergency("change_level", "level_changed", "declared responded", None),
    emergency("close_emergency", "closed", "handled", "closed"),
)
resource = partial(Cells, kinds="resource")
decided = partial(resource, roles=APPROVERS, not_for="own_request")
RESOURCE_CELLS = (
    decided("approve_resource", "approved", "asked", "approved"),
    decided("refuse_resource", "refused", "asked", "refused"),
    resource("use_resource", "used", "approved", "used", RESPONDERS),
    resource("return_resource", "returned", "approved used", "returned", RESPONDERS),
)
alarm = partial(Cells, kinds="alarm", roles="quality manager leader")
ALARM_CELLS = (
    alarm("plan_improvement", "settled", "open", "settled"),
    alarm("settle_alarm", "settled", "open", "settled"),
)

Put = Callable[[UnitOfWork, Company, str], Stand]


def steps(_company: Company) -> tuple[Action, ...]:
    return (
        Respond(),
        AskResource(resource="抽排车"),
        Handle(note="已堵漏"),
        ChangeLevel(level=2, note="扩散"),
        CloseEmergency(lesson="每季检查"),
    )


def decisions(_company: Company) -> tuple[Action, ...]:
    return (
        ApproveResource(),
        RefuseResource(note="不批"),
        UseResource(used_cents=100),
        ReturnResource(),
    )


def settlings(company: Company) -> tuple[Action, ...]:
    owner = {"owner_id": company["quality"].id, "due_on": DUE}
    return PlanImprovement(kind="preventive", measure="换皮带", **owner), SettleAlarm(note="已知")


def case_of(uow: UnitOfWork, company: Company) -> ServiceRequest:
    return stored_rows.request(uow.session, company, RequestStatus.IN_PROGRESS)


def put_emergency(uow: UnitOfWork, company: Company, state: str) -> Stand:
    case = case_of(uow, company)
    facts = {"level": 1, "happened": "漏氨", "declared_at": NOW, "told": []}
    status = EmergencyStatus(state)
    closed = {"lesson": "每季检查", "closed_at": NOW} if state == "closed" else {}
    row = Emergency(request_id=case.id, request=case, status=status, **facts, **closed)
    stored_rows.add(uow.session, row)
    return Stand(actions.PROCESS, row, state, "emergency", None, EMERGENCY_CELLS)


def put_resource(uow: UnitOfWork, company: Company, state: str, asked_by: str = "support") -> Stand:
    of = put_emergency(uow, company, "responded").record
    asked = company[asked_by].id
    decided_by = {} if state == "asked" else {"decided_by_id": company["leader"].id}
    row = EmergencyResource(
        emergency_id=of.id,
        emergency=of,
        resource="抽排车",
        quantity=1,
        asked_cents=0,
        asked_by_id=asked,
        status=ResourceStatus(state),
        **decided_by,
    )
    stored_rows.add(uow.session, row)
    relations = {"own_request": [asked]}
    return Stand(resources.PROCESS, row, state, "resource", None, RESOURCE_CELLS, relations)


def put_alarm(uow: UnitOfWork, company: Company, state: str) -> Stand:
    case = case_of(uow, company)
    product = stored_rows.add(uow.session, Product(brand="海尔", model=f"M{case.number}"))
    settled = (
        {"settled_at": NOW, "settled_by_id": company["manager"].id} if state == "settled" else {}
    )
    row = RepeatFault(
        product_id=product.id,
        fault_area=FaultArea.NOISE,
        request_id=case.id,
        request=case,
        count=3,
        days=90,
        raised_at=NOW,
        status=AlarmStatus(state),
        **settled,
    )
    stored_rows.add(uow.session, row)
    return Stand(alarms.PROCESS, row, state, "alarm", None, ALARM_CELLS)


MATRICES: dict[str, tuple[Put, Any, type[Any]]] = {
    "emergency": (put_emergency, steps, EmergencyStatus),
    "resource": (put_resource, decisions, ResourceStatus),
    "alarm": (put_alarm, settlings, AlarmStatus),
}
ALL = [(name, status.value) for name, (_, _, codes) in MATRICES.items() for status in codes]


def check(company: Company, name: str, states: Sequence[str], names: Sequence[str]) -> None:
    put, samples, _codes = MATRICES[name]
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        for state in states:
            actors = [company[each] for each in names]
            check_stand(uow, put(uow, company, state), actors, samples(company))


@pytest.mark.parametrize(("name", "state"), ALL)
def test_they_move_as_the_table_says(sqlite_company: Company, name: str, state: str) -> None:
    names = [each for each in sqlite_company.people if not each.endswith(".colleague")]
    check(sqlite_company, name, [state], names)


@pytest.mark.parametrize("name", MATRICES)
def test_a_sample_on_both_databases(company: Company, name: str) -> None:
    states = [status.value for status in MATRICES[name][2]][:2]
    check(company, name, states, ["agent.stranger", "support", "manager", "auditor"])


@pytest.mark.parametrize("who", ["manager", "leader"])
def test_nobody_decides_on_what_they_asked_for(sqlite_company: Company, who: str) -> None:
    company = sqlite_company
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        stand = put_resource(uow, company, "asked", asked_by=who)
        check_stand(uow, stand, [company["manager"], company["leader"]], decisions(company))


def test_no_rule_is_left_out(sqlite_company: Company) -> None:
    check_no_rule_is_left_out(actions.PROCESS, steps(sqlite_company), EMERGENCY_CELLS)
    check_no_rule_is_left_out(resources.PROCESS, decisions(sqlite_company), RESOURCE_CELLS)
    check_no_rule_is_left_out(alarms.PROCESS, settlings(sqlite_company), ALARM_CELLS)


def in_a_matrix() -> Iterator[Process]:
    """The processes that some test holds against a table written by hand."""
    check_name = check_no_rule_is_left_out.__name__
    for path in sorted(Path(__file__).parent.glob("test_core_*.py")):
        text = path.read_text("utf-8")
        if check_name not in text:
            continue
        module = importlib.import_module(f"tests.{path.stem}")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == check_name:
                if ast.unparse(node.args[0]) == "process":  # one of the test's parameters
                    yield from (param.values[0] for param in module.PROCESSES)
                else:
                    yield eval(ast.unparse(node.args[0]), vars(module))


def test_every_process_of_the_house_stands_in_a_matrix() -> None:
    with_actions = {
        each.subject for each in HOUSE.processes if any(rule.action for rule in each.rules)
    }
    assert with_actions <= {process.subject for process in in_a_matrix()}
