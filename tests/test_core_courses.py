"""Courses for customers: planned of a request, held, examined, certified, in the archive (C11)."""

from datetime import timedelta
from typing import Any

import pytest

from core import printing
from core.courses import actions, lists, material, papers, planning, view
from core.courses.inputs import (
    CancelCourse,
    Certify,
    CloseCourse,
    EditPerson,
    ExcusePerson,
    MarkAbsent,
    MoveCourse,
    RecordScore,
    RevokeCertificate,
)
from core.courses.lists import CoursePart, Filter
from core.customers import joining
from core.customers.joining import JoinDouble
from core.house import HOUSE
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Refused, WrongStatus
from core.kernel.unit_of_work import unit_of_work
from core.process import proof
from db.codes import Language, NoticeKind, RequestStatus
from db.tables import Course, CourseFile, CourseSeat, Customer, Notice, ServiceRequest
from tests import courses, stored_rows
from tests.attached_files import PDF, PNG
from tests.company_cast import NOW, Company
from tests.courses import HOUR
from tests.printed_papers import lines, word
from tests.test_core_erasing import erase, everything

DAY = timedelta(days=1)
TODAY = NOW.date()
LATER = NOW + 2 * HOUR


def request(company: Company, **facts: Any) -> ServiceRequest:
    id = company.register(kind="training", symptom="空调清洗培训\n给保洁做", **facts)
    row: ServiceRequest = company.get(ServiceRequest, id)
    return row


def wrong(call: Any) -> dict[str, str]:
    with pytest.raises(InvalidInput) as error:
        call()
    return {bad.field: bad.code for bad in error.value.problems}


def another(company: Company, name: str = "赵六", **facts: Any) -> int:
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        return stored_rows.customer(uow.session, name=name, **facts).id


def act(company: Company, seat: int, command: Any, who: str = "agent", **more: Any) -> Any:
    return company.act(who, CourseSeat, seat, command, **{"now": LATER} | more)


def test_a_request_for_training_is_answered_by_a_course_with_exam_and_certificate(
    company: Company,
) -> None:
    case = request(company)
    proposed = company.see("agent", planning.of_case, case_id=case.id)
    assert (proposed.values["headline"], proposed.values["address"]) == (
        "空调清洗培训",
        case.address,
    )
    id = courses.plan(company, case_id=case.id, pass_mark=60, seats=3)
    assert wrong(lambda: courses.plan(company, case_id=case.id)) == {"form": "course_planned"}
    (first,) = company.rows(CourseSeat)
    assert (first.name, first.customer_id) == (case.contact or "王小明", case.customer_id)
    (told,) = company.rows(Notice, kind=NoticeKind.PLAN_DECIDED)
    assert told.person_id == company["technician"].id
    second = courses.invite(company, id, case.customer_id, "保洁甲")
    third = courses.invite(company, id, another(company), "保洁乙")
    full = lambda: courses.invite(company, id, case.customer_id, "保洁丙")  # noqa: E731
    assert wrong(full) == {"form": "no_seat"}
    # Whoever does not come leaves the seat to another.
    company.act("agent", CourseSeat, second, ExcusePerson(note="请假"))
    fourth = courses.invite(company, id, case.customer_id, "保洁丙")
    again = lambda: courses.invite(company, id, case.customer_id, "保洁丙")  # noqa: E731
    assert wrong(again) == {"participant": "invited_already"}
    with pytest.raises(InvalidInput, match="course_in_future"):
        courses.hold(company, id, now=NOW - 2 * HOUR)
    with pytest.raises(NotAllowed):
        company.act("technician.colleague", Course, id, courses.held(), now=LATER)
    courses.hold(company, id, absent=[third])
    case = company.get(ServiceRequest, case.id)
    assert (case.status, case.answer) == (RequestStatus.CLOSED, courses.RESULT)
    assert {row.id: row.status.value for row in company.rows(CourseSeat)} == {
        first.id: "attended",
        second: "excused",
        third: "absent",
        fourth: "attended",
    }
    # Exam: over the full mark, a second try after a pass, and a certificate without a pass.
    too_much = RecordScore(exam_score=101)
    assert wrong(lambda: act(company, fourth, too_much)) == {"exam_score": "above_full_mark"}
    twice = RecordScore(exam_score=60, second_score=70)
    assert wrong(lambda: act(company, fourth, twice)) == {"second_score": "passed_already"}
    act(company, fourth, RecordScore(exam_score=40), "technician")
    assert wrong(lambda: act(company, fourth, Certify())) == {"form": "not_passed"}
    assert wrong(lambda: act(company, first.id, Certify())) == {"form": "not_passed"}
    with pytest.raises(WrongStatus):
        act(company, third, Certify())
    with pytest.raises(WrongStatus):
        act(company, fourth, MarkAbsent())
    act(company, fourth, RecordScore(exam_score=40, second_score=80))
    past = Certify(valid_until=TODAY - DAY)
    assert wrong(lambda: act(company, fourth, past)) == {"valid_until": "in_the_past"}
    act(company, fourth, Certify(valid_until=TODAY + 365 * DAY))
    act(company, fourth, EditPerson(participant="保洁丙（改）", opinion="讲得清楚"))
    (shown,) = [s for s in company.see("leader", view.view, id=id).people if s.id == fourth]
    assert (shown.passed, shown.certificate_no) == (True, "TC26-0001")
    say = {"paper": "training_certificate", "word": word, "language": Language.ZH}
    printed = company.see("agent", printing.content, seat_id=fourth, **say)
    said = "".join(lines(printed))
    assert "保洁丙（改）（" in said and "TC26-0001" in said and "成绩 80 分" in said
    assert company.see("agent", printing.content, seat_id=fourth, as_pdf=True, **say)[:4] == b"%PDF"
    assert company.see("agent", papers.of_case, case_id=case.id) == {"seat_id": fourth}
    # In the archive, the customer's own people only.
    told_of = company.see("auditor", view.of_customer, customer_id=case.customer_id)
    assert {each.seat.id for each in told_of} == {first.id, second, fourth}
    act(company, fourth, RevokeCertificate(note="代考"))
    for seat in (fourth, first.id, 10**6):
        with pytest.raises(NotFound):
            company.see("agent", printing.content, seat_id=seat, **say)
    act(company, fourth, Certify())
    assert company.get(CourseSeat, fourth).certificate_no == "TC26-0002"
    company.act("manager", Course, id, CloseCourse(), now=LATER)
    with pytest.raises(WrongStatus):
        courses.invite(company, id, case.customer_id, "晚到")
    assert company.see("auditor", proof.verify, now=LATER) == ()


