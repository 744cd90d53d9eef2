"""Between the right password and the first page, the password once more, and the record."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import update

from core.kernel.unit_of_work import transaction
from core.people import second_steps
from core.people.second_steps import GiveCode
from core.process.permissions import RECENT
from db.codes import AccessKind, Role
from db.tables import AccessEvent, Person, RecoveryCode, SecondStep, SignIn, SignInAttempt
from db.tables import Company as CompanyRow
from pages.ui.kit import gate
from tests.company_cast import NOW, PASSWORD, Company
from tests.screen import Screen


def change(company: Company, table: type, **facts: object) -> None:
    with transaction(company.engine, write=True) as session:
        session.execute(update(table).values(**facts))


def signed_in(company: Company, who: str, page: str = "home") -> Screen:
    screen = Screen(company, None).open(page)
    screen.app.text_input[0].set_value(who)
    screen.app.text_input[1].set_value(PASSWORD)
    screen.app.button[0].click()
    return screen.run()


def test_a_given_password_is_changed_before_anything_opens(served: Company) -> None:
    change(served, Person, password_is_given=True)
    screen = signed_in(served, "agent", "intake")
    assert "请设置自己的密码" in screen.texts
    assert [button.label for button in screen.app.button] == ["继续", "退出登录"]
    # Neither another page nor a new window opens more.
    secret = screen.app.session_state[gate.SECRET]
    other = Screen(served, None)
    other.app.session_state[gate.SECRET] = secret
    assert other.open("find").title == "Test company"
    screen.fill(current=PASSWORD, password="password1234").press("first_password_send")
    assert "这个密码太容易被猜到" in screen.texts
    screen.fill(password="another password").press("first_password_send")
    assert screen.title == "登记服务申请"
    assert other.run().title not in ("", "Test company")


def test_codes_are_set_up_at_the_sign_in_where_the_role_is_asked_for_them(
    served: Company,
) -> None:
    change(served, CompanyRow, code_roles=["agent"])
    screen = signed_in(served, "agent", "intake")
    assert "设置手机验证码" in screen.texts
    (row,) = served.rows(SecondStep)
    shown = "".join(block.value for block in screen.app.code)
    screen.fill(code="123").press("first_code_send")
    assert "验证码不正确，请输入手机上当前显示的。" in screen.texts
    assert "".join(block.value for block in screen.app.code) == shown
    screen.fill(code=pyotp.TOTP(row.secret).now()).press("first_code_send")
    assert screen.title == "登记服务申请"
    assert len(served.rows(RecoveryCode)) == len(shown.split()) == second_steps.RECOVERY
    # The next sign-in asks for a code; one of those that were shown will do.
    again = signed_in(served, "agent", "intake")
    assert "请输入验证码" in again.texts
    again.app.text_input[0].set_value("000000")
    again.press("code_send")
    assert again.errors == ["验证码不正确或已用过。多次输错后，请等几分钟再试。"]
    again.app.text_input[0].set_value(shown.split()[0])
    assert again.press("code_send").title == "登记服务申请"
    again.press("sign_out")
    assert again.title == "Test company"


def test_the_password_is_asked_for_above_the_page_and_what_was_typed_stays(
    served: Company,
) -> None:
    screen = Screen(served, "admin").open("people")
    long_ago = screen.company.rows(SignIn)[0].started_at - RECENT - timedelta(minutes=1)
    change(served, SignIn, confirmed_at=long_ago)
    screen.fill(username="lilei", name="李雷", role=Role.TECHNICIAN, password="battery staple")
    screen.press("add_person_send")
    assert "请再次输入密码，然后重新提交：已填写的内容仍在。" in screen.texts
    screen.app.text_input(key="ask_again·password").set_value("wrong")
    screen.press("ask_again_send")
    assert screen.errors == ["密码不正确。多次输错后，请等几分钟再试。"]
    assert len(served.rows(SignInAttempt)) == 1
    screen.app.text_input(key="ask_again·password").set_value(PASSWORD)
    screen.press("ask_again_send")
    assert "已确认，请再次提交。" in [toast.value for toast in screen.app.toast]
    screen.press("add_person_send")
    assert served.rows(Person, username="lilei")
    assert not served.rows(SignInAttempt)


def test_an_own_account_shows_sign_ins_and_turns_codes_on_and_off(served: Company) -> None:
    elsewhere = Screen(served, "agent")
    screen = Screen(served, "agent").open("account")
    (listed,) = [table.value for table in screen.app.dataframe if "最近使用" in table.value]
    assert list(listed["本机"]).count("当前") == 1
    assert len(listed) == 2
    screen.press("end_elsewhere")
    assert elsewhere.run().title == "Test company"
    screen.press("codes_set_up")
    (row,) = served.rows(SecondStep)
    screen.fill(code=pyotp.TOTP(row.secret).now()).press("first_code_send")
    assert "还有 10 个备用码。" in screen.texts
    before = {row.digest for row in served.rows(RecoveryCode)}
    screen.press("codes_renew")
    assert len(screen.app.code) == 1
    assert before.isdisjoint({row.digest for row in served.rows(RecoveryCode)})
    screen.press("codes_kept").press("codes_stop")
    assert served.rows(SecondStep) == []


def test_a_lost_telephone_is_taken_away_by_the_administrator(served: Company) -> None:
    served.do("agent", second_steps.prepare)
    (row,) = served.rows(SecondStep)
    command = GiveCode(code=pyotp.TOTP(row.secret).at(NOW))
    served.do("agent", second_steps.begin, command, recovery=(), secret="")
    screen = Screen(served, "admin").open("people")
    names = [p.id for p in sorted(served.rows(Person), key=lambda p: (p.name, p.id))]
    screen.choose_row("people", names.index(row.person_id)).press(f"telephone·{row.person_id}")
    assert served.rows(SecondStep) == []


def test_the_record_is_read_names_are_let_in_and_rules_changed(served: Company) -> None:
    for _ in range(5):
        window = Screen(served, None)
        window.app.text_input[0].set_value("agent")
        window.app.text_input[1].set_value("wrong")
        window.app.button[0].click()
        window.run()
    Screen(served, "manager").open("people")  # refused, and on record
    screen = Screen(served, "admin").open("access")
    (record,) = [table.value for table in screen.app.dataframe if "次数" in table.value]
    told = list(zip(record["事项"], record["次数"], record["人员"], record["内容"], strict=True))
    assert ("越权被拒", 1, "manager", "people:edit") in told
    assert ("密码错误", 5, "agent", "") in told
    screen.app.selectbox(key="access_kind").set_value(AccessKind.SIGNED_IN)
    screen.run()
    (record,) = [table.value for table in screen.app.dataframe if "次数" in table.value]
    assert set(record["事项"]) == {"登录"}
    screen.press(f"unlock_{served['agent'].id}")
    assert served.rows(SignInAttempt) == []
    assert "目前无人需要等待。" in screen.texts
    roles = next(each for each in screen.app.multiselect if each.key.endswith("code_roles"))
    roles.set_value([Role.MANAGER])
    screen.fill(idle_hours=8).press("safety_send")
    company = served.get(CompanyRow, 1)
    assert (company.idle_hours, company.code_roles) == (8, ["manager"])


def test_the_audit_reads_the_record_and_changes_nothing(served: Company) -> None:
    screen = Screen(served, "auditor").open("access")
    assert screen.title == "登录安全"
    (save,) = [button for button in screen.app.button if button.key == "safety_send"]
    assert save.disabled


@pytest.mark.parametrize("page", ["people", "norms"])
def test_what_is_only_read_asks_for_nothing(served: Company, page: str) -> None:
    screen = Screen(served, "admin")
    change(served, SignIn, confirmed_at=NOW - timedelta(days=300))
    assert "请再次输入密码" not in screen.open(page).texts
    assert not served.rows(AccessEvent, kind=AccessKind.NOT_ALLOWED)
