"""Reports that come late from a telephone: taken once, or kept and decided on by a person."""

from typing import Any

import pytest

from core.jobs import actions as jobs
from core.jobs import sheets
from core.jobs.sheets import SetAsideSheet, TakeOverSheet
from core.kernel import drafts
from core.kernel.errors import InvalidInput, NotAllowed, NotFound
from core.requests import inputs, lists
from db.codes import JobStatus, SheetStatus
from db.tables import Draft, Job, JobSheet, Notice, ServiceRequest
from tests.company_cast import NOW, REPORT, Company
from tests.test_core_jobs import HOUR, act, agree, on_site


def hand_in(company: Company, job_id: int, *, who: str = "technician", **facts: Any) -> Any:
    about: dict[str, Any] = {"job_id": job_id, "visit": 1, "typed": REPORT} | facts
    return company.do(who, sheets.hand_in, **about)


def test_a_sheet_finishes_the_job_whatever_was_ticked_meanwhile(company: Company) -> None:
    _, job_id = on_site(company)
    half = {"cause": "皮带断裂"}
    company.do("technician", sheets.keep_draft, job_id=job_id, typed=half)
    found = company.see("technician", drafts.find, form=sheets.name_of(job_id))
    assert found and found.typed == half
    act(company, "technician", job_id, jobs.Tick(check_list="conduct", items=["greeting"]))
    with pytest.raises(InvalidInput):
        hand_in(company, job_id, typed=half)
    assert company.rows(Draft) and not company.rows(JobSheet)
    with pytest.raises(NotFound):
        hand_in(company, job_id, who="technician.colleague")
    assert hand_in(company, job_id) is None
    assert company.get(Job, job_id).status is JobStatus.DONE
    assert not company.rows(Draft) and not company.rows(JobSheet)


def test_the_same_sheet_five_times_is_one(company: Company) -> None:
    _, job_id = on_site(company)
    for _time in range(5):
        kept = company.submit(
            "technician",
            lambda uow: sheets.hand_in(uow, job_id=job_id, visit=1, typed=REPORT),
            key="once",
        )
        assert kept is None
    assert len(company.history("job", job_id)) == 4 and not company.rows(JobSheet)


def test_a_sheet_of_a_job_that_ended_meanwhile_is_kept_and_decided_on(company: Company) -> None:
    case_id, job_id = on_site(company)
    cancel = inputs.Cancel(note="客户不修了")
    company.act("dispatcher", ServiceRequest, case_id, cancel)
    sheet_id = hand_in(company, job_id)
    assert company.get(Job, job_id).status is JobStatus.CANCELLED
    (own,) = company.see("technician", sheets.mine)
    (seen,) = company.see("dispatcher", sheets.of_case, case_id=case_id)
    assert own.typed == seen.typed == REPORT and seen.refused is JobStatus.CANCELLED
    assert not own.actions and len(seen.actions) == 2
    assert company.see("dispatcher", lists.count, name=lists.Queue.LATE_REPORTS) == 1
    told = company.rows(Notice, person_id=company["dispatcher"].id)
    assert told[-1].data["fact"] == "job_sheet.kept"
    with pytest.raises(NotAllowed):
        company.act("technician", JobSheet, sheet_id, TakeOverSheet())
    company.act("dispatcher", JobSheet, sheet_id, TakeOverSheet(note="按报告补登"))
    row = company.get(JobSheet, sheet_id)
    assert (row.status, row.decided_at) == (SheetStatus.TAKEN_OVER, NOW)
    assert not company.see("technician", sheets.mine)
    told = company.rows(Notice, person_id=company["technician"].id)
    assert (told[-1].data["fact"], told[-1].data["note"]) == ("job_sheet.taken_over", "按报告补登")


def test_a_sheet_of_a_visit_that_was_moved_is_kept(company: Company) -> None:
    _, job_id = on_site(company)
    act(company, "manager", job_id, jobs.EndVisit(outcome="unfinished", note="改日再来"))
    other = company["technician.colleague"].id
    act(company, "dispatcher", job_id, jobs.Reassign(technician_id=other))
    sheet_id = hand_in(company, job_id)
    assert company.get(JobSheet, sheet_id).refused == JobStatus.ASSIGNED
    company.act("dispatcher", JobSheet, sheet_id, SetAsideSheet(note="客户称未修好"))
    act(company, "technician.colleague", job_id, agree(2 * HOUR))
    with pytest.raises(NotFound):
        hand_in(company, job_id, visit=2)
