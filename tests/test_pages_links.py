"""Links for customers on the page of a case: made, shown once, revoked; and the switch for all."""

import pytest

from core.links import answers, links
from core.links.wishes import WishCancel
from db.codes import LinkStatus
from db.tables import Company as CompanyRow
from db.tables import CustomerLink
from pages.ui.links import apart
from tests import linked
from tests.company_cast import Company
from tests.screen import Screen


def case(company: Company, case_id: int, who: str = "agent", **context: str) -> Screen:
    return Screen(company, who, **context).open("case", id=str(case_id))


def shown(screen: Screen) -> list[str]:
    return [each.value for each in screen.app.code if "/c/" in each.value]


def test_a_link_is_made_shown_once_and_revoked(
    served: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(apart.SETTING, "care.example.com:8443")
    case_id = served.register()
    screen = case(served, case_id)
    assert "客户链接" in [each.label for each in screen.app.expander]
    screen.press(f"give_link_{case_id}")
    (address,) = shown(screen)
    assert address.startswith("https://care.example.com:8443/c/")
    (row,) = served.rows(CustomerLink)
    assert row.digest == links.digest_of(address.rpartition("/")[2])
    assert "只显示这一次" in screen.texts
    assert "agent · 有效至" in screen.texts
    # Whoever comes later sees who made it, and not the link.
    other = case(served, case_id, "manager")
    assert shown(other) == []
    assert "agent · 有效至" in other.texts
    other.press(f"revoke_link_{row.id}")
    assert served.get(CustomerLink, row.id).status is LinkStatus.REVOKED
    assert "已撤销" in other.texts
    assert shown(screen.run()) == []
    story = Screen(served, "manager").open("case", id=str(case_id), tab="history")
    assert "生成了客户链接" in story.texts
    assert "客户链接已撤销" in story.texts


def test_only_who_calls_customers_sees_them_and_they_are_turned_off_as_one(
    served: Company,
) -> None:
    case_id = served.register()
    linked.give(served, case_id)
    auditor = case(served, case_id, "auditor")
    assert "客户链接" not in [each.label for each in auditor.app.expander]
    screen = Screen(served, "admin").open("company")
    screen.fill(customer_pages=False).press("company_send")
    assert served.get(CompanyRow, 1).customer_pages is False
    assert "客户页面已关闭" in case(served, case_id).texts


def test_a_wish_is_told_and_settled_on_the_case(served: Company) -> None:
    case_id = served.register()
    there = linked.visited(served, linked.give(served, case_id))
    there.do("customer", answers.say, WishCancel(wish_text="**不修了**"))
    inbox = Screen(served, "agent").open("inbox")
    assert "1 条未读" in inbox.texts
    (line,) = [b.label for b in inbox.app.button if "客户申请取消" in b.label]
    assert "**不修了**" not in line
    screen = case(served, case_id)
    assert "申请取消" in screen.texts
    assert "\\*\\*不修了\\*\\*" in screen.texts
    screen.turn_to("settle_wish")
    screen.fill(note="已致电").press("settle_wish·send")
    (row,) = served.rows(CustomerLink)
    assert row.wish is None
    story = Screen(served, "manager").open("case", id=str(case_id), tab="history")
    assert "客户（通过链接）" in story.texts
