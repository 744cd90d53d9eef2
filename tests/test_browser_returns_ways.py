"""Other ways of returns in real Chromium: freight of the customer, a part exchanged, an appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from db.codes import (
    Destination,
    Direction,
    Fit,
    GoodsState,
    Payer,
    RequestStatus,
    ReturnReason,
    ReturnStatus,
    WayBack,
)
from db.tables import (
    Asset,
    GoodsReturn,
    Purchase,
    PurchaseLine,
    Replacement,
    ReturnLoss,
    ReturnParcel,
    ServiceRequest,
    StockMove,
)
from tests import return_steps as steps
from tests.company_cast import Company

if TYPE_CHECKING:
    from tests.browser_returns import Desk

pytest_plugins = ["tests.browser", "tests.browser_returns"]

REFUSED = "质检未见故障，不符合退换条件"
APPEAL = "已附维修站检测单，请复核"


def test_who_chose_wrongly_pays_the_freight_and_knows_it_beforehand(desk: Desk) -> None:
    apply_by_own_choice(desk)
    grant(desk)
    fetch_at_the_customers_cost(desk)
    back_to_the_shelf(desk)
    refund_less_the_freight(desk)


def apply_by_own_choice(desk: Desk) -> None:
    """Who pays is on the screen while nothing has been sent."""
    before = len(desk.tool.rows(GoodsReturn))
    (bought,) = steps.buy(desk.company, {"quantity": 1}, **desk.days())
    purchase = desk.company.get(PurchaseLine, bought).purchase_id
    customer = desk.company.get(Purchase, purchase).customer_id
    window = desk.window("agent", f"/apply_return?customer={customer}").sees("李雷")
    window.field("take").locator("label").click()
    window.sees("运费：公司承担").settles()
    for name, words in (("reason", "自身原因"), ("goods", "未使用")):
        window.field(name).get_by_role("radio", name=words, exact=True).click()
        window.settles()
    window.sees("运费：客户承担", "无理由退货")
    expect(window.page.get_by_text("运费：公司承担")).to_have_count(0)
    assert len(desk.tool.rows(GoodsReturn)) == before
    window.type(symptom="尺寸放不下").press("apply_send")
    expect(window.keyed("apply_next")).to_be_visible()
    desk.id = desk.tool.rows(GoodsReturn)[-1].id
    line = desk.line
    assert (line.reason, line.payer, line.purchase_line_id) == (
        ReturnReason.OWN,
        Payer.CUSTOMER,
        bought,
    )


def grant(desk: Desk) -> None:
    """Screened, looked at where that is asked for, and approved."""
    company = desk.company
    steps.do(company, "agent", desk.id, steps.inputs.Screen())
    if desk.row.status is ReturnStatus.SCREENED:
        found = steps.found(company, desk.id, defect=False, goods="unused")
        steps.do(company, "quality", desk.id, found)
    steps.do(company, "manager", desk.id, steps.granted(company, desk.id))
    assert desk.line.payer is Payer.CUSTOMER


def fetch_at_the_customers_cost(desk: Desk) -> None:
    """The company pays the carrier, and keeps it from the refund."""
    window = desk.at("agent").sees("待约定退回，轮到您办理")
    window.choose(way_back="上门取件", paid_by="公司").type(freight_cents="15", address="")
    desk.do(window, "agree_way_back", said="有 1 项需要修改")
    assert not desk.rows(ReturnParcel)
    window.type(address="中山路 18 号")
    desk.do(window, "agree_way_back", said="已保存：约定退回方式")
    (parcel,) = desk.rows(ReturnParcel)
    assert (parcel.paid_by, parcel.freight_cents) == (Payer.COMPANY, 15_00)
    assert (desk.row.way_back, desk.row.address) == (WayBack.PICK_UP, "中山路 18 号")


def back_to_the_shelf(desk: Desk) -> None:
    """It came as told; it goes to resale at its price, and no quality feedback is opened."""
    company, id = desk.company, desk.id
    steps.do(company, "warehouse", id, steps.came(company, id))
    steps.do(company, "quality", id, steps.retested(company, id, cause_kind="use"))
    window = desk.at("warehouse").sees("待入库，轮到您办理")
    desk.do(window, "put_away", said="已保存：入库")
    (move,) = desk.rows(StockMove)
    assert (move.destination, move.value_cents) == (Destination.RESALE, 500_00)
    assert not desk.tool.rows(ServiceRequest, origin_id=desk.case.id)


def refund_less_the_freight(desk: Desk) -> None:
    window = desk.at("agent").choose(refund_method="原路退回")
    window.press(f"return·{desk.id}·settle·reckon")
    window.sees("客户应承担运费", "¥485.00").settles()
    desk.do(window, "settle", said="已保存：结算")
    assert (desk.row.taken_cents, desk.row.refund_cents) == (500_00, 485_00)
    window = desk.at("finance").sees("¥485.00").type(refund_ref="TK-2002")
    desk.do(window, "confirm_refund", said="已保存：确认退款")
    assert (desk.row.status, desk.row.refund_cents) == (ReturnStatus.REFUNDED, 485_00)
    assert sum(loss.loss_cents for loss in desk.rows(ReturnLoss)) == 0


def test_one_of_two_comes_and_is_exchanged(desk: Desk) -> None:
    desk.start(steps.awaited, steps.SWAP | {"quantity": 2})
    receive_one_of_two(desk)
    take_it_back(desk)
    send_another(desk)
    settle_the_exchange(desk)


def receive_one_of_two(desk: Desk) -> None:
    """What is missing and what is wrong stands beside the line."""
    window = desk.at("warehouse").sees("待收货，轮到您办理")
    window.type(received="1", difference="少一台，左侧凹陷")
    window.field("specification_ok").get_by_role("radio", name="是", exact=True).click()
    window.field("appearance").get_by_role("radio", name="已损坏", exact=True).click()
    desk.do(window, "receive", said="已保存：收货")
    line = desk.line
    assert (line.approved, line.received, line.difference) == (2, 1, "少一台，左侧凹陷")
    assert line.appearance is GoodsState.DAMAGED
    window.sees("少一台，左侧凹陷").page.get_by_text("包裹、收货与库存").click()
    window.sees("收货与申请核对")


def take_it_back(desk: Desk) -> None:
    window = desk.at("quality").sees("少一台，左侧凹陷")
    assert window.value("accepted") == "1"
    window.choose(cause_kind="材料")
    desk.do(window, "retest", said="已保存：复验")
    assert (desk.line.accepted, desk.line.replaced) == (1, 1)
    steps.do(desk.company, "warehouse", desk.id, steps.stored(desk.company, desk.id))


def send_another(desk: Desk) -> None:
    """The serial number of what is sent becomes the customer's."""
    owner = desk.case.customer_id
    window = desk.at("warehouse").type(serial="SN-NEW-1", carrier="顺丰", tracking="SF2002")
    window.choose(paid_by="公司").type(freight_cents="20")
    desk.do(window, "send_replacement", said="已保存：寄出换货")
    (sent,) = desk.rows(Replacement)
    (asset,) = desk.tool.rows(Asset, id=sent.asset_id)
    assert (sent.quantity, asset.serial, asset.customer_id) == (1, "SN-NEW-1", owner)
    (parcel,) = desk.rows(ReturnParcel, direction=Direction.OUT)
    assert (parcel.id, parcel.tracking, parcel.freight_cents) == (sent.parcel_id, "SF2002", 20_00)
    window.page.get_by_text("包裹、收货与库存").click()
    window.sees("SN-NEW-1")
    assert desk.row.status is ReturnStatus.STORED


