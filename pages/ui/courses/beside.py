"""What a customer's page and a case say of training."""

import streamlit as st

from core.codes import CourseStatus, RequestKind, RequestStatus
from core.courses import actions, view
from core.courses.rules import PLAN, READ
from core.courses.view import Training
from core.customers.customers import CustomerView
from core.requests.view import CaseView
from pages.ui.courses import said
from pages.ui.kit import gate, headings, places, words
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _

OPEN = (RequestStatus.REGISTERED, RequestStatus.IN_PROGRESS)


def of_customer(customer: CustomerView) -> None:
    """The training of a customer's people, with exams and certificates, and the way to more."""
    found = gate.read(view.of_customer, customer_id=customer.id)
    may_plan = customer.may_edit and gate.allowed(PLAN)
    if not found and not may_plan:
        return
    headings.part(_("Training"))
    for row in found:
        with st.container(border=True):
            _one(row)
    if may_plan:
        label = _("Plan training")
        places.link("courses", label, icon=":material/edit_note:", customer=str(customer.id))


def of_case(case: CaseView) -> None:
    """From a request for training to the course that answers it, or to plan one."""
    if case.kind is not RequestKind.TRAINING or not gate.allowed(READ):
        return
    course = gate.read(actions.course_of, case_id=case.id)
    if course:
        label = _("Course {number}", number=course[1])
        places.link("courses", label, icon=said.ICON, id=str(course[0]))
    elif case.status in OPEN and gate.allowed(PLAN):
        places.link("courses", _("Plan training"), icon=":material/edit_note:", case=str(case.id))


def _one(row: Training) -> None:
    seat, is_off = row.seat, row.course_status is CourseStatus.CANCELLED
    status = words.code(row.course_status if is_off else seat.status)
    day = words.moment(row.starts_at, year=True)
    parts = (day, words.code(row.kind), row.headline, seat.name, status)
    label = words.plain(" · ".join(part for part in parts if part))
    if row.course_id:
        places.link("courses", label, icon=said.ICON, id=str(row.course_id))
    else:
        st.markdown(label)
    facts(
        {
            words.field("exam_score"): said.exam(seat),
            words.field("certificate_no"): said.certificate(seat),
            words.field("opinion"): seat.opinion,
        }
    )
