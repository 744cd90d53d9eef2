"""Action x status x role of orders, of parts built in, of counts, and of tools."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import object_session

from core.house import HOUSE
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from core.stock import counts, inputs, orders, uses
from core.tools import inputs as steps
from core.tools import register
from db.codes import (
    CountStatus,
    JobStatus,
    MoveReason,
    OldPart,
    OrderStatus,
    PartUseStatus,
    PlaceKind,
    RequestStatus,
    ToolStatus,
)
from db.tables import (
    Job,
    PartBalance,
    PartLot,
    PartMove,
    PartOrder,
    PartOrderLine,
    PartSubstitute,
    PartUse,
    StockCount,
    StockCountLine,
    StockPlace,
)
from tests import stored_rows, stored_stock
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

KEEPERS = "dispatcher warehouse manager"
order = partial(Cells, kinds="order", roles=KEEPERS)
ORDER_CELLS = (
    order("approve_parts", "approved", "asked", "approved"),
    order("refuse_parts", "refused", "asked", "refused"),
    order("pick_parts", "picked", "approved", "picked"),
    order("put_back_parts", "put_back", "picked", "approved"),
    order("replace_part", "replaced", "asked approved", None),
    order("issue_parts", "issued", "picked", "issued"),
    order("give_back_parts", "given_back", "issued", None, own="technician"),
    order(
        *("withdraw_parts", "withdrawn", "asked approved picked", "withdrawn"),
        roles="",
        own="technician",
    ),
)
use = partial(Cells, kinds="use")
USE_CELLS = (
    use("undo_use", "undone", "used old_owed", "undone", "manager", own="technician"),
    use("take_old_part", "old_taken", "old_owed", "old_in_store", KEEPERS),
    use("send_old_part", "old_sent", "old_in_store", "old_sent", KEEPERS),
)
count = partial(Cells, kinds="count", roles=KEEPERS)
COUNT_CELLS = (
    count("finish_count", "counted", "counting", "counted"),
    count("settle_count", "settled", "counted", "settled", not_for="own_count"),
    count("count_again", "again", "counted", "counting"),
    count("drop_count", "dropped", "counting counted", "dropped"),
)
tool = partial(Cells, kinds="tool", roles=KEEPERS)
USERS = f"{KEEPERS} technician"
TOOL_CELLS = (
    tool("take_tool", "taken", "in_store", "out", roles=USERS),
    tool("take_to_next_job", "taken_on", "out", None, roles="", own=USERS),
    tool("give_back_tool", "given_back", "out", "in_store", own="technician"),
    tool("report_fault", "fault_found", "in_store out", "faulty", roles=USERS),
    tool("repair_tool", "repaired", "faulty", "in_store"),
    tool("check_tool", "checked", "in_store out faulty", None),
    tool("edit_tool", "edited", "in_store out faulty", None),
    tool("retire_tool", "retired", "in_store faulty", "retired"),
)

Put = Callable[[UnitOfWork, Company, str], Stand]


def lying(uow: UnitOfWork, kind: PlaceKind, number: int, quantity: int) -> tuple[Any, Any]:
    """So many of a part with a substitute at a place of station North."""
    known = uow.session.query(PartLot).first()
    if known is None:
        first, second = (stored_rows.add(uow.session, stored_stock.part(n)) for n in ("1", "2"))
        both = {"part_id": first.id, "substitute_id": second.id}
        stored_rows.add(uow.session, PartSubstitute(**both))
        known = stored_rows.add(uow.session, PartLot(part_id=first.id))
    key = f"{kind.value}:{number}"
    place = uow.session.query(StockPlace).filter_by(key=key).first()
    if place is None:
        person = {"person_id": number} if kind is PlaceKind.VAN else {}
        row = StockPlace(kind=kind, key=key, station_id=Company.NORTH, **person)
        place = stored_rows.add(uow.session, row)
        balance = {"place_id": place.id, "lot_id": known.id, "quantity": quantity}
        stored_rows.add(uow.session, PartBalance(**balance))
    return place, known


def put_order(uow: UnitOfWork, company: Company, state: str) -> Stand:
    technician = company["technician"].id or 0
    _store, lot = lying(uow, PlaceKind.STORE, Company.NORTH, 9)
    van, _lot = lying(uow, PlaceKind.VAN, technician, 9)
    row = PartOrder(
        status=OrderStatus(state),
        technician_id=technician,
        station_id=Company.NORTH,
        asked_at=NOW,
        ready_at=NOW,
        issued_at=NOW,
    )
    stored_rows.add(uow.session, row)
    line = PartOrderLine(order_id=row.id, part_id=lot.part_id, quantity=1)
    stored_rows.add(uow.session, line)
    brought = {"lot_id": lot.id, "to_id": van.id, "quantity": 1, "at": NOW}
    stored_rows.add(uow.session, PartMove(reason=MoveReason.ISSUED, order_id=row.id, **brought))
    hidden = (company["technician.colleague"].id,)
    return Stand(orders.PROCESS, row, state, "order", technician, ORDER_CELLS, hidden_from=hidden)


def order_steps(row: Any) -> tuple[Action, ...]:
    (line,) = row.lines
    other = line.part_id + 1
    back = {"order_lines": [{"line_id": line.id, "quantity": 1}]}
    return (
        inputs.ApproveParts(),
        inputs.RefuseParts(note="x"),
        inputs.PickParts(),
        inputs.PutBackParts(),
        inputs.ReplacePart(line_id=line.id, part_id=other),
        inputs.IssueParts(),
        parse(inputs.GiveBackParts, back),
        inputs.WithdrawParts(),
    )


def put_use(uow: UnitOfWork, company: Company, state: str) -> Stand:
    technician = company["technician"].id or 0
    store, lot = lying(uow, PlaceKind.STORE, Company.NORTH, 9)
    case = stored_rows.request(uow.session, company, RequestStatus.IN_PROGRESS)
    job = stored_rows.job(uow.session, case, technician, JobStatus.ON_SITE)
    row = PartUse(
        status=PartUseStatus(state),
        job_id=job.id,
        case_id=case.id,
        place_id=store.id,
        lot_id=lot.id,
        quantity=1,
        old_part=OldPart.TO_MAKER,
        used_by_id=technician,
        used_at=NOW,
    )
    stored_rows.add(uow.session, row)
    return Stand(uses.PROCESS, row, state, "use", technician, USE_CELLS)


def use_steps(_row: Any) -> tuple[Action, ...]:
    return inputs.UndoUse(note="x"), inputs.TakeOldPart(), inputs.SendOldPart(note="x")


def put_count(uow: UnitOfWork, company: Company, state: str) -> Stand:
    store, lot = lying(uow, PlaceKind.STORE, Company.NORTH, 9)
    uow.session.query(StockCount).update({"status": CountStatus.DROPPED})
    counted_by = company["dispatcher"].id
    row = StockCount(
        status=CountStatus(state), place_id=store.id, begun_at=NOW, counted_by_id=counted_by
    )
    stored_rows.add(uow.session, row)
    line = {"count_id": row.id, "lot_id": lot.id, "expected": 9, "counted": 8}
    stored_rows.add(uow.session, StockCountLine(**line))
    kept = {"own_count": (counted_by,)}
    return Stand(counts.PROCESS, row, state, "count", None, COUNT_CELLS, relations=kept)


def count_steps(row: Any) -> tuple[Action, ...]:
    (line,) = row.lines
    found = {"line_id": line.id, "counted": 8, "difference_reason": "x"}
    return (
        parse(inputs.FinishCount, {"count_lines": [found]}),
        inputs.SettleCount(),
        inputs.CountAgain(note="x"),
        inputs.DropCount(note="x"),
    )


def put_tool(uow: UnitOfWork, company: Company, state: str) -> Stand:
    holder = company["technician"].id if state == "out" else None
    facts = {"station_id": Company.NORTH, "holder_id": holder}
    case = stored_rows.request(uow.session, company, RequestStatus.IN_PROGRESS)
    stored_rows.job(uow.session, case, company["technician"].id or 0, JobStatus.ASSIGNED)
    row = stored_rows.add(uow.session, stored_stock.tool(state, ToolStatus(state), **facts))
    return Stand(register.PROCESS, row, state, "tool", holder, TOOL_CELLS)


def tool_steps(row: Any) -> tuple[Action, ...]:
    session = object_session(row)
    assert session
    return (
        steps.TakeTool(),
        steps.TakeToNextJob(job_id=session.query(Job.id).first()[0]),
        steps.GiveBackTool(),
        steps.ReportFault(note="x"),
        steps.RepairTool(note="x"),
        steps.CheckTool(checked_on=NOW.date()),
        steps.EditTool(tool_name="x", station_id=Company.NORTH),
        steps.RetireTool(note="x"),
    )


MATRICES: dict[str, tuple[Put, Any, type[Any]]] = {
    "order": (put_order, order_steps, OrderStatus),
    "use": (put_use, use_steps, PartUseStatus),
    "count": (put_count, count_steps, CountStatus),
    "tool": (put_tool, tool_steps, ToolStatus),
}
ALL = [(name, status.value) for name, (_, _, codes) in MATRICES.items() for status in codes]


def check(company: Company, name: str, states: Sequence[str], names: Sequence[str]) -> None:
    put, samples, _codes = MATRICES[name]
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        for state in states:
            stand = put(uow, company, state)
            stand.read_anew(uow)
            actors = [company[each] for each in names]
            check_stand(uow, stand, actors, samples(stand.record))


@pytest.mark.parametrize(("name", "state"), ALL)
def test_each_cell(sqlite_company: Company, name: str, state: str) -> None:
    check(sqlite_company, name, [state], list(sqlite_company.people))


@pytest.mark.parametrize("name", MATRICES)
def test_the_same_on_both_databases(company: Company, name: str) -> None:
    _put, _samples, codes = MATRICES[name]
    check(company, name, [code.value for code in codes], ["dispatcher", "technician"])


def test_no_rule_of_parts_and_tools_is_left_out(sqlite_company: Company) -> None:
    with unit_of_work(
        sqlite_company.engine, sqlite_company["admin"], HOUSE, write=True, now=NOW
    ) as uow:
        taken = {}
        for name, (put, samples, codes) in MATRICES.items():
            stand = put(uow, sqlite_company, next(iter(codes)).value)
            stand.read_anew(uow)
            taken[name] = samples(stand.record)
    check_no_rule_is_left_out(orders.PROCESS, taken["order"], ORDER_CELLS)
    check_no_rule_is_left_out(uses.PROCESS, taken["use"], USE_CELLS)
    check_no_rule_is_left_out(counts.PROCESS, taken["count"], COUNT_CELLS)
    check_no_rule_is_left_out(register.PROCESS, taken["tool"], TOOL_CELLS)
