"""Returns and exchanges: each step works, refuses what it should, and leaves its trace."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from core import sweep
from core.customers import purchases
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongStatus
from core.kernel.inputs import parse
from core.process import limits
from core.requests import inputs as request_inputs
from core.requests.lists import View
from core.returns import actions, application, inputs, lists, view
from db.codes import (
    Charge,
    Destination,
    Direction,
    Fit,
    NoticeKind,
    Payer,
    RequestKind,
    RequestStatus,
    ReturnStatus,
    WaitReason,
    Wish,
)
from db.tables import (
    Asset,
    GoodsReturn,
    Notice,
    PurchaseLine,
    Replacement,
    ReturnDeduction,
    ReturnLoss,
    ReturnParcel,
    ServiceRequest,
    StockMove,
)
from tests import return_steps as take
from tests.company_cast import NOW, Company
from tests.return_steps import FAULT, LONG_AGO, OWN, REPAIR, SWAP, TOLD, do, lines_of


def refused(company: Company, who: str, id: int, command: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        do(company, who, id, command)
    return {(problem.field, problem.code) for problem in caught.value.problems}


def status_of(company: Company, id: int) -> ReturnStatus:
    status: ReturnStatus = company.get(GoodsReturn, id).status
    return status


def facts(company: Company, id: int) -> list[str]:
    return [fact for fact, _, _ in company.history("return", id)]


def line_of(company: Company, id: int) -> Any:
    (line,) = lines_of(company, id)
    return line


def a_line(company: Company, kind: dict[str, Any] = FAULT, quantity: int = 2, **bought: Any) -> Any:
    """One line of a new purchase."""
    (purchase_line_id,) = take.buy(company, **bought)
    return kind | {"purchase_line_id": purchase_line_id, "quantity": quantity}


def bought(company: Company, id: int) -> PurchaseLine:
    row: PurchaseLine = company.get(PurchaseLine, line_of(company, id).purchase_line_id)
    return row


def rows(model: Any, line: Any, **fields: Any) -> Any:
    """A command whose only row speaks of a line."""
    more = fields.pop("more", {})
    return parse(model, {"lines": [{"line_id": line.id} | fields]} | more)


# Purchases


def test_a_purchase_says_what_may_still_come_back(company: Company) -> None:
    customer = take.customer(company)
    washer, filters = take.buy(
        company, {"serial": "s 1", "quantity": 1}, {"model": "F"}, customer_id=customer
    )
    (asset,) = company.rows(Asset, customer_id=customer)
    assert (asset.serial, asset.purchased_on.isoformat()) == ("S1", "2026-02-25")
    take.applied(company, FAULT | {"purchase_line_id": filters, "quantity": 2})
    (seen,) = company.see("agent", purchases.of_customer, customer_id=customer)
    assert [(x.id, x.returnable, x.under_way) for x in seen.lines] == [
        (washer, 1, 0),
        (filters, 1, 2),
    ]
    assert seen.lines[0].serial == "S1"


@pytest.mark.parametrize(
    ("given", "line", "problem"),
    [
        (
            {"purchased_on": "2026-03-03", "received_on": None},
            {},
            ("purchased_on", "in_the_future"),
        ),
        ({"received_on": "2026-02-24"}, {}, ("received_on", "before_purchase")),
        ({"received_on": "2026-03-03"}, {}, ("received_on", "in_the_future")),
        ({}, {"serial": "A"}, ("lines.0.serial", "one_piece_only")),
    ],
)
def test_a_purchase_that_cannot_be(
    sqlite_company: Company, given: Any, line: Any, problem: tuple[str, str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        take.buy(sqlite_company, line, **given)
    assert [(each.field, each.code) for each in caught.value.problems] == [problem]


def test_a_serial_number_belongs_to_one_customer(sqlite_company: Company) -> None:
    take.buy(sqlite_company, {"serial": "S1", "quantity": 1})
    with pytest.raises(InvalidInput) as caught:
        take.buy(sqlite_company, {"serial": "S1", "quantity": 1})
    assert caught.value.problems[0].code == "piece_with"


def test_who_may_write_purchases_down(sqlite_company: Company) -> None:
    values = take.BOUGHT | {"customer_id": 1, "lines": [take.DRUM]}
    command = parse(purchases.AddPurchase, values)
    with pytest.raises(NotAllowed):
        sqlite_company.do("technician", purchases.add, command)
    with pytest.raises(NotFound):
        sqlite_company.do("agent", purchases.add, command)


# The application


def test_an_application_registers_the_case_and_its_lines(company: Company) -> None:
    id = take.applied(company)
    row, case = company.get(GoodsReturn, id), take.case_of(company, id)
    assert (row.status, row.asked_on.isoformat()) == (ReturnStatus.APPLIED, "2026-03-02")
    assert (case.kind, case.station_id) == (RequestKind.RETURN, company.NORTH)
    line = line_of(company, id)
    assert (line.fit, line.condition, line.payer) == (Fit.OPEN, "fault_7_days", Payer.COMPANY)
    assert (line.held, bought(company, id).under_way) == (2, 2)
    assert facts(company, id) == ["applied", "lines_entered"]
    running = company.see("agent", limits.of_case, request_id=case.id)
    assert {limit.name for limit in running} == {"return_screened", "complaint_solved"}


def test_only_what_was_bought_and_not_yet_returned(sqlite_company: Company) -> None:
    company = sqlite_company
    line = a_line(company)
    take.applied(company, line)
    with pytest.raises(InvalidInput) as caught:
        take.applied(company, line)
    (problem,) = caught.value.problems
    assert (problem.field, problem.code) == ("lines.0.quantity", "more_than_returnable")
    assert problem.details == {"most": 1}
    assert len(company.rows(GoodsReturn)) == len(company.rows(ServiceRequest)) == 1


def test_lines_are_the_customers_own_and_stand_once(sqlite_company: Company) -> None:
    company = sqlite_company
    mine, theirs = a_line(company), a_line(company)
    with pytest.raises(InvalidInput) as caught:
        take.applied(company, mine, theirs, mine)
    assert [(x.field, x.code) for x in caught.value.problems] == [
        ("lines", "line_twice"),
        ("lines.1.purchase_line_id", "not_an_option"),
    ]


def test_who_may_apply(sqlite_company: Company) -> None:
    with pytest.raises(NotAllowed):
        take.applied(sqlite_company, a_line(sqlite_company), who="technician")


def test_before_it_is_sent_it_is_said_what_fits_and_who_pays(sqlite_company: Company) -> None:
    company = sqlite_company
    fit, late = a_line(company, OWN), a_line(company, FAULT, **LONG_AGO)
    given = [parse(inputs.AppliedLine, line) for line in (fit, late | {"quantity": 4})]
    own, old = company.see("agent", application.prospect, lines=given)
    assert own.judgement.freight is Payer.CUSTOMER
    assert own.judgement.best and own.judgement.best.condition.name == "online_7_days"
    assert (own.amount_cents, own.most) == (1000_00, 3)
    fits = {x.condition.name: x.fit for x in old.judgement.verdicts}
    assert fits["fault_7_days"] is Fit.FAILS
    whys = {x.condition.name: [why.code.value for why in x.whys] for x in old.judgement.verdicts}
    assert whys["fault_7_days"] == ["too_late"]
    assert (old.quantity, old.most) == (4, 3)


def test_the_prospect_of_a_case_counts_what_it_holds(sqlite_company: Company) -> None:
    company = sqlite_company
    line = a_line(company)
    id = take.applied(company, line)
    case_id = take.case_of(company, id).id
    given = [parse(inputs.AppliedLine, line | {"quantity": 3})]
    (seen,) = company.see("agent", application.prospect, lines=given, case_id=case_id)
    assert seen.most == 3


def test_the_ordinary_form_leaves_the_lines_to_be_entered(company: Company) -> None:
    case_id = company.register(kind="return", fault_area=None)
    (row,) = company.rows(GoodsReturn, request_id=case_id)
    seen = company.see("agent", view.view, case_id=case_id)
    assert seen.lines == ()
    assert "screen" not in {rule.action.name for rule in seen.actions if rule.action}
    case = company.get(ServiceRequest, case_id)
    (line,) = take.buy(company, customer_id=case.customer_id)
    amend = parse(inputs.Amend, {"lines": [FAULT | {"purchase_line_id": line}]})
    do(company, "agent", row.id, amend)
    do(company, "agent", row.id, inputs.Screen())
    assert facts(company, row.id) == ["applied", "amended", "screened"]


def test_what_is_amended_is_judged_as_of_the_day_of_asking(sqlite_company: Company) -> None:
    company = sqlite_company
    line = a_line(company, OWN)
    id = take.applied(company, line)
    amend = parse(inputs.Amend, {"lines": [line | {"quantity": 3}]})
    do(company, "agent", id, amend, now=NOW + timedelta(days=30))
    after = line_of(company, id)
    assert (after.fit, after.condition, after.quantity) == (Fit.FITS, "online_7_days", 3)
    assert bought(company, id).under_way == 3


def test_a_stranger_and_a_slow_one_change_nothing(company: Company) -> None:
    id = take.applied(company)
    seen = company.get(GoodsReturn, id).version
    with pytest.raises(NotFound):
        do(company, "agent.stranger", id, inputs.Screen())
    with pytest.raises(NotAllowed):
        do(company, "warehouse", id, inputs.Screen())
    do(company, "agent", id, inputs.AskMore(note="请补发票"))
    with pytest.raises(Stale):
        do(company, "agent", id, inputs.Screen(), seen_version=seen)
    with pytest.raises(WrongStatus):
        do(company, "warehouse", id, take.came(company, id))


def test_asking_for_more_stops_the_clock(sqlite_company: Company) -> None:
    company = sqlite_company
    line = a_line(company, OWN, received_on=None)
    id = take.applied(company, line, now=NOW + timedelta(days=7))
    do(company, "agent", id, inputs.AskMore(note="何时签收？"))
    assert take.case_of(company, id).wait_reason is WaitReason.CUSTOMER
    running = company.see("agent", limits.of_case, request_id=take.case_of(company, id).id)
    assert all(limit.paused for limit in running)
    assert line_of(company, id).fit is Fit.OPEN
    supply = {"note": "四日签收", "received_on": "2026-03-04"}
    do(company, "agent", id, parse(inputs.Supply, supply), now=NOW + timedelta(days=7))
    assert take.case_of(company, id).wait_reason is None
    assert line_of(company, id).condition == "online_7_days"


def test_nothing_is_supplied_that_cannot_be(sqlite_company: Company) -> None:
    id = take.applied(sqlite_company)
    supply = parse(inputs.Supply, {"note": "签收", "received_on": "2026-02-20"})
    assert refused(sqlite_company, "agent", id, supply) == {("received_on", "before_purchase")}


# Screening, inspection, decision


def test_what_needs_no_inspection_passes_it(sqlite_company: Company) -> None:
    id = take.applied(sqlite_company, a_line(sqlite_company, OWN))
    do(sqlite_company, "agent", id, inputs.Screen())
    assert status_of(sqlite_company, id) is ReturnStatus.INSPECTED
    assert facts(sqlite_company, id)[-2:] == ["screened", "inspection_waived"]
    case = take.case_of(sqlite_company, id)
    assert case.status is RequestStatus.IN_PROGRESS
    found = {x.name: x for x in sqlite_company.see("agent", limits.of_case, request_id=case.id)}
    assert found["return_inspected"].met_at and not found["return_approved"].met_at


def test_without_any_condition_it_is_declined(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.applied(company, a_line(company, OWN | {"goods": "damaged"}, **LONG_AGO))
    with pytest.raises(WrongStatus):
        do(company, "agent", id, inputs.Screen())
    do(company, "agent", id, inputs.DeclineReturn(note="已使用且超期"))
    row = company.get(GoodsReturn, id)
    assert (row.status, row.decision) == (ReturnStatus.REFUSED, "已使用且超期")
    do(company, "agent", id, parse(inputs.TellResult, TOLD))
    do(company, "agent", id, inputs.CloseReturn())
    assert bought(company, id).under_way == 0


def test_a_confirmed_defect_opens_quality_feedback(company: Company) -> None:
    id = take.inspected(company)
    line, case = line_of(company, id), take.case_of(company, id)
    assert (line.defect, line.fit, line.condition) == (True, Fit.FITS, "fault_7_days")
    (feedback,) = company.rows(ServiceRequest, kind=RequestKind.QUALITY_FEEDBACK)
    assert (feedback.origin_id, feedback.batch) == (case.id, "B2602")
    assert feedback.symptom == "压缩机故障"


def test_own_choice_is_no_defect(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.screened(company, a_line(company, OWN, **LONG_AGO))
    do(company, "quality", id, take.found(company, id, defect=False, goods="unused"))
    line = line_of(company, id)
    assert (line.condition, line.payer, line.fit) == ("own_reason", Payer.CUSTOMER, Fit.FITS)
    assert not company.rows(ServiceRequest, kind=RequestKind.QUALITY_FEEDBACK)


def test_every_line_is_inspected_and_decided(sqlite_company: Company) -> None:
    company = sqlite_company
    first, second = take.buy(company, {}, {"model": "B"})
    both = [FAULT | {"purchase_line_id": each} for each in (first, second)]
    id = take.screened(company, *both)
    one, _ = lines_of(company, id)
    half = rows(inputs.Inspect, one, goods_found="used")
    assert refused(company, "quality", id, half) == {("lines", "line_missing")}
    do(company, "quality", id, take.found(company, id))
    twice = [{"line_id": one.id, "approved": 1}] * 2
    command = parse(inputs.ApproveReturn, {"lines": twice})
    assert refused(company, "manager", id, command) == {("lines", "line_twice")}


def test_the_amount_says_who_decides(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.inspected(company, _dear(company))
    assert company.get(GoodsReturn, id).approvers == ["leader"]
    with pytest.raises(NotAllowed) as caught:
        do(company, "manager", id, take.granted(company, id))
    assert caught.value.details["reason"] == "over_your_limit"
    assert caught.value.details["who"] == ("leader",)
    do(company, "leader", id, take.granted(company, id))
    assert status_of(company, id) is ReturnStatus.APPROVED


def _dear(company: Company) -> dict[str, Any]:
    (line,) = take.buy(company, {"unit_cents": 1000_01})
    return FAULT | {"purchase_line_id": line, "quantity": 2}


def test_approving_less_gives_the_rest_free(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.inspected(company)
    assert refused(company, "manager", id, take.granted(company, id, 3)) == {
        ("lines.0.approved", "more_than_applied")
    }
    assert refused(company, "manager", id, take.granted(company, id, 0)) == {
        ("lines", "nothing_approved")
    }
    do(company, "manager", id, take.granted(company, id, 1))
    assert (line_of(company, id).approved, bought(company, id).under_way) == (1, 1)


def test_beyond_the_rule_takes_a_reason(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.screened(company, a_line(company, FAULT, **LONG_AGO))
    do(company, "quality", id, take.found(company, id, defect=False))
    assert line_of(company, id).fit is Fit.FAILS
    command = take.granted(company, id)
    assert refused(company, "manager", id, command) == {("note", "beyond_the_rule")}
    do(company, "manager", id, take.granted(company, id, note="老客户，照顾处理"))
    assert line_of(company, id).payer is Payer.CUSTOMER


def test_a_refund_without_the_goods(company: Company) -> None:
    id = take.inspected(company)
    bare = take.granted(company, id, without_goods=True)
    assert refused(company, "manager", id, bare) == {("note", "why_without_goods")}
    do(company, "manager", id, take.granted(company, id, without_goods=True, note="运费高于货值"))
    assert status_of(company, id) is ReturnStatus.STORED
    assert facts(company, id)[-3:] == ["approved", "goods_waived", "stored"]
    do(company, "agent", id, take.settle())
    do(company, "finance", id, take.confirm())
    row = company.get(GoodsReturn, id)
    assert (row.refund_cents, bought(company, id).returned) == (1000_00, 2)
    assert company.rows(StockMove) == []


def test_a_repair_becomes_a_case_of_its_own(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.inspected(company, a_line(company, REPAIR))
    do(company, "manager", id, take.granted(company, id))
    (repair,) = company.rows(ServiceRequest, kind=RequestKind.REPAIR)
    assert (repair.origin_id, repair.charge) == (take.case_of(company, id).id, Charge.FREE)
    assert bought(company, id).under_way == 0
    with pytest.raises(WrongStatus):
        do(company, "agent", id, take.way())
    do(company, "agent", id, parse(inputs.TellResult, TOLD))
    assert status_of(company, id) is ReturnStatus.TOLD


def test_refused_told_appealed_upheld(company: Company) -> None:
    id = take.inspected(company)
    do(company, "manager", id, inputs.RefuseReturn(note="人为损坏"))
    do(company, "agent", id, parse(inputs.TellResult, TOLD))
    assert take.case_of(company, id).status is RequestStatus.RESOLVED
    do(company, "agent", id, inputs.AppealRefusal(appeal="不是人为"))
    assert take.case_of(company, id).status is RequestStatus.IN_PROGRESS
    with pytest.raises(NotAllowed) as caught:
        do(company, "manager", id, inputs.UpholdRefusal(note="维持"))
    assert caught.value.details["reason"] == "own_refusal"
    do(company, "leader", id, inputs.UpholdRefusal(note="维持"))
    with pytest.raises(WrongStatus):
        do(company, "agent", id, inputs.AppealRefusal(appeal="再申诉"))
    do(company, "agent", id, parse(inputs.TellResult, TOLD))
    do(company, "agent", id, inputs.CloseReturn())
    assert take.case_of(company, id).answer == "已办结"
    assert bought(company, id).under_way == 0


def test_an_appeal_that_is_allowed_is_decided_anew(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.inspected(company)
    do(company, "manager", id, inputs.RefuseReturn(note="人为损坏"))
    do(company, "agent", id, inputs.AppealRefusal(appeal="不是人为"))
    do(company, "leader", id, inputs.AllowAppeal(note="证据不足"))
    do(company, "manager", id, take.granted(company, id))
    assert status_of(company, id) is ReturnStatus.APPROVED


# The goods


def test_the_label_of_a_parcel_opens_the_return(company: Company) -> None:
    id = take.awaited(company)
    (parcel,) = company.rows(ReturnParcel, return_id=id)
    assert (parcel.direction, parcel.freight_cents) == (Direction.IN, 12_00)
    case_id = take.case_of(company, id).id
    assert company.see("warehouse", actions.by_label, label=parcel.label) == case_id
    for who, label in (("warehouse", "x"), ("agent.stranger", parcel.label)):
        with pytest.raises(NotFound):
            company.see(who, actions.by_label, label=label)


def test_pick_up_needs_an_address() -> None:
    with pytest.raises(InvalidInput) as caught:
        take.way(way_back="pick_up")
    assert [each.field for each in caught.value.problems] == ["address"]


def test_another_parcel_is_tracked_beside_the_first(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.awaited(company)
    (first,) = company.rows(ReturnParcel, return_id=id)
    number = {"tracking": "SF1", "paid_by": "customer", "freight_cents": 15_00}
    do(company, "agent", id, parse(inputs.Track, number | {"parcel_id": first.id}))
    do(company, "agent", id, parse(inputs.Track, number | {"tracking": "SF2"}))
    found = company.rows(ReturnParcel, return_id=id)
    assert [each.tracking for each in found] == ["SF1", "SF2"]
    stray = parse(inputs.Track, number | {"parcel_id": 99})
    assert refused(company, "agent", id, stray) == {("parcel_id", "not_an_option")}


def test_a_part_comes_and_later_the_rest(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.awaited(company)
    assert refused(company, "warehouse", id, take.came(company, id, 0)) == {
        ("lines", "nothing_received")
    }
    line = line_of(company, id)
    seen = {"appearance": "damaged", "specification_ok": False, "difference": "少一根软管"}
    do(company, "warehouse", id, rows(inputs.Receive, line, received=1, **seen))
    more = rows(inputs.ReceiveMore, line, received=1, appearance="used")
    do(company, "warehouse", id, more)
    line = line_of(company, id)
    assert (line.received, line.difference) == (2, "少一根软管")
    assert line.specification_ok is False
    assert facts(company, id)[-2:] == ["received", "received_more"]


def test_no_more_is_taken_back_than_came(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.awaited(company)
    do(company, "warehouse", id, take.came(company, id, 1))
    assert refused(company, "quality", id, take.retested(company, id, 2)) == {
        ("lines.0.accepted", "more_than_received")
    }


def test_what_is_not_accepted_goes_back_before_the_end(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.received(company)
    do(company, "quality", id, take.retested(company, id, 0))
    assert status_of(company, id) is ReturnStatus.STORED
    do(company, "agent", id, take.settle())
    do(company, "finance", id, take.confirm(refund_ref=""))
    with pytest.raises(WrongStatus):
        do(company, "agent", id, parse(inputs.TellResult, TOLD))
    parcel = {"more": {"paid_by": "company", "freight_cents": 20_00}}
    line = line_of(company, id)
    assert refused(
        company, "warehouse", id, rows(inputs.SendGoodsBack, line, quantity=3, **parcel)
    ) == {("lines.0.quantity", "more_than_left")}
    do(company, "warehouse", id, rows(inputs.SendGoodsBack, line, quantity=2, **parcel))
    do(company, "agent", id, parse(inputs.TellResult, TOLD))
    # Both freights are the company's: the one that was settled, and the one after.
    assert [each.loss_cents for each in company.rows(ReturnLoss)] == [12_00, 20_00]
    assert bought(company, id).under_way == bought(company, id).returned == 0


def test_everything_taken_back_has_its_place(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.received(company)
    do(company, "quality", id, take.retested(company, id))
    line = line_of(company, id)
    for given, problem in (
        ({"quantity": 1, "destination": "resale"}, ("lines", "not_as_taken_back")),
        (
            {"quantity": 2, "destination": "scrap", "value_cents": 1},
            ("lines.0.value_cents", "scrap_is_worth_nothing"),
        ),
        (
            {"quantity": 2, "destination": "resale", "value_cents": 1000_01},
            ("lines.0.value_cents", "more_than_paid"),
        ),
    ):
        assert refused(company, "warehouse", id, rows(inputs.PutAway, line, **given)) == {problem}
    do(company, "warehouse", id, take.stored(company, id, "maker", 300_00))
    (move,) = company.rows(StockMove)
    assert (move.quantity, move.destination) == (2, Destination.MAKER)


def test_a_cause_in_the_product_opens_feedback_where_nobody_inspected(
    sqlite_company: Company,
) -> None:
    company = sqlite_company
    id = take.applied(company, a_line(company, OWN))
    do(company, "agent", id, inputs.Screen())
    do(company, "manager", id, take.granted(company, id))
    do(company, "agent", id, take.way(paid_by="customer"))
    do(company, "warehouse", id, take.came(company, id))
    do(company, "quality", id, take.retested(company, id, retest="门封开裂"))
    (feedback,) = company.rows(ServiceRequest, kind=RequestKind.QUALITY_FEEDBACK)
    assert feedback.symptom == "门封开裂"


def test_a_move_out_of_quarantine_corrects_the_loss(company: Company) -> None:
    id = take.refunded(company)
    (move,) = company.rows(StockMove)
    values = {"move_id": move.id, "quantity": 1, "destination": "maker", "value_cents": 400_00}
    more = parse(inputs.MoveStock, values | {"quantity": 3, "value_cents": 0})
    assert refused(company, "warehouse", id, more) == {("quantity", "more_than_stored")}
    same = parse(inputs.MoveStock, values | {"destination": "quarantine"})
    assert refused(company, "warehouse", id, same) == {("destination", "same_place")}
    do(company, "warehouse", id, parse(inputs.MoveStock, values))
    losses = [each.loss_cents for each in company.rows(ReturnLoss)]
    assert losses == [1012_00, -400_00]
    seen = company.see("finance", view.view, case_id=take.case_of(company, id).id)
    assert (seen.booked_loss_cents, seen.lines[0].worth_cents) == (612_00, 400_00)
    assert [each.left for each in seen.lines[0].stock] == [1, 1]


# The money


def test_own_choice_pays_freight_and_deductions(company: Company) -> None:
    id = take.applied(company, a_line(company, OWN))
    do(company, "agent", id, inputs.Screen())
    do(company, "manager", id, take.granted(company, id))
    do(company, "agent", id, take.way())
    do(company, "warehouse", id, take.came(company, id))
    do(company, "quality", id, take.retested(company, id, cause_kind="use"))
    do(company, "warehouse", id, take.stored(company, id, "resale", 1000_00))
    line = line_of(company, id)
    cut = {"line_id": line.id, "kind": "packaging", "reason": "包装破损", "percent": 10}
    command = take.settle(deductions=[cut])
    case_id = take.case_of(company, id).id
    asked = {"case_id": case_id, "command": command}
    seen = company.see("agent", actions.settlement_prospect, **asked)
    assert (seen.refund_cents, seen.kept_cents) == (888_00, 112_00)
    do(company, "agent", id, command)
    (deduction,) = company.rows(ReturnDeduction)
    assert (deduction.percent, deduction.amount_cents) == (10, 100_00)
    assert refused(company, "finance", id, take.confirm(refund_ref="")) == {
        ("refund_ref", "missing")
    }
    do(company, "finance", id, take.confirm())
    (loss,) = company.rows(ReturnLoss)
    assert (loss.value_cents, loss.deducted_cents, loss.loss_cents) == (0, 100_00, -100_00)
    assert company.get(GoodsReturn, id).refund_cents == 888_00


def test_more_than_the_price_is_never_deducted(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.in_stock(company)
    line = line_of(company, id)
    cut = {"line_id": line.id, "kind": "used", "reason": "磨损", "cents": 1000_01}
    assert refused(company, "agent", id, take.settle(deductions=[cut])) == {
        ("deductions", "more_than_paid")
    }
    rows_of = [{"line_id": line.id, "replaced": 3}]
    assert refused(company, "agent", id, take.settle(lines=rows_of)) == {
        ("lines.0.replaced", "more_than_taken_back")
    }


def test_what_is_owed_stays_on_file_until_it_is_paid(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.in_stock(company, a_line(company, SWAP))
    line = line_of(company, id)
    cut = {"line_id": line.id, "kind": "used", "reason": "磨损", "cents": 50_00}
    do(company, "agent", id, take.settle(deductions=[cut]))
    do(company, "finance", id, take.confirm(refund_ref=""))
    row = company.get(GoodsReturn, id)
    assert (row.refund_cents, row.owed_cents, row.paid_at) == (0, 50_00, None)
    do(company, "finance", id, inputs.RecordPayment(reference="SK-1"))
    assert company.get(GoodsReturn, id).paid_at == NOW
    with pytest.raises(WrongStatus):
        do(company, "finance", id, inputs.RecordPayment(reference="SK-1"))


def test_a_settlement_is_reckoned_again_and_confirmed_as_it_stands(
    sqlite_company: Company,
) -> None:
    company = sqlite_company
    id = take.settled(company)
    do(company, "finance", id, inputs.ReviseSettlement(note="漏扣包装费"))
    row = company.get(GoodsReturn, id)
    assert (row.status, row.refund_cents) == (ReturnStatus.STORED, 0)
    do(company, "agent", id, take.settle())
    with company.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE purchase_lines SET total_cents = total_cents + 2")
    assert refused(company, "finance", id, take.confirm()) == {("refund_ref", "settlement_changed")}


def test_a_partly_received_exchange(company: Company) -> None:
    id = take.awaited(company, a_line(company, SWAP))
    do(company, "warehouse", id, take.came(company, id, 1))
    do(company, "quality", id, take.retested(company, id))
    do(company, "warehouse", id, take.stored(company, id))
    do(company, "agent", id, take.settle())
    do(company, "finance", id, take.confirm(refund_ref=""))
    with pytest.raises(WrongStatus):
        do(company, "agent", id, parse(inputs.TellResult, TOLD))
    line = line_of(company, id)
    parcel = {"more": {"paid_by": "company", "freight_cents": 18_00}}
    many = rows(inputs.SendReplacement, line, quantity=2, serial="N1", **parcel)
    assert refused(company, "warehouse", id, many) == {
        ("lines.0.quantity", "more_than_left"),
        ("lines.0.serial", "one_piece_only"),
    }
    do(company, "warehouse", id, rows(inputs.SendReplacement, line, serial="n1", **parcel))
    (sent,) = company.rows(Replacement)
    asset = company.get(Asset, sent.asset_id)
    assert (asset.serial, asset.warranty_until.isoformat()) == ("N1", "2027-03-01")
    do(company, "agent", id, parse(inputs.TellResult, TOLD))
    row = company.get(GoodsReturn, id)
    assert (row.refund_cents, row.owed_cents) == (0, 0)
    assert (bought(company, id).returned, bought(company, id).under_way) == (0, 0)
    assert [each.loss_cents for each in company.rows(ReturnLoss)] == [512_00, 18_00]


def test_a_known_serial_is_not_sent_twice(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.refunded(company, a_line(company, SWAP))
    parcel = {"paid_by": "company"}
    line = line_of(company, id)
    both = [{"line_id": line.id, "serial": "N1"}] * 2
    command = parse(inputs.SendReplacement, parcel | {"lines": both})
    assert refused(company, "warehouse", id, command) == {("lines.1.serial", "line_twice")}


# The end


def test_the_whole_way_of_a_defect(company: Company) -> None:
    id = take.refunded(company)
    do(company, "agent", id, parse(inputs.TellResult, TOLD))
    do(company, "agent", id, inputs.CloseReturn(lesson="压缩机批次复检"))
    row, case = company.get(GoodsReturn, id), take.case_of(company, id)
    assert (row.status, row.refund_cents, case.answer) == (
        ReturnStatus.CLOSED,
        1000_00,
        "已办结",
    )
    assert case.status is RequestStatus.RESOLVED  # until the customer was called
    assert (bought(company, id).returned, bought(company, id).under_way) == (2, 0)
    steps = "screened inspected approved way_agreed received tested stored settled refunded"
    assert facts(company, id)[2:] == [*steps.split(), "told", "closed"]
    found = {x.name: x.met_at for x in company.see("agent", limits.of_case, request_id=case.id)}
    del found["follow_up"]
    assert set(found.values()) == {NOW}


def test_a_return_that_is_cancelled_ends_its_case(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.awaited(company)
    do(company, "agent", id, inputs.CancelReturn(note="修好了"))
    assert take.case_of(company, id).status is RequestStatus.CANCELLED
    assert bought(company, id).under_way == 0


def test_a_case_that_is_cancelled_ends_its_return_unless_goods_are_here(
    sqlite_company: Company,
) -> None:
    company = sqlite_company
    cancel = request_inputs.Cancel(note="重复登记")
    early, late = take.awaited(company), take.received(company)
    company.act("agent", ServiceRequest, take.case_of(company, early).id, cancel)
    assert status_of(company, early) is ReturnStatus.CANCELLED
    with pytest.raises(InvalidInput):
        company.act("agent", ServiceRequest, take.case_of(company, late).id, cancel)
    assert status_of(company, late) is ReturnStatus.RECEIVED


def test_goods_that_never_come_are_chased_and_then_closed(company: Company) -> None:
    id = take.awaited(company)
    case_id = take.case_of(company, id).id
    sweep.run(company.engine, now=NOW + timedelta(days=9))
    assert "reminded" not in facts(company, id)
    for _ in range(2):  # the second one at the same time changes nothing
        sweep.run(company.engine, now=NOW + timedelta(days=16))
    assert facts(company, id).count("reminded") == 1
    told = company.rows(Notice, case_id=case_id, person_id=company["agent"].id)
    assert NoticeKind.YOUR_TURN in {notice.kind for notice in told}
    sweep.run(company.engine, now=NOW + timedelta(days=30))
    assert (status_of(company, id), facts(company, id)[-1]) == (ReturnStatus.CLOSED, "expired")
    assert company.get(ServiceRequest, case_id).status is RequestStatus.CANCELLED
    assert bought(company, id).under_way == 0


def test_an_agent_who_reminded_gives_the_second_time(sqlite_company: Company) -> None:
    company = sqlite_company
    id = take.awaited(company)
    do(company, "agent", id, parse(inputs.Remind, {"channel": "hotline"}))
    case_id = take.case_of(company, id).id
    found = {x.name: x for x in company.see("agent", limits.of_case, request_id=case_id)}
    assert found["goods_awaited"].met_at and not found["goods_reminded"].met_at
    sweep.run(company.engine, now=NOW + timedelta(days=12))
    assert status_of(company, id) is ReturnStatus.CLOSED


# What is seen


def test_the_queue_says_who_is_asked_next(company: Company) -> None:
    new, seen, here = take.applied(company), take.screened(company), take.received(company)
    page = company.see("manager", lists.queue)
    assert {(row.id, row.status) for row in page.rows} == {
        (new, ReturnStatus.APPLIED),
        (seen, ReturnStatus.SCREENED),
        (here, ReturnStatus.RECEIVED),
    }
    row = next(each for each in page.rows if each.id == new)
    assert (row.products, row.pieces, row.amount_cents) == (("海尔 XQG100",), 2, 1000_00)
    assert (row.wishes, row.case.due_by) == ((Wish.RETURN,), "return_screened")

    def ids(who: str, **narrowed: Any) -> set[int]:
        found = company.see(who, lists.queue, filters=lists.Filter(**narrowed))
        assert company.see(who, lists.count, filters=lists.Filter(**narrowed)) == found.total
        return {each.id for each in found.rows}

    assert ids("quality", view=View.MY_TURN) == {seen, here}
    assert ids("manager", role="agent") == {new}
    assert ids("agent", view=View.MINE) == {new, seen, here}
    assert ids("agent.stranger") == set()
    assert ids("manager", text="李雷") == {new, seen, here}
    assert ids("manager", status=ReturnStatus.SCREENED) == {seen}
    assert ids("manager", station_id=company.SOUTH) == ids("manager", view=View.LATE) == set()
    assert ids("manager", ended=True) == set()
    assert ids("auditor", role="finance") == set()


def test_a_queue_takes_few_queries_however_long_it_is(company: Company) -> None:
    def count() -> int:
        statements: list[str] = []

        def note(*given: Any) -> None:
            statements.append(given[2])

        event.listen(company.engine, "before_cursor_execute", note)
        try:
            company.see("manager", lists.queue)
        finally:
            event.remove(company.engine, "before_cursor_execute", note)
        return len([text for text in statements if text != "BEGIN"])

    take.applied(company)
    few = count()
    for _ in range(3):
        take.received(company)
    assert few == count() <= 4


def test_the_view_is_for_those_who_may(sqlite_company: Company) -> None:
    company = sqlite_company
    case_id = take.case_of(company, take.inspected(company)).id
    seen = company.see("quality", view.view, case_id=case_id)
    assert [(x.action, x.reason) for x in seen.barred] == []
    seen = company.see("manager", view.view, case_id=case_id)
    names = {rule.action.name for rule in seen.actions if rule.action}
    assert {"approve_return", "refuse_return"} <= names
    assert seen.people["inspected_by"] == "quality"
    with pytest.raises(NotFound):
        company.see("agent.stranger", view.view, case_id=case_id)
    with pytest.raises(NotAllowed):
        company.see("technician", view.view, case_id=case_id)


def test_whoever_is_asked_next_has_a_notice(sqlite_company: Company) -> None:
    company = sqlite_company
    take.inspected(company)
    (notice,) = company.rows(Notice, person_id=company["quality"].id, kind=NoticeKind.YOUR_TURN)
    assert notice.data == {"step": "screened"}
    (notice,) = company.rows(Notice, person_id=company["manager"].id, kind=NoticeKind.YOUR_TURN)
    assert notice.data == {"step": "inspected"}
    assert not company.rows(Notice, person_id=company["leader"].id, kind=NoticeKind.YOUR_TURN)
