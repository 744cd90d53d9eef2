"""On the screens: calls on the plan of the rule book, key customers, the plan in the rule book."""

from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta

from core import sweep
from core.links import links
from core.norms import revisions
from core.norms.parts import MemberLevel
from db.codes import CareStatus, Language, NoticeKind
from db.tables import CareCall, KeyCustomer, PointEntry
from pages.ui.notices import lines
from tests import cared
from tests.company_cast import Company
from tests.screen import Screen


def planned(company: Company) -> int:
    """A buyer who is to be called in some days; gives the customer's id."""
    today = datetime.now(UTC).date()
    monthly = cared.BUYERS | {"every_months": 1, "times": 60}
    cared.plan(company, monthly, on=today - timedelta(days=10))
    owner = cared.buyer(company, today - relativedelta(months=1), name="李雷")
    sweep.run(company.engine)
    return owner


def test_a_call_is_recorded_from_the_list_and_stands_on_the_customers_page(
    served: Company,
) -> None:
    owner = planned(served)
    home = Screen(served, "agent").open("home")
    assert [each.label for each in home.app.metric if each.label == "计划走访"]
    screen = Screen(served, "agent").open("care")
    assert screen.title == "客户走访"
    assert "购买后访问" in screen.texts
    screen.fill(care_result="一切正常", other_needs="想买净水器").press("record_care·send")
    (call,) = served.rows(CareCall)
    assert (call.status, call.result) == (CareStatus.DONE, "一切正常")
    assert "这里没有走访。" in screen.texts
    page = Screen(served, "agent").open("customer", id=str(owner))
    assert "想买净水器" in page.texts
    assert "已走访" in page.texts
    assert "其他需求" in page.texts


def test_a_link_to_the_survey_is_made_and_shown_once(served: Company) -> None:
    planned(served)
    screen = Screen(served, "agent").open("care")
    (call,) = served.rows(CareCall)
    screen.press(f"care_link_{call.id}")
    (address,) = [each.value for each in screen.app.code if "/c/" in each.value]
    (call,) = served.rows(CareCall)
    assert call.link_digest == links.digest_of(address.rpartition("/")[2])
    other = Screen(served, "manager").open("care")
    assert [each.value for each in other.app.code if "/c/" in each.value] == []


def test_cases_are_told_apart_by_kind_with_how_many_there_are(served: Company) -> None:
    owner = planned(served)
    for kind in ("repair", "consultation", "consultation"):
        facts = {"customer_id": owner, "brand": "", "model": "", "purchased_on": None}
        served.register(kind=kind, now=datetime.now(UTC), **facts)
    page = Screen(served, "agent").open("customer", id=str(owner))
    (kinds,) = [each for each in page.app.pills if each.key == "customer_kind"]
    assert [*kinds.options] == ["咨询 2", "报修 1"]
    (table,) = [each for each in page.app.dataframe if "类型" in each.value.columns]
    assert len(table.value) == 3
    page = Screen(served, "agent").open("customer", id=str(owner), customer_kind="consultation")
    (table,) = [each for each in page.app.dataframe if "类型" in each.value.columns]
    assert [*table.value["类型"]] == ["咨询", "咨询"]


def test_who_is_not_content_is_told_of_as_a_complaint(served: Company) -> None:
    planned(served)
    screen = Screen(served, "agent").open("care")
    for name in ("attitude", "skill", "punctuality", "result"):
        screen.field(name).set_value(2)
    screen.fill(care_result="很不满意").press("record_care·send")
    (call,) = served.rows(CareCall)
    assert call.complaint_id is not None
    assert [t.value for t in screen.app.toast if "已登记投诉" in t.value]


def test_a_key_customer_is_named_listed_and_ended(served: Company) -> None:
    owner = planned(served)
    screen = Screen(served, "manager").open("customer", id=str(owner))
    screen.press(f"key·{owner}·send")
    assert served.rows(KeyCustomer) == []
    screen.fill(f"key·{owner}", reason="年采购额大").press(f"key·{owner}·send")
    assert [row.reason for row in served.rows(KeyCustomer)] == ["年采购额大"]
    listed = Screen(served, "agent").open("care", care_part="keys")
    (table,) = listed.app.dataframe
    assert list(table.value["原因"]) == ["年采购额大"]


def test_a_book_without_a_plan_says_so_and_a_notice_leads_to_the_missed_ones(
    served: Company,
) -> None:
    screen = Screen(served, "agent").open("care")
    assert "现行服务规范没有走访计划。" in screen.texts
    said = lines.line(NoticeKind.CARE, {"fact": "care_call.overdue", "count": 3}, Language.ZH)
    assert said == "逾期未做的走访：3"


def test_a_members_points_stand_on_the_customers_page(served: Company) -> None:
    owner = planned(served)
    norm = revisions.shipped("appliance")
    text = {"zh_CN": "金卡", "en": "Gold"}
    gold = {"name": "gold", "text": text, "from_points": 100, "discount_percent": 5}
    levels = (MemberLevel.model_validate(gold),)
    norm = norm.model_copy(update={"member_levels": levels})
    today = datetime.now(UTC).date()
    served.do("admin", revisions.adopt, norm=norm, on=today, signed_by="admin")
    page = Screen(served, "manager").open("customer", id=str(owner))
    assert "金卡：还差 100 分" in page.texts
    form = f"book_points·{owner}"
    page.fill(form, points=-5, reason="兑换").press(f"{form}·send")
    assert "积分不足，现有 0 分。" in page.texts
    page.fill(form, points=120, reason="转入").press(f"{form}·send")
    assert [row.points for row in served.rows(PointEntry)] == [120]
    page = Screen(served, "agent").open("customer", id=str(owner))
    assert "金卡" in page.texts
    assert "5%" in page.texts
