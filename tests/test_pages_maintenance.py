"""The page of maintenance plans, and what the customer and the case say of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import sweep
from db.codes import IntervalUnit, RequestKind
from db.tables import MaintenancePlan, MaintenanceRound, Notice, ServiceRequest
from pages.ui.kit import window
from pages.ui.notices import lines
from tests import maintained
from tests.company_cast import Company
from tests.maintained import DAY
from tests.screen import Screen

PLANS = "maintenance_plans"


def today() -> Any:
    return datetime.now(UTC).astimezone().date()


@pytest.fixture
def looked_after(served: Company) -> Company:
    """A plan whose only piece has a case, due in three days."""
    product_id, owner = maintained.product(served), maintained.customer(served, name="李雷")
    maintained.piece(served, product_id, owner, serial="S-1")
    first = {"counted_from": "first_day", "first_on": today() + 3 * DAY, "valid_from": today()}
    maintained.make(served, product_id=product_id, now=datetime.now(UTC), **first)
    for _ in range(2):
        sweep.run(served.engine)
    return served


def test_without_plans_it_says_what_to_do(served: Company) -> None:
    screen = Screen(served, "manager").open("maintenance")
    assert screen.title == "保养计划"
    assert "按产品建立，也可按客户合同建立" in screen.texts
    assert Screen(served, "auditor").open("maintenance").errors == []


def test_a_plan_by_product_is_made_with_what_is_wrong_said_at_the_field(served: Company) -> None:
    product_id = maintained.product(served)
    screen = Screen(served, "manager").open("maintenance")
    screen.fill(
        title="热水器年度保养", kind=RequestKind.CLEANING, task="清洗内胆", product_id=product_id
    )
    screen.fill(interval_length=0)
    screen.press("maintenance·product_send")
    assert "不能小于 1。" in screen.texts
    screen.fill(interval_length=12)
    screen.press("maintenance·product_send")
    assert "还没有客户拥有这种产品。" in screen.texts
    maintained.piece(served, product_id, maintained.customer(served))
    screen.press("maintenance·product_send")
    (plan,) = served.rows(MaintenancePlan)
    assert (plan.title, plan.product_id, plan.interval_length) == ("热水器年度保养", product_id, 12)
    assert screen.app.query_params == {"id": str(plan.id)}
    assert "热水器年度保养" in screen.texts


def test_a_dispatcher_makes_a_plan_for_a_contract_of_a_customer(served: Company) -> None:
    owner = maintained.customer(served, name="钟山酒店")
    first = maintained.piece(served, maintained.product(served), owner)
    maintained.piece(served, maintained.product(served, "other"), owner)
    screen = Screen(served, "dispatcher").open("maintenance", customer=str(owner))
    screen.fill(
        title="季度保养", contract="HT-7", kind=RequestKind.CLEANING, task="清洗", station_id=1
    )
    screen.fill(pieces=[{"asset_id": first}])
    screen.press("maintenance·contract_send")
    (plan,) = served.rows(MaintenancePlan)
    assert (plan.customer_id, plan.contract, plan.station_id) == (owner, "HT-7", 1)
    assert f"蓝石 LS-H80 #{first}".replace("#", "\\#").replace("-", "\\-") in screen.texts


def test_a_row_opens_the_plan_with_its_rounds_and_their_cases(looked_after: Company) -> None:
    screen = Screen(looked_after, "dispatcher").open("maintenance")
    (case,) = looked_after.rows(ServiceRequest)
    screen.choose_row(PLANS, 0)
    (plan,) = looked_after.rows(MaintenancePlan)
    assert screen.app.query_params["id"] == str(plan.id)
    table = f"maintenance_rounds_{plan.id}"
    screen.choose_row(table, 0)
    links = {link.proto.label for link in screen.app.get("page_link")}
    assert {case.number, "李雷"} <= links
    # Again, by link, on another state.
    screen = Screen(looked_after, "dispatcher").open(
        "maintenance", maintenance_part="rounds", rounds_state="planned"
    )
    (rounds,) = screen.app.dataframe
    assert list(rounds.value["进度"]) == ["待生成"]


def test_a_planned_round_is_skipped_with_a_reason(looked_after: Company) -> None:
    screen = Screen(looked_after, "dispatcher").open(
        "maintenance", maintenance_part="rounds", rounds_state="planned"
    )
    screen.choose_row("maintenance_rounds", 0)
    screen.turn_to("skip_round").fill(note="客户停用")
    screen.press("skip_round·send")
    skipped = looked_after.rows(MaintenanceRound, status="skipped")
    assert [row.note for row in skipped] == ["客户停用"]


def test_a_plan_is_changed_and_both_values_are_shown(looked_after: Company) -> None:
    (plan,) = looked_after.rows(MaintenancePlan)
    screen = Screen(looked_after, "manager").open("maintenance", id=str(plan.id))
    screen.turn_to("edit_maintenance").fill(interval_unit=IntervalUnit.WEEKS, interval_length=5)
    screen.press("edit_maintenance·send")
    cells = [table.value.astype(str).to_numpy().tolist() for table in screen.app.dataframe]
    assert any(row[-3:] == ["间隔单位", "个月", "周"] for rows in cells for row in rows)


def test_a_dispatcher_sees_a_plan_of_all_stations_and_does_not_keep_it(
    looked_after: Company,
) -> None:
    (plan,) = looked_after.rows(MaintenancePlan)
    screen = Screen(looked_after, "dispatcher").open("maintenance", id=str(plan.id))
    assert not [each for each in screen.app.pills if each.key.endswith("·action")]


def test_the_customer_and_the_case_lead_to_the_plan(looked_after: Company) -> None:
    (plan,), (case,) = looked_after.rows(MaintenancePlan), looked_after.rows(ServiceRequest)
    for page, id in (("customer", case.customer_id), ("case", case.id)):
        screen = Screen(looked_after, "agent").open(page, id=str(id))
        found = [link.proto.label for link in screen.app.get("page_link")]
        assert [label for label in found if "热水器年度保养" in label], page
    assert plan.title == "热水器年度保养"


def test_the_notice_leads_to_the_rounds(looked_after: Company) -> None:
    sweep.run(looked_after.engine, now=datetime.now(UTC) + timedelta(days=5))
    told = looked_after.rows(Notice, person_id=looked_after["dispatcher"].id, kind="maintenance")
    said = [lines.line(row.kind, row.data, looked_after["dispatcher"].language) for row in told]
    assert said == ["已生成 1 张保养服务单，请安排", "1 次保养已逾期"]
    screen = Screen(looked_after, "dispatcher").open("inbox")
    (button, *_more) = [b for b in screen.app.button if "保养" in b.label]
    button.click()
    screen.run()
    assert screen.title == "保养计划"
    asked = {"maintenance_part": "rounds", "rounds_state": "overdue"}
    assert asked.items() <= screen.app.query_params.items()


def test_on_a_phone_a_row_leads_to_the_plan_alone(looked_after: Company) -> None:
    (plan,) = looked_after.rows(MaintenancePlan)
    screen = Screen(looked_after, "dispatcher")
    screen.app.session_state[window.NARROW] = True
    screen.open("maintenance").choose_row(PLANS, 0)
    assert screen.app.query_params == {"id": str(plan.id)}
    assert "热水器年度保养" in screen.texts
    assert [table.value["进度"].iloc[0] for table in screen.app.dataframe] == ["已生成服务单"]