def settle_the_exchange(desk: Desk) -> None:
    """Nothing is paid: one was exchanged, the other stays with the customer."""
    window = desk.at("agent").choose(refund_method="原路退回")
    desk.do(window, "settle", said="已保存：结算")
    assert (desk.row.refund_cents, desk.row.owed_cents, desk.line.replaced) == (0, 0, 1)
    window = desk.at("finance").sees("待财务确认，轮到您办理")
    desk.do(window, "confirm_refund", said="已保存：确认退款")
    assert desk.row.status is ReturnStatus.REFUNDED
    # One machine, its way back and the way of the other one.
    assert sum(loss.loss_cents for loss in desk.rows(ReturnLoss)) == 500_00 + 12_00 + 20_00
    window = desk.at("agent").type(answer="新机已寄出，另一台仍由您使用").choose(reaction="接受")
    desk.do(window, "tell_result", said="已保存：告知结果")
    assert (desk.row.status, desk.case.status) == (ReturnStatus.TOLD, RequestStatus.RESOLVED)
    (line,) = desk.tool.rows(PurchaseLine, id=desk.line.purchase_line_id)
    assert line.returned == 0  # the customer has three again


def test_a_refusal_is_appealed_and_the_leader_decides(desk: Desk) -> None:
    desk.start(without_defect, steps.FAULT | {"quantity": 2})
    refuse(desk)
    appeal(desk)
    allow(desk)
    approve_beyond_the_rule(desk)


