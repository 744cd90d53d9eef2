"""Why a figure misses its target: the worst station, and what its missed cases have in common."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import event

from core import kpi
from core.kernel.unit_of_work import system_actor
from core.kpi import Dimension, FigureName, Reason, breakdown, freeze, upkeep
from core.kpi.reasons import reasons
from core.kpi.spans import Days, span
from core.requests import inputs
from db.codes import RequestKind, WaitReason
from tests.company_cast import ZONE, Company, meet
from tests.conftest import BOTH, Databases
from tests.measured_company import APRIL, MARCH, NOW, PERIOD, Teller, about, board, tell

TIMELY, RESPONSE = FigureName.TIMELY_RESOLUTION, FigureName.RESPONSE_ON_TIME


@pytest.fixture(params=BOTH)
def company(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Company]:
    with databases.fresh(request.param, "measured", tell) as engine:
        yield meet(engine)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cases are enough to say something."""
    for place in ("reasons", "figures"):
        monkeypatch.setattr(f"core.kpi.{place}.LEAST", 2)


def told(company: Company, **asked: object) -> dict[FigureName, Reason]:
    shown = board(company, **asked)
    return company.see("manager", reasons, found=shown, now=NOW, **about(PERIOD | asked))


@pytest.mark.usefixtures("few")
def test_a_missed_figure_names_its_worst_station_and_what_misses_have_in_common(
    company: Company,
) -> None:
    found = told(company)[TIMELY]
    # 2 and 9 of ten: both at North, where 1 and 3 were in time; both repairs of four.
    assert found.station
    assert (found.station.station, found.station.value) == ("North", 0.5)
    assert (found.station.numerator, found.station.denominator) == (2, 4)
    assert (found.dimension, found.value, found.share) == ("fault_area", "function", 1.0)


@pytest.mark.usefixtures("few")
def test_a_late_case_says_for_what_it_waits(company: Company) -> None:
    told_of = Teller(company)
    for number in ("2", "3", "4"):
        id = told_of.register(f"2026-04-0{number} 09:00", fault_area="leak")
        wait = inputs.Wait(reason=WaitReason.PART, note="part")
        told_of.request("2026-04-12 10:00", "agent", id, wait)
        if number == "4":  # it waits no more, and is late all the same
            told_of.request("2026-04-13 10:00", "agent", id, inputs.Resume())
    found = told(company)[TIMELY]
    assert found.station
    assert found.station.station == "North"
    # 2, 9 and these three are late at North: three of five wait or waited for parts.
    assert (found.dimension, found.value, found.share) == ("waited", "part", 0.6)
    assert found.is_there
    for _ in ("looked at", "counted"):
        asked = {"figure": TIMELY, "dimension": Dimension.WAITED, "value": "part"}
        cases = company.see("manager", kpi.cases_behind, now=NOW, **about(PERIOD | asked))
        assert cases.total == 3
        upkeep.keep(company.engine, system_actor(ZONE.key), now=NOW)


def test_of_few_cases_nothing_is_said(company: Company) -> None:
    found = told(company)
    # Two misses of ten, four cases at North: too few to name either; three surveys to judge at all.
    assert found[TIMELY] == Reason()
    assert FigureName.SATISFACTION not in found
    assert not board(company).figure(FigureName.SATISFACTION).enough


@pytest.mark.usefixtures("few")
def test_what_is_reached_has_no_reason_and_one_station_is_no_comparison(company: Company) -> None:
    assert FigureName.COMPLAINT_HOURS not in told(company)
    narrowed = told(company, station_id=Company.NORTH)
    assert narrowed[TIMELY].station is None
    assert narrowed[TIMELY].share == 1.0


@pytest.mark.usefixtures("few")
def test_reasons_are_frozen_with_the_figures(company: Company) -> None:
    frozen = company.see("manager", freeze, now=NOW, **about(PERIOD))
    assert {f.name: f.reason for f in frozen.figures if f.reason} == told(company)


@pytest.mark.usefixtures("few")
def test_all_reasons_are_read_from_the_sums_at_once(company: Company) -> None:
    shown = board(company)
    statements: list[str] = []
    event.listen(company.engine, "before_cursor_execute", lambda *sent: statements.append(sent[2]))
    assert len(company.see("manager", reasons, found=shown, now=NOW, **about(PERIOD))) > 1
    assert len([text for text in statements if "FROM figure_months" in text]) == 1


@pytest.mark.parametrize("dimension", Dimension)
@pytest.mark.parametrize("station_id", [None, Company.NORTH])
def test_a_breakdown_within_one_kind_is_that_of_its_cases(
    company: Company, dimension: Dimension, station_id: int | None
) -> None:
    asked = {"kind": RequestKind.REPAIR, "station_id": station_id}
    for name in (TIMELY, RESPONSE, FigureName.RECEIVED, FigureName.RESOLUTION_HOURS):
        narrowed = PERIOD | asked | {"figure": name, "dimension": dimension}
        found = company.see("manager", breakdown, now=NOW, **about(narrowed))
        whole = board(company, **asked).figure(name)
        assert (found.now.numerator, found.now.denominator) == (whole.numerator, whole.denominator)
        for part in found.parts:
            narrowed["value"] = part.value
            cases = company.see("manager", kpi.cases_behind, now=NOW, **about(narrowed))
            assert cases.total == part.now.denominator


def test_a_month_so_far_stands_beside_the_same_days_of_the_month_before() -> None:
    so_far = span(APRIL, date(2026, 4, 20), whole_months=False)
    assert so_far.before == Days(MARCH, date(2026, 3, 20))
    quarter = span(APRIL, date(2026, 5, 31), whole_months=False)
    assert quarter.before == Days(date(2026, 2, 1), date(2026, 3, 31))
    days = span(date(2026, 3, 10), date(2026, 3, 12), whole_months=False)
    assert days.before == Days(date(2026, 3, 7), date(2026, 3, 9))


@pytest.mark.parametrize(
    ("first", "last", "months", "rest"),
    [
        ("2026-03-01", "2026-04-30", ("2026-03-01", "2026-04-30"), []),
        ("2026-02-27", "2026-04-02", ("2026-03-01", "2026-03-31"), [(27, 28), (1, 2)]),
        ("2026-03-01", "2026-04-02", ("2026-03-01", "2026-03-31"), [(1, 2)]),
        ("2026-03-02", "2026-04-29", None, [(2, 29)]),
        ("0001-01-01", "2026-03-31", ("0001-01-01", "2026-03-31"), []),
    ],
)
def test_a_period_is_whole_months_and_the_days_around(
    first: str, last: str, months: tuple[str, str] | None, rest: list[tuple[int, int]]
) -> None:
    days = Days(date.fromisoformat(first), date.fromisoformat(last))
    assert days.months == (months and Days(*map(date.fromisoformat, months)))
    assert [(each.first.day, each.last.day) for each in days.rest] == rest
