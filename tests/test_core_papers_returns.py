"""The papers of a return: application, instructions, receipt note, refund note."""

from io import BytesIO
from typing import Any

import pytest
from docx import Document
from sqlalchemy import update

from core import printing
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.printing import TemplateRefused
from core.returns import inputs, view
from db.codes import Language, RequestKind
from db.tables import Customer, GoodsReturn, ReturnLine, ReturnParcel, ServiceRequest
from tests import return_steps as steps
from tests.company_cast import Company
from tests.printed_papers import lines, template_with, word

ZH, EN = Language.ZH, Language.EN
APPLICATION, INSTRUCTIONS = "return_application", "return_instructions"
RECEIPT, REFUND = "receipt_note", "refund_note"
ALL = (APPLICATION, INSTRUCTIONS, RECEIPT, REFUND)
AWKWARD = "Tom & <b>Jerry</b> {{ number }} ]]>\n第二行\x00😀"
CUT = {"kind": "damaged", "reason": "面板划痕", "percent": 10}


def case_id_of(company: Company, id: int) -> int:
    return company.get(GoodsReturn, id).request_id


def printed(
    company: Company, paper: str, id: int, who: str = "manager", language: Language = ZH
) -> list[str]:
    case_id = case_id_of(company, id)
    given = {"paper": paper, "case_id": case_id, "word": word, "language": language}
    return lines(company.see(who, printing.render, **given).content)


def fitting(company: Company, id: int) -> set[str]:
    """What the tool offers, which is what can be printed."""
    offered = printing.of_file(
        RequestKind.RETURN, company.see("manager", view.view, case_id=case_id_of(company, id))
    )
    for paper in ALL:
        if paper in offered:
            assert printed(company, paper, id)
        else:
            with pytest.raises(NotFound):
                printed(company, paper, id)
    return set(offered)


def partly_received(company: Company, **facts: Any) -> int:
    """One of two machines has come, with a dent."""
    id = steps.awaited(company, **facts)
    (line,) = steps.lines_of(company, id)
    row = {"line_id": line.id, "received": 1, "appearance": "damaged", "specification_ok": False}
    (parcel,) = company.rows(ReturnParcel, return_id=id)
    given = {"lines": [row | {"difference": "左侧凹陷"}], "parcel_id": parcel.id}
    steps.do(company, "warehouse", id, parse(inputs.Receive, given | {"note": "外箱破损"}))
    return id


def settled_with_a_cut(company: Company) -> int:
    id = steps.in_stock(company)
    (line,) = steps.lines_of(company, id)
    steps.do(company, "agent", id, steps.settle(deductions=[CUT | {"line_id": line.id}]))
    return id


def table(company: Company, paper: str, id: int, title: str, *, heads: int = 1) -> list[list[str]]:
    """The rows of one table of a paper, without its title and the names of its columns."""
    given = {"paper": paper, "case_id": case_id_of(company, id), "word": word, "language": ZH}
    document = Document(BytesIO(company.see("manager", printing.content, **given)))
    grid = next(each for each in document.tables if title in each.rows[0].cells[0].text)
    return [[cell.text for cell in row.cells] for row in grid.rows[1 + heads :]]


def cents(text: str) -> int:
    return round(float(text.removesuffix(" 元").replace(",", "")) * 100)


def missing(texts: tuple[str, ...], shown: list[str]) -> list[str]:
    return [text for text in texts if text not in shown]


# What is on them


def test_the_application_holds_goods_conditions_findings_and_decision(company: Company) -> None:
    id = steps.approved(company)
    number = steps.case_of(company, id).number
    shown = printed(company, APPLICATION, id)
    texts = (
        *("Test company", "退换货申请表", "李雷", "13900139000", "不制冷，要求退货", "B2602"),
        *("海尔 XQG100", "2026年2月25日/2026年2月27日", "2", "1,000.00", "1,000.00 元"),
        *("[ReturnReason.quality]", "[Wish.return]", "[GoodsState.used]", "[Payer.company]"),
        *("质检确认的质量缺陷", "售出七日内发生性能故障，可退、可换、可修", "2026年3月4日"),
        "C8 · 公司退换货规定",
        "C8 · 《部分商品修理更换退货责任规定》（三包规定）第九条",
        *("压缩机故障", "[YesNo.yes]", "[Payer.company] · C8"),
        *("[fact.return.approved]", "manager", "quality", "2026年3月2日 10:00", "2026年3月2日"),
    )
    assert missing((*texts, "[Role.manager] / [Role.leader] · C8"), shown) == []
    assert any(number in text for text in shown)
    english = printed(company, APPLICATION, id, language=EN)
    texts = (
        *("Application for Return or Exchange", "Quality defect confirmed by quality control"),
        *("Feb 25, 2026/Feb 27, 2026", "1,000.00 CNY", "Clause and source"),
    )
    assert missing(texts, english) == []


