"""Figures of complaints: by class, opened again, merged; every case is counted once (K1 to K3, K15)."""

from collections.abc import Iterator

import pytest

from core.complaints.inputs import Judge, Merge, Reopen
from core.followups import opinions
from core.kpi import ClassRow, FigureName, Side
from db.codes import FollowUpStatus, RequestKind
from db.tables import Complaint, FollowUp, Limit, ServiceRequest
from tests.company_cast import Company, meet
from tests.conftest import BOTH, Databases
from tests.measured_company import (
    APRIL,
    MARCH,
    NOW,
    Teller,
    behind,
    board,
    check_behind,
    scored,
    tell,
)

HOURS, ON_TIME = FigureName.COMPLAINT_HOURS, FigureName.COMPLAINT_ON_TIME


@pytest.fixture(params=BOTH)
def company(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Company]:
    with databases.fresh(request.param, "measured", tell) as engine:
        yield meet(engine)


@pytest.fixture
def told(company: Company) -> Teller:
    told = Teller(company)
    told.customers = 200
    return told


@pytest.fixture
def complaint(company: Company) -> int:
    """The complaint 3: answered on 18 March, the customer gave it an 8 on the 19th."""
    (row,) = company.rows(Complaint)
    return int(row.request_id)


def counted(company: Company) -> dict[FigureName, tuple[float, int]]:
    return {f.name: (f.numerator, f.denominator) for f in board(company).figures}


def again(told: Teller, complaint: int) -> None:
    # Anew from Friday the 20th: due on the 25th 17:30, answered the morning after.
    told.complaint("2026-03-20 10:00", "manager", complaint, Reopen(note="not yet"))
    told.answered("2026-03-26 10:00", complaint)


def test_a_complaint_that_was_answered_twice_is_counted_once(
    company: Company, told: Teller, complaint: int
) -> None:
    before = counted(company)
    again(told, complaint)
    told.call("2026-03-27 10:00", "", complaint, scored(attitude=9, skill=9))
    assert len(company.rows(Limit, request_id=complaint)) == 5
    changed = {
        FigureName.SATISFACTION: (22.5, 3),  # the 9 in place of the 8
        FigureName.TIMELY_RESOLUTION: (7, 10),  # kept the first time, missed the second time
        FigureName.RESOLUTION_HOURS: (171 - 48 + 240, 9),
        ON_TIME: (0, 1),
        HOURS: (240, 1),
    }
    assert counted(company) == {
        name: pytest.approx(value) for name, value in (before | changed).items()
    }
    questions = {r.question: r for r in board(company).dimensions if r.month is None}
    assert (questions["attitude"].numerator, questions["attitude"].denominator) == (23, 3)
    assert (questions["skill"].numerator, questions["skill"].denominator) == (22, 3)
    assert behind(company, figure=FigureName.SATISFACTION, question="attitude") == 3
    check_behind(company)


def test_the_case_shows_its_last_call(company: Company, told: Teller, complaint: int) -> None:
    again(told, complaint)
    calls = company.see("manager", opinions.of_case, case_id=complaint, now=NOW)
    assert (calls[0].status, calls[0].score) == (FollowUpStatus.DUE, None)


def test_a_call_that_was_dropped_is_nobody_s_omission(
    company: Company, told: Teller, complaint: int
) -> None:
    told.complaint("2026-03-20 10:00", "manager", complaint, Reopen(note="not yet"))
    before = counted(company)
    told.answered("2026-03-23 10:00", complaint, "dissatisfied")
    calls = [row.status for row in company.rows(FollowUp, request_id=complaint)]
    assert calls == [FollowUpStatus.ANSWERED, FollowUpStatus.DROPPED]
    # The limit of the second round was kept, and a third one began on the 23rd and is missed.
    changed = {FigureName.TIMELY_RESOLUTION: (7, 10), ON_TIME: (0, 1)}
    assert counted(company) == before | changed
    check_behind(company)


def test_a_complaint_that_was_merged_is_no_second_one(
    company: Company, told: Teller, complaint: int
) -> None:
    before = counted(company)
    facts = {"kind": "complaint", "fault_area": "service"}
    customer = company.get(ServiceRequest, complaint).customer_id
    twin = told.register("2026-03-17 15:00", **facts, customer_id=customer)
    number = company.get(ServiceRequest, complaint).number
    assert counted(company)[FigureName.COMPLAINT_RATE] == (2, 13)
    told.complaint("2026-03-17 16:00", "quality", twin, Merge(number=number))
    assert counted(company) == before | {FigureName.RECEIVED: (15, 15)}
    assert behind(company, figure=FigureName.COMPLAINT_RATE, side=Side.NUMERATOR) == 1


def test_handling_time_and_lateness_by_class(
    company: Company, told: Teller, complaint: int
) -> None:
    # Two more that nobody answers: one about the delivery, and one that nobody judged either.
    facts = {"kind": "complaint", "fault_area": "delivery"}
    other = told.register("2026-04-07 10:00", **facts)
    told.complaint("2026-04-07 11:00", "quality", other, Judge(nature="logistics"))
    told.register("2026-04-13 10:00", **facts)
    rows = {(r.figure, r.case_class, r.month): r for r in board(company).classes}
    assert {key: (row.numerator, row.denominator) for key, row in rows.items()} == {
        (HOURS, "service", None): (48, 1),
        (HOURS, "service", MARCH): (48, 1),
        (ON_TIME, "service", None): (1, 1),
        (ON_TIME, "service", MARCH): (1, 1),
        (ON_TIME, "logistics", None): (0, 1),
        (ON_TIME, "logistics", APRIL): (0, 1),
        (ON_TIME, "", None): (0, 1),
        (ON_TIME, "", APRIL): (0, 1),
    }
    assert rows[HOURS, "service", None].words == {"zh_CN": "服务", "en": "Service"}
    assert rows[ON_TIME, "", None].words == {}
    assert board(company).figure(ON_TIME).denominator == 3
    assert behind(company, figure=ON_TIME, case_class="logistics", side=Side.REST) == 1
    assert behind(company, figure=ON_TIME, case_class="") == 1
    check_behind(company)
    check_behind(company, kind=RequestKind.COMPLAINT)


def test_other_kinds_have_no_handling_time(company: Company) -> None:
    shown = board(company, kind=RequestKind.REPAIR)
    assert shown.classes == ()
    assert isinstance(board(company).classes[0], ClassRow)
    assert shown.figure(HOURS).value is None
