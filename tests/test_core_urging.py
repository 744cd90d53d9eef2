"""The customer presses for a case: a fact of history, whoever has the work is told, no limit moves."""

from datetime import datetime, timedelta

from core.complaints.inputs import Judge
from core.jobs import whereabouts, worksheet
from core.jobs.actions import AgreeVisit
from core.notices import notices
from core.notices.notices import Group
from core.requests import view as case
from core.requests.inputs import HandOver, Urge, Wait
from db.codes import NoticeKind
from db.tables import Complaint, History, Job, Limit, Notice, ServiceRequest
from tests.company_cast import NOW, Company

HOUR = timedelta(hours=1)


def urge(company: Company, case_id: int, note: str = "", *, now: datetime = NOW) -> None:
    company.act("agent", ServiceRequest, case_id, Urge(note=note), now=now)


def told(company: Company, case_id: int) -> list[str]:
    """Who was told that the customer presses, by name."""
    names = {actor.id: name for name, actor in company.people.items()}
    rows = company.rows(Notice, case_id=case_id, kind=NoticeKind.YOUR_TURN)
    return sorted(names[row.person_id] for row in rows if row.data["fact"] == "request.urged")


def limits(company: Company, case_id: int) -> list[tuple[object, ...]]:
    rows = company.rows(Limit, request_id=case_id)
    return [(row.name, row.due_at, row.met_at, row.pauses, row.dropped_at) for row in rows]


def test_the_technician_is_told_at_once_and_sees_how_often(company: Company) -> None:
    case_id, job_id = company.dispatched()
    before = limits(company, case_id)
    urge(company, case_id)
    urge(company, case_id, "老人在家，没有热水")
    assert told(company, case_id) == ["technician", "technician"]
    (line,) = company.see("technician", notices.inbox).rows
    assert (line.group, line.data["job"], line.data["times"]) == (Group.TURN, job_id, 2)
    assert line.data["note"] == "老人在家，没有热水"
    (card,) = company.see("technician", worksheet.mine)
    assert card.urged == 2
    facts = company.rows(History, case_id=case_id, action="urged")
    assert [(fact.note, fact.data["times"]) for fact in facts] == [("", 1), (facts[1].note, 2)]
    assert company.see("agent", case.view, id=case_id).urged == 2
    assert limits(company, case_id) == before


def test_before_anybody_is_sent_the_dispatchers_of_the_station_are_told(company: Company) -> None:
    case_id = company.register()
    urge(company, case_id)
    assert told(company, case_id) == ["dispatcher", "dispatcher.colleague"]


def test_what_waits_for_a_step_of_its_file_tells_whoever_has_it(company: Company) -> None:
    case_id = company.get(Complaint, company.complaint()).request_id
    urge(company, case_id)
    assert told(company, case_id) == ["quality"]
    nature = Judge(nature="product_quality.defect")
    (complaint,) = company.rows(Complaint, request_id=case_id)
    company.act("quality", Complaint, complaint.id, nature, now=NOW + HOUR)
    urge(company, case_id, now=NOW + 2 * HOUR)
    assert told(company, case_id) == ["handler", "quality"]


def test_a_question_tells_its_owner(company: Company) -> None:
    case_id = company.register(kind="consultation")
    colleague = company["agent.colleague"].id or 0
    company.act("agent", ServiceRequest, case_id, HandOver(owner_id=colleague), now=NOW)
    urge(company, case_id)
    assert told(company, case_id) == ["agent.colleague"]


def test_who_is_named_in_a_complaint_is_not_told(company: Company) -> None:
    id = company.complaint(about_id=company["quality"].id)
    case_id = company.get(Complaint, id).request_id
    urge(company, case_id)
    assert "quality" not in told(company, case_id)


def where(company: Company, who: str, case_id: int) -> list[whereabouts.Whereabouts]:
    customer_id = company.get(ServiceRequest, case_id).customer_id
    return list(company.see(who, whereabouts.of_customers, ids=[customer_id]))


def test_where_a_repair_is_names_technician_time_and_what_it_waits_for(company: Company) -> None:
    case_id, job_id = company.dispatched()
    (line,) = where(company, "agent", case_id)
    assert (line.technician, line.job, line.agreed_from) == (
        company["technician"].name,
        "assigned",
        None,
    )
    window = AgreeVisit(agreed_from=NOW, agreed_to=NOW + timedelta(hours=3))
    company.act("technician", Job, job_id, window, now=NOW)
    company.act("agent", ServiceRequest, case_id, Wait(reason="part", note="等皮带"), now=NOW)
    urge(company, case_id)
    (line,) = where(company, "agent", case_id)
    assert line.agreed_from == NOW
    assert (line.job, line.waits, line.urged, line.may_urge) == ("agreed", "part", 1, True)


def test_another_station_sees_nothing_of_it(company: Company) -> None:
    case_id, _job_id = company.dispatched()
    assert where(company, "agent.stranger", case_id) == []
    (line,) = where(company, "technician", case_id)
    assert not line.may_urge


def test_a_settled_case_is_not_asked_for(company: Company) -> None:
    case_id, _call = company.finished()
    assert where(company, "agent", case_id) == []