def test_the_application_says_why_a_condition_fails(sqlite_company: Company) -> None:
    (bought,) = steps.buy(sqlite_company, **steps.LONG_AGO)
    line = steps.OWN | {"goods": "damaged", "purchase_line_id": bought, "quantity": 1}
    shown = printed(sqlite_company, APPLICATION, steps.applied(sqlite_company, line))
    assert "错选错用，未用或少用且不影响再售，经批准" in shown
    assert "[Hurdle.goods_not_fit]" in shown
    assert "[Fit.fails]" in shown
    assert "质检确认的质量缺陷" not in shown  # nobody asked for that one


def test_a_refusal_and_an_appeal_are_on_the_application(sqlite_company: Company) -> None:
    id = steps.inspected(sqlite_company)
    refuse = parse(inputs.RefuseReturn, {"note": "人为损坏"})
    steps.do(sqlite_company, "manager", id, refuse)
    shown = printed(sqlite_company, APPLICATION, id)
    assert missing(("[fact.return.refused]", "人为损坏"), shown) == []
    assert "申诉理由" not in shown
    appeal = parse(inputs.AppealRefusal, {"appeal": "从未使用过"})
    steps.do(sqlite_company, "agent", id, appeal)
    shown = printed(sqlite_company, APPLICATION, id)
    assert missing(("申诉理由", "从未使用过"), shown) == []


def test_the_instructions_say_where_to_how_and_who_pays(company: Company) -> None:
    id = steps.approved(company)
    way = steps.way(address="南京市江宁区退货仓 3 号门", tracking="SF100")
    steps.do(company, "agent", id, way)
    (parcel,) = company.rows(ReturnParcel, return_id=id)
    number = steps.case_of(company, id).number
    shown = printed(company, INSTRUCTIONS, id, "agent")
    texts = (
        *("退货须知（寄回说明）", "尊敬的李雷：", "寄往地址", "南京市江宁区退货仓 3 号门"),
        *("海尔 XQG100", "B2602", "2", "[WayBack.sent_in]", "2026年3月13日", "North"),
        *("[Payer.company]", "售出七日内发生性能故障，可退、可换、可修", "C8"),
        *("顺丰", "SF100", parcel.label),
    )
    assert missing(texts, shown) == []
    assert any("购货凭证（发票）复印件" in text and number in text for text in shown)
    assert "取件地址" not in shown
    english = printed(company, INSTRUCTIONS, id, "agent", EN)
    assert missing(("Return Instructions", "Dear 李雷,", "Send to", "Mar 13, 2026"), english) == []


def test_goods_that_are_fetched_have_no_address_to_send_to(sqlite_company: Company) -> None:
    id = steps.approved(sqlite_company)
    way = steps.way(way_back="pick_up", address="南京市中山路 1 号")
    steps.do(sqlite_company, "agent", id, way)
    shown = printed(sqlite_company, INSTRUCTIONS, id)
    assert missing(("取件地址", "南京市中山路 1 号", "[WayBack.pick_up]"), shown) == []
    assert "寄往地址" not in shown


def test_freight_of_own_choice_is_on_the_customer(sqlite_company: Company) -> None:
    (bought,) = steps.buy(sqlite_company, **steps.LONG_AGO)
    line = steps.OWN | {"purchase_line_id": bought, "quantity": 1}
    id = steps.screened(sqlite_company, line)
    look = steps.found(sqlite_company, id, defect=False, goods="unused")
    steps.do(sqlite_company, "quality", id, look)
    steps.do(sqlite_company, "manager", id, steps.granted(sqlite_company, id))
    steps.do(sqlite_company, "agent", id, steps.way(paid_by="customer"))
    shown = printed(sqlite_company, INSTRUCTIONS, id)
    at = shown.index("[Payer.customer]")
    assert shown[at : at + 3] == [
        "[Payer.customer]",
        "错选错用，未用或少用且不影响再售，经批准",
        "C8",
    ]


def test_the_instructions_hold_nothing_from_inside(sqlite_company: Company) -> None:
    shown = "\n".join(printed(sqlite_company, INSTRUCTIONS, steps.awaited(sqlite_company)))
    for hidden in ("压缩机故障", "manager", "quality", "1,000.00"):
        assert hidden not in shown
    own = template_with("{{ number }}", "{% for x in lines %}{{ x.finding }}{% endfor %}")
    given = {"paper": INSTRUCTIONS, "language": ZH, "content": own}
    with pytest.raises(TemplateRefused) as caught:
        sqlite_company.do("manager", printing.replace_template, **given)
    assert caught.value.details["placeholder"] == "x.finding"


