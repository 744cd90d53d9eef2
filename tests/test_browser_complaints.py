"""Complaints in real Chromium: each person of the review signs in and takes the own step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from db.codes import (
    CauseScope,
    ComplaintStatus,
    ImprovementStatus,
    MeasureKind,
    PenaltyStatus,
    Reaction,
    RequestStatus,
)
from db.tables import (
    Attachment,
    Complaint,
    ComplaintMeasure,
    History,
    Improvement,
    Limit,
    Notice,
    Penalty,
    Responsible,
    ServiceRequest,
)
from tests.attached_files import picture
from tests.complaint_steps import take
from tests.printed_papers import lines

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

ANSWER = "已全额退款五千二百元，三天内到账，并向您书面致歉。"
POLITE = "经上门检测，噪声 58 分贝，符合标准，敬请谅解。"


class Review:
    """One complaint, and a window for each person who has to do with it."""

    def __init__(self, tool: Tool, windows: Windows) -> None:
        self.tool = tool
        self.windows = windows
        self.desks: dict[str, Window] = {}
        self.id = 0

    @property
    def row(self) -> Any:
        return self.tool.company().get(Complaint, self.id)

    @property
    def case(self) -> Any:
        return self.tool.company().get(ServiceRequest, self.row.request_id)

    def person(self, username: str) -> int:
        return self.tool.company()[username].id or 0

    def rows(self, table: type, **facts: Any) -> list[Any]:
        """The rows of this complaint, or of its case."""
        own = "complaint_id" if hasattr(table, "complaint_id") else "request_id"
        of = self.id if own == "complaint_id" else self.row.request_id
        return self.tool.rows(table, **{own: of}, **facts)

    def desk(self, who: str, path: str) -> Window:
        """The window of a person at a page; the first time they sign in."""
        if who not in self.desks:
            self.desks[who] = self.windows.desk().open(path).sign_in(who)
        else:
            self.desks[who].keep().open(path)
        return self.desks[who].settles()

    def at(self, who: str) -> Window:
        """The complaint on its own page, by the address that colleagues send each other."""
        return self.desk(who, f"/case?id={self.case.id}").sees(self.case.number)

    def do(self, window: Window, action: str, said: str = "已保存") -> None:
        """Send the form of an action and wait for the answer."""
        window.press(f"complaint·{self.id}·{action}·send").sees(said).settles()

    def pick(self, window: Window, words: str) -> Window:
        """Turn to another action that is allowed now."""
        pills = window.keyed(f"complaint·{self.id}·{self.row.version}·action")
        pills.get_by_role("radio", name=words, exact=True).click()
        return window.settles()


@pytest.fixture
def review(staffed_tool: Tool, windows: Windows) -> Review:
    """A complaint to come, in the tool that the test opens its windows on."""
    return Review(staffed_tool, windows)


def test_a_founded_complaint_goes_through_its_eight_steps(review: Review, tmp_path: Path) -> None:
    register(review, "新机脱水时异响，要求退货退款", phone="13912340000", about="technician")
    attach_photo(review, tmp_path)
    judge(review)
    assign(review)
    investigate(review)
    propose(review)
    approve(review)
    tell_the_customer(review)
    penalise(review)
    appeal(review)
    improve_and_close(review)


def register(review: Review, symptom: str, *, phone: str, about: str = "") -> None:
    """Step 1: the agent writes the complaint down while the customer is on the telephone."""
    window = review.desk("agent", "/intake")
    window.page.get_by_role("radio", name="投诉", exact=True).click()
    window.settles().page.get_by_label("来电人").fill(phone)
    window.sees("没有找到，请登记新客户")
    window.type(customer_name="李雷", address="北京西路 6 号 401")
    window.complete(brand="海尔", model="XQG100").type(symptom=symptom)
    if about:
        window.find(about_id=about)
    window.press("intake_send")
    expect(window.keyed("next_call")).to_be_visible()
    row = review.tool.rows(Complaint)[-1]
    review.id = row.id
    assert row.status is ComplaintStatus.RECORDED
    assert row.about_id == (review.person(about) if about else None)
    assert (review.case.symptom, review.case.status) == (symptom, RequestStatus.REGISTERED)
    assert {each.name for each in review.rows(Limit)} == {
        "complaint_acknowledged",
        "complaint_solved",
    }


def attach_photo(review: Review, folder: Path) -> None:
    window = review.desks["agent"]
    window.page.get_by_role("link", name="打开服务单").click()
    window.sees("待判定，下一步").tab("附件")
    photo = folder / "铭牌.png"
    photo.write_bytes(picture("PNG", (60, 40)))
    box = window.keyed(f"attach_{review.case.id}_box")
    box.locator("input[type=file]").set_input_files(photo)
    expect(box.get_by_text("铭牌.png")).to_be_visible()
    window.press(f"attach_{review.case.id}_send").sees("已添加 1 个附件", "附件 1")
    (file,) = review.rows(Attachment)
    assert (file.name, file.mime) == ("铭牌.png", "image/png")
    assert file.added_by_id == review.person("agent")


def judge(review: Review) -> None:
    """Step 2: the quality inspector says of what nature it is."""
    window = review.desk("quality", f"/complaints?complaints_q={review.case.number}").choose_row()
    window.sees("待判定，轮到您办理")
    review.do(window, "judge", said="有 2 项需要修改")
    assert review.row.status is ComplaintStatus.RECORDED
    window.choose(nature="产品质量 · 产品缺陷", demand_reasonable="是").type(note="同批已有两起")
    review.do(window, "judge", said="已保存：判定成立")
    row = review.row
    assert (row.status, row.founded, row.case_part) == (ComplaintStatus.JUDGED, True, "defect")
    assert review.case.case_class == "product_quality"
    # Judging has told the customer nothing.
    assert {each.name for each in review.rows(Limit, met_at=None, dropped_at=None)} == {
        *("complaint_acknowledged", "quality_complaint_solved")
    }


def assign(review: Review) -> None:
    """Step 3: the manager follows the route of the rule book."""
    window = review.at("manager").sees("质量管理部（A22）")
    window.choose(handler_id="quality · 质量管理部")
    review.do(window, "assign", said="已保存：分派")
    row = review.row
    assert (row.status, row.department) == (ComplaintStatus.ASSIGNED, "quality_control")
    assert row.handler_id == review.case.owner_id == review.person("quality")
    told = review.tool.rows(Notice, person_id=row.handler_id, case_id=row.request_id)
    # What was asked before is over.
    assert [notice.kind for notice in told if notice.read_at is None] == ["assigned"]


def investigate(review: Review) -> None:
    """Step 4: whose doing it was; another department only reads whose work it is."""
    other = review.at("handler").sees("由其他部门处理", "调查结论：leader、manager、quality")
    expect(other.keyed(f"complaint·{review.id}·investigate·send")).to_have_count(0)
    window = review.desk("quality", "/inbox")
    window.page.get_by_role("button", name=review.case.number).first.click()
    window.sees("待调查，轮到您办理").type(cause="减震器漏装垫片，出厂未检出")
    window.choose(cause_kind="制造", cause_scope="公司责任")
    table = window.filled("responsibles").write(0, {"比例": "40"})
    table.write(1, {"责任部门": "售后服务部", "责任人": "technician", "比例": "50"})
    window.type(loss_cents="3000", batch="B2511")
    review.do(window, "investigate", said="责任比例合计须为 100%")
    assert not review.rows(Responsible)
    table.write(1, {"比例": "60"})
    review.do(window, "investigate", said="已保存：调查结论")
    row, technician = review.row, review.person("technician")
    assert (row.status, row.cause_scope) == (ComplaintStatus.INVESTIGATED, CauseScope.COMPANY)
    assert (row.loss_cents, review.case.batch, review.case.named) == (
        3_000_00,
        "B2511",
        [technician],
    )
    shares = [(r.department, r.person_id, r.share_percent) for r in review.rows(Responsible)]
    assert shares == [("quality_control", None, 40), ("after_sales", technician, 60)]


def propose(review: Review) -> None:
    """Step 5: what the customer is offered, and what it costs."""
    window = review.desks["quality"].sees("待拟方案，轮到您办理")
    expect(window.keyed(f"complaint·{review.id}·propose·send")).to_have_count(0)
    review.pick(window, "拟定方案")
    table = window.filled("measures")
    table.write(0, {"类型": "退款", "内容": "按原价退款", "费用": "5200"})
    table.write(1, {"类型": "致歉", "内容": "书面致歉"})
    review.do(window, "propose", said="已保存：拟定方案")
    row = review.row
    assert (row.status, row.approvers) == (ComplaintStatus.PROPOSED, ["leader"])
    assert row.proposed_by_id == review.person("quality")
    plan = [(each.kind, each.what, each.cost_cents) for each in review.rows(ComplaintMeasure)]
    assert plan == [
        (MeasureKind.REFUND, "按原价退款", 5_200_00),
        (MeasureKind.APOLOGISE, "书面致歉", 0),
    ]


def approve(review: Review) -> None:
    """The amount is too high for the manager, who reads who may; the leader decides."""
    manager = review.at("manager").sees("批准、退回、不予补偿：leader")
    expect(manager.keyed(f"complaint·{review.id}·approve·send")).to_have_count(0)
    leader = review.at("leader").sees("¥5,200.00", "待审批，轮到您办理")
    review.do(leader, "approve", said="已保存：批准")
    row = review.row
    assert row.status is ComplaintStatus.APPROVED
    assert row.approved_by_id == review.person("leader")


def tell_the_customer(review: Review) -> None:
    """Step 6: the agent calls and writes down how the answer was taken."""
    window = review.at("agent").sees("按原价退款", "已批准待通知，轮到您办理")
    window.type(answer=ANSWER).choose(reaction="接受")
    review.do(window, "notify", said="已保存：通知客户")
    row, case = review.row, review.case
    assert (row.status, row.reaction) == (ComplaintStatus.NOTIFIED, Reaction.ACCEPTED)
    assert (case.status, case.answer) == (RequestStatus.RESOLVED, ANSWER)
    (solved,) = review.rows(Limit, name="quality_complaint_solved")
    assert solved.met_at and not solved.dropped_at


def penalise(review: Review) -> None:
    """Step 7: a share inside the band of the rule book."""
    window = review.at("manager").sees("直接责任：奖金的 10–30%（E14）")
    window.choose(ground="直接责任").find(person_id="technician")
    window.type(percent="50", reason="装机后未做脱水试机")
    review.do(window, "penalise", said="10–30")
    assert not review.rows(Penalty)
    window.type(percent="20")
    review.do(window, "penalise", said="已保存：责任处罚")
    (row,) = review.rows(Penalty)
    assert (row.person_id, row.percent, row.loss_cents) == (
        review.person("technician"),
        20,
        3_000_00,
    )
    assert (row.status, row.clause) == (PenaltyStatus.IMPOSED, "E14")


def appeal(review: Review) -> None:
    """The person concerned appeals on the own screen, and another one than the manager decides."""
    (row,) = review.rows(Penalty)
    window = review.desk("technician", "/inbox")
    window.page.get_by_role("button", name=review.case.number).first.click()
    window.sees("奖金的 20%").type(appeal="当天没有配发测振仪")
    window.press(f"penalty·{row.id}·appeal·send").sees("已保存：申诉")
    (row,) = review.rows(Penalty)
    assert (row.status, row.appeal) == (PenaltyStatus.APPEALED, "当天没有配发测振仪")
    leader = review.desk("leader", f"/penalties?id={row.id}").sees("当天没有配发测振仪")
    pills = leader.keyed(f"penalty·{row.id}·{row.version}·action")
    pills.get_by_role("radio", name="减轻处罚").click()
    leader.type(percent="10", review="仪器确已送检")
    leader.press(f"penalty·{row.id}·reduce·send").sees("已保存：减轻处罚")
    (row,) = review.rows(Penalty)
    assert (row.status, row.percent) == (PenaltyStatus.REDUCED, 10)
    assert row.reviewed_by_id == review.person("leader")


def improve_and_close(review: Review) -> None:
    """Step 8: so that it does not happen again; then it is filed with its lesson."""
    window = review.at("manager")
    review.pick(window, "处罚完毕")
    review.do(window, "settle_penalties", said="已保存：处罚完毕")
    assert review.row.status is ComplaintStatus.PENALISED
    due_on = datetime.now(UTC).date() + timedelta(days=30)
    review.pick(window, "改善对策")
    window.choose(kind="预防措施").type(measure="总装线加垫片漏装检测").find(owner_id="support")
    window.type_date("due_on", f"{due_on:%Y%m%d}")
    review.do(window, "plan_improvement", said="已保存：改善对策")
    (measure,) = review.rows(Improvement)
    assert (measure.status, measure.due_on) == (ImprovementStatus.PLANNED, due_on)
    assert measure.owner_id == review.person("support")
    review.pick(window, "结案").type(lesson="漏装须在线上拦住")
    review.do(window, "close_complaint", said="已保存：结案")
    assert (review.row.status, review.row.lesson) == (ComplaintStatus.CLOSED, "漏装须在线上拦住")
    facts = [
        row.action for row in review.tool.rows(History, subject="complaint", subject_id=review.id)
    ]
    assert facts == [
        *("recorded", "judged", "assigned", "investigated", "proposed", "approved"),
        *("notified", "penalised", "penalties_settled", "improved", "closed"),
    ]


def test_an_unfounded_complaint_is_answered_and_its_letter_printed(
    review: Review, tmp_path: Path
) -> None:
    register(review, "洗衣机声音大", phone="13912341111")
    window = review.at("quality")
    review.pick(window, "判定不成立").choose(nature="产品质量 · 技术指标超差")
    window.type(answer=POLITE)
    review.do(window, "dismiss", said="已保存：判定不成立")
    row = review.row
    assert (row.status, row.founded) == (ComplaintStatus.CLOSED, False)
    assert (review.case.status, review.case.answer) == (RequestStatus.RESOLVED, POLITE)
    print_letter(review, tmp_path)


def print_letter(review: Review, folder: Path) -> None:
    """The agent finds it among the closed ones and downloads the letter."""
    window = review.desk("agent", "/complaints").press("complaints_more")
    window.page.get_by_text("只看已结").click()
    window.keyed("complaints_q").locator("input").fill(review.case.number)
    window.page.keyboard.press("Enter")
    window.settles().choose_row().sees("已结案").page.get_by_role("link", name="打开服务单").click()
    window.sees("不成立", POLITE).tab("单据")
    with window.page.expect_download() as download:
        window.page.get_by_role("button", name="投诉答复函 Word").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    letter = lines(path.read_bytes())
    assert path.name.startswith("投诉答复函") and path.suffix == ".docx"
    assert letter[:2] == ["Test company", "投诉答复函"]
    assert {"尊敬的李雷：", POLITE} <= set(letter)
    assert any(review.case.number in text and "海尔 XQG100" in text for text in letter)


def test_a_customer_who_is_not_satisfied_gets_it_one_level_higher_each_time(
    review: Review,
) -> None:
    company, now = review.tool.company(), datetime.now(UTC)
    review.id = company.complaint(now=now, symptom="退款三周未到账")
    take(company, review.id, "approved", now=now)
    not_satisfied(review, level=1, badge="已重开：由售后经理处理")
    plan_anew(review)
    review.do(review.at("manager"), "approve", said="已保存：批准")
    assert review.row.approved_by_id == review.person("manager")
    not_satisfied(review, level=2, badge="已重开：由公司领导处理")
    plan_anew(review)
    assert review.row.approvers == ["leader"]
    manager = review.at("manager").sees("批准、退回、不予补偿：leader")
    expect(manager.keyed(f"complaint·{review.id}·approve·send")).to_have_count(0)
    review.do(review.at("leader"), "approve", said="已保存：批准")
    assert review.row.status is ComplaintStatus.APPROVED
    assert review.row.approved_by_id == review.person("leader")


def not_satisfied(review: Review, *, level: int, badge: str) -> None:
    """The answer is not enough: back to the investigation, with a limit that starts anew."""
    window = review.at("agent")
    window.type(answer="三日内补退").choose(reaction="不满意").type(note="顾客要求当天到账")
    review.do(window, "notify", said="已保存：通知客户")
    window.sees(badge)
    row = review.row
    assert (row.status, row.level) == (ComplaintStatus.ASSIGNED, level)
    assert (row.approvers, row.approved_by_id) == ([], None)
    assert review.case.status is RequestStatus.IN_PROGRESS
    limits = review.rows(Limit, name="quality_complaint_solved")
    assert len(limits) == level + 1
    assert [each.met_at is None for each in limits] == [False] * level + [True]


def plan_anew(review: Review) -> None:
    """The shares and the plan of the last round stand in the forms, to be worked over."""
    window = review.at("quality").type(cause="财务未及时打款")
    window.choose(cause_kind="服务", cause_scope="公司责任")
    review.do(window, "investigate", said="已保存：调查结论")
    assert len(review.rows(Responsible)) == 2
    review.pick(window, "拟定方案")
    window.filled("measures").write(0, {"费用": str(400 + 10 * review.row.level)})
    review.do(window, "propose", said="已保存：拟定方案")
    (measure,) = review.rows(ComplaintMeasure)
    assert measure.cost_cents == (400 + 10 * review.row.level) * 100
