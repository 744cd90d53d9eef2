"""Mail and training at the desk in real Chromium: from a letter to a case, from a request to a certificate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from core.courses.inputs import MoveCourse
from db.codes import CourseStatus, MailStatus, RequestStatus, SeatStatus
from db.tables import Course, CourseSeat, Mail, ServiceRequest
from tests.mailed import letter, take

if TYPE_CHECKING:
    from tests.browser import Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]


def test_a_letter_becomes_a_case_and_its_reply_is_found_there(
    staffed_tool: Tool, windows: Windows
) -> None:
    take(staffed_tool.company(), letter("滤网怎么清洗？", Subject="咨询滤网"))
    window = windows.desk().open("/mail").sign_in("agent")
    window.choose_row().sees("滤网怎么清洗？")
    (mail,) = staffed_tool.rows(Mail)
    window.press(f"mail_accept_{mail.id}").sees("登记服务申请").settles()
    assert window.value("email") == "wang@example.com"
    assert "滤网" in window.value("symptom")
    window.press("intake_send").sees("已登记")
    (case,) = staffed_tool.rows(ServiceRequest)
    (mail,) = staffed_tool.rows(Mail)
    assert (mail.status, mail.request_id) == (MailStatus.ACCEPTED, case.id)
    take(staffed_tool.company(), letter("还是不会", Subject=f"Re: {case.number}"))
    window.reload()
    phone = windows.phone().open(f"/case?id={case.id}").sign_in("agent")
    phone.sees(case.number, "咨询滤网")
    expect(phone.page.locator("body")).not_to_contain_text("Traceback")


def test_a_request_for_training_is_planned_held_and_examined(
    staffed_tool: Tool, windows: Windows
) -> None:
    company, before = staffed_tool.company(), datetime.now(UTC) - timedelta(hours=5)
    case = company.register(kind="training", symptom="学会清洗滤网", now=before)
    window = windows.desk().open(f"/case?id={case}").sign_in("agent")
    window.page.get_by_text("安排培训").first.click()
    window.settles()
    assert window.value("headline") == "学会清洗滤网"
    window.filled("course_trainers").write(0, {"讲师": "technician"})
    window.type(pass_mark="60", full_mark="100", seats="2")
    window.press(f"course·{case}·0·send").settles()
    (course,) = staffed_tool.rows(Course)
    assert course.trainers == [company["technician"].id]
    earlier = MoveCourse(starts_at=before, ends_at=before + timedelta(hours=1), note="提前")
    company.act("agent", Course, course.id, earlier, now=before)

    phone = windows.phone().open(f"/courses?id={course.id}").sign_in("technician")
    phone.turn_to(f"course·{course.id}", "已举办").type(course_result="都会了")
    phone.press(f"course·{course.id}·hold_course·send").settles().sees(" · 到场")
    (seat,) = staffed_tool.rows(CourseSeat)
    assert seat.status is SeatStatus.ATTENDED
    assert staffed_tool.rows(ServiceRequest, id=case)[0].status is RequestStatus.CLOSED

    window.reload()
    steps = (("record_score", "记成绩", {"exam_score": "85"}), ("certify", "发证书", {}))
    for name, words, tried in steps:
        who = window.settles().page.get_by_test_id("stExpander").filter(has_text="到场")
        who.locator("summary").first.click()
        window.turn_to(f"course_seat·{seat.id}", words).type(**tried)
        window.press(f"course_seat·{seat.id}·{name}·send").settles()
    (seat,) = staffed_tool.rows(CourseSeat)
    assert (seat.score, seat.status) == (85, SeatStatus.CERTIFIED)
    assert staffed_tool.rows(Course)[0].status is CourseStatus.HELD
