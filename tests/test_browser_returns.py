"""A return in real Chromium: a defect, from the application to the refund, each step by its role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from db.codes import (
    CauseKind,
    Destination,
    Fit,
    GoodsState,
    Payer,
    RequestKind,
    RequestStatus,
    ReturnReason,
    ReturnStatus,
    WayBack,
)
from db.tables import (
    Attachment,
    Customer,
    FollowUp,
    GoodsReturn,
    History,
    Purchase,
    PurchaseLine,
    ReturnLoss,
    ReturnParcel,
    ServiceRequest,
    StockMove,
)
from tests.attached_files import picture
from tests.company_cast import Company
from tests.printed_papers import lines

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser_returns import Desk

pytest_plugins = ["tests.browser", "tests.browser_returns"]


def test_a_confirmed_defect_is_refunded(desk: Desk, tmp_path: Path) -> None:
    write_down_the_customer(desk)
    write_down_the_purchase(desk)
    apply(desk)
    attach_photo(desk, tmp_path)
    screen(desk)
    inspect(desk)
    approve(desk)
    agree_way_back(desk)
    receive(desk)
    retest(desk)
    put_away(desk)
    settle(desk)
    confirm(desk)
    print_refund_note(desk, tmp_path)
    tell_and_close(desk)


def write_down_the_customer(desk: Desk) -> None:
    window = desk.window("agent", "/returns")
    window.page.get_by_role("link", name="退换申请").click()
    window.page.get_by_label("来电人").fill("13912342222")
    window.sees("没有找到，请登记新客户")
    window.type(customer_name="李雷", address="北京西路 6 号 401")
    window.press("apply_customer_send").sees("没有购买记录").settles()
    (customer,) = desk.tool.rows(Customer, phone_key="8613912342222")
    assert (customer.name, customer.station_id) == ("李雷", Company.NORTH)


def write_down_the_purchase(desk: Desk) -> None:
    window, days = desk.opened["agent"], desk.days()
    (customer,) = desk.tool.rows(Customer, phone_key="8613912342222")
    window.type(invoice_no="FP-2001").choose(at_a_distance="否")
    for name, day in days.items():
        window.type_date(name, day.replace("-", ""))
    window.complete(brand="海尔", model="XQG100")
    window.type(quantity="3", unit_cents="500", batch="B2602")
    window.press(f"purchase·{customer.id}·send").sees("海尔 XQG100").settles()
    (purchase,) = desk.tool.rows(Purchase, customer_id=customer.id)
    bought = (str(purchase.purchased_on), str(purchase.received_on), purchase.at_a_distance)
    assert bought == (*days.values(), False)
    (line,) = desk.tool.rows(PurchaseLine, purchase_id=purchase.id)
    assert (line.quantity, line.unit_cents, line.batch) == (3, 500_00, "B2602")


def apply(desk: Desk) -> None:
    """The condition and who pays the freight can be read before it is sent in."""
    window = desk.opened["agent"]
    window.field("take").locator("label").click()
    window.sees("售出七日内发生性能故障", "待质检确认", "运费：公司承担").settles()
    window.type(quantity="2").field("quantity").locator("input").press("Tab")
    window.sees("¥1,000.00").settles()
    window.type(symptom="不制冷，要求退货")
    assert not desk.tool.rows(GoodsReturn)
    window.press("apply_send")
    expect(window.keyed("apply_next")).to_be_visible()
    desk.id = desk.tool.rows(GoodsReturn)[-1].id
    line = desk.line
    assert (line.quantity, line.reason, line.fit) == (2, ReturnReason.QUALITY, Fit.OPEN)
    assert (desk.case.kind, desk.case.symptom) == (RequestKind.RETURN, "不制冷，要求退货")
    expect(window.heading).to_have_text(desk.case.number)


def attach_photo(desk: Desk, folder: Path) -> None:
    window = desk.opened["agent"]
    photo = folder / "故障.png"
    photo.write_bytes(picture("PNG", (60, 40)))
    box = window.keyed(f"attach_{desk.case.id}_box")
    box.locator("input[type=file]").set_input_files(photo)
    expect(box.get_by_text("故障.png")).to_be_visible()
    window.press(f"attach_{desk.case.id}_send").sees("已添加 1 个附件").settles()
    (file,) = desk.tool.rows(Attachment, request_id=desk.case.id)
    assert file.name == "故障.png"


def screen(desk: Desk) -> None:
    window = desk.opened["agent"]
    window.page.get_by_role("link", name="打开退换单").click()
    window.sees("待初审，轮到您办理")
    desk.do(window, "screen", said="已保存：初审通过")
    assert desk.row.status is ReturnStatus.SCREENED
    assert desk.row.screened_by_id == desk.person("agent")
    assert desk.case.status is RequestStatus.IN_PROGRESS


def inspect(desk: Desk) -> None:
    """On a tablet a tap in the queue opens it alone; a defect becomes quality feedback."""
    window = desk.window("quality", f"/returns?returns_q={desk.case.number}").choose_row()
    window.sees("待质检，轮到您办理", "附件 1").settles()
    window.field("defect").locator("label").click()
    window.type(sample="随机抽 1 台", finding="压缩机不启动")
    desk.do(window, "inspect", said="已保存：录入质检结果")
    line = desk.line
    assert (line.defect, line.goods_found, line.fit) == (True, GoodsState.USED, Fit.FITS)
    assert (line.sample, line.finding, line.payer) == (
        "随机抽 1 台",
        "压缩机不启动",
        Payer.COMPANY,
    )
    (feedback,) = desk.tool.rows(ServiceRequest, origin_id=desk.case.id)
    assert (feedback.kind, feedback.batch) == (RequestKind.QUALITY_FEEDBACK, "B2602")
    window.sees(f"已转为 {feedback.number}")


def approve(desk: Desk) -> None:
    """No more than was applied for; the mistake is said with its row."""
    window = desk.window("manager", "/inbox")
    window.page.get_by_role("button", name=desk.case.number).first.click()
    window.sees("待审批，轮到您办理", "质检确认的质量缺陷").settles()
    window.type(approved="3")
    desk.do(window, "approve_return", said="超过申请数量")
    assert desk.row.status is ReturnStatus.INSPECTED
    window.type(approved="2")
    desk.do(window, "approve_return", said="已保存：批准退换")
    assert (desk.row.status, desk.line.approved) == (ReturnStatus.APPROVED, 2)
    assert desk.row.approved_by_id == desk.person("manager")


def agree_way_back(desk: Desk) -> None:
    """The customer pays the carrier at once, and will get it back."""
    window = desk.at("agent").sees("待约定退回，轮到您办理")
    window.choose(way_back="客户寄回", paid_by="客户")
    window.type(carrier="顺丰", tracking="SF1001", freight_cents="12")
    desk.do(window, "agree_way_back", said="已保存：约定退回方式")
    assert (desk.row.status, desk.row.way_back) == (ReturnStatus.AWAITED, WayBack.SENT_IN)
    (parcel,) = desk.rows(ReturnParcel)
    assert (parcel.tracking, parcel.paid_by, parcel.freight_cents) == (
        "SF1001",
        Payer.CUSTOMER,
        12_00,
    )
    desk.download(window, "退货须知")


def receive(desk: Desk) -> None:
    """The label is scanned and opens the return."""
    (parcel,) = desk.rows(ReturnParcel)
    window = desk.window("warehouse", "/scan")
    window.keyed("scan_label").locator("input").fill(parcel.label)
    window.page.keyboard.press("Enter")
    window.sees(desk.case.number, "待收货，轮到您办理").settles()
    assert window.value("received") == "2"
    desk.do(window, "receive", said="有 1 项需要修改")
    window.field("specification_ok").get_by_role("radio", name="是", exact=True).click()
    desk.do(window, "receive", said="已保存：收货")
    line = desk.line
    assert (line.received, line.specification_ok, line.difference) == (2, True, "")
    (parcel,) = desk.rows(ReturnParcel)
    assert parcel.arrived_at and desk.row.status is ReturnStatus.RECEIVED


def retest(desk: Desk) -> None:
    window = desk.at("quality").sees("待复验，轮到您办理")
    # The field of the first row: the form is called so as well.
    window.type(**{"0-retest": "两台均不启动"}).choose(cause_kind="材料")
    desk.do(window, "retest", said="已保存：复验")
    line = desk.line
    assert (desk.row.status, line.accepted) == (ReturnStatus.TESTED, 2)
    assert (line.cause_kind, line.retest) == (CauseKind.MATERIAL, "两台均不启动")


def put_away(desk: Desk) -> None:
    """What is defective waits in quarantine, as proposed."""
    window = desk.at("warehouse").sees("待入库，轮到您办理")
    desk.do(window, "put_away", said="已保存：入库")
    (move,) = desk.rows(StockMove)
    assert (move.quantity, move.destination) == (2, Destination.QUARANTINE)
    assert (desk.row.status, move.by_id) == (ReturnStatus.STORED, desk.person("warehouse"))


def settle(desk: Desk) -> None:
    """What it comes to is reckoned before it is sent."""
    window = desk.at("agent").press(f"return·{desk.id}·settle·reckon")
    window.sees("客户垫付运费", "¥1,012.00").settles()
    assert desk.row.status is ReturnStatus.STORED
    window.choose(refund_method="原路退回")
    desk.do(window, "settle", said="已保存：结算")
    row = desk.row
    assert (row.status, row.taken_cents, row.advanced_cents) == (
        ReturnStatus.SETTLED,
        1_000_00,
        12_00,
    )
    assert (row.refund_cents, row.owed_cents) == (1_012_00, 0)


def confirm(desk: Desk) -> None:
    """Whoever settled it does not confirm it; finance pays and names the payment."""
    expect(desk.button(desk.opened["agent"], "confirm_refund")).to_have_count(0)
    window = desk.window("finance", "/inbox")
    window.page.get_by_role("button", name=desk.case.number).first.click()
    window.sees("待财务确认，轮到您办理", "¥1,012.00", "李雷").settles()
    desk.do(window, "confirm_refund", said="有 1 项需要修改")
    assert desk.row.status is ReturnStatus.SETTLED
    window.type(refund_ref="TK-2001")
    desk.do(window, "confirm_refund", said="已保存：确认退款")
    row = desk.row
    assert (row.status, row.refund_ref) == (ReturnStatus.REFUNDED, "TK-2001")
    assert row.confirmed_by_id == desk.person("finance")
    (loss,) = desk.rows(ReturnLoss)
    assert (loss.value_cents, loss.freight_cents, loss.loss_cents) == (1_000_00, 12_00, 1_012_00)


def print_refund_note(desk: Desk, folder: Path) -> None:
    suggested, content = desk.download(desk.at("finance"), "退款单")
    note = lines(content)
    assert suggested.startswith("退款单") and suggested.endswith(".docx")
    assert note[:2] == ["Test company", "退款单"]
    assert any(desk.case.number in text for text in note)
    assert {"TK-2001", "1,012.00 元"} <= set(note)


def tell_and_close(desk: Desk) -> None:
    window = desk.at("agent").sees("已退款，待告知，轮到您办理")
    window.type(answer="退款 1012 元已退回原付款账户").choose(reaction="接受")
    desk.do(window, "tell_result", said="已保存：告知结果")
    assert (desk.row.status, desk.case.status) == (ReturnStatus.TOLD, RequestStatus.RESOLVED)
    assert desk.case.answer == "退款 1012 元已退回原付款账户"
    assert len(desk.tool.rows(FollowUp, request_id=desk.case.id)) == 1
    desk.turn_to(window, "结案归档")
    window.type(lesson="来料检验增加冷机启动项")
    desk.do(window, "close_return", said="已保存：结案归档")
    assert desk.row.status is ReturnStatus.CLOSED and desk.row.closed_at
    facts = [row.action for row in desk.tool.rows(History, subject="return", subject_id=desk.id)]
    assert facts == [
        *("applied", "lines_entered", "screened", "inspected", "approved", "way_agreed"),
        *("received", "tested", "stored", "settled", "refunded", "told", "closed"),
    ]
