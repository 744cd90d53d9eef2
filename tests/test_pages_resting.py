"""After a save no action is open, on any panel of the screen, until the person chooses one."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from core.kernel.unit_of_work import transaction
from db.codes import JobStatus
from db.tables import FollowUp, Job, ServiceRequest
from tests.company_cast import Company
from tests.screen import Screen


def armed(screen: Screen) -> list[str]:
    """The buttons that would send the form of an action."""
    return [b.key for b in screen.app.button if b.key and "·" in b.key and b.key.endswith("·send")]


def now() -> datetime:
    return datetime.now(UTC)


def test_nothing_stands_open_where_dispatch_stood(served: Company) -> None:
    case_id = served.register(now=now())
    screen = Screen(served, "manager").open("case", id=str(case_id))
    assert armed(screen) == [f"request·{case_id}·dispatch·send"]
    screen.fill(technician_id=served["technician"].id).press("dispatch·send")
    assert served.rows(Job)
    assert armed(screen) == []  # of the case and of its new job
    assert armed(screen.turn_to("wait")) == [f"request·{case_id}·wait·send"]


def test_a_case_that_is_chosen_next_is_open_at_once(served: Company) -> None:
    for symptom in ("不制冷", "漏水"):
        served.register(now=now(), symptom=symptom)
    screen = Screen(served, "dispatcher").open("dispatch").choose_row("dispatch", 0)
    screen.fill(technician_id=served["technician"].id).press("dispatch·send")
    assert armed(screen) == []
    (open_one,) = served.rows(ServiceRequest, status="registered")
    screen.choose_row("dispatch", 0)
    assert armed(screen) == [f"request·{open_one.id}·dispatch·send"]


def test_the_technician_taps_each_step(served: Company) -> None:
    _, job_id = served.dispatched(now=now())
    screen = Screen(served, "technician").open("job", id=str(job_id)).press("agree_visit·send")
    assert armed(screen) == []
    screen.turn_to("arrive").press("arrive·send")
    assert armed(screen) == []
    assert served.get(Job, job_id).status is JobStatus.ON_SITE
    again = Screen(served, "technician").open("job", id=str(job_id))
    assert again.served("sheet")  # who comes back later goes on


def test_the_next_call_is_not_open_under_the_pressed_button(served: Company) -> None:
    for symptom in ("不制冷", "漏水"):
        served.finished(now=now(), symptom=symptom)
    with transaction(served.engine, write=True) as session:
        session.execute(update(FollowUp).values(due_on=now().date() - timedelta(days=1)))
    screen = Screen(served, "agent").open("followups")
    screen.fill(attitude=9).press("record_answers·send")
    assert [call.status.value for call in served.rows(FollowUp)].count("answered") == 1
    assert armed(screen) == []
    screen.turn_to("not_reached").press("not_reached·send")
    assert {call.attempts for call in served.rows(FollowUp)} == {1}
    assert armed(screen) == []


def test_other_panels_that_move_up_are_closed_too(served: Company) -> None:
    case_id, job_id = served.dispatched(now=now())
    screen = Screen(served, "manager").open("case", id=str(case_id))
    assert len(armed(screen)) == 2
    screen.press("agree_visit·send")
    assert served.get(Job, job_id).status is JobStatus.AGREED
    assert armed(screen) == []


def test_another_page_wakes_it_up(served: Company) -> None:
    first, second = served.register(now=now()), served.register(now=now(), symptom="漏水")
    screen = Screen(served, "manager").open("case", id=str(first))
    screen.fill(technician_id=served["technician"].id).press("dispatch·send")
    assert armed(screen) == []
    screen.open("case", id=str(second))
    assert armed(screen) == [f"request·{second}·dispatch·send"]