def test_the_receipt_note_holds_what_came_against_the_application(company: Company) -> None:
    id = partly_received(company)
    (parcel,) = company.rows(ReturnParcel, return_id=id)
    (row,) = table(company, RECEIPT, id, "收货核对")
    assert row == [
        *("1", "海尔 XQG100", "B2602", "2", "2", "1", "1", "[YesNo.no]"),
        *("[GoodsState.used] / [GoodsState.damaged]", "左侧凹陷"),
    ]
    (arrived,) = table(company, RECEIPT, id, "包裹")
    assert arrived == ["1", "顺丰", "", parcel.label, "2026年3月2日 10:00"]
    assert table(company, RECEIPT, id, "收货记录") == [
        ["2026年3月2日 10:00", "warehouse", "外箱破损"]
    ]
    assert "退货收货单" in printed(company, RECEIPT, id, "warehouse")
    english = printed(company, RECEIPT, id, "warehouse", EN)
    assert missing(("Receipt Note for Returned Goods", "Missing"), english) == []


def test_what_has_not_come_was_not_looked_at(sqlite_company: Company) -> None:
    first, second = steps.buy(sqlite_company, {}, {"model": "BCD-500"})
    wanted = [
        steps.FAULT | {"purchase_line_id": each, "quantity": 1, "goods": "used"}
        for each in (first, second)
    ]
    id = steps.awaited(sqlite_company, *wanted)
    line, _ = steps.lines_of(sqlite_company, id)
    row = {"line_id": line.id, "received": 1, "appearance": "unused"}
    steps.do(sqlite_company, "warehouse", id, parse(inputs.Receive, {"lines": [row]}))
    rows = table(sqlite_company, RECEIPT, id, "收货核对")
    assert [row[5:8] for row in rows] == [["1", "0", "[YesNo.yes]"], ["0", "1", ""]]
    assert rows[0][8] == "[GoodsState.used] / [GoodsState.unused]"
    assert rows[1][8] == "[GoodsState.used]"


def test_the_refund_note_adds_up_and_names_both_people(company: Company) -> None:
    id = settled_with_a_cut(company)
    shown = printed(company, REFUND, id, "finance")
    texts = (
        *("退款单", "1,000.00 元", "100.00 元", "0.00 元", "900.00 元", "900.00", "面板划痕"),
        *("[DeductionKind.damaged]", "10%", "[RefundMethod.original]", "agent", "12.00"),
        *("[ReturnStatus.settled]", "[Direction.in]", "manager"),
    )
    assert missing(texts, shown) == []
    assert any("（待财务确认）" in text for text in shown)
    assert "finance" not in shown
    steps.do(company, "finance", id, steps.confirm())
    shown = printed(company, REFUND, id, "finance")
    assert missing(("finance", "TK-1", "900.00 元"), shown) == []
    assert any("确认时间：2026年3月2日 10:00" in text for text in shown)
    english = printed(company, REFUND, id, "finance", EN)
    assert missing(("Refund Note", "900.00 CNY", "Confirmed by"), english) == []


def fault_and_own_choice(company: Company, paid_by: str) -> int:
    """Two lines in one parcel: the freight of one is the company's, of the other the customer's."""
    bought = steps.buy(company, {}, {"model": "BCD-500", "unit_cents": 333_33}, **steps.LONG_AGO)
    reasons = (steps.FAULT, steps.OWN)
    wanted = [
        given | {"purchase_line_id": each, "quantity": 1}
        for given, each in zip(reasons, bought, strict=True)
    ]
    id = steps.screened(company, *wanted)
    fault, own = steps.lines_of(company, id)
    found = [
        {"line_id": fault.id, "defect": True, "goods_found": "used", "finding": "异响"},
        {"line_id": own.id, "defect": False, "goods_found": "unused", "finding": "完好"},
    ]
    steps.do(company, "quality", id, parse(inputs.Inspect, {"lines": found}))
    steps.do(company, "manager", id, steps.granted(company, id))
    steps.do(company, "agent", id, steps.way(paid_by=paid_by, freight_cents=25_55))
    steps.do(company, "warehouse", id, steps.came(company, id))
    steps.do(company, "quality", id, steps.retested(company, id))
    steps.do(company, "warehouse", id, steps.stored(company, id))
    steps.do(company, "agent", id, steps.settle(deductions=[CUT | {"line_id": own.id}]))
    return id


