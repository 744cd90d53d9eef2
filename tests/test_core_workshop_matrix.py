"""Action x status x role of goods in the shop."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest

from core.house import HOUSE
from core.kernel.inputs import Action
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from core.workshop import inputs
from core.workshop.actions import PROCESS
from db.codes import CameFrom, Charge, RequestStatus, ShopPurpose, ShopStatus
from db.tables import ShopPiece
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

REPAIRED, KINDS = "paid free lent", "paid free lent old"
DESK = "agent dispatcher technician manager"
hand = partial(Cells, roles=f"{DESK} warehouse", kinds=REPAIRED)
agree = partial(Cells, roles=DESK, kinds=REPAIRED)
repair = partial(Cells, roles="technician manager", kinds=REPAIRED)
AT_WORK = "received diagnosed quoted agreed declined repaired tested"
CELLS = (
    repair("diagnose", "diagnosed", "received", "diagnosed"),
    agree("quote", "quoted", "diagnosed quoted", "quoted", kinds="paid lent"),
    agree("repair_free", "free", "diagnosed", "agreed", kinds="free"),
    agree("agree_quote", "agreed", "quoted", "agreed"),
    agree("decline_repair", "declined", "received diagnosed quoted agreed", "declined"),
    repair("repair_goods", "repaired", "agreed", "repaired"),
    repair("pass_test", "tested", "repaired", "tested"),
    repair("fail_test", "test_failed", "repaired", "agreed"),
    agree("tell_ready", "ready", "tested declined", "ready"),
    hand("give_back", "given_back", "ready", "given_back"),
    hand("recycle", "recycled", "declined ready", "recycled"),
    hand("recycle", "recycled", "received", "recycled", kinds="old"),
    agree("move_promise", "promise_moved", AT_WORK, None),
    hand("move_place", "place_moved", f"{AT_WORK} ready", None, kinds=KINDS),
    agree("set_repairer", "repairer_set", AT_WORK, None),
    hand("lend", "lent", f"{AT_WORK} ready", None, kinds="paid free"),
    hand("take_loan_back", "loan_back", f"{AT_WORK} ready given_back recycled", None, kinds="lent"),
)


def steps(company: Company) -> tuple[Action, ...]:
    promise = {"promised_at": NOW + timedelta(days=9), "reason": "缺件", "customer_told": True}
    back = {"given_to": "王", "condition_back": "完好", "accessories_complete": True}
    return (
        inputs.Diagnose(diagnosis="电源板"),
        inputs.Quote(quote_cents=100),
        inputs.RepairFree(),
        inputs.AgreeQuote(),
        inputs.DeclineRepair(note="太贵"),
        inputs.RepairGoods(work_done="换板"),
        inputs.PassTest(),
        inputs.FailTest(note="漏电"),
        inputs.TellReady(),
        inputs.GiveBack(**back),
        inputs.Recycle(recycled_to="绿源回收"),
        inputs.MovePromise(**promise),
        inputs.MovePlace(shelf="B-1"),
        inputs.SetRepairer(technician_id=company["technician"].id or 0),
        inputs.Lend(lent="备用机"),
        inputs.TakeLoanBack(),
    )


def put(uow: UnitOfWork, company: Company, state: str, kind: str) -> Stand:
    case = stored_rows.request(uow.session, company, RequestStatus.IN_PROGRESS)
    case.charge = Charge.FREE if kind == "free" else Charge.PAID
    given = {"given_to": "王", "given_at": NOW} if state == "given_back" else {}
    if state == "recycled":
        given = {"recycled_to": "绿源回收", "recycled_at": NOW}
    row = ShopPiece(
        number=f"{case.number}-1",
        request=case,
        station_id=Company.NORTH,
        status=ShopStatus(state),
        purpose=ShopPurpose.RECYCLING if kind == "old" else ShopPurpose.REPAIR,
        came_from=CameFrom.COUNTER,
        condition="完好",
        handed_over_by="王",
        taken_in_by_id=1,
        quote_cents=100,
        taken_in_at=NOW,
        ready_at=NOW if state in ("ready", "given_back") else None,
        lent="备用机" if kind == "lent" else "",
        **given,
    )
    stored_rows.add(uow.session, row)
    return Stand(PROCESS, row, state, kind, None, CELLS)


def check(company: Company, states: Sequence[str], kinds: str, names: Sequence[str]) -> None:
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        for state in states:
            for kind in kinds.split():
                if kind == "old" and state not in ("received", "recycled"):
                    continue
                stand = put(uow, company, state, kind)
                check_stand(uow, stand, [company[each] for each in names], steps(company))


@pytest.mark.parametrize("state", [status.value for status in ShopStatus])
def test_goods_move_as_the_table_says(sqlite_company: Company, state: str) -> None:
    check(sqlite_company, [state], KINDS, list(sqlite_company.people))


def test_a_sample_on_both_databases(company: Company) -> None:
    names = ["technician.stranger", "technician", "warehouse", "auditor"]
    check(company, ["received", "ready"], "paid", names)


def test_no_rule_is_left_out(sqlite_company: Company) -> None:
    check_no_rule_is_left_out(PROCESS, steps(sqlite_company), CELLS)
