"""What people do to a screen: click twice, go back, come back later, share a link, sign out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from core.kernel.unit_of_work import transaction
from core.people import sign_ins
from db.codes import JobStatus
from db.tables import Customer, Job, Person, ServiceRequest, SignIn

if TYPE_CHECKING:
    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]


def intake(windows: Windows, phone: str) -> Window:
    """An intake form that is filled in and not yet sent."""
    window = windows.desk().open("/intake").sign_in("agent")
    window.page.get_by_label("来电人").fill(phone)
    expect(window.field("phone").locator("input")).to_have_value(phone)
    return window.type(customer_name="李雷", address="中山路 1 号", symptom="不制冷")


def cases_of(tool: Tool, phone: str) -> list[ServiceRequest]:
    return tool.rows(ServiceRequest, phone_key=f"86{phone}")


def test_a_double_click_makes_one_case(staffed_tool: Tool, windows: Windows) -> None:
    window = intake(windows, "13900000001")
    window.keyed("intake_send").locator("button:visible").dblclick()
    expect(window.keyed("next_call")).to_be_visible()
    window.settles()
    (case,) = cases_of(staffed_tool, "13900000001")
    expect(window.heading).to_have_text(case.number)
    assert len(staffed_tool.rows(Customer, phone_key="8613900000001")) == 1


def test_going_back_and_forth_sends_nothing_again(staffed_tool: Tool, windows: Windows) -> None:
    window = intake(windows, "13900000002").press("intake_send")
    expect(window.keyed("next_call")).to_be_visible()
    (case,) = cases_of(staffed_tool, "13900000002")
    window.page.get_by_role("link", name="打开服务单").click()
    expect(window.page).to_have_url(f"{staffed_tool.url}/case?id={case.id}")
    window.sees("已登记，下一步").settles()
    window.page.go_back()
    expect(window.heading).to_have_text(case.number)
    window.settles().page.go_forward()
    window.sees("已登记，下一步").settles()
    window.reload().sees("已登记，下一步")
    assert len(cases_of(staffed_tool, "13900000002")) == 1


def test_an_ended_sign_in_keeps_what_was_typed(staffed_tool: Tool, windows: Windows) -> None:
    window = intake(windows, "13900000003")
    # A field hands over what was typed when it is left.
    window.field("symptom").locator("textarea").press("Tab")
    window.settles()
    agent = staffed_tool.company()["agent"]
    with transaction(staffed_tool.engine, write=True) as session:
        mine = update(SignIn).where(SignIn.person_id == agent.id, SignIn.ended_at.is_(None))
        session.execute(mine.values(ended_at=datetime.now(UTC)))
    # The page also asks by itself, and may have led to the form before the button is pressed.
    send = window.settles().keyed("intake_send").locator("button:visible")
    send.or_(window.page.get_by_label("用户名")).first.click()
    window.sees("登录已失效")
    assert not cases_of(staffed_tool, "13900000003")
    window.sign_in("agent").sees("登记服务申请").settles()
    assert window.value("symptom") == "不制冷"
    assert window.value("customer_name") == "李雷"
    assert window.value("phone") == "13900000003"
    window.press("intake_send")
    expect(window.keyed("next_call")).to_be_visible()
    assert len(cases_of(staffed_tool, "13900000003")) == 1


def test_a_link_from_a_colleague_survives_the_sign_in(staffed_tool: Tool, windows: Windows) -> None:
    case_id = staffed_tool.company().register(phone="13900000004", now=datetime.now(UTC))
    (case,) = cases_of(staffed_tool, "13900000004")
    window = windows.desk().open(f"/case?id={case_id}")
    expect(window.heading).to_have_text("Test company")
    window.sign_in("agent")
    expect(window.heading).to_have_text(case.number)
    expect(window.page).to_have_url(f"{staffed_tool.url}/case?id={case_id}")


def test_the_first_visit_of_all_meets_the_sign_in_form(cold_tool: Tool, windows: Windows) -> None:
    window = windows.desk().open("/people").settles()
    expect(window.heading).to_have_text("Test company")
    expect(window.page.get_by_label("用户名")).to_be_visible()
    expect(window.page.get_by_test_id("stDataFrame")).to_have_count(0)
    expect(window.page.get_by_test_id("stSidebar")).to_have_count(0)
    shown = window.page.locator("body").inner_text()
    assert "人员" not in shown
    assert not [person.name for person in cold_tool.rows(Person) if person.name in shown]


def test_a_cookie_is_worth_nothing_after_signing_out(staffed_tool: Tool, windows: Windows) -> None:
    window = windows.desk().open().sign_in("dispatcher").reload()
    expect(window.heading).to_have_text("工作台")
    cookie = window.cookie()
    assert (cookie["sameSite"], cookie["httpOnly"]) == ("Strict", True)
    assert "aftercare" not in window.page.evaluate("document.cookie")
    window.sign_out()
    expect(window.page.get_by_label("用户名")).to_be_visible()
    dispatcher = staffed_tool.company()["dispatcher"]
    assert all(each.ended_at for each in staffed_tool.rows(SignIn, person_id=dispatcher.id))
    thief = windows.desk()
    thief.page.context.add_cookies([cookie])
    for each in (window, thief):
        each.open("/dispatch").settles()
        expect(each.page.get_by_label("用户名")).to_be_visible()


def test_a_browser_that_knows_somebody_lets_them_in_under_attack(
    staffed_tool: Tool, windows: Windows
) -> None:
    window = windows.desk().open().sign_in("auditor").keep()
    window.sign_out()
    expect(window.page.get_by_label("用户名")).to_be_visible()
    for _guess in range(6):
        with transaction(staffed_tool.engine, write=True) as session:
            refused = sign_ins.attempt(session, "auditor", datetime.now(UTC)).reserved.id is None
    assert refused
    window.page.reload()  # only the cookie is left
    window.settles().sign_in("auditor")
    expect(window.heading).to_have_text("工作台")


def test_english_is_one_choice_away(windows: Windows) -> None:
    window = windows.desk().open("/intake")
    window.keyed("language_choice").locator("input").click()
    window.page.get_by_role("option", name="English").click()
    window.page.get_by_label("User name").fill("agent")
    window.page.get_by_label("Password").first.fill("correct horse")
    window.page.get_by_role("button", name="Sign in").click()
    expect(window.heading).to_have_text("Register a request")
    window.menu("")
    expect(window.heading).to_have_text("My work")


def test_a_click_right_after_signing_in_counts(windows: Windows) -> None:
    window = windows.desk().open().sign_in("manager")
    window.page.get_by_test_id("stTopNavSection").filter(has_text="分析").click()
    window.page.get_by_role("menuitem", name="考核指标").click()
    expect(window.heading).to_have_text("考核指标")


def test_the_keyboard_sends_no_form_that_nobody_looked_at(
    staffed_tool: Tool, windows: Windows
) -> None:
    company = staffed_tool.company()
    case_id, job_id = company.dispatched("technician", now=datetime.now(UTC))
    window = windows.desk().open(f"/case?id={case_id}").sign_in("manager").sees("已派工，下一步")
    note = window.settles().field("note").locator("textarea")
    note.fill("等客户回电")
    note.press("Control+Enter")
    window.settles().page.keyboard.press("Control+Enter")
    window.settles()
    assert company.get(Job, job_id).status is JobStatus.ASSIGNED
    assert [fact for fact, *_ in company.history("job", job_id)] == ["assigned"]


@pytest.fixture
def case_id(staffed_tool: Tool) -> int:
    """A case whose words are as wide as they come."""
    company = staffed_tool.company()
    words = {"address": "长" * 120, "symptom": "X" * 300, "serial": "S" * 60}
    return company.dispatched("technician", now=datetime.now(UTC), **words)[0]


def test_nothing_scrolls_sideways_on_a_phone(windows: Windows, case_id: int) -> None:
    wide = {}
    for who, paths in PHONE_PAGES.items():
        window = windows.phone().open(paths[0].format(case_id)).sign_in(who)
        for path in paths:
            window.open(path.format(case_id))
            expect(window.heading).to_be_visible()
            wide[path] = window.settles().page.evaluate(WIDER)
    assert not {path: found for path, found in wide.items() if found}


HARMFUL = (
    "http://evil.example www.evil.example a@evil.example :material/delete:\n===\n\n    code -- x"
)


def test_what_was_typed_is_shown_as_text(staffed_tool: Tool, windows: Windows) -> None:
    case = staffed_tool.company().register(symptom=HARMFUL, now=datetime.now(UTC))
    window = windows.desk().open(f"/case?id={case}").sign_in("agent").sees("http://evil.example")
    drawn = window.settles().page.locator("[data-testid=stMain]")
    assert (
        drawn.locator("a[href*=evil], pre:has-text('code'), [aria-label='delete icon']").count()
        == 0
    )
    assert ":material/delete:" in drawn.inner_text()
    assert "===" in drawn.inner_text()
    assert "code -- x" in drawn.inner_text()


PHONE_PAGES = {
    "technician": ("/", "/my_jobs", "/my_jobs?my_jobs_part=done", "/case?id={}", "/account"),
    "agent": ("/intake", "/followups", "/complaints", "/find?q=1"),
}
# What is wider than the window, in the page and in Streamlit's own scrolling part of it.
WIDER = """() => {
    const parts = [document.scrollingElement, document.querySelector('[data-testid=stMain]')]
    return parts.map(part => part.scrollWidth).filter(width => width > 390)
}"""
