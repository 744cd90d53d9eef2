"""One click from a figure to its cases: as many as were counted, for everybody and any filter."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from core import kpi
from core.kernel.errors import InvalidInput
from core.kpi import Age, FigureName, Side
from core.norms import revisions
from core.requests import inputs
from db.codes import RequestKind
from tests.company_cast import ZONE, Company, meet
from tests.conftest import BOTH, Databases
from tests.measured_company import (
    APRIL,
    MARCH,
    NORM,
    NOW,
    PERIOD,
    Teller,
    about,
    behind,
    board,
    check_behind,
    tell,
)

SOUTH = Company.SOUTH


@pytest.fixture(params=BOTH)
def company(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Company]:
    with databases.fresh(request.param, "measured", tell) as engine:
        yield meet(engine)


@pytest.mark.parametrize("who", ["manager", "dispatcher"])
def test_as_many_cases_lie_behind_as_are_counted(company: Company, who: str) -> None:
    check_behind(company, who)


@pytest.mark.parametrize(
    "narrowed",
    [
        {"kind": RequestKind.COMPLAINT},
        {"kind": RequestKind.REPAIR, "station_id": SOUTH},
        {"since": APRIL},
    ],
    ids=str,
)
def test_as_many_cases_lie_behind_a_narrowed_board(
    company: Company, narrowed: dict[str, Any]
) -> None:
    check_behind(company, **narrowed)


def test_the_list_behind_shows_the_cases_themselves(company: Company) -> None:
    asked = {"figure": FigureName.TIMELY_RESOLUTION, "side": Side.REST} | PERIOD
    late = company.see("manager", kpi.cases_behind, now=NOW, **about(asked))
    assert [local_day(row.received_at) for row in late.rows] == ["04-10", "03-10"]
    complaints = asked | {"figure": FigureName.COMPLAINT_RATE, "side": Side.NUMERATOR}
    (row,) = company.see("manager", kpi.cases_behind, now=NOW, **about(complaints)).rows
    assert row.kind is RequestKind.COMPLAINT


def local_day(moment: Any) -> str:
    return f"{moment.astimezone(ZONE):%m-%d}"


def test_the_cases_behind_one_question(company: Company) -> None:
    asked = {"figure": FigureName.SATISFACTION}
    assert behind(company, **asked, question="attitude") == 3
    assert behind(company, **asked, question="skill", month=MARCH) == 2
    assert behind(company, **asked, question="skill", month=APRIL) == 0


def test_a_side_that_a_figure_does_not_have_is_refused(company: Company) -> None:
    for name, side in product(FigureName, Side):
        if side not in kpi.DEFINITIONS[name].sides:
            with pytest.raises(InvalidInput) as refused:
                behind(company, figure=name, side=side)
            assert [(p.field, p.code) for p in refused.value.problems] == [
                ("side", "not_an_option")
            ]


@pytest.fixture
def strict(company: Company) -> Teller:
    """A rule book that asks for three answers: in an hour, in three hours and in twenty days."""
    first = next(rule for rule in NORM.limits if rule.name == "consultation_response")
    more = [
        first.model_copy(update={"name": "second_answer", "amount": 3 * 60}),
        first.model_copy(update={"name": "third_answer", "amount": 20 * 24 * 60}),
    ]
    norm = NORM.model_copy(update={"limits": (*more, *NORM.limits)})
    company.do("admin", revisions.adopt, norm=norm, on=APRIL, signed_by="admin", now=NOW)
    told = Teller(company)
    told.customers = 100
    assert counted(company) == (7, 10)
    return told


@pytest.mark.parametrize(
    ("answered", "expected", "sides"),
    [
        (None, (7, 11), [5, 3, 2]),  # two are missed, the third still runs
        ("2026-04-02 10:30", (8, 11), [5, 4, 1]),
        ("2026-04-02 12:00", (7, 11), [5, 3, 2]),
        ("2026-04-02 14:00", (7, 11), [5, 3, 2]),
    ],
)
def test_a_case_with_several_limits_is_judged_once_by_the_worst(
    company: Company,
    strict: Teller,
    answered: str | None,
    expected: tuple[int, int],
    sides: list[int],
) -> None:
    case = strict.register("2026-04-02 10:00", kind="consultation", fault_area=None)
    if answered:
        strict.request(answered, "agent", case, inputs.Answer(answer="yes"))
    assert counted(company) == expected
    asked = {"figure": FigureName.RESPONSE_ON_TIME, "month": APRIL}
    assert [behind(company, **asked, side=side) for side in Side] == sides


def counted(company: Company) -> tuple[float, int]:
    response = board(company).figure(FigureName.RESPONSE_ON_TIME)
    return response.numerator, response.denominator


@pytest.mark.parametrize("age", [None, *Age])
@pytest.mark.parametrize("who", ["manager", "dispatcher"])
def test_the_open_cases_behind_an_age(company: Company, who: str, age: Age | None) -> None:
    shown = board(company, who)
    expected = sum(row.cases for row in shown.ages_by_kind if age in (None, row.age))
    found = company.see(who, kpi.open_cases_behind, age=age, now=NOW)
    assert (found.total, len(found.rows)) == (expected, expected)


def test_open_cases_behind_a_kind_and_a_station(company: Company) -> None:
    found = company.see(
        "manager", kpi.open_cases_behind, kind=RequestKind.CLEANING, station_id=SOUTH, now=NOW
    )
    assert [row.kind for row in found.rows] == [RequestKind.CLEANING]
