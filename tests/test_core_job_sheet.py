"""The job sheet: check-lists that are ticked on site, and what has to be there at the end."""

from io import BytesIO
from typing import Any

import pytest
from docx import Document
from sqlalchemy import delete

from core import printing
from core.jobs import actions as jobs
from core.jobs import ticks, view
from core.jobs.report import FinishAnyway
from core.jobs.report import asks as asked
from core.jobs.signing import SignReport
from core.jobs.ticks import Tick
from core.jobs.visits import Arrive
from core.kernel.errors import InvalidInput, NotAllowed, WrongStatus
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.norms import revisions
from core.norms.model import Norm
from core.requests import attachments, ready
from core.requests import view as case_view
from core.rulebook import checks
from db.codes import JobStatus, PhotoMoment
from db.tables import History, Job, JobTick, NormRevision
from tests.attached_files import PNG, picture
from tests.company_cast import NOW, REPORT, Company
from tests.printed_papers import lines, word
from tests.test_core_jobs import HOUR, act, agree, codes, on_site, report

CONDUCT, HANDOVER, *_ = revisions.shipped("appliance").check_lists


def asked_at_the_end(company: Company, **asked: Any) -> None:
    """The rule book in force asks for this of a repair when it is finished, or closed."""
    with transaction(company.engine, write=True) as session:
        row = session.get_one(NormRevision, 1)
        norm = row.data | {"requirements": [{"clause": "E9", "stage": "finished"} | asked]}
        row.data = Norm.model_validate(norm).dump()


def tick(name: str, *items: str) -> Tick:
    return Tick(check_list=name, items=[*items])


def test_a_tick_says_who_and_when(company: Company) -> None:
    case_id, job_id = on_site(company)
    act(company, "technician", job_id, tick("conduct", "greeting", "no_drink"), now=NOW + HOUR)
    act(company, "manager", job_id, tick("conduct", "greeting", "shoe_covers"), now=NOW + 2 * HOUR)
    (job,) = company.see("manager", view.of_case, case_id=case_id)
    assert [each.name for each in job.checks] == ["conduct", "handover", "height_work"]
    done = {item.name: (item.by, item.at) for item in job.checks[0].items if item.at}
    assert done == {
        "greeting": ("technician", NOW + HOUR),
        "shoe_covers": ("manager", NOW + 2 * HOUR),
    }
    row = company.rows(History, subject="job", action="ticked")[-1]
    assert row.data == {
        "check_list": "conduct",
        "ticked": ["shoe_covers"],
        "unticked": ["no_drink"],
    }


@pytest.mark.parametrize(("name", "item"), [("conduct", "dance"), ("cleaning", "power_off")])
def test_only_what_the_rule_book_has_for_such_work_is_ticked(
    company: Company, name: str, item: str
) -> None:
    _, job_id = on_site(company)
    with pytest.raises(InvalidInput):
        act(company, "technician", job_id, tick(name, item))
    assert not company.rows(JobTick)


def test_nothing_is_ticked_before_somebody_is_there_or_by_others(company: Company) -> None:
    _, job_id = company.dispatched()
    with pytest.raises(WrongStatus):
        act(company, "technician", job_id, tick("conduct", "greeting"))
    _, job_id = on_site(company)
    with pytest.raises(NotAllowed):
        act(company, "dispatcher", job_id, tick("conduct", "greeting"))


def test_what_is_not_ticked_needs_a_reason(company: Company) -> None:
    case_id, job_id = on_site(company)
    act(company, "technician", job_id, tick("conduct", *CONDUCT.names))
    act(company, "technician", job_id, tick("handover", *HANDOVER.names))
    with pytest.raises(InvalidInput) as refusal:
        act(company, "technician", job_id, report(unticked_reason=""))
    assert codes(refusal) == {("unticked_reason", "unticked")}
    act(company, "technician", job_id, report(unticked_reason="非高处作业"))
    (job,) = company.see("agent", view.of_case, case_id=case_id)
    assert job.unticked_reason == "非高处作业"
    assert len(job.checks[0].done) == len(CONDUCT.items) and not job.checks[2].done
    (row,) = company.rows(History, subject="job", action="finished")
    assert row.data["unticked"][0] == "height_work.certificate_valid"


def test_a_reason_is_kept_only_for_what_is_left_open(company: Company) -> None:
    _, job_id = on_site(company)
    lists = company.see("technician", lambda uow: ticks.of_job(uow, fetched(uow, job_id)))
    for each in lists:
        act(company, "technician", job_id, tick(each.name, *(item.name for item in each.items)))
    act(company, "technician", job_id, report(unticked_reason="没有理由"))
    assert company.get(Job, job_id).unticked_reason == ""


