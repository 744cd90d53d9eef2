"""Much of something is drawn by the page: a case with thousands of facts, or dozens of files."""

from datetime import timedelta

from core.house import HOUSE
from core.kernel.unit_of_work import system_actor, unit_of_work
from core.process import history
from core.requests import attachments
from tests.attached_files import picture
from tests.company_cast import NOW, Company
from tests.screen import Screen

MANY = 5000


def test_a_case_with_thousands_of_facts_draws_a_page_of_them(served: Company) -> None:
    case_id = served.register()
    with unit_of_work(served.engine, system_actor(), HOUSE, write=True, now=NOW) as uow:
        for number in range(MANY):
            uow.now = NOW + timedelta(minutes=number)
            about = {"subject": "request", "subject_id": case_id, "case_id": case_id}
            history.record(uow, action="noted", note=f"fact {number}", **about)
    screen = Screen(served, "agent").open("case", id=str(case_id), tab="history")
    told = [each.value for each in screen.app.markdown if "fact " in each.value]
    assert len(told) == history.PAGE
    assert f"fact {MANY - 1}" in told[0]
    screen.app.session_state[f"story_{case_id}_page"] = 2
    told = [each.value for each in screen.run().app.markdown if "fact " in each.value]
    assert f"fact {MANY - 1 - history.PAGE}" in told[0]
    story = served.see("agent", history.newest_first, case_id=case_id, page=101)
    assert (story.pages, story.events[-1].action) == (101, "registered")
    whole = served.see("agent", history.timeline, case_id=case_id)
    assert len(whole) == story.total
    assert whole[-50:][::-1] == served.see("agent", history.newest_first, case_id=case_id).events


def test_dozens_of_photos_are_drawn_by_the_page(served: Company, files: object) -> None:
    case_id = served.register()
    for number in range(30):
        content = picture("PNG", (2 + number, 2))
        served.do("agent", attachments.add, case_id=case_id, name=f"{number}.png", content=content)
    screen = Screen(served, "agent").open("case", id=str(case_id), tab="files")
    assert len(screen.app.get("image")) == 24
    screen.app.session_state[f"photos_{case_id}_page"] = 2
    assert len(screen.run().app.get("image")) == 6
