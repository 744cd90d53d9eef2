"""What a technician typed into a form of a job is given back, wherever they go on."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from core.jobs import actions as jobs
from db.codes import JobStatus
from db.tables import Draft, Job, Visit
from tests.company_cast import Company
from tests.screen import Screen, counted


def on_site(company: Company, **facts: object) -> int:
    """A job whose report is the next step."""
    now = datetime.now(UTC)
    bought = {"purchased_on": now.date()}  # free work: no price is agreed before
    _, job_id = company.dispatched(now=now, **bought | facts)
    window = {"agreed_from": now, "agreed_to": now + timedelta(hours=2)}
    for step in (jobs.AgreeVisit(**window), jobs.Arrive()):
        company.act("technician", Job, job_id, step, now=now)
    return job_id


def case_of(company: Company, job_id: int) -> str:
    return str(company.get(Job, job_id).request_id)


def case_page(company: Company, job_id: int) -> Screen:
    """The case of a job with the forms of its job; the job's own page keeps its report itself."""
    return Screen(company, "technician").open("case", id=case_of(company, job_id))


def job_page(company: Company, job_id: int) -> Screen:
    return Screen(company, "technician").open("job", id=str(job_id))


def half(screen: Screen) -> Screen:
    """Half a report, field by field, as a telephone sends it."""
    screen.fill(result="fixed").run()
    screen.fill(cause="皮带断裂").run()
    return screen.fill(parts="皮带 1").run()


def report(screen: Screen) -> tuple[object, ...]:
    names = ("result", "cause", "work_done", "parts")
    return tuple(screen.field(name).value for name in names)


HALF = ("fixed", "皮带断裂", "", "皮带 1")


@pytest.fixture
def job_id(served: Company) -> int:
    return on_site(served)


def test_half_a_report_survives_a_reload(served: Company, job_id: int) -> None:
    half(case_page(served, job_id))
    again = case_page(served, job_id)
    assert report(again) == HALF
    assert "已恢复" in again.texts
    again.fill(work_done="更换皮带").run()
    assert report(case_page(served, job_id)) == (*HALF[:2], "更换皮带", HALF[3])


def test_half_a_report_survives_other_pages(served: Company, job_id: int) -> None:
    other = on_site(served, symptom="漏水")
    screen = half(case_page(served, job_id))
    screen.open("case", id=case_of(served, other))
    assert report(screen) == (None, "", "", "")
    screen.fill(cause="门封老化").run().open("my_jobs").open("case", id=case_of(served, job_id))
    assert report(screen) == HALF
    assert screen.open("case", id=case_of(served, other)).field("cause").value == "门封老化"
    assert {row.form for row in served.rows(Draft)} == {
        f"job·{job_id}·finish_job",
        f"job·{other}·finish_job",
    }


def test_the_report_that_was_sent_leaves_no_draft(served: Company, job_id: int) -> None:
    half(case_page(served, job_id))
    screen = case_page(served, job_id).press("finish_job·send")
    assert screen.errors == ["有 2 项需要修改，尚未保存，已填内容都在。"]
    assert served.rows(Draft)
    screen.fill(unticked_reason="未逐项勾选", work_done="更换皮带", confirmed_by="王小明")
    screen.fill(symptom_found="as_told")
    screen.press("finish_job·send")
    job = served.get(Job, job_id)
    assert (job.status, job.cause, job.parts) == (JobStatus.DONE, "皮带断裂", "皮带 1")
    assert not served.rows(Draft)
    assert "更换皮带" in job_page(served, job_id).texts


def test_a_form_has_a_name_that_every_component_takes(served: Company, job_id: int) -> None:
    name = case_page(served, job_id).app.session_state[f"form:job·{job_id}·finish_job"]
    assert re.fullmatch("[0-9a-f]{32}", name)


def test_what_is_not_wanted_any_more_is_emptied(served: Company, job_id: int) -> None:
    half(case_page(served, job_id))
    screen = case_page(served, job_id).press("finish_job·afresh")
    assert report(screen) == (None, "", "", "")
    assert not served.rows(Draft)
    assert screen.fill(cause="电机").run().field("cause").value == "电机"
    assert report(case_page(served, job_id)) == (None, "电机", "", "")


def test_only_a_change_writes(served: Company, job_id: int) -> None:
    screen = case_page(served, job_id)
    assert not served.rows(Draft)
    with counted() as statements:
        screen.fill(cause="皮带断裂").run()
    assert len(written(statements)) == 1
    with counted() as statements:
        screen.run()
        case_page(served, job_id)
    assert not written(statements)


def test_to_look_at_what_is_proposed_writes_nothing(served: Company) -> None:
    _, job_id = served.dispatched(now=datetime.now(UTC))
    job_page(served, job_id).run()
    assert not served.rows(Draft)


def test_what_a_browser_brings_to_a_server_that_started_again_is_kept(
    served: Company, job_id: int
) -> None:
    half(case_page(served, job_id))
    (draft,) = served.rows(Draft)
    # The window is unknown, and the widget is told of before anything is drawn.
    screen = Screen(served, "technician")
    key = f"job·{job_id}·finish_job·{draft.data['stem']}·work_done·"
    screen.app.session_state[key] = "更换皮带"
    screen.open("case", id=case_of(served, job_id))
    assert report(case_page(served, job_id)) == (*HALF[:2], "更换皮带", HALF[3])


def written(statements: list[str]) -> list[str]:
    return [text for text in statements if "INTO drafts" in text or "FROM drafts" in text[:20]]


def test_what_was_proposed_and_not_touched_is_proposed_anew(served: Company) -> None:
    _, job_id = served.dispatched(now=datetime.now(UTC))
    screen = job_page(served, job_id)
    now = datetime.now(UTC).replace(tzinfo=None)
    wished = now.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=2)
    screen.fill(agreed_to=wished).run()
    (draft,) = served.rows(Draft)
    assert set(draft.data["typed"]) == {"agreed_to"}
    again = job_page(served, job_id)
    assert again.field("agreed_to").value == wished
    again.fill(agreed_from=wished - timedelta(hours=2)).press("agree_visit·send")
    (visit,) = served.rows(Visit)
    assert visit.agreed_to - visit.agreed_from == timedelta(hours=2)
    assert not served.rows(Draft)


def test_a_draft_is_its_writers_own(served: Company, job_id: int) -> None:
    half(case_page(served, job_id))
    case_id = served.get(Job, job_id).request_id
    manager = Screen(served, "manager").open("case", id=str(case_id))
    assert manager.field("cause").value == ""
    same = Screen(served, "technician").open("case", id=str(case_id))
    assert same.field("cause").value == "皮带断裂"


def test_a_slower_window_is_told_and_not_thanked(served: Company, job_id: int) -> None:
    first, second = case_page(served, job_id), case_page(served, job_id)
    signed = {"unticked_reason": "未逐项勾选", "confirmed_by": "王小明"}
    signed |= {"symptom_found": "as_told"}
    half(first).fill(work_done="更换皮带", **signed).run()
    half(second).fill(work_done="别的", **signed).run()
    first.press("finish_job·send")
    second.press("finish_job·send")
    assert "其他人刚刚修改了此记录" in second.errors[0]
    assert served.get(Job, job_id).work_done == "更换皮带"
    assert not served.rows(Draft)
