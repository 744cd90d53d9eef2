"""Returns on screen: applied for with the conditions in view, taken step by step, settled, paid."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import segno

from core.codes import DeductionKind, GoodsState, NoticeKind, ReturnReason, Wish
from core.customers import purchases
from core.kernel.inputs import parse
from core.returns import actions, inputs
from core.returns.rules import OPEN
from db.codes import Language, RequestKind, ReturnStatus, Role
from db.tables import (
    Customer,
    GoodsReturn,
    Purchase,
    PurchaseLine,
    ReturnLine,
    ReturnLoss,
    ReturnParcel,
    ServiceRequest,
    StockMove,
)
from pages.ui.kit import words
from pages.ui.notices import lines as notices
from pages.ui.returns import labels
from pages.ui.returns import steps as return_steps
from tests import return_steps as steps
from tests.company_cast import Company
from tests.screen import Screen, counted

QUEUE = "returns"


def file_of(company: Company, who: str, return_id: int) -> Screen:
    """A return on its own page."""
    case_id = steps.case_of(company, return_id).id
    return Screen(company, who).open("case", id=str(case_id))


def status(company: Company, return_id: int) -> ReturnStatus:
    return company.get(GoodsReturn, return_id).status


def only_line(company: Company, return_id: int) -> ReturnLine:
    (line,) = steps.lines_of(company, return_id)
    return line


def choose(screen: Screen, action: str) -> Screen:
    """Press the pill of an action."""
    (pills,) = [p for p in screen.app.pills if p.key.startswith("return·") and "·action" in p.key]
    pills.set_value(action)
    return screen.run()


def sends(screen: Screen) -> set[str]:
    """The actions whose form stands on the screen."""
    keys = (button.key or "" for button in screen.app.button)
    return {key.split("·")[-2] for key in keys if key.startswith("return·") and key[-5:] == "·send"}


def tick(screen: Screen, purchase_line_id: int, **facts: Any) -> Screen:
    """Tick a product of a purchase and say what is to come back."""
    mine = f"·{purchase_line_id}·"
    (box,) = [each for each in screen.app.checkbox if each.key.endswith(f"{mine}take·")]
    box.check()
    screen.run()
    for name, value in facts.items():
        kinds = (screen.app.number_input, screen.app.pills, screen.app.text_input)
        (widget,) = [w for kind in kinds for w in kind if w.key.endswith(f"{mine}{name}·")]
        widget.set_value(value)
    return screen.run()


def find(screen: Screen, text: str) -> Screen:
    """Look for a customer, as while the phone is at the ear."""
    screen.field("who").set_value(text)
    return screen.run()


@pytest.fixture
def bought(served: Company) -> Iterator[tuple[int, int]]:
    """Three machines bought some days ago, and three bought long ago; all of one customer."""
    now = datetime.now(UTC)
    days = {
        "purchased_on": str(now.date() - timedelta(days=3)),
        "received_on": str(now.date() - timedelta(days=2)),
    }
    customer = {"customer_id": steps.customer(served)}
    new, old = (
        served.do("agent", purchases.add, parse(purchases.AddPurchase, facts), now=now).lines[0].id
        for facts in (
            steps.BOUGHT | customer | days | {"lines": [steps.DRUM]},
            steps.BOUGHT
            | customer
            | steps.LONG_AGO
            | {"invoice_no": "FP-0", "lines": [steps.DRUM]},
        )
    )
    yield new, old


def test_what_fits_and_what_fails_is_shown_before_it_is_sent_in(
    served: Company, bought: tuple[int, int]
) -> None:
    new, old = bought
    screen = find(Screen(served, "agent").open("apply_return"), "李雷")
    tick(screen, new, quantity=2)
    assert "售出七日内发生性能故障" in screen.texts and "运费：公司承担" in screen.texts
    assert "待质检确认" in screen.texts and "第九条" in screen.texts
    tick(screen, old, reason=ReturnReason.OWN, goods=GoodsState.DAMAGED)
    assert "没有可适用的条件" in screen.texts
    assert "商品状态不符合" in screen.texts and "已超过期限" in screen.texts
    assert served.rows(GoodsReturn) == []
    screen.fill(symptom="不制冷").press("apply_send")
    (row,) = served.rows(GoodsReturn)
    lines = steps.lines_of(served, row.id)
    assert [(line.purchase_line_id, line.quantity, line.fit) for line in lines] == [
        (new, 2, "open"),
        (old, 1, "fails"),
    ]
    case = steps.case_of(served, row.id)
    assert screen.title == case.number
    assert (case.kind, case.symptom) == (RequestKind.RETURN, "不制冷")
    screen.press("apply_next")
    assert screen.title == "退换申请"


def test_own_choice_pays_the_freight_and_no_more_than_is_left_may_be_typed(
    served: Company, bought: tuple[int, int]
) -> None:
    new, _old = bought
    steps.applied(served, steps.FAULT | {"purchase_line_id": new, "quantity": 2})
    screen = find(Screen(served, "agent").open("apply_return"), "李雷")
    tick(screen, new, reason=ReturnReason.OWN, goods=GoodsState.UNUSED, wish=Wish.RETURN)
    (quantity,) = [n for n in screen.app.number_input if n.key.endswith(f"·{new}·quantity·")]
    assert quantity.max == 1
    assert "运费：客户承担" in screen.texts and "无理由退货" in screen.texts


def test_nothing_ticked_is_said_beside_what_is_missing(
    served: Company, bought: tuple[int, int]
) -> None:
    screen = find(Screen(served, "agent").open("apply_return"), "李雷").press("apply_send")
    assert screen.errors == ["有 2 项需要修改，尚未保存，已填内容都在。"]
    assert served.rows(GoodsReturn) == []


def test_a_new_customer_and_the_purchase_are_written_down_on_the_way(served: Company) -> None:
    screen = find(Screen(served, "agent").open("apply_return"), "韩梅梅")
    screen.press("apply_customer_send")
    assert screen.errors == ["有 1 项需要修改，尚未保存，已填内容都在。"]
    screen.fill(phone="13700001111").press("apply_customer_send")
    (customer,) = served.rows(Customer)
    assert (customer.name, customer.phone, customer.station_id) == ("韩梅梅", "13700001111", 1)
    assert screen.app.query_params["customer"] == str(customer.id)
    screen.fill(invoice_no="FP-9", purchased_on=datetime.now(UTC).date(), at_a_distance=True)
    screen.fill(brand="海尔", model="XQG100", quantity=2, unit_cents=500.0)
    screen.press(f"purchase·{customer.id}·send")
    (purchase,) = served.rows(Purchase)
    (line,) = served.rows(PurchaseLine)
    assert (purchase.invoice_no, purchase.at_a_distance, purchase.received_on) == (
        "FP-9",
        True,
        None,
    )
    assert (line.quantity, line.unit_cents) == (2, 500_00)
    tick(screen, line.id, quantity=2).fill(symptom="漏水").press("apply_send")
    (row,) = served.rows(GoodsReturn)
    assert steps.case_of(served, row.id).customer_id == customer.id


def test_what_the_intake_registered_gets_its_lines_here(
    served: Company, bought: tuple[int, int]
) -> None:
    (customer,) = served.rows(Customer)
    case_id = served.register(kind="return", customer_id=customer.id)
    (row,) = served.rows(GoodsReturn)
    screen = Screen(served, "agent").open("returns", id=str(case_id))
    assert "尚未填写退换明细。" in screen.texts
    assert sends(screen) == set()
    screen.open("apply_return", case=str(case_id))
    tick(screen, bought[0], quantity=3).press("apply_send")
    assert only_line(served, row.id).quantity == 3
    assert "screen" in sends(Screen(served, "agent").open("returns", id=str(case_id)))
    again = Screen(served, "agent").open("apply_return", case=str(case_id))
    tick(again, bought[0], quantity=1).press("apply_send")
    assert only_line(served, row.id).quantity == 1


def test_the_whole_way_is_taken_by_forms(served: Company) -> None:
    id = steps.applied(served)
    file_of(served, "agent", id).press("screen·send")
    quality = file_of(served, "quality", id)
    quality.fill(defect=True, finding="压缩机故障").press("inspect·send")
    assert status(served, id) is ReturnStatus.INSPECTED
    assert only_line(served, id).finding == "压缩机故障"
    manager = file_of(served, "manager", id)
    assert "符合" in manager.texts and "审批权限" in manager.texts
    assert "approve_return" in sends(manager)
    manager.press("approve_return·send")
    assert only_line(served, id).approved == 2
    agent = file_of(served, "agent", id)
    agent.fill(way_back="sent_in", freight_cents=12.0).press("agree_way_back·send")
    warehouse = file_of(served, "warehouse", id)
    warehouse.fill(received=1, difference="少一件").press("receive·send")
    assert only_line(served, id).received == 0  # whether it is the right one nobody said
    warehouse.fill(specification_ok=True).press("receive·send")
    assert (only_line(served, id).received, only_line(served, id).difference) == (1, "少一件")
    shown = file_of(served, "warehouse", id)
    assert "少一件" in shown.texts
    assert "receive_more" not in sends(shown)  # it is quality control's move
    file_of(served, "quality", id).fill(cause_kind="material").press("retest·send")
    file_of(served, "warehouse", id).press("put_away·send")
    (move,) = served.rows(StockMove)
    assert (move.quantity, move.destination) == (1, "quarantine")
    settle(served, id)


def settle(company: Company, id: int) -> None:
    """Reckoned with a deduction, confirmed by finance as another."""
    agent = choose(file_of(company, "agent", id), "settle")
    add_row(agent)
    agent.fill(reason="使用痕迹", percent=10, line_id=only_line(company, id).id)
    (kind,) = [each for each in agent.app.pills if "·deductions·" in each.key]
    kind.set_value(DeductionKind.USED)
    agent.fill(refund_method="original").press("reckon")
    assert "¥450.00" in agent.texts
    assert status(company, id) is ReturnStatus.STORED
    agent.press("settle·send")
    row = company.get(GoodsReturn, id)
    assert (row.status, row.refund_cents, row.owed_cents) == ("settled", 450_00, 0)
    finance = file_of(company, "finance", id)
    finance.press("confirm_refund·send")
    assert finance.errors == ["有 1 项需要修改，尚未保存，已填内容都在。"]
    finance.fill(refund_ref="TK-7").press("confirm_refund·send")
    row = company.get(GoodsReturn, id)
    assert (row.status, row.refund_ref) == ("refunded", "TK-7")
    (loss,) = company.rows(ReturnLoss)
    assert loss.loss_cents == 500_00 + 12_00 - 50_00
    assert "¥462.00" in file_of(company, "finance", id).texts


def add_row(screen: Screen) -> None:
    (more,) = [b for b in screen.app.button if (b.key or "").endswith("·more")]
    more.click()
    screen.run()


def test_whoever_applied_inspected_or_settled_reads_why_somebody_else_decides(
    served: Company,
) -> None:
    id = steps.applied(served, who="manager")
    steps.do(served, "agent", id, inputs.Screen())
    steps.do(served, "quality", id, steps.found(served, id))
    screen = file_of(served, "manager", id)
    assert "申请由您登记，须由他人办理。" in screen.texts
    assert "批准退换、不予批准：leader" in screen.texts.replace("\\", "")
    assert not sends(screen) & {"approve_return", "refuse_return"}
    assert "approve_return" in sends(file_of(served, "leader", id))


def test_a_slower_one_reads_that_somebody_was_faster(served: Company) -> None:
    id = steps.screened(served)
    slow = file_of(served, "quality", id)
    steps.do(served, "quality", id, steps.found(served, id))
    slow.press("inspect·send")
    assert "其他人刚刚修改了此记录" in slow.errors[0]


def test_a_piece_too_many_is_said_with_its_row(served: Company) -> None:
    id = steps.inspected(served)
    screen = file_of(served, "manager", id).fill(approved=3).press("approve_return·send")
    assert "第 1 行 · 批准数量: 超过申请数量" in screen.texts.replace("\\", "")
    assert status(served, id) is ReturnStatus.INSPECTED


def test_the_queue_shows_step_turn_and_amount_and_opens_beside(served: Company) -> None:
    first, second = steps.applied(served), steps.screened(served)
    screen = Screen(served, "manager").open("returns")
    table = screen.app.dataframe[0].value
    assert set(table["步骤"]) == {"2/12 待初审", "3/12 待质检"}
    assert set(table["下一步"]) == {"客服专员", "质检"}
    assert set(table["金额"]) == {"¥1,000.00"}
    screen.choose_row(QUEUE, 0)
    assert "待初审，轮到您办理" in screen.texts
    mine = Screen(served, "quality").open("returns", returns_whose="my_turn")
    assert list(mine.app.dataframe[0].value["编号"]) == [steps.case_of(served, second).number]
    by_step = Screen(served, "manager").open("returns", returns_step="applied")
    assert list(by_step.app.dataframe[0].value["编号"]) == [steps.case_of(served, first).number]
    by_role = Screen(served, "manager").open("returns", returns_role="quality")
    assert list(by_role.app.dataframe[0].value["编号"]) == [steps.case_of(served, second).number]
    elsewhere = Screen(served, "manager").open("returns", returns_station=str(served.SOUTH))
    assert "没有符合条件的退换货。" in elsewhere.texts


def test_on_a_tablet_a_chosen_return_takes_the_whole_screen(served: Company) -> None:
    id = steps.screened(served)
    screen = Screen(served, "quality").open("returns").choose_row(QUEUE, 0)
    assert screen.app.query_params["id"] == str(steps.case_of(served, id).id)
    assert not [each for each in screen.app.dataframe if "编号" in each.value]
    assert screen.title == steps.case_of(served, id).number
    assert "inspect" in sends(screen)


def test_a_scanned_label_opens_the_return(served: Company) -> None:
    id = steps.awaited(served)
    (parcel,) = served.rows(ReturnParcel)
    case_id = str(steps.case_of(served, id).id)
    screen = Screen(served, "warehouse").open("scan")
    screen.app.text_input(key="scan_label").set_value(f"http://host:8501/scan?label={parcel.label}")
    screen.run()
    assert screen.app.query_params["id"] == case_id
    assert "receive" in sends(screen)
    linked = Screen(served, "warehouse").open("scan", label=parcel.label)
    assert linked.app.query_params["id"] == case_id
    wrong = Screen(served, "warehouse").open("scan", label="0" * 20)
    assert "没有您可以查看的此标签或编号" in wrong.errors[0]
    stranger = Screen(served, "agent.stranger").open("scan", label=parcel.label)
    assert "没有您可以查看的此标签或编号" in stranger.errors[0]


def test_a_photo_of_a_label_is_read_and_a_photo_of_something_else_is_not() -> None:
    out = io.BytesIO()
    segno.make("https://host/scan?label=0123456789abcdef0123").save(out, kind="png", scale=5)
    assert labels.seen(out.getvalue()) == "0123456789abcdef0123"
    assert labels.seen(b"no picture") == ""
    assert labels.read("  0123456789abcdef0123\n") == "0123456789abcdef0123"
    assert labels.read("https://host/scan?label=a'b") == labels.read("?") == ""


def test_the_case_page_of_a_return_shows_its_steps(served: Company) -> None:
    id = steps.screened(served)
    case_id = str(steps.case_of(served, id).id)
    assert "inspect" in sends(Screen(served, "quality").open("case", id=case_id))
    technician = Screen(served, "technician").open("case", id=case_id)
    assert sends(technician) == set()
    assert "适用条件与审批" not in technician.texts


def test_a_case_that_is_no_return_is_said_to_be_none(served: Company) -> None:
    case_id = served.register()
    assert "此单不是退换货。" in Screen(served, "manager").open("returns", id=str(case_id)).texts


def test_the_intake_leads_to_the_application(served: Company) -> None:
    screen = Screen(served, "agent").open("intake")
    assert "运费由谁承担" not in screen.texts
    assert "运费由谁承担" in screen.fill(kind=RequestKind.RETURN).run().texts


def test_the_queue_is_at_most_six_queries_with_rows(served: Company) -> None:
    for _ in range(3):
        steps.applied(served)
    screen = Screen(served, "manager").open("returns")
    with counted() as statements:
        screen.run()
    asked = [text for text in statements if text.startswith(("SELECT", "INSERT", "UPDATE"))]
    assert 1 <= len(asked) <= 6, "\n\n".join(asked)


def test_every_open_status_has_a_step_and_somebody_to_move() -> None:
    assert set(return_steps.OPEN_STEP) == set(OPEN) == set(actions.ASKED_NEXT)


@pytest.mark.parametrize("language", Language, ids=str)
def test_every_relation_and_every_step_has_words(language: Language) -> None:
    catalogue = words.catalogue(language)
    reasons = {each.reason for rule in actions.PROCESS.rules for each in rule.who}
    wanted = [("barred", reason) for reason in reasons]
    wanted += [("error", f"not_allowed.{reason}") for reason in reasons]
    wanted += [("step", name) for name in return_steps.STEPS]
    assert not [each for each in wanted if catalogue.pgettext(*each) == each[1]]


def test_whose_turn_it_is_is_told_with_the_step() -> None:
    said = notices.line(NoticeKind.YOUR_TURN, {"step": "screened"}, Language.ZH)
    assert said == "退换货待质检，轮到您办理。"


def test_nobody_is_asked_who_may_not_read(served: Company) -> None:
    asked = {role for roles in actions.ASKED_NEXT.values() for role in roles}
    assert asked == {Role.AGENT, Role.QUALITY, Role.MANAGER, Role.LEADER, Role.WAREHOUSE,
                     Role.FINANCE}  # fmt: skip
    for role in asked:
        assert Screen(served, role.value).open("returns").title == "退换货"


def test_purchases_say_what_is_left(served: Company, bought: tuple[int, int]) -> None:
    steps.applied(served, steps.FAULT | {"purchase_line_id": bought[0], "quantity": 2})
    (customer,) = served.rows(Customer)
    rows = served.see("agent", purchases.of_customer, customer_id=customer.id)
    left = {line.id: line.returnable for row in rows for line in row.lines}
    assert left == {bought[0]: 1, bought[1]: 3}
    assert served.rows(ServiceRequest)