def test_what_cannot_be_a_course_is_refused_in_words(sqlite_company: Company) -> None:
    company = sqlite_company
    for facts, bad in (
        ({"ends_at": NOW}, {"ends_at": "ends_too_early"}),
        ({"full_mark": 100}, {"pass_mark": "no_pass_mark"}),
        ({"pass_mark": 60, "full_mark": 50}, {"pass_mark": "above_full_mark"}),
        ({"pass_mark": 101}, {"pass_mark": "above_full_mark"}),
        ({"seats": 0}, {"seats": "greater_than_equal"}),
        ({"course_trainers": []}, {"course_trainers": "missing"}),
        ({"product_id": 99}, {"product_id": "not_an_option"}),
        (
            {"course_trainers": [{"trainer_id": company["technician.stranger"].id}]},
            {"course_trainers.0.trainer_id": "not_an_option"},
        ),
    ):
        assert wrong(lambda facts=facts: courses.plan(company, **facts)) == bad
    customer = another(company)
    id = courses.plan(company, customer_id=customer, seats=2)
    courses.invite(company, id, customer, "甲")
    edited = courses.edited(company, seats=1)
    assert wrong(lambda: company.act("agent", Course, id, edited)) == {"seats": "more_people"}
    company.act("agent", Course, id, courses.edited(company, headline="改名", pass_mark=50))
    (edit,) = company.see("agent", view.edits, id=id)
    assert edit.fields["headline"] == (courses.TEXTS["headline"], "改名")
    moved = MoveCourse(starts_at=NOW + DAY, ends_at=NOW + DAY + HOUR, note="客户改期")
    company.act("agent", Course, id, moved)
    assert company.get(Course, id).starts_at == NOW + DAY
    company.act("agent", Course, id, CancelCourse(note="客户取消"))
    assert [fact for fact, _old, _new in company.history("course", id)] == [
        *("planned", "edited", "moved", "cancelled"),
    ]
    assert len(company.rows(Notice, person_id=company["technician"].id)) == 3
    with pytest.raises(WrongStatus):
        courses.invite(company, id, customer, "乙")
    # Not of any other request, nor out of sight; nobody of another station's customer.
    for case_id in (company.register(), 10**6):
        with pytest.raises(NotFound):
            courses.plan(company, case_id=case_id)
    far = another(company, name="远客", phone="13700000001", station_id=company.SOUTH)
    with pytest.raises(NotAllowed):
        courses.plan(company, customer_id=far)
    with pytest.raises(NotAllowed):
        courses.plan(company, "technician")
    # A request whose course was called off gets another one.
    case = request(company, phone="13712345678", customer_name="孙七")
    for _ in range(2):
        id = courses.plan(company, case_id=case.id)
        company.act("agent", Course, id, CancelCourse(note="改期"))
    assert company.see("agent", actions.course_of, case_id=case.id) is None


