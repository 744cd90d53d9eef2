"""Returns in real Chromium: from the application at the desk to the refund, each by the own hands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from db.codes import (
    CauseKind,
    Destination,
    Direction,
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
    Asset,
    Attachment,
    Customer,
    FollowUp,
    GoodsReturn,
    History,
    Notice,
    Purchase,
    PurchaseLine,
    Replacement,
    ReturnLine,
    ReturnLoss,
    ReturnParcel,
    ServiceRequest,
    StockMove,
)
from tests import return_steps as steps
from tests.attached_files import picture
from tests.company_cast import ZONE, Company
from tests.printed_papers import lines

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

# As a tablet is held at a bench; quality control and the warehouse have nothing else.
TABLET = (820, 1180)
AT_A_BENCH = ("quality", "warehouse")
REFUSED = "质检未见故障，不符合退换条件"
APPEAL = "已附维修站检测单，请复核"


class Today(Company):
    """The company as it works now: conditions count their days up to this day."""

    def do(self, who: str, verb: Any, *given: Any, **more: Any) -> Any:
        return super().do(who, verb, *given, **{"now": datetime.now(UTC)} | more)


class Desk:
    """One return, and a window for each person who has to do with it."""

    def __init__(self, tool: Tool, windows: Windows) -> None:
        self.tool = tool
        self.windows = windows
        self.opened: dict[str, Window] = {}
        self.id = 0

    @property
    def company(self) -> Today:
        return Today(self.tool.engine, self.tool.company().people)

    @property
    def row(self) -> Any:
        return self.company.get(GoodsReturn, self.id)

    @property
    def line(self) -> Any:
        (line,) = self.tool.rows(ReturnLine, return_id=self.id)
        return line

    @property
    def case(self) -> Any:
        return self.company.get(ServiceRequest, self.row.request_id)

    def rows(self, table: type, **facts: Any) -> list[Any]:
        """The rows of this return or of its line."""
        own = {"return_id": self.id} if hasattr(table, "return_id") else {"line_id": self.line.id}
        return self.tool.rows(table, **own, **facts)

    def person(self, username: str) -> int:
        return self.tool.company()[username].id or 0

    def window(self, who: str, path: str) -> Window:
        """The window of a person at a page; the first time they sign in."""
        if who in self.opened:
            self.opened[who].keep().open(path)
        else:
            screen = {"size": TABLET} if who in AT_A_BENCH else {}
            self.opened[who] = self.windows.desk(**screen).open(path).sign_in(who)
        return self.opened[who].settles()

    def at(self, who: str) -> Window:
        """The return alone, by the address that a scan or a colleague gives."""
        return self.window(who, f"/returns?id={self.case.id}").sees(f"{self.case.number} · ")

    def do(self, window: Window, action: str, said: str = "已保存") -> None:
        """Send the form of an action and wait for the answer."""
        window.press(f"return·{self.id}·{action}·send").sees(said).settles()

    def turn_to(self, window: Window, words: str) -> Window:
        """Turn to another action that is allowed now."""
        pills = window.keyed(f"return·{self.id}·{self.row.version}·action")
        pills.get_by_role("radio", name=words, exact=True).click()
        return window.settles()

    def offers(self, window: Window, action: str) -> Any:
        """The button of an action, shown or not."""
        return window.keyed(f"return·{self.id}·{action}·send")

    def days(self) -> dict[str, str]:
        """Bought three days ago, received the day after."""
        today = datetime.now(ZONE).date()
        bought, came = (today - timedelta(days=days) for days in (3, 2))
        return {"purchased_on": str(bought), "received_on": str(came)}

    def start(self, way: Any, *lines: Any) -> None:
        """Take a return as far as a journey needs it, by the commands of the screens."""
        company = self.company
        bought = steps.buy(company, *[{}] * len(lines), **self.days())
        given = [line | {"purchase_line_id": id} for line, id in zip(lines, bought, strict=True)]
        self.id = way(company, *given, now=datetime.now(UTC))


@pytest.fixture
def desk(staffed_tool: Tool, windows: Windows) -> Desk:
    """A return to come, in the tool that the test opens its windows on."""
    return Desk(staffed_tool, windows)


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
    (customer,) = desk.tool.rows(Customer, phone_digits="13912342222")
    assert (customer.name, customer.station_id) == ("李雷", Company.NORTH)


def write_down_the_purchase(desk: Desk) -> None:
    window, days = desk.opened["agent"], desk.days()
    (customer,) = desk.tool.rows(Customer, phone_digits="13912342222")
    window.type(invoice_no="FP-2001").choose(at_a_distance="否")
    for name, day in days.items():
        window.type_date(name, day.replace("-", ""))
    window.type(brand="海尔", model="XQG100", quantity="3", unit_cents="500", batch="B2602")
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
    window.sees("待质检，轮到您办理", "故障.png").settles()
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
    download(window, "退货须知")


def receive(desk: Desk) -> None:
    """The label is scanned and opens the return."""
    (parcel,) = desk.rows(ReturnParcel)
    window = desk.window("warehouse", "/scan")
    window.keyed("scan_label").locator("input").fill(parcel.label)
    window.page.keyboard.press("Enter")
    window.sees(f"{desk.case.number} · ", "待收货，轮到您办理").settles()
    assert window.value("received") == "2"
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
    expect(desk.offers(desk.opened["agent"], "confirm_refund")).to_have_count(0)
    (notice,) = desk.tool.rows(
        Notice, person_id=desk.person("finance"), case_id=desk.case.id, read_at=None
    )[-1:]
    window = desk.window("finance", "/inbox")
    window.keyed(f"notice_{notice.id}").get_by_role("button").click()
    window.sees("待财务确认，轮到您办理", "¥1,012.00").settles()
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
    suggested, content = download(desk.opened["finance"], "退款单")
    note = lines(content)
    assert suggested.startswith("退款单") and suggested.endswith(".docx")
    assert note[:2] == ["Test company", "退款单"]
    assert any(desk.case.number in text for text in note)
    assert {"TK-2001", "1,012.00 元"} <= set(note)


def download(window: Window, paper: str) -> tuple[str, bytes]:
    """A paper as it comes: its suggested name and its content."""
    with window.page.expect_download() as got:
        window.page.get_by_role("button", name=paper, exact=True).click()
    return got.value.suggested_filename, got.value.path().read_bytes()


def tell_and_close(desk: Desk) -> None:
    window = desk.at("agent").sees("已退款，待告知，轮到您办理")
    window.type(answer="退款 1012 元已退回原付款账户").choose(reaction="接受")
    desk.do(window, "tell_result", said="已保存：告知结果")
    assert (desk.row.status, desk.case.status) == (ReturnStatus.TOLD, RequestStatus.RESOLVED)
    assert desk.case.answer == "退款 1012 元已退回原付款账户"
    assert len(desk.tool.rows(FollowUp, request_id=desk.case.id)) == 1
    window.type(lesson="来料检验增加冷机启动项")
    desk.do(window, "close_return", said="已保存：结案归档")
    assert desk.row.status is ReturnStatus.CLOSED and desk.row.closed_at
    facts = [row.action for row in desk.tool.rows(History, subject="return", subject_id=desk.id)]
    assert facts == [
        *("applied", "lines_entered", "screened", "inspected", "approved", "way_agreed"),
        *("received", "tested", "stored", "settled", "refunded", "told", "closed"),
    ]


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
    window.field("appearance").get_by_role("radio", name="已损坏", exact=True).click()
    desk.do(window, "receive", said="已保存：收货")
    line = desk.line
    assert (line.approved, line.received, line.difference) == (2, 1, "少一台，左侧凹陷")
    assert line.appearance is GoodsState.DAMAGED
    window.sees("收货", "少一台，左侧凹陷")


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
    window.sees("SN-NEW-1")
    assert desk.row.status is ReturnStatus.STORED


def settle_the_exchange(desk: Desk) -> None:
    """Nothing is paid: one was exchanged, the other stays with the customer."""
    window = desk.at("agent").choose(refund_method="原路退回")
    desk.do(window, "settle", said="已保存：结算")
    assert (desk.row.refund_cents, desk.row.owed_cents, desk.line.replaced) == (0, 0, 1)
    window = desk.at("finance").sees("待财务确认，轮到您办理")
    desk.do(window, "confirm_refund", said="已保存：确认退款")
    window = desk.at("agent").type(answer="新机已寄出，另一台仍由您使用").choose(reaction="接受")
    desk.do(window, "tell_result", said="已保存：告知结果")
    assert (desk.row.status, desk.case.status) == (ReturnStatus.TOLD, RequestStatus.RESOLVED)
    (line,) = desk.tool.rows(PurchaseLine, id=desk.line.purchase_line_id)
    assert line.quantity - line.returned >= 2


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
    expect(desk.offers(manager, "allow_appeal")).to_have_count(0)
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
