"""One journey in real Chromium: from the first start of the tool to a manager's figures."""

from __future__ import annotations

import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect
from sqlalchemy import update

from core.kernel.unit_of_work import transaction
from db.codes import (
    FollowUpStatus,
    JobResult,
    JobStatus,
    RequestKind,
    RequestStatus,
    Role,
)
from db.tables import (
    Asset,
    Company,
    Customer,
    FollowUp,
    FormKey,
    History,
    Job,
    Limit,
    Person,
    ServiceRequest,
    SignIn,
    Station,
    Visit,
)
from tests.company_cast import PASSWORD, certify

if TYPE_CHECKING:
    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

OWN_PASSWORD = "battery staple"
STAFF = (
    ("agent", "钱受理", "客服专员", "鼓楼站"),
    ("dispatcher", "孙调度", "调度", "鼓楼站"),
    ("technician", "李师傅", "服务工程师", "鼓楼站"),
    ("manager", "周经理", "售后经理", ""),
)


def test_from_the_first_start_to_the_figures(
    fresh_tool: Tool, windows: Windows, tmp_path: Path
) -> None:
    set_up(fresh_tool, windows.desk())
    add_people(fresh_tool, windows.desk())
    register_a_call(fresh_tool, windows.desk(), tmp_path)
    send_the_technician(fresh_tool, windows.desk())
    work_on_the_job(fresh_tool, windows.phone())
    call_the_customer(fresh_tool, windows.desk())
    look_at_the_figures(fresh_tool, windows.desk())


def set_up(tool: Tool, window: Window) -> None:
    window.open()
    expect(window.heading).to_have_text("首次启动")
    window.type(company="金陵家电", hotline="025-8888 0000", station="鼓楼站")
    window.choose(time_zone="Asia/Shanghai", pack="家电售后服务规范")
    window.type(admin_name="赵管理", username="Admin", password="short").press("setup_send")
    window.sees("至少 12 个字符")
    assert not tool.rows(Company)
    (token,) = re.findall(r"token of the first start is (\w+)", tool.log.read_text())
    window.type(password=PASSWORD, token=token).press("setup_send")
    expect(window.heading).to_have_text("工作台")
    (company,) = tool.rows(Company)
    assert (company.name, company.time_zone) == ("金陵家电", "Asia/Shanghai")
    (admin,) = tool.rows(Person)
    assert (admin.username, admin.role) == ("admin", Role.ADMIN)
    assert [station.name for station in tool.rows(Station)] == ["鼓楼站"]
    window.keep().open().settles()
    expect(window.keyed("setup_send")).to_have_count(0)
    expect(window.heading).to_have_text("工作台")  # the founder is signed in


def add_people(tool: Tool, window: Window) -> None:
    window.open().sign_in("admin")
    window.menu("people")
    for number, (username, name, role, station) in enumerate(STAFF, 2):
        window.sees("新增人员").type(username=username, name=name).choose(role=role)
        if station:
            window.choose(station_id=station)
        window.type(password=PASSWORD).press("add_person_send")
        expect(window.field("username").locator("input")).to_have_value("")
        assert len(tool.rows(Person)) == number
    found = {
        person.username: (person.role.value, person.station_id) for person in tool.rows(Person)
    }
    assert found["technician"] == ("technician", 1)
    assert found["manager"] == ("manager", None)
    # The agent chooses an own password below; the others have done so.
    with transaction(tool.engine, write=True) as session:
        others = update(Person).where(Person.username != "agent")
        session.execute(others.values(password_is_given=False))


def register_a_call(tool: Tool, window: Window, folder: Path) -> None:
    window.open().fill_in("agent")
    window.sees("请设置自己的密码").type(current=PASSWORD, password=OWN_PASSWORD)
    window.press("first_password_send")
    expect(window.heading).to_have_text("工作台")
    window.press("new_request")
    window.page.get_by_label("来电人").fill("13912345678")
    window.sees("没有找到，请登记新客户")
    expect(window.field("phone").locator("input")).to_have_value("13912345678")
    window.type(customer_name="王小明", address="中山路 18 号 3 单元 502")
    window.complete(brand="海尔", model="XQG100").type(serial="SN-778")
    window.type_date("purchased_on", "20260301").sees("免费")
    window.type(symptom="脱水时异响，机身移位")
    window.field("symptom").locator("textarea").press("Control+Enter")
    (case,) = told(tool, window)
    download_slip(window.page, case.number, folder)


def told(tool: Tool, window: Window) -> list[ServiceRequest]:
    expect(window.keyed("next_call")).to_be_visible()
    (case,) = tool.rows(ServiceRequest)
    assert (case.kind, case.status) == (RequestKind.REPAIR, RequestStatus.REGISTERED)
    assert (case.symptom, case.charge.value) == ("脱水时异响，机身移位", "free")
    (customer,), (asset,) = tool.rows(Customer), tool.rows(Asset)
    assert (customer.name, customer.phone_key) == ("王小明", "8613912345678")
    assert (asset.customer_id, asset.serial) == (customer.id, "SN-778")
    assert case.owner_id == tool.rows(Person, username="agent")[0].id
    expect(window.heading).to_have_text(case.number)
    limits = tool.rows(Limit)
    zone = tool.company()["agent"].zone_info
    window.sees("钱受理", *{f"{each.due_at.astimezone(zone):%m-%d %H:%M}" for each in limits})
    assert limits
    return [case]