def fetched(uow: Any, job_id: int) -> Job:
    found: Job = uow.session.scalars(jobs.select_visible(uow.actor).where(Job.id == job_id)).one()
    return found


def test_a_list_that_the_rule_book_wants_is_done_before_the_end(company: Company) -> None:
    asked_at_the_end(company, check_lists=["conduct"])
    _, job_id = on_site(company)
    act(company, "technician", job_id, tick("conduct", *CONDUCT.names[1:]))
    with pytest.raises(InvalidInput) as refusal:
        act(company, "technician", job_id, report())
    assert codes(refusal) == {("check_lists", "list_first")}
    act(company, "technician", job_id, tick("conduct", *CONDUCT.names))
    act(company, "technician", job_id, report())
    assert company.get(Job, job_id).status is JobStatus.DONE


def test_facts_and_papers_that_are_missing_at_the_end_are_asked_there(company: Company) -> None:
    asked_at_the_end(company, fields=["serial"], papers=["acceptance_slip", "service_report"])
    case_id, job_id = on_site(company)
    with pytest.raises(InvalidInput) as refusal:
        act(company, "technician", job_id, report())
    assert codes(refusal) == {("serial", "before_finishing"), ("papers", "paper_first")}
    company.do("technician", ready.note_paper, case_id=case_id, paper="acceptance_slip")
    act(company, "technician", job_id, report(serial="sn 77"))
    asset = company.see("agent", case_view.view, id=case_id).asset
    assert asset and asset.serial == "SN77"


def test_who_may_go_against_the_rule_book_says_why(company: Company) -> None:
    asked_at_the_end(company, check_lists=["conduct"], fields=["serial"])
    _, job_id = on_site(company)
    anyway = parse(FinishAnyway, REPORT | {"exception_reason": "客户赶飞机"})
    with pytest.raises(NotAllowed):
        act(company, "technician", job_id, anyway)
    act(company, "manager", job_id, anyway)
    (row,) = company.rows(History, subject="job", action="finished")
    assert row.data["exception"] == "客户赶飞机"
    assert row.data["lacks"] == ["serial", "conduct"] and row.data["clauses"] == ["E9"]


def test_a_rule_book_names_only_lists_that_it_has() -> None:
    norm = revisions.shipped("appliance")
    wrong = norm.requirements[0].model_copy(update={"check_lists": ("dance",)})
    broken = norm.model_copy(update={"requirements": (wrong,)})
    assert ("requirements.0", "unknown_check_list", "dance") in [
        (fault.place, fault.code, fault.value) for fault in checks.check(broken)
    ]


def signature(*points: tuple[int, int]) -> SignReport:
    return SignReport(signer="王小明", strokes=[[list(point) for point in points]])


def done(company: Company) -> tuple[int, int]:
    case_id, job_id = on_site(company)
    act(company, "technician", job_id, report())
    return case_id, job_id


SIGNED = signature((10, 10), (200, 150), (400, 40))


@pytest.mark.usefixtures("files")
def test_a_report_is_signed_once_and_says_by_whom_and_when(company: Company) -> None:
    case_id, job_id = done(company)
    act(company, "technician", job_id, SIGNED, now=NOW + HOUR)
    (job,) = company.see("agent", view.of_case, case_id=case_id)
    assert job.signed and (job.signed.by, job.signed.at) == ("王小明", NOW + HOUR)
    assert job.signed.picture and job.signed.picture.startswith(b"\x89PNG")
    assert not job.signed.is_changed
    row = company.rows(History, subject="job", action="signed")[-1]
    stored = company.get(Job, job_id)
    assert row.data["sha256"] == stored.signature and row.data["of"] == stored.signed_what
    with pytest.raises(WrongStatus):
        act(company, "technician", job_id, SIGNED)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("facts", [{"work_done": "更换电机"}, {"labour_cents": 100}])
def test_a_report_that_is_changed_later_says_so(company: Company, facts: Any) -> None:
    case_id, job_id = done(company)
    act(company, "technician", job_id, SIGNED)
    with transaction(company.engine, write=True) as session:
        job = session.get_one(Job, job_id)
        for name, value in facts.items():
            setattr(job, name, value)
    (seen,) = company.see("agent", view.of_case, case_id=case_id)
    assert seen.signed and seen.signed.is_changed


