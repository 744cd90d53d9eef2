"""What is asked when a case is closed, and the signed form: handed in, reviewed, sent back."""

from datetime import timedelta

import pytest

from core.followups import actions as followups
from core.jobs import actions as jobs
from core.jobs import view as job_view
from core.jobs.forms import ReviewForm, SendBackForm
from core.kernel.errors import InvalidInput, NotAllowed, WrongStatus
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.norms import revisions
from core.process import workflow
from core.requests import lists, ready
from core.requests import view as case_view
from core.requests.inputs import GivePaper
from db.codes import RequestStatus
from db.tables import FollowUp, History, Job, Notice, ServiceRequest
from tests.company_cast import NOW, Company

HAPPY = {"scores": {"attitude": 9, "result": 9}}
DAY = timedelta(days=1)


def closed(company: Company, case_id: int) -> History:
    assert company.get(ServiceRequest, case_id).status is RequestStatus.CLOSED
    (row,) = company.rows(History, subject="request", subject_id=case_id, action="closed")
    found: History = row
    return found


def test_the_last_call_asks_what_the_book_wants_on_file(company: Company) -> None:
    case_id, call_id = company.finished(purchased_on=None)
    ask = {"process": followups.PROCESS, "record_id": call_id, "action": followups.RecordAnswers}
    form = company.see("agent", workflow.form, **ask)
    assert set(form.fields) == {"serial", "purchased_on", "scores", "opinion", "other_needs"}
    said = parse(followups.RecordAnswers, HAPPY | {"serial": "sn 88"})
    company.act("agent", FollowUp, call_id, said, now=NOW + DAY)
    asset = company.see("agent", case_view.view, id=case_id).asset
    assert asset and asset.serial == "SN88"
    assert closed(company, case_id).data == {"lacks": ["purchased_on"], "clauses": ["D23"]}


def test_what_lacks_is_on_file_when_nobody_could_be_asked(company: Company) -> None:
    case_id, call_id = company.finished()
    for day in range(1, followups.TRIES + 1):
        company.act("agent", FollowUp, call_id, followups.NotReached(), now=NOW + day * DAY)
    assert closed(company, case_id).data["lacks"] == ["serial"]


def piles(company: Company) -> tuple[int, int]:
    names = (lists.Queue.FORMS, lists.Queue.REVIEW)
    owed, review = (company.see("dispatcher", lists.count, name=name) for name in names)
    return owed, review


def test_a_form_is_reviewed_or_sent_back_with_the_reason(company: Company) -> None:
    case_id, _ = company.finished()
    (job,) = company.rows(Job, request_id=case_id)
    with pytest.raises(WrongStatus):
        company.act("agent", Job, job.id, ReviewForm())
    company.act("agent", Job, job.id, jobs.FileForm())
    assert piles(company) == (0, 1)
    with pytest.raises(NotAllowed):
        company.act("technician", Job, job.id, ReviewForm())
    company.act("dispatcher", Job, job.id, SendBackForm(note="缺客户签字"))
    assert piles(company) == (1, 0)
    (view,) = company.see("technician", job_view.of_case, case_id=case_id)
    assert (view.form_fault, view.filed_at) == ("缺客户签字", None)
    told = company.rows(Notice, person_id=company["technician"].id)[-1]
    assert (told.data["fact"], told.data["note"]) == ("job.form_sent_back", "缺客户签字")
    company.act("agent", Job, job.id, jobs.FileForm(), now=NOW + DAY)
    company.act("dispatcher", Job, job.id, ReviewForm(), now=NOW + DAY)
    assert piles(company) == (0, 0)
    stored = company.get(Job, job.id)
    assert (stored.reviewed_at, stored.form_fault) == (NOW + DAY, "")


def test_a_paper_that_was_given_leaves_a_trace(company: Company) -> None:
    case_id = company.register()
    with pytest.raises(InvalidInput):
        parse(GivePaper, {"given": "other", "by": "post"})
    command = parse(GivePaper, {"given": "acceptance_slip", "by": "message"})
    company.act("agent", ServiceRequest, case_id, command)
    (row,) = company.rows(History, subject="request", action="paper_given")
    assert row.data == {"given": "acceptance_slip", "by": "message"}
    with transaction(company.engine, write=False) as session:
        done = ready._done(session, [case_id], {case_id: revisions.shipped("dealer")})
    assert (ready.LackKind.PAPER, "acceptance_slip") in done[case_id]
