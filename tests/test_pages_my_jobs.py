"""The technician's telephone: the day, a page for each job, photos, and where the day begins."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.jobs import actions as jobs
from core.jobs import worksheet
from core.jobs.worksheet import DayPart
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.unit_of_work import transaction
from db.codes import VisitOutcome
from db.tables import Attachment, Job, PartOrderLine, Person, ServiceRequest
from tests import stocked
from tests.attached_files import PNG
from tests.company_cast import NOW, Company
from tests.screen import Screen


def agreed(company: Company, start: timedelta, *, now: datetime = NOW, **facts: object) -> int:
    _, job_id = company.dispatched(now=now, **facts)
    window = {"agreed_from": now + start, "agreed_to": now + start + timedelta(hours=1)}
    company.act("technician", Job, job_id, jobs.AgreeVisit(**window), now=now)
    return job_id


def test_the_day_has_parts(company: Company) -> None:
    later = agreed(company, timedelta(days=1))
    today = agreed(company, timedelta(hours=1))
    _, open_one = company.dispatched()
    done = [company.finished(now=NOW + timedelta(minutes=n))[0] for n in range(2)]
    found = company.see("technician", worksheet.mine, now=NOW + timedelta(hours=1))
    assert [(job.part, job.id) for job in found[:3]] == [
        (DayPart.TODAY, today),
        (DayPart.LATER, later),
        (DayPart.TO_AGREE, open_one),
    ]
    assert [(job.part, job.case_id) for job in found[3:]] == [
        (DayPart.DONE, case_id) for case_id in reversed(done)
    ]
    assert found[2].next_due
    # What was agreed for yesterday waits for its visit, and what is done goes after some days.
    week = company.see("technician", worksheet.mine, now=NOW + worksheet.SHOWN_DONE + timedelta(1))
    assert [job.part for job in week] == [DayPart.TODAY, DayPart.TODAY, DayPart.TO_AGREE]


def test_a_sheet_is_for_the_one_who_is_sent(company: Company) -> None:
    _, job_id = company.dispatched()
    assert company.see("technician", worksheet.sheet, id=job_id).id == job_id
    for who, id in (("technician.colleague", job_id), ("technician", 99), ("technician", 2**40)):
        with pytest.raises(NotFound):
            company.see(who, worksheet.sheet, id=id)
    with pytest.raises(NotAllowed):
        company.see("manager", worksheet.sheet, id=job_id)


def test_a_card_leads_to_its_job(served: Company) -> None:
    now = datetime.now(UTC)
    job_id = agreed(served, timedelta(minutes=1), now=now)
    served.finished(now=now)
    wish = {"wanted_from": now + timedelta(days=1), "wanted_to": now + timedelta(days=1, hours=3)}
    served.dispatched(now=now, symptom="漏水", **wish)
    screen = Screen(served, "technician").open("my_jobs")
    links = [(link.proto.page, link.proto.query_string) for link in screen.app.get("page_link")]
    assert ("job", f"id={job_id}") in links
    assert "漏水" not in screen.texts
    screen.fill(my_jobs_part="to_agree").run()
    assert screen.app.query_params == {"my_jobs_part": "to_agree"}
    assert "漏水" in screen.texts
    badges = "".join(each.proto.body for each in screen.app.get("markdown"))
    assert "客户期望" in badges and "剩余" in badges
    screen.open("account").open("my_jobs", my_jobs_part="done")
    assert "已完工" in screen.texts


def test_a_job_shows_the_next_step_alone(served: Company) -> None:
    job_id = agreed(served, timedelta(minutes=1), now=datetime.now(UTC), address="中山路 1 号")
    screen = Screen(served, "technician").open("job", id=str(job_id))
    assert [b.key for b in screen.app.button if b.key and b.key.endswith("·send")] == [
        f"job·{job_id}·arrive·send"
    ]
    urls = [each.proto.url for each in screen.app.get("link_button")]
    assert urls[0].startswith("tel:") and urls[1].startswith("geo:0,0?q=%")
    screen.turn_to("move_visit").fill(note="客户改期").press("move_visit·send")
    assert served.history("job", job_id)[-1][0] == "visit_moved"


@pytest.mark.usefixtures("files")
def test_a_forgotten_photo_is_added_to_a_job_that_is_done(served: Company) -> None:
    case_id, _ = served.finished(now=datetime.now(UTC))
    (job,) = served.rows(Job)
    screen = Screen(served, "technician").open("job", id=str(job.id))
    uploader = screen.app.get("file_uploader")[0]
    assert "mp3" not in "".join(uploader.proto.type)
    uploader.set_value([("门.png", PNG, "image/png")])
    screen.run().press(f"attach_{case_id}_send")
    assert [row.name for row in served.rows(Attachment)] == ["门.png"]


@pytest.mark.parametrize(("who", "first"), [("technician", "我的工单"), ("warehouse", "扫码")])
def test_who_does_one_thing_all_day_begins_there(served: Company, who: str, first: str) -> None:
    screen = Screen(served, who)
    assert screen.title == first
    assert screen.open("home").title == "工作台"
    assert Screen(served, "agent").title == "工作台"


def test_the_days_are_the_companys(company: Company) -> None:
    zone = ZoneInfo(company["technician"].zone)
    evening = NOW.astimezone(zone).replace(hour=23, minute=30).astimezone(UTC)
    job_id = agreed(company, timedelta(hours=1), now=evening)
    found = company.see("technician", worksheet.sheet, id=job_id, now=evening)
    assert found.part is DayPart.LATER
    found = company.see("technician", worksheet.sheet, id=job_id, now=evening + timedelta(hours=1))
    assert found.part is DayPart.TODAY


def test_a_call_that_nobody_took_is_noted_by_one_tap(served: Company) -> None:
    case_id, job_id = served.dispatched(now=datetime.now(UTC))
    screen = Screen(served, "technician").open("job", id=str(job_id))
    screen.press(f"job·{job_id}·unreached")
    assert [fact for fact, _, _ in served.history("job", job_id)] == ["assigned", "call_noted"]
    assert "未接通" in screen.texts
    # A second tap on the same place would be another call: there is nothing to tap.
    assert not [b for b in screen.app.button if (b.key or "").endswith("unreached")]
    screen.open("account").open("job", id=str(job_id))
    screen.turn_to("note_call").fill(outcome="reached").press("note_call·send")
    assert len(served.history("job", job_id)) == 2 and "客户现在怎么说" in screen.texts
    (said,) = [each for each in screen.app.text_area if "note_call" in each.key]
    said.set_value("灯也不亮了")
    screen.press("note_call·send")
    assert len(served.history("job", job_id)) == 3
    timeline = Screen(served, "agent").open("case", id=str(case_id), tab="history").texts
    assert "致电客户" in timeline and "灯也不亮了" in timeline


def test_an_agreed_time_has_a_text_for_the_customer(served: Company) -> None:
    now = datetime.now(UTC)
    with transaction(served.engine, write=True) as session:
        session.get_one(Person, served["technician"].id).phone = "13600001111"
    job_id = agreed(served, timedelta(days=1), now=now)
    case = served.get(ServiceRequest, served.get(Job, job_id).request_id)
    # In the company's language, whatever the technician reads.
    screen = Screen(served, "technician", locale="en-GB").open("job", id=str(job_id))
    (text,) = [each.value for each in screen.app.code]
    begins = (now + timedelta(days=1)).astimezone(ZoneInfo(served["technician"].zone))
    for part in ("Test company", case.number, "technician 13600001111", f"{begins:%H:%M}–"):
        assert part in text
    assert text.startswith("【") and f"{begins.month}月{begins.day}日" in text
    served.act("technician", Job, job_id, jobs.Arrive(), now=now)
    assert not screen.open("account").open("job", id=str(job_id)).app.code


def planned(company: Company, start: datetime, **facts: object) -> int:
    """A job that is planned at a time; gives its id."""
    now = datetime.now(UTC)
    _, job_id = company.dispatched(now=now, **facts)
    span = {"planned_from": start, "planned_to": start + timedelta(hours=1)}
    company.act("dispatcher", Job, job_id, jobs.PlanJob(**span, note="约好"), now=now)
    return job_id


def test_the_next_days_route_is_confirmed_by_one_press(served: Company) -> None:
    zone = ZoneInfo(served["technician"].zone)
    nine = (datetime.now(zone) + timedelta(days=1)).replace(hour=9, minute=0, second=0)
    second = planned(served, nine + timedelta(hours=2), symptom="漏水")
    first = planned(served, nine, address="中山路 1 号")
    screen = Screen(served, "technician").open("account")
    screen.open("my_jobs", my_jobs_part="to_agree")
    labels = [link.proto.label for link in screen.app.get("page_link")]
    assert any("09:00–10:00" in label and "计划" in label for label in labels)
    assert "未约时间" not in "".join(labels)
    screen.open("account").open("my_jobs", my_jobs_part="ahead")
    links = [link.proto for link in screen.app.get("page_link") if link.proto.page == "job"]
    assert [link.query_string for link in links] == [f"id={first}", f"id={second}"]
    assert "1. " in links[0].label and "中山路 1 号" in screen.texts
    # What the dispatcher moves while the phone lies there is not confirmed with the others.
    span = {"planned_from": nine + timedelta(hours=5), "planned_to": nine + timedelta(hours=6)}
    moved = jobs.PlanJob(**span, note="改到下午")
    served.act("dispatcher", Job, second, moved, now=datetime.now(UTC))
    screen.press("route_confirm")
    assert [served.get(Job, id).confirmed_at is not None for id in (first, second)] == [True, False]
    said = [toast.value for toast in screen.app.toast]
    assert any("已确认 1 件" in text for text in said)
    assert any("没有确认" in text for text in said)
    screen.press("route_confirm")
    assert served.get(Job, second).confirmed_at
    assert "全部已确认。" in screen.texts


def test_a_changed_plan_is_told_in_words(served: Company) -> None:
    start = datetime.now(UTC) + timedelta(days=1)
    job_id = planned(served, start)
    inbox = Screen(served, "technician").open("inbox")
    assert "给您排了新的时间，请确认" in "".join(button.label for button in inbox.app.button)
    served.act("dispatcher", Job, job_id, jobs.PlanJob(), now=datetime.now(UTC))
    inbox = Screen(served, "technician").open("inbox")
    assert "时间已取消" in "".join(button.label for button in inbox.app.button)


def test_what_is_missing_is_asked_for_as_the_visit_ends(served: Company) -> None:
    now = datetime.now(UTC)
    belt = stocked.part(served)
    job_id = agreed(served, timedelta(minutes=1), now=now)
    served.act("technician", Job, job_id, jobs.Arrive(), now=now)
    screen = Screen(served, "technician").open("job", id=str(job_id)).turn_to("end_visit")
    screen.fill(outcome=VisitOutcome.UNFINISHED, note="皮带断了", tools_wanted="张紧器")
    screen.press("·more").fill(part_id=belt).press("end_visit·send")
    assert not screen.errors
    assert [row.part_id for row in served.rows(PartOrderLine)] == [belt]
    assert served.history("job", job_id)[-1] == ("visit_ended", "on_site", "unfinished")
    assert "张紧器" in screen.texts