@pytest.mark.usefixtures("files")
def test_a_tick_that_is_taken_away_later_changes_what_was_signed(company: Company) -> None:
    case_id, job_id = on_site(company)
    act(company, "technician", job_id, tick("conduct", "greeting"))
    act(company, "technician", job_id, report())
    act(company, "technician", job_id, SIGNED)
    with transaction(company.engine, write=True) as session:
        session.execute(delete(JobTick))
    (seen,) = company.see("agent", view.of_case, case_id=case_id)
    assert seen.signed and seen.signed.is_changed


@pytest.mark.parametrize("drawn", [SignReport(signer="王", strokes=[]), signature((9, 9))])
def test_an_empty_sheet_is_no_signature(company: Company, drawn: SignReport) -> None:
    _, job_id = done(company)
    with pytest.raises(InvalidInput) as refusal:
        act(company, "technician", job_id, drawn)
    assert codes(refusal) == {("strokes", "not_signed")}
    assert company.get(Job, job_id).signed_at is None


@pytest.mark.usefixtures("files")
def test_the_service_report_carries_the_ticks_and_the_signature(company: Company) -> None:
    case_id, job_id = on_site(company)
    act(company, "technician", job_id, Tick(check_list="conduct", items=["greeting"]))
    act(company, "technician", job_id, report(unticked_reason="客户赶时间"))
    for step in (None, SIGNED):
        if step:
            act(company, "technician", job_id, step)
        asked = {"paper": "service_report", "word": word, "case_id": case_id}
        made = company.see("agent", printing.content, **asked)
        document = Document(BytesIO(made))
        text = "\n".join(cell.text for table in document.tables for cell in table._cells)
        assert ("√" in text, "□" in text, "客户赶时间" in text) == (True, True, True)
        assert len(document.inline_shapes) == (1 if step else 0)
        paper = company.see("agent", printing.content, as_pdf=True, **asked)
        assert (b"/Subtype /Image" in paper) == bool(step)


@pytest.mark.usefixtures("files")
def test_the_report_tells_the_whole_visit(company: Company) -> None:
    case_id, job_id = company.dispatched()
    act(company, "technician", job_id, agree())
    with pytest.raises(InvalidInput):
        parse(Arrive, {"latitude": 31.2})
    place = parse(Arrive, {"latitude": 31.23, "longitude": 121.47})
    act(company, "technician", job_id, place, now=NOW + HOUR)
    add = {"case_id": case_id, "now": NOW + HOUR}
    for moment in (PhotoMoment.AFTER, PhotoMoment.BEFORE):
        photo = {"name": f"{moment}.png", "content": picture("PNG", (6, 4 + len(moment)))}
        company.do("technician", attachments.add, moment=moment, **photo, **add)
    company.do("technician", attachments.add, name="else.png", content=PNG, **add)
    with pytest.raises(InvalidInput) as refusal:
        act(company, "technician", job_id, report(symptom_found=None))
    assert codes(refusal) == {("symptom_found", "missing")}
    told = report(symptom_found="other", explained="皮带老化，建议两年一换")
    act(company, "technician", job_id, told, now=NOW + 2 * HOUR + HOUR / 4)
    (row,) = company.rows(History, subject="job", action="arrived")
    assert row.data == {"visit": 1, "latitude": 31.23, "longitude": 121.47}
    asked = {"paper": "service_report", "word": word, "case_id": case_id}
    made = company.see("agent", printing.content, **asked)
    printed = "\n".join(lines(made))
    for text in ("[SymptomFound.other]", "皮带老化，建议两年一换", "1:15", "31.23000, 121.47000"):
        assert text in printed
    assert printed.index("[PhotoMoment.before]") < printed.index("[PhotoMoment.after]")
    assert len(Document(BytesIO(made)).inline_shapes) == 2
    paper = company.see("agent", printing.content, as_pdf=True, **asked)
    assert paper.count(b"/Subtype /Image") == 2


def test_only_a_repair_has_a_symptom_to_be_checked(sqlite_company: Company) -> None:
    day = {"wanted_from": NOW, "wanted_to": NOW + HOUR}
    _, job_id = on_site(sqlite_company, kind="installation", fault_area=None, **day)
    asks = sqlite_company.see("technician", lambda uow: asked(uow, fetched(uow, job_id)))
    assert "symptom_found" in asks.leaves_out
    act(sqlite_company, "technician", job_id, report(symptom_found=None))
