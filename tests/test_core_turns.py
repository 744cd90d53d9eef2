"""Whose turn it is: told at each step of a file, and over for everybody when the step is taken."""

from datetime import timedelta

import pytest

from core.complaints.inputs import Judge
from core.notices import notices
from core.requests.inputs import Answer, Remark
from db.codes import NoticeKind
from db.tables import Complaint, Limit, Notice, QualityFeedback, ServiceRequest
from tests.company_cast import NOW, Company, local
from tests.complaint_steps import steps
from tests.test_core_escalation import CLOCK, adopt, monday, run

HOUR = timedelta(hours=1)


def asked(company: Company, case_id: int, *, unread: bool = True) -> list[tuple[str, str]]:
    """Who is asked for which step of a case, by name."""
    names = {actor.id: name for name, actor in company.people.items()}
    return sorted(
        (names[row.person_id], str(row.data.get("step")))
        for row in company.rows(Notice, case_id=case_id, kind=NoticeKind.YOUR_TURN)
        if not (unread and row.read_at)
    )


def test_a_complaint_that_is_recorded_asks_whoever_judges(company: Company) -> None:
    id = company.complaint()
    case_id = company.get(Complaint, id).request_id
    assert asked(company, case_id) == [("quality", "recorded")]


def test_each_step_of_a_complaint_asks_for_the_next_and_is_over_when_it_is_taken(
    company: Company,
) -> None:
    id = company.complaint()
    case_id = company.get(Complaint, id).request_id
    seen = {}
    for number, (who, command) in enumerate(steps(company).values(), 1):
        company.act(who, Complaint, id, command, now=NOW + number * HOUR)
        seen[company.get(Complaint, id).status.value] = asked(company, case_id)
    assert seen["judged"] == [("handler", "judged")]
    assert seen["notified"] == [("manager", "notified")]
    # The department's own people do what is left; who goes on with the own work is not asked.
    assert seen["investigated"] == []
    assert ("quality", "penalised") in seen["penalised"]
    assert seen["closed"] == []  # nobody is asked for what is over
    told = asked(company, case_id, unread=False)
    assert ("quality", "recorded") in told
    assert ("handler", "judged") in told


def test_who_is_named_in_a_complaint_is_not_asked(company: Company) -> None:
    id = company.complaint(about_id=company["quality"].id)
    case_id = company.get(Complaint, id).request_id
    assert "quality" not in [name for name, _step in asked(company, case_id)]


def test_feedback_asks_quality_control(company: Company) -> None:
    case_id = company.register(kind="quality_feedback")
    assert company.rows(QualityFeedback, request_id=case_id)
    assert asked(company, case_id) == [("quality", "recorded")]


def test_somebody_elses_remark_ends_nobodys_turn(company: Company) -> None:
    id = company.complaint()
    case_id = company.get(Complaint, id).request_id
    company.act("agent", ServiceRequest, case_id, Remark(note="客户来电"), now=NOW + HOUR)
    assert asked(company, case_id) == [("quality", "recorded")]


@pytest.mark.parametrize("who", ["quality", "manager"])
def test_whoever_takes_the_step_it_is_over_for_all(company: Company, who: str) -> None:
    id = company.complaint()
    company.act(who, Complaint, id, Judge(nature="product_quality.defect"), now=NOW + HOUR)
    box = company.see("quality", notices.inbox)
    assert box.unread == 0


def test_who_was_told_of_a_limit_need_not_look_when_it_is_met(company: Company) -> None:
    adopt(company, CLOCK)
    case_id = company.register()
    run(company, monday("12:00"))
    assert len(company.rows(Notice, case_id=case_id, kind=NoticeKind.ESCALATION)) == 3
    assert company.see("dispatcher", notices.inbox).unread == 1
    company.act(
        "agent", ServiceRequest, case_id, Remark(note="客户来电"), now=local(monday("12:30"))
    )
    assert company.see("dispatcher", notices.inbox).unread == 1
    company.act(
        "agent", ServiceRequest, case_id, Answer(answer="已说明"), now=local(monday("13:00"))
    )
    assert company.get(Limit, company.rows(Limit)[0].id).met_at
    assert company.see("dispatcher", notices.inbox).unread == 0