def test_each_station_lists_its_own_and_head_office_those_of_all(sqlite_company: Company) -> None:
    company = sqlite_company
    here, far = another(company), another(company, name="远客", station_id=company.SOUTH)
    own = courses.plan(company, customer_id=here)
    everybody = courses.plan(company, "manager", headline="全国培训", course_kind="trial")
    north = courses.invite(company, everybody, here, "北方人")
    company.do(
        "agent.stranger",
        actions.invite,
        courses.InvitePerson(customer_id=far, participant="南方人"),
        course_id=everybody,
    )

    def numbers(who: str, part: CoursePart = CoursePart.COMING, **more: Any) -> list[int]:
        filters = Filter(**more)
        return [r.id for r in company.see(who, lists.listed, part=part, filters=filters).rows]

    assert numbers("agent") == numbers("auditor") == [own, everybody]
    assert numbers("agent.stranger") == [everybody]
    for text, found in (
        ("全国", [everybody]),
        ("北方人", [everybody]),
        ("南方", []),
        ("TR0001", [own]),
    ):
        assert numbers("agent", text=text) == found
    assert numbers("agent", kind=courses.CourseKind.TRIAL) == [everybody]
    seen = company.see("agent", view.view, id=everybody)
    assert ([each.id for each in seen.people], seen.taken) == ([north], 2)
    with pytest.raises(NotFound):
        company.see("agent.stranger", view.view, id=own)
    for who in ("finance", "warehouse"):
        with pytest.raises(NotAllowed):
            company.see(who, lists.listed, part=CoursePart.COMING)
    # Over, and nobody has said what came of it: late, and counted on the overview.
    (row, _other) = company.see("agent", lists.listed, part=CoursePart.COMING, now=NOW + DAY).rows
    assert row.late
    counted = company.see(
        "agent", lambda uow: uow.session.execute(lists.how_many(uow)).one(), now=NOW + DAY
    )
    assert tuple(counted) == (2, 2)
    courses.hold(company, own)
    assert numbers("agent", CoursePart.PAST) == [own]


def test_material_is_kept_by_who_plans_and_who_trains(sqlite_company: Company) -> None:
    company = sqlite_company
    id = courses.plan(company, customer_id=another(company))
    give = {"course_id": id, "name": "教材.pdf", "content": PDF}
    file = company.do("technician", material.add, **give)
    assert company.do("agent", material.add, **give) == file
    picture = company.do("agent", material.add, course_id=id, name="a.png", content=PNG)
    assert company.see("auditor", material.content, id=file) == PDF
    company.do("agent", material.remove, id=picture)
    assert [each.name for each in company.see("leader", material.of_course, course_id=id)] == [
        "教材.pdf"
    ]
    for who, error in (("technician.colleague", NotAllowed), ("agent.stranger", NotFound)):
        with pytest.raises(error):
            company.do(who, material.add, **give)
    for content in (b"", b"#!/bin/sh\n"):
        with pytest.raises(Refused):
            company.do("agent", material.add, **give | {"content": content})
    with pytest.raises(NotFound):
        company.see("agent.stranger", material.content, id=file)
    company.act("agent", Course, id, CancelCourse(note="取消"))
    with pytest.raises(NotAllowed):
        company.do("agent", material.remove, id=file)


def test_an_erased_person_is_gone_from_courses_and_a_double_brings_its_training(
    company: Company,
) -> None:
    case = request(company, customer_name="欧阳小明", phone="137 7777 0000", contact="欧阳小明")
    id = courses.plan(company, case_id=case.id, headline="欧阳小明家试验", course_kind="trial")
    mate = courses.invite(company, id, another(company), "赵六")
    company.do("agent", material.add, course_id=id, name="欧阳.pdf", content=PDF)
    alone = courses.plan(company, customer_id=case.customer_id, headline="操作")
    company.do("agent", material.add, course_id=alone, name="现场.png", content=PNG)
    double = another(company, name="欧阳小明", phone="13777770001")
    joined = courses.invite(company, id, double, "司马光")
    version = company.get(Customer, case.customer_id).version
    join = {"noun": Customer, "id": case.customer_id, "seen_version": version}
    company.do(
        "manager", joining.join, command=JoinDouble(other_id=double, reason="同一人"), **join
    )
    assert company.get(CourseSeat, joined).customer_id == case.customer_id
    courses.hold(company, id)
    act(company, joined, EditPerson(participant="司马光", opinion="司马光说好"))
    erase(company, id=case.customer_id)
    said = everything(company)
    assert not [name for name in ("欧阳小明", "司马光") if name in said]
    assert company.get(CourseSeat, mate).name == "赵六"
    assert company.get(Course, id).headline == "**家试验"
    assert {each.course_id for each in company.rows(CourseFile)} == {id, alone}
    with pytest.raises(InvalidInput, match="erased"):
        courses.invite(company, id, case.customer_id, "新人")
    assert company.see("auditor", proof.verify, now=LATER) == ()