@pytest.mark.parametrize("paid_by", ["customer", "company"])
def test_the_refund_note_adds_up_with_freight(sqlite_company: Company, paid_by: str) -> None:
    id = fault_and_own_choice(sqlite_company, paid_by)
    rows = table(sqlite_company, REFUND, id, "退款明细")
    for row in rows:
        amount, deducted, carriage, balance = map(cents, row[6:])
        assert balance == amount - deducted + carriage
    refund = sum(cents(row[-1]) for row in rows)
    assert refund == sqlite_company.get(GoodsReturn, id).refund_cents
    total = table(sqlite_company, REFUND, id, "结算", heads=0)
    said = {row[at]: row[at + 1] for row in total for at in (0, 2)}
    assert cents(said["实退金额"]) == refund
    assert (cents(said["加：退还垫付运费"]) > 0) is (paid_by == "customer")
    assert (cents(said["减：顾客承担运费"]) > 0) is (paid_by == "company")
    (parcel,) = table(sqlite_company, REFUND, id, "运费明细")
    assert parcel[-2:] == [f"[Payer.{paid_by}]", "25.55"]


def test_a_note_sent_back_to_be_reckoned_anew_is_no_note(sqlite_company: Company) -> None:
    id = steps.settled(sqlite_company)
    revise = parse(inputs.ReviseSettlement, {"note": "漏扣配件"})
    steps.do(sqlite_company, "finance", id, revise)
    assert REFUND not in fitting(sqlite_company, id)


# Which of them fit the step


def test_papers_fit_the_step(sqlite_company: Company) -> None:
    company = sqlite_company
    id = steps.approved(company)
    assert fitting(company, id) == {APPLICATION}
    steps.do(company, "agent", id, steps.way())
    assert fitting(company, id) == {APPLICATION, INSTRUCTIONS}
    steps.do(company, "warehouse", id, steps.came(company, id))
    assert fitting(company, id) == {APPLICATION, INSTRUCTIONS, RECEIPT}
    steps.do(company, "quality", id, steps.retested(company, id))
    assert fitting(company, id) == {APPLICATION, RECEIPT}
    steps.do(company, "warehouse", id, steps.stored(company, id))
    steps.do(company, "agent", id, steps.settle())
    assert fitting(company, id) == set(ALL) - {INSTRUCTIONS}
    steps.do(company, "finance", id, steps.confirm())
    assert fitting(company, id) == set(ALL) - {INSTRUCTIONS}


def test_a_return_without_lines_has_no_application_yet(sqlite_company: Company) -> None:
    sqlite_company.register(kind="return", symptom="想退货")
    (row,) = sqlite_company.rows(GoodsReturn)
    assert fitting(sqlite_company, row.id) == set()


# Awkward texts, strangers, own templates


def test_what_people_write_comes_out_as_written(sqlite_company: Company) -> None:
    id = settled_with_a_cut(sqlite_company)
    case_id = case_id_of(sqlite_company, id)
    with transaction(sqlite_company.engine, write=True) as session:
        session.execute(
            update(ServiceRequest).where(ServiceRequest.id == case_id).values(symptom=AWKWARD)
        )
        session.execute(update(ReturnLine).values(finding=AWKWARD, difference=AWKWARD))
        session.execute(update(Customer).values(name="<李 & 雷>{{ x }}"))
    printed_text = "Tom & <b>Jerry</b> {{ number }} ]]>/第二行😀"
    assert printed(sqlite_company, APPLICATION, id).count(printed_text) == 1
    assert printed_text in printed(sqlite_company, RECEIPT, id)
    for paper in (APPLICATION, RECEIPT, REFUND):
        assert "<李 & 雷>{{ x }}" in printed(sqlite_company, paper, id)


def test_strangers_get_no_paper(company: Company) -> None:
    id = steps.refunded(company)
    for paper in ALL:
        with pytest.raises(NotFound):
            printed(company, paper, id, "agent.stranger")
        for who in ("technician", "dispatcher", "admin"):
            with pytest.raises(NotAllowed):
                printed(company, paper, id, who)


@pytest.mark.parametrize("who", ["agent", "quality", "warehouse", "finance", "leader", "auditor"])
def test_whoever_reads_returns_prints_them(sqlite_company: Company, who: str) -> None:
    id = steps.refunded(sqlite_company)
    for paper in (APPLICATION, RECEIPT, REFUND):
        assert printed(sqlite_company, paper, id, who)


def test_another_case_has_none_of_these_papers(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()
    for paper in ALL:
        with pytest.raises(NotFound):
            sqlite_company.see("manager", printing.render, paper=paper, case_id=case_id, word=word)


def test_the_company_s_own_refund_note_is_used(company: Company) -> None:
    id = settled_with_a_cut(company)
    own = template_with(
        "{{ refund }} {{ settled_by }}/{{ confirmed_by }}",
        "{% for each in deductions %}{{ each.reason }}={{ each.amount }}{% endfor %}",
    )
    company.do("manager", printing.replace_template, paper=REFUND, language=ZH, content=own)
    assert printed(company, REFUND, id) == ["900.00 agent/", "面板划痕=100.00"]
    company.do("manager", printing.restore_template, paper=REFUND, language=ZH)
    assert "退款单" in printed(company, REFUND, id)