def without_defect(company: Company, *lines: Any, **facts: Any) -> int:
    """Quality control has found nothing."""
    id = steps.screened(company, *lines, **facts)
    steps.do(company, "quality", id, steps.found(company, id, defect=False))
    return id


def refuse(desk: Desk) -> None:
    """Not without a reason."""
    window = desk.turn_to(desk.at("manager").sees("没有可适用的条件"), "不予批准")
    desk.do(window, "refuse_return", said="有 1 项需要修改")
    assert desk.row.status is ReturnStatus.INSPECTED
    window.type(note=REFUSED)
    desk.do(window, "refuse_return", said="已保存：不予批准")
    row = desk.row
    assert (row.status, row.decision) == (ReturnStatus.REFUSED, REFUSED)
    assert row.refused_by_id == desk.person("manager")


def appeal(desk: Desk) -> None:
    """The customer is told, does not take it, and the case runs again."""
    window = desk.at("agent").sees(REFUSED).type(answer=REFUSED).choose(reaction="不满意")
    desk.do(window, "tell_result", said="已保存：告知结果")
    assert desk.case.status is RequestStatus.RESOLVED
    desk.turn_to(window, "登记申诉").type(appeal=APPEAL)
    desk.do(window, "appeal_refusal", said="已保存：登记申诉")
    assert (desk.row.status, desk.row.appeal) == (ReturnStatus.APPEALED, APPEAL)
    assert desk.case.status is RequestStatus.IN_PROGRESS


def allow(desk: Desk) -> None:
    """Whoever refused reads why somebody else decides."""
    manager = desk.at("manager").sees("原决定由您作出，须由他人复核。", APPEAL)
    expect(desk.button(manager, "allow_appeal")).to_have_count(0)
    window = desk.turn_to(desk.at("leader").sees(APPEAL, REFUSED), "申诉成立")
    window.type(note="检测单属实")
    desk.do(window, "allow_appeal", said="已保存：申诉成立")
    row = desk.row
    assert (row.status, row.appeal_by_id) == (ReturnStatus.INSPECTED, desk.person("leader"))


def approve_beyond_the_rule(desk: Desk) -> None:
    """Where no condition holds, nothing is granted unless somebody says how much and why."""
    window = desk.at("leader").sees("申诉由您复核，须由他人决定。")
    desk.turn_to(window, "批准退换").type(approved="1")
    desk.do(window, "approve_return", said="条件不符合，请写明理由")
    assert desk.row.status is ReturnStatus.INSPECTED
    window.type(note="按检测单酌情退一台")
    desk.do(window, "approve_return", said="已保存：批准退换")
    row, line = desk.row, desk.line
    assert (row.status, row.approved_by_id) == (ReturnStatus.APPROVED, desk.person("leader"))
    assert (line.approved, line.fit, line.payer) == (1, Fit.FAILS, Payer.CUSTOMER)
    assert row.decision == "按检测单酌情退一台"
