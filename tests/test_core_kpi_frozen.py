"""Figures that were frozen read back as they were written."""

from collections.abc import Iterator

import pytest

from core.kpi.figures import FigureName, worst_first
from core.kpi.frozen import Frozen, Point, Reason, freeze
from tests.company_cast import Company, meet
from tests.conftest import BOTH, Databases
from tests.measured_company import APRIL, MARCH, NOW, PERIOD, about, board, tell

F = FigureName


@pytest.fixture(params=BOTH)
def company(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Company]:
    with databases.fresh(request.param, "measured", tell) as engine:
        yield meet(engine)


def test_frozen_figures_are_those_of_the_board(company: Company) -> None:
    frozen = company.see("manager", freeze, now=NOW, **about(PERIOD))
    shown = board(company)
    assert {f.name: f.value for f in frozen.figures} == {f.name: f.value for f in shown.figures}
    resolved = frozen.figure(F.RESOLVED)
    assert [(point.month, point.numerator) for point in resolved.months] == [(MARCH, 6), (APRIL, 3)]
    assert {point.station_id for point in resolved.stations} == {Company.NORTH, Company.SOUTH}


def test_of_few_cases_nothing_is_missed_in_what_is_frozen_either(company: Company) -> None:
    frozen = company.see("manager", freeze, now=NOW, **about(PERIOD))
    few, many = (frozen.figure(n) for n in (F.SATISFACTION, F.TIMELY_RESOLUTION))
    assert (few.denominator, few.enough, few.reached) == (3, False, None)
    assert (many.denominator, many.enough, many.reached) == (10, True, False)
    # North has four cases, of which it missed half; that is too few to call it missed.
    (south, north) = many.worst_first
    assert (north.station, north.denominator, many.reaches(north)) == ("North", 4, None)
    assert (south.denominator, many.reaches(south)) == (6, True)


def test_parts_that_say_nothing_come_last() -> None:
    counted = ((0.5, 9), (None, 0), (0.9, 9), (0.0, 1), (0.1, 9))
    points = [Point(value=value, numerator=0, denominator=n) for value, n in counted]
    orders = {
        F.TIMELY_RESOLUTION: [0.1, 0.5, 0.9, 0.0, None],
        F.UNHAPPY: [0.9, 0.5, 0.1, 0.0, None],
        F.RECEIVED: [0.9, 0.5, 0.1, 0.0, None],
    }
    for name, order in orders.items():
        assert [each.value for each in worst_first(name, points)] == order


def test_what_is_frozen_reads_back_as_it_was(company: Company) -> None:
    frozen = company.see("manager", freeze, now=NOW, **about(PERIOD))
    reason = Reason(dimension="fault_area", value="noise", share=0.75)
    figures = tuple(figure.model_copy(update={"reason": reason}) for figure in frozen.figures)
    frozen = frozen.model_copy(update={"figures": figures})
    assert Frozen.model_validate_json(frozen.model_dump_json()) == frozen
