"""Figures that were frozen read back as they were written."""

from collections.abc import Iterator

import pytest

from core.kpi.figures import FigureName
from core.kpi.frozen import Frozen, Reason, freeze
from tests.company_cast import Company, meet
from tests.conftest import BOTH, Databases
from tests.measured_company import APRIL, MARCH, NOW, PERIOD, board, tell


@pytest.fixture(params=BOTH)
def company(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Company]:
    with databases.fresh(request.param, "measured", tell) as engine:
        yield meet(engine)


def test_frozen_figures_are_those_of_the_board(company: Company) -> None:
    frozen = company.see("manager", freeze, now=NOW, **PERIOD)
    shown = board(company)
    assert {f.name: f.value for f in frozen.figures} == {f.name: f.value for f in shown.figures}
    resolved = frozen.figure(FigureName.RESOLVED)
    assert [(point.month, point.numerator) for point in resolved.months] == [(MARCH, 6), (APRIL, 3)]
    assert {point.station_id for point in resolved.stations} == {Company.NORTH, Company.SOUTH}


def test_what_is_frozen_reads_back_as_it_was(company: Company) -> None:
    frozen = company.see("manager", freeze, now=NOW, **PERIOD)
    reason = Reason(dimension="fault_area", value="noise", share=0.75)
    figures = tuple(figure.model_copy(update={"reason": reason}) for figure in frozen.figures)
    frozen = frozen.model_copy(update={"figures": figures})
    assert Frozen.model_validate_json(frozen.model_dump_json()) == frozen
