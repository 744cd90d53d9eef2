"""Who suits a case, on screen: sent by one press, refused in words, nothing armed afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.kernel.unit_of_work import transaction
from core.requests.inputs import Answer
from db.codes import JobStatus, RequestStatus
from db.tables import Job, Qualification, ServiceRequest
from tests import stored_rows
from tests.company_cast import Company
from tests.screen import Screen


def now() -> datetime:
    return datetime.now(UTC)


def offered(screen: Screen) -> list[str]:
    return [b.key for b in screen.app.button if b.key and "·suggested·" in b.key]


def key(company: Company, case_id: int, who: str = "technician") -> str:
    return f"request·{case_id}·suggested·{company[who].id}"


def pressed(screen: Screen, name: str) -> Any:
    return next(b for b in screen.app.button if b.key == name)


def test_one_press_sends_at_the_time_that_was_seen(served: Company) -> None:
    first, second = (served.register(now=now(), symptom=text) for text in ("不制冷", "漏水"))
    screen = Screen(served, "dispatcher").open("dispatch").choose_row("dispatch", 0)
    assert offered(screen) == [
        key(served, first, who) for who in ("technician", "technician.colleague")
    ]
    assert "当天未排工" in screen.texts
    (row,) = [each for each in screen.texts.splitlines() if each.startswith("**technician** · ")]
    screen.press(key(served, first))
    (job,) = served.rows(Job)
    zone = served["technician"].zone_info
    assert (job.request_id, job.technician_id) == (first, served["technician"].id)
    assert row.endswith(
        f"{job.planned_from.astimezone(zone):%H:%M}–{job.planned_to.astimezone(zone):%H:%M}"
    )
    # The next one is chosen and nothing is armed; one tap shows who suits it.
    assert screen.app.query_params["id"] == str(second) and offered(screen) == []
    screen.turn_to("dispatch")
    assert offered(screen)[0].startswith(f"request·{second}·")
    assert "当天已排" in screen.texts


def test_the_form_for_anybody_is_folded_below(served: Company) -> None:
    case_id = served.register(now=now())
    screen = Screen(served, "manager").open("case", id=str(case_id))
    assert offered(screen)
    (folded,) = [box for box in screen.app.expander if box.label == "另选人员或时间"]
    assert [b.key for b in folded.button] == [f"request·{case_id}·dispatch·send"]
    screen.fill(technician_id=served["technician.stranger"].id).press("dispatch·send")
    assert served.rows(Job)[0].technician_id == served["technician.stranger"].id


def test_what_has_gone_meanwhile_is_refused_in_words(served: Company) -> None:
    case_id = served.register(now=now())
    screen = Screen(served, "dispatcher").open("case", id=str(case_id))
    start = now() - timedelta(days=1)
    with transaction(served.engine, write=True) as session:
        case = stored_rows.request(session, served, RequestStatus.IN_PROGRESS)
        plan = {"planned_from": start, "planned_to": start + timedelta(days=20)}
        stored_rows.job(session, case, served["technician"].id, JobStatus.ASSIGNED, **plan)
    screen.press(key(served, case_id))
    assert "已有 T" in screen.texts  # double booked, by the other case's number
    assert "近几日排满" in screen.texts
    assert served.rows(Job, request_id=case_id) == []
    # Somebody was faster with the case: said, and not sent.
    button = key(served, case_id, "technician.colleague")
    served.act("agent", ServiceRequest, case_id, Answer(answer="断电后重启"), now=now())
    screen.press(button)
    assert screen.errors and served.rows(Job, request_id=case_id) == []


def test_who_may_not_go_has_no_button(served: Company) -> None:
    with transaction(served.engine, write=True) as session:
        session.query(Qualification).filter_by(person_id=served["technician"].id).delete()
    case_id = served.register(now=now())
    screen = Screen(served, "dispatcher").open("case", id=str(case_id))
    assert offered(screen) == [key(served, case_id, "technician.colleague")]
    assert "不能派" in screen.texts


@pytest.mark.parametrize("who", ["agent", "technician"])
def test_who_sends_nobody_sees_no_suggestion(served: Company, who: str) -> None:
    case_id = served.register(now=now())
    assert offered(Screen(served, who).open("case", id=str(case_id))) == []
