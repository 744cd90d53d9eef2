"""A company works by each of the five rule books: what is due when."""

import pytest

from core.jobs import actions as jobs
from core.norms import revisions
from core.process import limits
from core.process.limits import LimitView
from core.requests import inputs
from db.tables import Job, Limit, ServiceRequest
from tests.company_cast import NOW, Company, local
from tests.test_core_norms_packs import NORMS, PACKS


def under(company: Company, pack: str) -> None:
    """The company works by this pack from now on."""
    company.do("admin", revisions.adopt, norm=NORMS[pack], on=NOW.date(), signed_by="admin")


# The fields that packs ask for besides the usual ones.
EXTRA = {"site": "大堂东侧", "batch_no": "B2026-031", "quantity": 25}


def due(company: Company, case_id: int) -> dict[str, str]:
    """The running limits of a case with their due times in the company's zone."""
    found: tuple[LimitView, ...] = company.see("manager", limits.of_case, request_id=case_id)
    zone = company["manager"].zone_info
    return {
        limit.name: f"{limit.due_at.astimezone(zone):%m-%d %H:%M}"
        for limit in found
        if limit.met_at is None and not limit.dropped
    }


@pytest.mark.parametrize("pack", PACKS)
def test_every_kind_of_case_gets_its_limits(sqlite_company: Company, pack: str) -> None:
    under(sqlite_company, pack)
    for kind in NORMS[pack].kinds:
        case_id = sqlite_company.register(kind=kind.value, extra=EXTRA)
        stored = {row.clause for row in sqlite_company.rows(Limit, request_id=case_id)}
        assert stored
        assert stored <= NORMS[pack].clauses.keys()


def test_a_sign_in_warranty_and_one_out_of_it(sqlite_company: Company) -> None:
    under(sqlite_company, "engineering")
    first = sqlite_company.register(extra=EXTRA)
    assert due(sqlite_company, first) == {
        "message_replied": "03-02 14:00",
        "arrival_in_warranty": "03-02 22:00",
    }
    wanted = {"wanted_from": local("2026-03-04 08:00"), "wanted_to": local("2026-03-04 09:30")}
    old = sqlite_company.register(purchased_on="2020-01-01", extra=EXTRA, **wanted)
    assert due(sqlite_company, old) == {
        "message_replied": "03-02 14:00",
        "arrival_out_of_warranty": "03-04 10:00",
        "arrival_in_window": "03-04 09:30",
    }


@pytest.mark.parametrize(
    ("finished", "handed_in_by"),
    [("02 10:00", "02 17:30"), ("02 18:00", "03 17:30"), ("06 17:45", "09 17:30")],
)
def test_the_service_form_is_due_the_same_working_day(
    sqlite_company: Company, finished: str, handed_in_by: str
) -> None:
    under(sqlite_company, "enterprise")
    # Brought to the counter: what is told by phone is tried by phone first.
    case_id, _ = sqlite_company.finished(now=local(f"2026-03-{finished}"), channel="counter")
    assert due(sqlite_company, case_id)["form_filed"] == f"03-{handed_in_by}"
    (job,) = sqlite_company.rows(Job, request_id=case_id)
    later = local(f"2026-03-{finished}")
    sqlite_company.act("dispatcher", Job, job.id, jobs.FileForm(), now=later)
    assert due(sqlite_company, case_id).keys() == {"follow_up"}


def test_a_question_by_mail_has_more_time_than_one_by_phone(sqlite_company: Company) -> None:
    under(sqlite_company, "chemical")
    phone = sqlite_company.register(kind="consultation")
    mail = sqlite_company.register(kind="consultation", channel="email")
    assert due(sqlite_company, phone)["consultation_answer"] == "03-02 15:00"
    assert due(sqlite_company, mail)["email_consultation_answer"] == "03-03 17:00"
    assert "consultation_answer" not in due(sqlite_company, mail)
    feedback = sqlite_company.register(kind="quality_feedback", extra=EXTRA)
    assert due(sqlite_company, feedback) == {
        "complaint_acknowledged": "03-03 17:00",
        "quality_feedback_solved": "03-09 17:00",
    }


def test_a_promised_time_takes_the_place_of_the_general_limit(sqlite_company: Company) -> None:
    under(sqlite_company, "dealer")
    case_id = sqlite_company.register()
    assert due(sqlite_company, case_id) == {
        "formally_accepted": "03-04 10:00",
        "first_assessment": "03-04 17:30",
        "fault_response": "03-03 10:00",
        "appointment": "03-03 10:00",
        "service_done": "03-04 10:00",
    }
    promise = inputs.Promise(promised_at=local("2026-03-05 16:00"), customer_told=True)
    sqlite_company.act("agent", ServiceRequest, case_id, promise)
    assert due(sqlite_company, case_id) == {
        "fault_response": "03-03 10:00",
        "appointment": "03-03 10:00",
        "finish_promised": "03-05 16:00",
    }


def test_a_major_complaint_at_a_dealer(sqlite_company: Company) -> None:
    under(sqlite_company, "dealer")
    case_id = sqlite_company.register(kind="complaint", priority="critical")
    assert due(sqlite_company, case_id) == {
        "formally_accepted": "03-04 10:00",
        "fault_response": "03-03 10:00",
        "urgent_complaint_acknowledged": "03-02 14:00",
        "complaint_solved": "03-05 17:30",
        "major_complaint_handled": "03-04 10:00",
    }
    sqlite_company.act("manager", ServiceRequest, case_id, inputs.Acknowledge(channel="email"))
    assert due(sqlite_company, case_id).keys() == {"complaint_solved", "major_complaint_handled"}


def judged(company: Company, case_id: int, case_class: str, priority: str = "normal") -> set[str]:
    """The running limits of a case after its class was judged."""
    command = inputs.Reclassify(priority=priority, case_class=case_class)
    company.act("manager", ServiceRequest, case_id, command)
    return set(due(company, case_id))


def test_the_class_of_a_complaint_decides_how_long_it_may_take(sqlite_company: Company) -> None:
    under(sqlite_company, "appliance")
    case_id = sqlite_company.register(kind="complaint")
    for case_class, limit in (
        ("product_quality", "quality_complaint_solved"),
        ("logistics", "logistics_complaint_solved"),
        ("cleaning_job", "cleaning_complaint_answered"),
        ("contract", "complaint_solved"),
    ):
        names = judged(sqlite_company, case_id, case_class)
        assert names == {"complaint_acknowledged", limit}


def test_a_major_complaint_stays_one_in_any_class(sqlite_company: Company) -> None:
    under(sqlite_company, "dealer")
    case_id = sqlite_company.register(kind="complaint", priority="critical")
    names = judged(sqlite_company, case_id, "product_quality", "critical")
    assert {"major_complaint_handled", "quality_complaint_solved"} <= names
    assert "complaint_solved" not in names


def test_a_complex_consultation_has_more_time(sqlite_company: Company) -> None:
    under(sqlite_company, "appliance")
    case_id = sqlite_company.register(kind="consultation")
    assert judged(sqlite_company, case_id, "complex") == {
        *("consultation_answer", "complex_consultation_solved"),
    }
    assert judged(sqlite_company, case_id, "needs_visit") == {
        *("consultation_answer", "consultation_solved", "consultation_visit_arranged"),
    }
