"""The list of courses, and the chosen one beside it."""

import streamlit as st

from core.codes import CourseKind
from core.courses import lists
from core.courses.lists import CoursePart, CourseRow, Filter
from core.courses.rules import PLAN
from pages.ui.courses import one, said
from pages.ui.kit import filters, gate, marks, places, words
from pages.ui.kit.lists import page_number, pick
from pages.ui.kit.words import _

NAME = "courses"


def show() -> None:
    """The part that is looked at, with one course of it; the way to a new one."""
    names = {part.value: words.code(part) for part in CoursePart}
    usual = CoursePart.COMING.value
    part = CoursePart(filters.segments(NAME, "part", _("Which courses"), names, usual=usual))
    with filters.bar():
        text = filters.text(NAME, label=_("Course, person, certificate"))
        kind = filters.select(NAME, "course_kind", {each: words.code(each) for each in CourseKind})
    if gate.allowed(PLAN):
        places.link("courses", _("Plan a course"), icon=":material/edit_note:", new="true")
    page = page_number(NAME)
    found = gate.read(lists.listed, part=part, filters=Filter(text, kind), page=page)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        rows = {row.id: _cells(row) for row in found.rows}
        hint = _("A course is planned from a request for training, or of a customer's page.")
        chosen = pick(NAME, found, rows, empty=_("No course here."), hint=hint, are_cases=False)
    ids = [row.id for row in found.rows]
    if shown := (chosen if chosen in ids else next(iter(ids), None)):
        with right, st.container(border=True):
            one.show(shown)


def _cells(row: CourseRow) -> dict[str, str]:
    mark = f"{marks.LATE} " if row.late else ""
    return {
        words.field("starts_at"): mark + words.moment(row.starts_at, year=True),
        words.field("headline"): row.headline,
        words.field("course_kind"): words.code(row.kind),
        words.field("taken"): said.taken(row.taken, row.seats),
        words.field("held_in"): words.code(row.held_in),
        words.field("product"): row.product,
        words.field("number"): row.number,
    }
