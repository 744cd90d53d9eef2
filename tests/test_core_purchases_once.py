"""An invoice is one purchase, and a piece comes back once, by whatever way it is entered."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.complaints import view as complaint_view
from core.customers import pieces, purchases
from core.house import HOUSE
from core.imports.files import SourceFile
from core.imports.mapping import ColumnMap, parse_map
from core.imports.run import run
from core.kernel import form_keys
from core.kernel.errors import InvalidInput, Refused, Stale
from core.kernel.inputs import parse
from core.returns import application, inputs, view
from db.codes import PieceStatus
from db.keys import invoice_key, piece_key
from db.tables import (
    Asset,
    Complaint,
    GoodsReturn,
    History,
    Purchase,
    PurchaseLine,
    ReturnLine,
)
from tests import complaint_steps
from tests import return_steps as take
from tests.company_cast import NOW, Company
from tests.return_steps import FAULT, SWAP, TOLD, do

ONE = {"serial": "SN-0042", "quantity": 1}
OTHER_DAY = {"purchased_on": "2026-02-20"}


def refused(company: Company, *lines: Any, **facts: Any) -> dict[str, str]:
    """The codes by field, when a purchase is not written down."""
    before = len(company.rows(Purchase))
    with pytest.raises(InvalidInput) as caught:
        take.buy(company, *lines, **facts)
    assert len(company.rows(Purchase)) == before
    return {each.field: each.code for each in caught.value.problems}


def applied(company: Company, line: int, **facts: Any) -> dict[str, str]:
    """The codes by field, when a piece may not come back."""
    before = len(company.rows(GoodsReturn))
    with pytest.raises(InvalidInput) as caught:
        take.applied(company, FAULT | {"purchase_line_id": line, "quantity": 1} | facts)
    assert len(company.rows(GoodsReturn)) == before
    return {each.field: each.code for each in caught.value.problems}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FP-9", "fp9"),
        ("FP-9", "ＦＰ－９"),
        ("FP 9", "FP—9"),
        ("FP9", "FP\u200b9"),
        ("FP9", "\u202dFP\u22129\u202c"),
        ("straße1", "STRASSE-1"),
    ],
)
def test_numbers_are_the_same_however_they_are_spelled(one: str, other: str) -> None:
    assert invoice_key(one) == invoice_key(other) != ""
    assert piece_key(one, "海尔", "XQG 100") == piece_key(other, "海尔", "xqg-100") != ""


@pytest.mark.parametrize("none", ["", "无", "N/A", "—", "待补", "\u200b"])
def test_what_holds_no_digit_is_no_invoice_number(none: str) -> None:
    assert invoice_key(none) == ""


def test_long_numbers_fit_their_column() -> None:
    assert len(invoice_key("㍿1" * 60)) <= 120
    assert invoice_key("1" * 119) != invoice_key("1" * 120)


@pytest.mark.parametrize("spelled", ["FP-9", "fp 9", "ＦＰ－９", "FP\u200b9"])
def test_an_invoice_is_written_down_once(company: Company, spelled: str) -> None:
    buyer = take.customer(company)
    take.buy(company, customer_id=buyer, invoice_no="FP-9")
    with pytest.raises(InvalidInput) as caught:
        take.buy(company, {"model": "B"}, customer_id=buyer, invoice_no=spelled, **OTHER_DAY)
    (bad,) = caught.value.problems
    assert (bad.field, bad.code) == ("invoice_no", "invoice_known")
    assert (bad.details["day"], bad.details["products"]) == ("2026-02-25", ("海尔 XQG100 × 3",))
    (kept,) = company.rows(Purchase)
    assert (kept.invoice_no, kept.invoice_key) == ("FP-9", "fp9")


def test_the_tick_does_not_open_the_same_invoice_again(sqlite_company: Company) -> None:
    buyer = take.customer(sqlite_company)
    take.buy(sqlite_company, customer_id=buyer, invoice_no="FP-9")
    again = {"customer_id": buyer, "invoice_no": "FP9", "another_purchase": True, "why": "两张"}
    assert refused(sqlite_company, **again) == {"invoice_no": "invoice_known"}


def test_the_number_of_another_customers_invoice_is_asked_about(company: Company) -> None:
    take.buy(company, invoice_no="FP-9")
    other = take.customer(company)
    asked = {"customer_id": other, "invoice_no": "fp 9"}
    assert refused(company, **asked) == {"another_purchase": "invoice_of_another"}
    assert refused(company, **asked, another_purchase=True) == {"why": "missing"}
    take.buy(company, **asked, another_purchase=True, why="另一门店的发票")
    first, second = company.rows(Purchase)
    (row,) = company.rows(History, subject="purchase", subject_id=second.id)
    assert (row.note, row.data) == ("另一门店的发票", {"not_the_same_as": [first.id]})


@pytest.mark.parametrize(("before", "now"), [("", ""), ("", "FP-1"), ("FP-1", ""), ("无", "")])
def test_without_a_number_the_same_goods_on_the_same_day_are_asked_about(
    company: Company, before: str, now: str
) -> None:
    buyer = {"customer_id": take.customer(company)}
    take.buy(company, **buyer, invoice_no=before)
    spelled = {"model": "xqg-100", "brand": "海 尔"}
    code = {"another_purchase": "bought_alike"}
    assert refused(company, spelled, **buyer, invoice_no=now) == code
    take.buy(company, **buyer, invoice_no=now, another_purchase=True, why="买了两次")
    assert len(company.rows(Purchase)) == 2


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ({"quantity": 1}, {}),
        ({"unit_cents": 1}, {}),
        ({"model": "B"}, {}),
        ({}, OTHER_DAY),
    ],
)
def test_other_goods_are_another_purchase(
    sqlite_company: Company, line: dict[str, Any], facts: dict[str, Any]
) -> None:
    buyer = {"customer_id": take.customer(sqlite_company), "invoice_no": ""}
    take.buy(sqlite_company, **buyer)
    take.buy(sqlite_company, line, **buyer, **facts)
    assert all(row.note == "" for row in sqlite_company.rows(History, subject="purchase"))


def test_two_pieces_with_their_numbers_are_two(sqlite_company: Company) -> None:
    buyer = {"customer_id": take.customer(sqlite_company), "invoice_no": ""}
    take.buy(sqlite_company, ONE, **buyer)
    take.buy(sqlite_company, ONE | {"serial": "SN-0043"}, **buyer)
    assert len(sqlite_company.rows(Purchase)) == 2


def test_an_invoice_that_was_doubled_before_is_asked_about_at_the_return(company: Company) -> None:
    """As the migration leaves it: the later one without a key."""
    buyer = take.customer(company)
    first, second = (
        take.buy(company, customer_id=buyer, invoice_no=number)[0] for number in ("FP-1", "FP-2")
    )

    def doubled(uow: Any) -> None:
        row = uow.session.get_one(Purchase, uow.session.get_one(PurchaseLine, second).purchase_id)
        row.invoice_no, row.invoice_key = "fp 1", ""

    company.do("admin", doubled)
    assert applied(company, second) == {"lines.0.again": "invoice_twice"}
    take.applied(company, FAULT | {"purchase_line_id": second, "again": "两张发票"})
    take.applied(company, FAULT | {"purchase_line_id": first})


def test_days_that_are_told_later_keep_what_was(company: Company) -> None:
    (line,) = take.buy(company, received_on=None, at_a_distance=None)
    id = take.applied(company, FAULT | {"purchase_line_id": line})
    facts = {"note": "客户来电", "received_on": "2026-02-28", "at_a_distance": False}
    do(company, "agent", id, parse(inputs.Supply, facts))
    bought = company.get(PurchaseLine, line).purchase_id
    (fact,) = company.rows(History, subject="purchase", subject_id=bought, action="edited")
    assert fact.data == {"received_on": [None, "2026-02-28"], "at_a_distance": [None, False]}


def test_two_invoices_of_one_day_are_two_purchases(sqlite_company: Company) -> None:
    buyer = {"customer_id": take.customer(sqlite_company)}
    take.buy(sqlite_company, **buyer, invoice_no="FP-1")
    take.buy(sqlite_company, **buyer, invoice_no="FP-2", another_purchase=True, why="没人问")
    assert {row.note for row in sqlite_company.rows(History, subject="purchase")} == {""}


@pytest.mark.parametrize("invoice_no", ["FP-9", ""])
def test_two_clerks_with_one_invoice_at_the_same_instant(company: Company, invoice_no: str) -> None:
    values = take.BOUGHT | {"customer_id": take.customer(company), "lines": [take.DRUM]}
    command = parse(purchases.AddPurchase, values | {"invoice_no": invoice_no})
    gate = threading.Barrier(4)

    def write(number: int) -> object:
        gate.wait()
        try:
            return form_keys.submit(
                company.engine,
                company["agent"],
                HOUSE,
                lambda uow: purchases.add(uow, command),
                key=f"clerk {number}",
                now=NOW,
            )
        except Refused as error:
            return type(error)

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(write, range(4)))
    assert len(company.rows(Purchase)) == 1
    assert set(told) - {InvalidInput, Stale} == {company.rows(Purchase)[0].id}


# Pieces


@pytest.mark.parametrize(
    "spelled", ["SN-0042", "sn0042", "ＳＮ－００４２", "SN—0042", "SN\u200b0042"]
)
@pytest.mark.parametrize("model", ["XQG100", "xqg-100"])
def test_a_piece_stands_on_one_purchase(company: Company, spelled: str, model: str) -> None:
    buyer = {"customer_id": take.customer(company)}
    take.buy(company, ONE, **buyer)
    again = ONE | {"serial": spelled, "model": model, "specification": "8kg"}
    assert refused(company, again, **buyer, **OTHER_DAY) == {"lines.0.serial": "piece_bought"}
    assert refused(company, again) == {"lines.0.serial": "piece_with"}


def test_one_purchase_does_not_name_a_piece_twice(sqlite_company: Company) -> None:
    twice = (ONE, ONE | {"serial": "sn0042"})
    assert refused(sqlite_company, *twice) == {"lines.1.serial": "line_twice"}


def test_a_serial_number_on_another_product_is_asked_about(sqlite_company: Company) -> None:
    take.buy(sqlite_company, ONE)
    other = ONE | {"brand": "美的", "model": "KFR"}
    assert refused(sqlite_company, other) == {"another_purchase": "serial_on_another"}
    take.buy(sqlite_company, other, another_purchase=True, why="两个厂家同号")


def test_a_refunded_piece_is_not_bought_again(company: Company) -> None:
    (line,) = take.buy(company, ONE)
    id = take.refunded(company, FAULT | {"purchase_line_id": line, "quantity": 1})
    number = take.case_of(company, id).number
    for spelled in ("SN-0042", "sn 0042"):
        with pytest.raises(InvalidInput) as caught:
            take.buy(company, ONE | {"serial": spelled}, **OTHER_DAY)
        (bad,) = caught.value.problems
        assert (bad.code, bad.details) == ("piece_came_back", {"number": number})
    # Nor is it looked after any more.
    (piece,) = company.rows(Asset, serial="SN-0042")
    assert (piece.status, piece.left_on) == (PieceStatus.HELD, NOW.date())
    assert company.see("manager", pieces.why_gone, piece) == number


def test_a_piece_that_is_told_by_its_serial_number_comes_back_once(company: Company) -> None:
    """Neither of the purchases names it."""
    first, second = take.buy(company)[0], take.buy(company)[0]
    told = {"serial": "SN-0042"}
    line = FAULT | {"purchase_line_id": first, "quantity": 1} | told
    id = take.applied(company, line)
    spelled = {"serial": "ｓｎ0042"}
    assert applied(company, second, **spelled) == {"lines.0.serial": "piece_under_way"}
    assert applied(company, first, **spelled) == {"lines.0.serial": "piece_under_way"}
    do(company, "agent", id, inputs.CancelReturn(note="不退了"))
    take.refunded(company, line)
    assert applied(company, second, **spelled) == {"lines.0.serial": "piece_came_back"}
    assert applied(company, first, **spelled) == {"lines.0.serial": "piece_came_back"}
    assert company.get(PurchaseLine, first).returned == 1
    take.applied(company, FAULT | {"purchase_line_id": first, "quantity": 1})


def test_a_serial_number_means_one_piece_and_the_one_that_was_bought(
    sqlite_company: Company,
) -> None:
    company = sqlite_company
    (many,) = take.buy(company)
    (one,) = take.buy(company, ONE)
    two = {"quantity": 2, "serial": "S7"}
    assert applied(company, many, **two) == {"lines.0.serial": "one_piece_only"}
    assert applied(company, one, serial="S7") == {"lines.0.serial": "not_the_piece_bought"}
    id = take.applied(company, FAULT | {"purchase_line_id": one, "serial": "sn 0042"})
    assert [line.serial for line in take.lines_of(company, id)] == ["SN0042"]


def test_one_application_does_not_name_a_piece_twice(sqlite_company: Company) -> None:
    company, buyer = sqlite_company, take.customer(sqlite_company)
    lines = take.buy(company, {}, {"specification": "8kg"}, customer_id=buyer)
    told = [
        FAULT | {"purchase_line_id": id, "serial": s}
        for id, s in zip(lines, ("S7", "s-7"), strict=True)
    ]
    with pytest.raises(InvalidInput) as caught:
        take.applied(company, *told)
    assert [(x.field, x.code) for x in caught.value.problems] == [("lines.1.serial", "line_twice")]


def test_lines_that_are_put_right_keep_their_own_piece(sqlite_company: Company) -> None:
    company = sqlite_company
    (line,) = take.buy(company, ONE)
    id = take.applied(company, FAULT | {"purchase_line_id": line})
    rows = {"lines": [FAULT | {"purchase_line_id": line, "serial": "SN0042", "repairs": 2}]}
    do(company, "agent", id, parse(inputs.Amend, rows))
    (kept,) = take.lines_of(company, id)
    assert (kept.repairs, kept.piece) == (2, piece_key("SN0042", "海尔", "XQG100"))


def test_a_piece_that_was_not_taken_back_may_come_again(sqlite_company: Company) -> None:
    company = sqlite_company
    (line,) = take.buy(company, ONE)
    about = FAULT | {"purchase_line_id": line}
    id = take.received(company, about)
    do(company, "quality", id, take.retested(company, id, 0))
    do(company, "agent", id, take.settle())
    do(company, "finance", id, take.confirm())
    assert company.get(GoodsReturn, id).refund_cents == 0
    assert take.refunded(company, about) != id


def test_what_was_exchanged_is_at_home_and_what_was_sent_may_come_back(company: Company) -> None:
    (line,) = take.buy(company, ONE)
    id = take.refunded(company, SWAP | {"purchase_line_id": line})
    assert applied(company, line) == {"lines.0.serial": "piece_came_back"}
    (swapped,) = take.lines_of(company, id)
    sent = {"paid_by": "company", "lines": [{"line_id": swapped.id, "serial": "N-1"}]}
    do(company, "warehouse", id, parse(inputs.SendReplacement, sent))
    do(company, "agent", id, parse(inputs.TellResult, TOLD))
    do(company, "agent", id, inputs.CloseReturn())
    assert company.get(ReturnLine, swapped.id).serial == "SN-0042"
    assert applied(company, line, serial="SN0042") == {"lines.0.serial": "not_the_piece_bought"}
    assert refused(company, ONE) == {"lines.0.serial": "piece_came_back"}
    again = take.refunded(company, FAULT | {"purchase_line_id": line, "serial": "n1"})
    assert company.get(GoodsReturn, again).refund_cents == 500_00
    assert refused(company, ONE | {"serial": "N1"}) == {"lines.0.serial": "piece_came_back"}


def test_a_piece_that_came_back_is_not_sent_in_exchange(sqlite_company: Company) -> None:
    company = sqlite_company
    (first,), (second,) = take.buy(company, ONE), take.buy(company, {"quantity": 1})
    take.refunded(company, FAULT | {"purchase_line_id": first})
    id = take.refunded(company, SWAP | {"purchase_line_id": second})
    (line,) = take.lines_of(company, id)
    sent = {"paid_by": "company", "lines": [{"line_id": line.id, "serial": "SN0042"}]}
    with pytest.raises(InvalidInput) as caught:
        do(company, "warehouse", id, parse(inputs.SendReplacement, sent))
    assert caught.value.problems[0].code == "piece_held"


def test_old_doubles_are_not_both_paid(company: Company) -> None:
    """Two returns of one piece ran already when pieces were not yet known again."""
    (first,), (second,) = take.buy(company), take.buy(company)
    told = {"quantity": 1, "serial": "S7"}
    early = take.settled(company, FAULT | {"purchase_line_id": first} | told)
    late = take.settled(company, FAULT | {"purchase_line_id": second, "quantity": 1})

    def as_it_was(uow: Any) -> None:
        for id, serial in ((early, "S7"), (late, "s-7")):
            row = uow.session.query(ReturnLine).filter_by(return_id=id).one()
            row.serial, row.piece = serial, ""

    company.do("admin", as_it_was)
    do(company, "finance", early, take.confirm())
    with pytest.raises(InvalidInput) as caught:
        do(company, "finance", late, take.confirm())
    assert caught.value.problems[0].code == "piece_came_back"
    assert company.get(GoodsReturn, late).refunded_at is None


def test_another_stations_return_is_not_told(company: Company) -> None:
    (first,), (second,) = take.buy(company), take.buy(company)
    line = FAULT | {"purchase_line_id": first, "quantity": 1, "serial": "S7"}
    take.applied(company, line, who="agent.stranger", station_id=company.SOUTH)
    with pytest.raises(InvalidInput) as caught:
        take.applied(company, line | {"purchase_line_id": second})
    (bad,) = caught.value.problems
    assert (bad.code, bad.details) == ("piece_elsewhere", {})


def test_what_is_wrong_with_a_piece_is_said_before_it_is_sent_in(sqlite_company: Company) -> None:
    company = sqlite_company
    (line,) = take.buy(company, ONE)
    id = take.applied(company, FAULT | {"purchase_line_id": line})
    rows = [parse(inputs.AppliedLine, FAULT | {"purchase_line_id": line})]
    (found,) = company.see("agent", application.prospect, lines=rows)
    assert [each.code for each in found.problems] == ["piece_under_way"]
    own = {"lines": rows, "case_id": take.case_of(company, id).id}
    (found,) = company.see("agent", application.prospect, **own)
    assert found.problems == ()


RETURNS = parse_map(
    {
        "source": "old_system",
        "facts": {
            "ref": {"column": "单号"},
            "kind": {"column": "类型", "translate": {"退货": "return"}},
            "status": {"column": "状态", "translate": {"结案": "closed", "作废": "cancelled"}},
            "customer_name": {"column": "客户"},
            "phone": {"column": "电话"},
            "brand": {"column": "品牌"},
            "model": {"column": "型号"},
            "serial": {"column": "序列号"},
            "symptom": {"column": "现象"},
            "received_at": {"column": "受理时间"},
            "closed_at": {"column": "完成时间"},
        },
    }
)
HEAD = "单号,类型,状态,客户,电话,品牌,型号,序列号,现象,受理时间,完成时间"


def brought(company: Company, map: ColumnMap, status: str, tmp_path: Any) -> None:
    path = tmp_path / "old.csv"
    row = f"R1,退货,{status},李雷,13900139000,海尔,XQG100,SN-0042,退货,2026-01-10 09:00,2026-01-12 09:00"
    path.write_text(f"{HEAD}\n{row}\n", "utf-8")
    outcome = run(
        company.engine,
        company["manager"],
        file=SourceFile(path.name, path),
        map=map,
        map_name="old",
        now=NOW,
    )
    assert outcome.added == 1, outcome.problems


@pytest.mark.parametrize("spelled", ["sn0042", "ｓｎ　0042"])
def test_a_return_that_was_over_elsewhere_is_asked_about(
    company: Company, tmp_path: Any, spelled: str
) -> None:
    brought(company, RETURNS, "结案", tmp_path)
    (old,), (piece,) = company.rows(GoodsReturn), company.rows(Asset)
    (line,) = take.buy(company, ONE | {"serial": spelled}, customer_id=piece.customer_id)
    assert len(company.rows(Asset)) == 1
    assert applied(company, line) == {"lines.0.again": "settled_elsewhere"}
    rows = [parse(inputs.AppliedLine, FAULT | {"purchase_line_id": line})]
    (found,) = company.see("manager", application.prospect, lines=rows)
    number = take.case_of(company, old.id).number
    assert [(x.code, x.details) for x in found.problems] == [("settled_before", {"number": number})]
    id = take.applied(company, FAULT | {"purchase_line_id": line, "again": "上次拒退"})
    (fact,) = company.rows(History, subject="return", subject_id=id, action="lines_entered")
    assert fact.note == "上次拒退"
    assert old.id != id


def test_a_return_that_was_withdrawn_elsewhere_is_not(
    sqlite_company: Company, tmp_path: Any
) -> None:
    brought(sqlite_company, RETURNS, "作废", tmp_path)
    (asset,) = sqlite_company.rows(Asset)
    (line,) = take.buy(sqlite_company, ONE, customer_id=asset.customer_id)
    take.applied(sqlite_company, FAULT | {"purchase_line_id": line})


def test_a_plan_and_a_return_of_one_piece_know_each_other(company: Company) -> None:
    (line,) = take.buy(company, ONE)
    id = take.applied(company, FAULT | {"purchase_line_id": line})
    (asset,) = company.rows(Asset)
    complaint_id = company.complaint(
        customer_id=asset.customer_id, asset_id=asset.id, customer_name="", phone=""
    )
    complaint = company.get(Complaint, complaint_id)
    goods = take.case_of(company, id)
    shown = company.see("agent", complaint_view.view, case_id=complaint.request_id)
    assert shown.returns == ((goods.id, goods.number),)
    assert company.see("agent", view.view, case_id=goods.id).complaints == ()
    complaint_steps.take(company, complaint_id, "proposed")
    ((case_id, _number),) = company.see("agent", view.view, case_id=goods.id).complaints
    assert case_id == complaint.request_id
