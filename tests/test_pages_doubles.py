"""Doubles on the pages: listed with the reason, joined with a reason, parted on the archive."""

from db.tables import Customer, ServiceRequest
from tests.company_cast import Company
from tests.screen import Screen


def test_a_double_is_joined_and_parted_again(served: Company) -> None:
    served.register()
    served.register(customer_name="王晓明", phone="+86 13800138000", another_customer=True)
    screen = Screen(served, "agent").open("customer")
    assert "电话相同" in screen.texts
    screen.press("JoinDouble·customer·1·2·send")
    assert served.get(Customer, 2).joined_into_id is None  # a reason is asked for
    screen.field("JoinDouble·customer·1·2").set_value("同一个人")
    screen.press("JoinDouble·customer·1·2·send")
    assert served.get(Customer, 2).joined_into_id == 1
    assert "没有发现重复的档案" in screen.texts
    archive = Screen(served, "agent").open("customer", id="2")
    assert archive.title == "王小明"
    assert "王晓明" in archive.texts
    archive.field("PartAgain·customer·2").set_value("是兄弟")
    archive.press("PartAgain·customer·2·send")
    assert served.get(Customer, 2).joined_into_id is None
    assert [row.customer_id for row in served.rows(ServiceRequest)] == [1, 2]
    assert "电话相同" in archive.texts
    archive.field("KeepApart·customer·1·2").set_value("是兄弟")
    archive.press("KeepApart·customer·1·2·send")
    assert "电话相同" not in archive.texts


def test_another_station_is_not_asked_about_ours(served: Company) -> None:
    served.register()
    served.register(customer_name="王晓明", phone="+86 13800138000", another_customer=True)
    assert "电话相同" not in Screen(served, "agent.stranger").open("customer").texts
    assert "电话相同" not in Screen(served, "auditor").open("customer").texts
    assert "电话相同" in Screen(served, "manager").open("customer", id="1").texts
