"""Causes, the hours of intake and the steps of the way, each reckoned by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event, update

from core.kernel.unit_of_work import transaction
from core.kpi import Dimension, FigureName, Side
from core.kpi.funnel import Funnel, funnel
from core.kpi.load import Slot, cases_at, load
from core.kpi.pareto import Cause, Pareto, missed, pareto
from db.codes import RequestKind
from db.tables import ServiceRequest
from tests.company_cast import NOW as NOW_OF_CAST
from tests.company_cast import Company, meet
from tests.conftest import BOTH, Databases
from tests.measured_company import NOW, PERIOD, about, behind, tell


@pytest.fixture(params=BOTH)
def measured(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Company]:
    with databases.fresh(request.param, "measured", tell) as engine:
        yield meet(engine)


def causes(company: Company, figure: FigureName, by: Dimension, **asked: Any) -> Pareto:
    given = PERIOD | {"figure": figure, "dimension": by} | asked
    return company.see("manager", pareto, now=NOW, **about(given))


def shown(found: Pareto) -> list[tuple[str, int, float]]:
    return [(c.name or c.value, c.cases, round(c.cumulative, 3)) for c in found.causes]


def test_causes_are_ranked_and_added_up(measured: Company) -> None:
    found = causes(measured, FigureName.RECEIVED, Dimension.STATION)
    assert (found.cases, found.side) == (14, Side.DENOMINATOR)
    assert shown(found) == [("South", 8, 0.571), ("North", 6, 1.0)]
    assert found.vital == 2
    # 2 and 9 of the North are missed, none of the South.
    late = causes(measured, FigureName.TIMELY_RESOLUTION, Dimension.STATION)
    assert (late.side, shown(late), late.vital) == (Side.REST, [("North", 2, 1.0)], 1)
    assert missed(FigureName.UNHAPPY) is Side.NUMERATOR


def test_four_fifths_are_made_by_the_vital_few() -> None:
    counted = ((50, 0.5), (30, 0.8), (20, 1.0))
    made = tuple(Cause("c", "", n, n / 100, so_far) for n, so_far in counted)
    whole = Pareto(FigureName.RECEIVED, Side.DENOMINATOR, Dimension.CHANNEL, 100, made)
    assert whole.vital == 2


@pytest.mark.parametrize("kind", [None, RequestKind.REPAIR, RequestKind.CONSULTATION])
@pytest.mark.parametrize("figure", [FigureName.RECEIVED, FigureName.RESPONSE_ON_TIME])
def test_as_many_cases_lie_behind_each_cause(
    measured: Company, kind: RequestKind | None, figure: FigureName
) -> None:
    for by in (Dimension.STATION, Dimension.FAULT_AREA, Dimension.TECHNICIAN, Dimension.PRODUCT):
        found = causes(measured, figure, by, kind=kind)
        assert found.cases == behind(measured, figure=figure, side=found.side, kind=kind)
        for cause in found.causes:
            asked = {"figure": figure, "side": found.side, "kind": kind}
            narrowed = asked | {"dimension": by, "value": cause.value}
            assert behind(measured, **narrowed) == cause.cases


def slots(company: Company, who: str, **asked: Any) -> dict[tuple[int, int], int]:
    found: tuple[Slot, ...] = company.see(who, load, **about(asked))
    return {(slot.weekday, slot.hour): slot.cases for slot in found if slot.cases}


@pytest.mark.parametrize(
    ("zone", "times", "hours"),
    [
        # The clock goes from 2 to 3 at 7:00 UTC of Sunday, 8 March; and back on 1 November.
        ("America/New_York", ["2026-03-08 06:59", "2026-03-08 07:00"], {(6, 1): 1, (6, 3): 1}),
        ("America/New_York", ["2026-11-01 05:59", "2026-11-01 06:00"], {(6, 1): 2}),
        ("Asia/Kathmandu", ["2026-03-02 03:14", "2026-03-02 03:15"], {(0, 8): 1, (0, 9): 1}),
        # The last second of March and the first of April.
        ("Asia/Kolkata", ["2026-03-31 18:29", "2026-03-31 18:30"], {(1, 23): 1, (2, 0): 1}),
        ("Asia/Shanghai", ["2026-03-01 15:59", "2026-03-01 16:00"], {(6, 23): 1, (0, 0): 1}),
    ],
)
def test_intake_by_hour_of_the_clock_on_the_wall(
    company: Company, zone: str, times: list[str], hours: dict[tuple[int, int], int]
) -> None:
    for time in times:
        company.register(now=datetime.fromisoformat(time).replace(tzinfo=UTC))
    here = replace(company["manager"], zone=zone)
    there = Company(company.engine, {**company.people, "here": here})
    asked = {"since": date(2026, 3, 1), "until": date(2026, 11, 30), "now": NOW}
    assert slots(there, "here", **asked) == hours
    for (weekday, hour), cases in hours.items():
        found = there.see("here", cases_at, weekday=weekday, hour=hour, **about(asked))
        assert found.total == cases


def test_each_hour_knows_how_often_the_period_has_it(measured: Company) -> None:
    found: tuple[Slot, ...] = measured.see("manager", load, now=NOW, **about(PERIOD))
    assert len(found) == 168 and sum(slot.cases for slot in found) == 14
    # From Sunday, 1 March to Monday, 20 April: eight of both, seven of all others.
    assert {slot.weekday: slot.days for slot in found} == {
        0: 8,
        **dict.fromkeys(range(1, 6), 7),
        6: 8,
    }
    only = measured.see("dispatcher", load, now=NOW, **about(PERIOD))
    assert sum(slot.cases for slot in only) == 6


def steps(found: Funnel) -> dict[str, tuple[Any, ...]]:
    return {s.name: (s.cases, s.median, s.late, round(s.hours, 2)) for s in found.steps}


def test_the_way_of_work_on_site(measured: Company) -> None:
    statements: list[str] = []
    event.listen(
        measured.engine, "before_cursor_execute", lambda *given: statements.append(given[2])
    )
    found: Funnel = measured.see("manager", funnel, now=NOW, **about(PERIOD))
    asked = [text for text in statements if "FROM requests" in text]
    assert len(asked) == 1
    # Cases 1, 2, 6, 9, 10, 11 and 13 came in; 12 is cancelled. 1, 2 and 6 were answered by being
    # sent for after 1, 25 and 1 hours, visited 24, 24 and 46 hours later, called about after
    # 24, 96 and 50.
    assert steps(found) == {
        "registered": (7, None, None, 0),
        "responded": (3, 1, 25, 27),
        "dispatched": (3, 0, 0, 0),
        "arrived": (3, 24, 46, 94),
        "resolved": (3, 0, 0, 0),
        "closed": (3, 50, 96, 170),
    }
    assert found.slowest and found.slowest.name == "closed"
    assert found.hours == 291


def test_the_way_at_the_desk_and_of_complaints(measured: Company) -> None:
    def way(kind: RequestKind) -> dict[str, tuple[Any, ...]]:
        return steps(measured.see("manager", funnel, now=NOW, **about(PERIOD | {"kind": kind})))

    # 4, 7, 8 and 14 were answered at once, 5 after two hours.
    at_desk = way(RequestKind.CONSULTATION)
    assert at_desk["responded"] == (5, 0, 2, 2) and list(at_desk)[2:] == ["resolved", "closed"]
    # The complaint 3: judged after a day, assigned an hour and looked into 23 hours later.
    assert way(RequestKind.COMPLAINT) == {
        "record": (1, None, None, 0),
        "judge": (1, 24, 24, 24),
        "assign": (1, 1, 1, 1),
        "investigate": (1, 23, 23, 23),
        "propose": (1, 0, 0, 0),
        "notify": (1, 0, 0, 0),
        "penalise": (0, None, None, 0),
        "improve": (0, None, None, 0),
    }


def test_imported_and_cancelled_cases_are_not_on_the_way(company: Company) -> None:
    company.register()
    with transaction(company.engine, write=True) as session:
        session.execute(update(ServiceRequest).values(source="old", source_ref="1"))
    asked = {"since": NOW_OF_CAST.date(), "until": NOW_OF_CAST.date()}
    assert slots(company, "manager", **asked) == {}
    assert company.see("manager", funnel, **about(asked)).steps[0].cases == 0
    assert company.see("manager", funnel, **about(asked)).slowest is None
