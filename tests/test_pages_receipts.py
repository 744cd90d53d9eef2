"""Receipts on screen say what happened, no more; what was said and what came in late is shown."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from core.kernel.unit_of_work import transaction
from db.tables import (
    Complaint,
    Emergency,
    FollowUp,
    Job,
    Notice,
    Person,
    ServiceRequest,
)
from tests import test_core_lasting as lasting
from tests.company_cast import NOW, Company
from tests.import_files import SERVICE, bring
from tests.screen import Screen
from tests.test_core_emergencies import equip
from tests.test_core_imports_arrears import old_complaints
from tests.test_core_opinions import SAID, called_about_complaints, parse_said

DAY = timedelta(days=1)


def toasts(screen: Screen) -> list[str]:
    return [toast.value for toast in screen.app.toast]


def answer(company: Company) -> list[str]:
    """An unhappy customer's answers, typed on the screen of calls; what is said of it."""
    screen = Screen(company, "agent").open("followups")
    screen.fill(attitude=2, opinion="还是响").press("record_answers·send")
    return toasts(screen)


def due_today(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        session.execute(update(FollowUp).values(due_on=datetime.now(UTC).date() - DAY))


def test_a_call_that_raised_a_complaint_names_it(served: Company) -> None:
    case_id, _call = served.finished()
    due_today(served)
    said = answer(served)
    (raised,) = served.rows(ServiceRequest, origin_id=case_id)
    assert f"客户不满意：已登记投诉 {raised.number}，并关联本单。" in said


def test_a_call_that_opened_a_complaint_again_says_so(served: Company) -> None:
    id = called_about_complaints(served)
    due_today(served)
    number = served.get(ServiceRequest, served.get(Complaint, id).request_id).number
    assert f"客户不满意：投诉 {number} 已重新受理。" in answer(served)


def test_a_call_that_opened_nothing_says_so(served: Company) -> None:
    called_about_complaints(served)
    due_today(served)
    with transaction(served.engine, write=True) as session:
        session.execute(update(Complaint).values(level=2))
    (said,) = [text for text in answer(served) if "不满意" in text]
    assert "未再登记，也未重新受理" in said


def said_on(company: Company, case_id: int) -> str:
    """What the story of a case says."""
    return Screen(company, "agent").open("case", id=str(case_id), tab="history").texts


def test_other_needs_stand_on_the_case_and_in_the_archive(served: Company) -> None:
    case_id, call_id = served.finished()
    served.act("agent", FollowUp, call_id, parse_said(SAID), now=NOW + DAY)
    assert "想装净水器" in said_on(served, case_id)
    customer_id = str(served.get(ServiceRequest, case_id).customer_id)
    assert "想装净水器" in Screen(served, "agent").open("customer", id=customer_id).texts
    stranger = Screen(served, "agent.stranger").open("customer", id=customer_id)
    assert "想装净水器" not in stranger.texts


def test_an_answer_on_the_spot_is_receipted_as_closed(served: Company) -> None:
    answered = served.register(kind="consultation", answer="按住三秒复位")
    screen = Screen(served, "agent").open("intake", receipt=str(answered))
    assert "已当场答复，服务单已结案" in screen.texts
    assert "归属" not in screen.texts
    waits = served.register(kind="consultation")
    assert "已当场答复" not in Screen(served, "agent").open("intake", receipt=str(waits)).texts


def test_an_emergency_says_who_was_told_or_that_nobody_was(served: Company) -> None:
    equip(served)
    number = served.get(ServiceRequest, served.register()).number
    screen = Screen(served, "agent").open("emergencies", number=number)
    screen.fill(level=2, happened="冷库漏氨").press("emergency_send")
    assert "已启动应急，已通知：manager" in toasts(screen)
    with transaction(served.engine, write=True) as session:
        gone = Person.role.in_(("manager", "leader", "dispatcher"))
        session.execute(update(Person).where(gone).values(active=False))
    number = served.get(ServiceRequest, served.register()).number
    screen = Screen(served, "agent").open("emergencies", number=number)
    screen.fill(level=2, happened="冷库漏氨").press("emergency_send")
    assert served.rows(Emergency)[-1].told == []
    assert any("无人可通知" in text for text in toasts(screen))


def test_the_notice_of_an_import_leads_to_its_late_cases(served: Company) -> None:
    bring(served, old_complaints(3), SERVICE)
    (notice,) = served.rows(Notice)
    screen = Screen(served, "manager").open("inbox")
    assert "导入了 3 个未结单，其中 3 个已超期" in "".join(b.label for b in screen.app.button)
    screen.press(f"notice_{notice.id}")
    assert screen.title == "数据导入"
    assert "▲" in screen.app.dataframe[0].value.to_string()
    assert len(screen.app.dataframe[0].value) == 3
    screen.press("arrears_back")
    assert not [each for each in screen.app.subheader if each.value == "导入的未结单"]


def test_a_form_that_is_owed_after_the_closing_can_be_handed_in(served: Company) -> None:
    lasting.adopt(served, lasting.FORM)
    _case, job_id = lasting.closed_by_call(served)
    screen = Screen(served, "dispatcher").open("dispatch")
    screen.app.segmented_control(key="dispatch_queue").set_value("forms")
    screen.run().choose_row("forms", 0).press("file_form·send")
    assert served.get(Job, job_id).filed_at is not None
    assert "没有未交的报告单。" in screen.texts
