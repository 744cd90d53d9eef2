"""Who may open which page: the menu, deep links, ended sign-ins."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from core.house import HOUSE
from core.kernel.unit_of_work import transaction, unit_of_work
from core.people import sign_ins
from core.process.permissions import GRANTS, visible_requests
from db.codes import Role
from db.tables import Person, ServiceRequest, SignInAttempt
from pages.ui.frame.screens import SCREENS
from pages.ui.kit import words
from tests.company_cast import PASSWORD, Company
from tests.screen import Screen, counted

REFUSED = "您的角色不能打开此页面。"


@pytest.mark.parametrize("role", Role, ids=str)
def test_each_role_opens_its_pages_and_no_others(served: Company, role: Role) -> None:
    screen = Screen(served, role.value)
    for each in SCREENS:
        screen.open(each.file)
        refused = REFUSED in screen.errors
        assert refused == GRANTS[role].isdisjoint({each.permission, each.or_permission}), each.file


@pytest.mark.parametrize("each", SCREENS, ids=lambda screen: screen.file)
def test_a_deep_link_shows_the_sign_in_form_and_nothing_else(served: Company, each) -> None:
    screen = Screen(served, None).open(each.file)
    assert screen.title == "Test company"
    assert [button.label for button in screen.app.button] == ["登录"]
    assert not screen.app.dataframe


def test_a_right_password_opens_the_page_that_was_asked_for(served: Company) -> None:
    screen = Screen(served, None).open("intake")
    screen.app.text_input[0].set_value("Agent ")
    screen.app.text_input[1].set_value(PASSWORD)
    screen.app.button[0].click()
    screen.run()
    assert screen.title == "登记服务申请"
    assert len(served.rows(sign_ins.SignIn)) == 1


WRONG = "用户名或密码不正确。多次输错后，请等几分钟再试。"


def typed(served: Company, username: str, password: str) -> Screen:
    screen = Screen(served, None)
    screen.app.text_input[0].set_value(username)
    screen.app.text_input[1].set_value(password)
    screen.app.button[0].click()
    return screen.run()


def test_five_wrong_passwords_lock_the_name_even_in_new_windows(served: Company) -> None:
    for _attempt in range(5):
        assert typed(served, "agent", "wrong").errors == [WRONG]
    screen = typed(served, "agent", PASSWORD)
    assert screen.title == "Test company"
    assert screen.errors == [WRONG]
    assert not served.rows(sign_ins.SignIn)
    assert len(served.rows(SignInAttempt)) == 5


@pytest.mark.parametrize(
    ("username", "password"),
    [("nobody", PASSWORD), ("agent", "x" * 200), ("agent", "密" * 30), (PASSWORD, "agent")],
)
def test_whatever_is_wrong_the_words_are_the_same(
    served: Company, username: str, password: str, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = typed(served, username, password)
    assert screen.errors == [WRONG]
    assert len(served.rows(SignInAttempt)) == 1
    assert "hash" not in capsys.readouterr().out


def test_a_wrong_password_is_logged_without_the_name(
    served: Company, caplog: pytest.LogCaptureFixture
) -> None:
    for _attempt in range(6):
        typed(served, "agent", "wrong")
    said = [record.getMessage() for record in caplog.records if record.name == "aftercare"]
    assert len(said) == 6
    assert "failed; 4 wrong tries before" in said[4]
    assert "refused until" in said[5]
    assert "agent" not in "".join(said)


def test_a_window_that_somebody_signed_out_of_still_knows_them(served: Company) -> None:
    screen = typed(served, "agent", PASSWORD)
    assert screen.title == "工作台"
    screen.press("sign_out")
    for _attempt in range(5):
        typed(served, "agent", "wrong")
    screen.app.text_input[0].set_value("agent")
    screen.app.text_input[1].set_value(PASSWORD)
    screen.app.button[0].click()
    assert screen.run().title == "工作台"


def test_a_disabled_person_is_out_at_the_next_run(served: Company) -> None:
    screen = Screen(served, "agent").open("intake")
    assert screen.title == "登记服务申请"
    with transaction(served.engine, write=True) as session:
        session.execute(update(Person).where(Person.username == "agent").values(active=False))
    screen.run()
    assert screen.title == "Test company"


def test_signing_out_ends_the_sign_in_and_not_only_the_window(served: Company) -> None:
    screen = Screen(served, "agent")
    held = screen.app.session_state["sign_in"]
    screen.press("sign_out")
    assert screen.title == "Test company"
    with transaction(served.engine, write=False) as session:
        assert sign_ins.holder(session, held, datetime.now(UTC)) is None


def test_the_language_is_the_persons_own_on_every_page(served: Company) -> None:
    screen = Screen(served, "manager").open("account")
    screen.fill(language="en").press("language_send")
    assert screen.title == "My account"
    assert Screen(served, "manager").open("dispatch").title == "Dispatch"
    assert Screen(served, "dispatcher", locale="en-GB").open("dispatch").title == "Dispatch"
    assert Screen(served, "dispatcher").open("dispatch").title == "派工"


LISTS = (
    *("home", "dispatch", "desk", "followups", "my_jobs"),
    *("complaints", "returns", "quality", "suggestions"),
)


@pytest.mark.parametrize("page", LISTS)
def test_a_list_screen_is_at_most_five_queries(served: Company, page: str) -> None:
    for _number in range(3):
        served.register()
    served.finished()
    who = "technician" if page == "my_jobs" else "manager"
    screen = Screen(served, who).open(page)
    with counted() as statements:
        screen.run()
    asked = [text for text in statements if text.startswith(("SELECT", "INSERT", "UPDATE"))]
    # What cases lack before somebody is sent, or before they are closed, takes them, the rule books
    # that accepted them, and what is owed.
    most = 7 if page in ("dispatch", "followups") else 5
    assert 1 <= len(asked) <= most, "\n\n".join(asked)


def test_who_sees_what_is_what_they_see(served: Company) -> None:
    far = served.register("agent.stranger", customer_name="李雷", phone="13900139000")
    screen = Screen(served, "admin").open("access")
    agent = words.code(Role.AGENT)
    (table,) = [each.value for each in screen.app.dataframe if agent in each.value]
    rows = {row["内容"]: row for row in table.to_dict("records")}
    assert len(rows) == len(SCREENS) + 3
    for role in Role:
        name, who = words.code(role), served[role.value]
        with unit_of_work(served.engine, who, HOUSE, write=False) as uow:
            sees = uow.session.scalar(
                select(ServiceRequest.id)
                .where(ServiceRequest.id == far)
                .where(visible_requests(who))
            )
        assert (rows["服务单"][name] == "全部网点") == bool(sees), role
        opens = {each.file for each in SCREENS if each.opens_to(who)}
        marked = {
            each.file
            for each in SCREENS
            if rows[f"页面：{words.in_domain('page', each.file)}"][name]
        }
        assert marked == opens, role
    assert Screen(served, "manager").open("access").errors == [REFUSED]
