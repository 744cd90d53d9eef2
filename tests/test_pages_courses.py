"""On the screens: training is planned of a request, held, examined, certified, and in the archive."""

from datetime import UTC, datetime, timedelta

from core.courses.inputs import MoveCourse
from core.notices.notices import NoticeView
from db.codes import CourseStatus, Language, NoticeKind, RequestStatus, SeatStatus
from db.tables import Course, CourseSeat, Notice, ServiceRequest
from pages.ui.courses import notices
from pages.ui.kit.told import Say
from pages.ui.notices import lines
from tests import courses
from tests.company_cast import Company
from tests.screen import Screen

BEFORE = datetime.now(UTC) - timedelta(hours=5)


def labels(screen: Screen) -> list[str]:
    links = [each.label for each in screen.app.get("page_link")]
    return links + [each.label for each in screen.app.button]


def test_a_request_for_training_becomes_a_course_and_a_certificate(served: Company) -> None:
    case = served.register(kind="training", symptom="滤网<b>培训", now=BEFORE)
    assert "安排培训" in labels(Screen(served, "agent").open("case", id=str(case)))
    screen = Screen(served, "agent").open("courses", case=str(case))
    assert screen.field("headline").value == "滤网<b>培训"
    screen.press("·send")
    assert not served.rows(Course)
    trains = [{"trainer_id": served["technician"].id}]
    screen.fill(pass_mark=60, seats=2, course_trainers=trains).press("·send")
    (row,) = served.rows(Course)
    assert (row.request_id, row.trainers, row.full_mark) == (case, [trains[0]["trainer_id"]], 100)
    id, when = row.id, {"starts_at": BEFORE, "ends_at": BEFORE + timedelta(hours=1)}
    served.act("agent", Course, id, MoveCourse(note="提前", **when), now=BEFORE)
    screen = Screen(served, "agent").open("courses", case=str(case))
    assert "这个申请已安排培训。" in screen.texts
    screen = Screen(served, "agent").open("courses", id=str(id))
    assert r"滤网\<b\>培训" in screen.texts and "1 / 2 人" in screen.texts
    screen.app.text_input(key=f"invite·{id}·who").set_value("王小明")
    screen.run()
    screen.fill(participant="保洁甲").press(f"invite·{id}·send")
    (first, second) = served.rows(CourseSeat)
    assert second.name == "保洁甲"
    held = Screen(served, "technician").open("courses", id=str(id)).turn_to("hold_course")
    held.press("hold_course·send")
    assert served.get(Course, id).status is CourseStatus.PLANNED
    held.fill(course_result="都会了").press("hold_course·send")
    assert served.get(Course, id).status is CourseStatus.HELD
    assert served.get(ServiceRequest, case).status is RequestStatus.CLOSED
    assert {row.status for row in served.rows(CourseSeat)} == {SeatStatus.ATTENDED}
    shown = Screen(served, "auditor").open("customer", id=str(first.customer_id))
    assert "保洁甲 · 到场" in "".join(labels(shown))


def test_the_list_has_one_course_beside_it_and_nobody_else_comes_in(served: Company) -> None:
    screen = Screen(served, "agent").open("courses")
    assert "这里没有培训。" in screen.texts
    now = datetime.now(UTC)
    case = served.register(now=BEFORE)
    customer = served.get(ServiceRequest, case).customer_id
    late = courses.plan(served, customer_id=customer, now=BEFORE)
    courses.plan(served, customer_id=customer, now=now, headline="安全", course_kind="safety")
    screen = Screen(served, "agent").open("courses")
    assert [*screen.app.dataframe[0].value["标题"]] == [courses.TEXTS["headline"], "安全"]
    assert "保洁" not in screen.texts and "空调清洗培训" in screen.texts
    screen = Screen(served, "agent").open("courses", courses_course_kind="safety")
    assert [*screen.app.dataframe[0].value["标题"]] == ["安全"]
    courses.hold(served, late, now=BEFORE)
    screen = Screen(served, "leader").open("courses", courses_part="past")
    assert courses.RESULT in screen.texts
    screen = Screen(served, "technician").open("courses", new="true")
    assert "培训由客服、派工、技术支持和经理安排。" in screen.texts
    assert "安排培训" in labels(Screen(served, "agent").open("customer", id=str(customer)))
    (notice, _other) = served.rows(Notice, kind=NoticeKind.PLAN_DECIDED)
    assert notice.data["course"] == late
    data = {"course": 1, "number": "TR0001", "day": "2026-03-03"}
    for fact, said in (("planned", "您担任"), ("moved", "改到"), ("cancelled", "已取消")):
        told = {"fact": f"course.{fact}", **data}
        kind = NoticeKind.PLAN_DECIDED
        assert said in lines.LINES[kind, told["fact"]](Say(Language.ZH), told)  # type: ignore[operator]
        view = NoticeView(1, kind, None, "", told, now, group="known")  # type: ignore[arg-type]
        place = notices.place(view)
        assert place is not None and place.asks == {"id": "1"}
