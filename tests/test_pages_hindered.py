"""What people see while nothing can be saved: they come in, read, and keep what they typed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from core.kernel import database, health
from core.people import unwritten
from db.tables import Draft, ServiceRequest, SignIn
from tests.company_cast import PASSWORD, Company
from tests.screen import Screen

NOT_SAVED = "数据库目前只能查看，不能保存"


@pytest.fixture
def read_only(served: Company) -> Iterator[Company]:
    """A company whose database the screens can only read."""
    served.register()
    engine = database.engine()
    engine.dispose()

    def limit(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only = ON").close()

    event.listen(engine, "connect", limit)
    yield served
    event.remove(engine, "connect", limit)
    engine.dispose()
    unwritten.written(*unwritten.taken())
    health._known.clear()


def signed_in(company: Company, who: str) -> Screen:
    screen = Screen(company, None)
    screen.app.text_input[0].set_value(who)
    screen.app.text_input[1].set_value(PASSWORD)
    screen.app.button[0].click()
    return screen.run()


def test_people_sign_in_read_and_are_told_what_is_kept(read_only: Company) -> None:
    screen = signed_in(read_only, "agent")
    assert screen.title == "工作台"
    assert "共 1 件" in screen.open("find", q="王小明").texts
    screen.open("intake").fill(customer_name="李雷", phone="13900000001", symptom="不制冷")
    screen.run()
    assert "您填写的内容暂时只在此窗口中：请不要关闭它。" in screen.texts
    assert read_only.rows(Draft) == []
    screen.fill(address="中山路 1 号", brand="海尔", fault_area="function").run()
    screen.fill(model="XQG100").press("intake_send")
    assert any(NOT_SAVED in each for each in screen.errors)
    assert screen.field("symptom").value == "不制冷"
    assert len(read_only.rows(ServiceRequest)) == 1
    assert read_only.rows(SignIn) == []
    screen.press("sign_out")
    assert screen.title == "Test company"


def test_english_readers_are_told_too(read_only: Company) -> None:
    screen = Screen(read_only, None, locale="en-GB")
    screen.app.text_input[0].set_value("agent")
    screen.app.text_input[1].set_value("wrong horse")
    screen.app.button[0].click()
    assert "User name or password is wrong" in "".join(screen.run().errors)


def test_a_clock_that_went_back_is_told_on_the_home_page(served: Company) -> None:
    served.register(now=datetime.now(UTC) + timedelta(hours=1))
    assert not Screen(served, "agent").app.warning
    screen = Screen(served, "admin")
    assert "服务器时钟比最近的记录慢了" in "".join(each.value for each in screen.app.warning)
    screen.press("clock_right")
    assert "服务器时钟" not in "".join(each.value for each in screen.app.warning)