def download_slip(page: Page, number: str, folder: Path) -> None:
    with page.expect_download() as download:
        page.get_by_role("button", name="售后服务申请受理单 Word").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == ".docx"
    with zipfile.ZipFile(path) as paper:
        assert number in paper.read("word/document.xml").decode()


def send_the_technician(tool: Tool, window: Window) -> None:
    (case,) = tool.rows(ServiceRequest)
    window.open("/dispatch").sign_in("dispatcher").choose_row()
    (technician,) = tool.rows(Person, username="technician")
    window.sees("脱水时异响", "没有维修职业资格证，不能派")
    with transaction(tool.engine, write=True) as session:
        certify(session, technician.id)
    window.reload().sees("当天未排工")
    window.press(f"request·{case.id}·suggested·{technician.id}").sees("已派 李师傅")
    (job,) = tool.rows(Job)
    assert (job.status, job.request_id) == (JobStatus.ASSIGNED, case.id)
    assert job.technician_id == technician.id and job.planned_from
    window.sees("没有待派工的服务单")


def work_on_the_job(tool: Tool, window: Window) -> None:
    window.open().sign_in("technician").sees("我的工单")  # the day begins there
    window.page.get_by_role("radio", name="待约 1").click()
    window.sees("中山路 18 号").page.get_by_role("link", name="王小明").click()
    (job,) = tool.rows(Job)
    expect(window.heading).to_have_text("王小明")
    window.press(f"job·{job.id}·agree_visit·send").sees("已约定")
    (visit,) = tool.rows(Visit)
    zone = tool.company()["technician"].zone_info
    window.sees(f"{visit.agreed_from.astimezone(zone):%m-%d %H:%M}–")
    window.turn_to(f"job·{job.id}", "到达现场").press(f"job·{job.id}·arrive·send").sees("上门中")
    window.sees("完工报告")
    finish = window.page.locator('button[name="finish"]')
    finish.click()
    window.sees("填写有误")
    assert tool.rows(Job)[0].status is JobStatus.ON_SITE
    for name, code in {"result": "fixed", "symptom_found": "as_told"}.items():
        window.page.locator(f'form [name="{name}"]').select_option(code)
    told = {"cause": "减震器断裂", "work_done": "更换减震器", "confirmed_by": "王小明"}
    for name, text in (told | {"unticked_reason": "未逐项勾选"}).items():
        window.page.locator(f'form [name="{name}"]').fill(text)
    finish.click()
    window.sees("已完工")
    (job,) = tool.rows(Job)
    assert (job.status, job.result) == (JobStatus.DONE, JobResult.FIXED)
    assert (job.work_done, job.confirmed_by) == ("更换减震器", "王小明")
    assert tool.rows(Visit)[0].arrived_at and tool.rows(Visit)[0].ended_at
    assert tool.rows(ServiceRequest)[0].status is RequestStatus.RESOLVED


def call_the_customer(tool: Tool, window: Window) -> None:
    (call,) = tool.rows(FollowUp)
    window.open("/followups").sign_in("agent", OWN_PASSWORD).sees("今天没有待回访")
    with transaction(tool.engine, write=True) as session:  # the next working day has come
        session.execute(update(FollowUp).values(due_on=call.due_on - timedelta(days=7)))
    window.reload()
    for question, score in (("attitude", 2), ("result", 3)):
        window.score(question, score)
    window.type(opinion="等了两天才来").press(f"follow_up·{call.id}·record_answers·send")
    window.sees("客户不满意：已登记投诉")
    (call,) = tool.rows(FollowUp)
    assert (call.status, call.score) == (FollowUpStatus.ANSWERED, 2.5)
    case, complaint = tool.rows(ServiceRequest)
    assert case.status is RequestStatus.CLOSED
    assert (complaint.kind, complaint.origin_id) == (RequestKind.COMPLAINT, case.id)
    window.menu("complaints")
    window.choose_row().sees("等了两天才来")
    window.page.get_by_role("link", name=complaint.number).click()
    window.settles().page.get_by_role("button", name=case.number).click()
    expect(window.heading).to_have_text(case.number)
    expect(window.page.get_by_role("button", name=complaint.number)).to_be_visible()


def look_at_the_figures(tool: Tool, window: Window) -> None:
    case, _complaint = tool.rows(ServiceRequest)
    # One call is too few for a figure.
    window.open("/kpi").sign_in("manager").sees("客户满意度", "太少（1）")
    window.press("kpi_open_satisfaction").settles().choose_row().settles().choose_row(last=True)
    expect(window.heading).to_have_text(re.compile("^SR"))
    expect(window.heading).to_have_text(case.number)
    window.settles().tab("记录").sees("完成回访", "完工报告", "派给工程师")
    facts = [row.action for row in tool.rows(History, case_id=case.id)]
    assert {"registered", "dispatched", "job_finished", "closed"} <= set(facts)
    assert len(tool.rows(FormKey)) == len({key.key for key in tool.rows(FormKey)})
    assert all(each.ended_at is None for each in tool.rows(SignIn))
