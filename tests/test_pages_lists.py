"""Lists on screen: a click anywhere in a row opens it, and after an action the next one is open."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from core.kernel.unit_of_work import transaction
from db.codes import Priority
from db.tables import ServiceRequest
from pages.ui.kit.lists import following
from tests.company_cast import Company
from tests.screen import Screen


def now() -> datetime:
    return datetime.now(UTC)


def cases(company: Company, *symptoms: str) -> list[int]:
    """Repairs that wait for a technician, in the order of the list."""
    return [
        company.register(now=now() - timedelta(hours=10 - place), symptom=symptom)
        for place, symptom in enumerate(symptoms)
    ]


def opened(company: Company) -> Screen:
    return Screen(company, "manager").open("dispatch")


def beside(screen: Screen) -> str:
    """The case beside the list: its number and customer."""
    links = [link.label for link in screen.app.get("page_link")]
    return next((label for label in links if label.startswith("SR")), "")


def number(company: Company, id: int) -> str:
    return company.get(ServiceRequest, id).number


def send(screen: Screen, company: Company) -> Screen:
    """Send the technician to the case beside the list."""
    technician = company["technician"].id
    return screen.fill(technician_id=technician).press("dispatch·send")


@pytest.mark.parametrize(
    ("shown", "now", "picked", "next"),
    [
        ([1, 2, 3], [1, 3], 2, 3),
        ([1, 2, 3], [1, 2, 3], 2, 3),  # it stays in the list
        ([1, 2, 3], [3, 1, 2], 2, 3),  # and stands elsewhere
        ([1, 2, 3], [1, 2], 3, 2),
        ([1, 2, 3], [1, 2, 4], 3, 4),  # of the next page
        ([1, 2, 3], [2, 3, 4], 1, 2),
        ([1], [1], 1, 1),
        ([1], [], 1, None),
        ([1, 2], [3], 5, None),
    ],
)
def test_the_next_row_is_the_one_that_stood_below(
    shown: list[int], now: list[int], picked: int, next: int | None
) -> None:
    assert following(shown, now, picked) == next


def test_any_cell_opens_its_row_and_a_second_one_keeps_it(served: Company) -> None:
    first, second = cases(served, "不制冷", "漏水")
    screen = opened(served).choose_row("dispatch", 1)
    assert beside(screen).startswith(number(served, second))
    screen.choose_row("dispatch", 1).choose_row("dispatch", 1)
    assert beside(screen).startswith(number(served, second))
    assert beside(screen.choose_row("dispatch", 0)).startswith(number(served, first))


def test_after_an_action_the_next_row_is_chosen_and_at_the_end_the_one_before(
    served: Company,
) -> None:
    first, second, third = cases(served, "不制冷", "漏水", "异响")
    screen = send(opened(served).choose_row("dispatch", 1), served)
    assert beside(screen).startswith(number(served, third))
    assert beside(screen.run()).startswith(number(served, third))
    screen = send(screen.turn_to("dispatch"), served)
    assert beside(screen).startswith(number(served, first))
    screen = send(screen.turn_to("dispatch"), served)
    assert beside(screen) == "" and not screen.app.dataframe
    assert not served.rows(ServiceRequest, status="registered")
    assert {first, second, third} == {row.id for row in served.rows(ServiceRequest)}


def test_what_takes_a_record_nowhere_leaves_it_beside_the_list(served: Company) -> None:
    first, _second = cases(served, "不制冷", "漏水")
    screen = opened(served).choose_row("dispatch", 0).turn_to("remark")
    screen.fill(note="客户催").press("remark·send")
    assert beside(screen).startswith(number(served, first))


def test_what_decides_comes_first_and_the_number_last(served: Company) -> None:
    cases(served, "不制冷")
    heads = list(opened(served).app.dataframe[0].value.columns)
    assert heads[:5] == ["时限", "地址", "品类", "问题描述", "客户"]
    assert heads[-1] == "编号"


def test_late_and_critical_ones_have_a_mark_and_a_colour(served: Company) -> None:
    late = served.register(now=now() - timedelta(days=30), symptom="不制冷")
    plain = served.register(now=now(), symptom="漏水")
    screen = opened(served)
    table = screen.app.dataframe[0]
    assert list(table.value["时限"].str[0]) == ["▲", "剩"]
    styles = table.proto.arrow_data.styler.styles
    assert "row0_col0" in styles and "row1_col0" not in styles
    with transaction(served.engine, write=True) as session:
        of_late = update(ServiceRequest).where(ServiceRequest.id == plain)
        session.execute(of_late.values(priority=Priority.CRITICAL))
    table = screen.run().app.dataframe[0]
    assert list(table.value["时限"].str[0]) == ["‼", "▲"]  # the critical one comes first
    assert list(table.value["优先级"]) == ["‼ 重大", ""]
    assert served.get(ServiceRequest, late).priority is Priority.NORMAL


def test_a_part_of_a_list_says_how_many_there_are(served: Company) -> None:
    served.register(now=now() - timedelta(days=30), symptom="不制冷")
    served.register(now=now(), symptom="漏水")
    screen = opened(served)
    assert screen.field("dispatch_view").options == ["全部 2", "超时 1", "今天到期 0"]
    screen.fill(dispatch_view="late").run()
    assert list(screen.app.dataframe[0].value["问题描述"]) == ["不制冷"]
    screen.fill(dispatch_q="漏水").run()
    assert screen.field("dispatch_view").options == ["全部 1", "超时 0", "今天到期 0"]
    assert not screen.app.dataframe


def test_a_figure_that_was_looked_into_stays_in_the_address(served: Company) -> None:
    served.finished(now=now())
    asked = {"kpi_figure": "received", "kpi_by": "kind", "kpi_value": "repair"}
    asked |= {"kpi_side": "denominator", "kpi_span": "year"}
    screen = Screen(served, "manager").open("kpi", **asked)
    assert screen.app.query_params == asked
    parts, cases = (frame.value for frame in screen.app.dataframe)
    assert list(parts["类型"]) == ["报修"]
    assert len(cases) == 1
    # Other parts: what was chosen among those of before says nothing any more.
    screen.fill(kpi_by="channel").run()
    assert screen.app.query_params == {
        "kpi_figure": "received",
        "kpi_by": "channel",
        "kpi_span": "year",
    }
