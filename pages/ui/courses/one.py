"""One course: what it is, who takes part, its material, and what may be done about it."""

import streamlit as st

from core.courses import actions as process
from core.courses import view
from core.courses.view import CourseView
from pages.ui.courses import material, people, said
from pages.ui.kit import actions, edits, gate, headings, words
from pages.ui.kit.lists import case_link, facts
from pages.ui.kit.words import _


def show(course_id: int) -> None:
    """The course with its steps first, then its people and its material."""
    row = gate.read(view.view, id=course_id)
    headings.part(words.plain(row.headline))
    parts = (row.number, words.code(row.status), words.code(row.kind))
    st.caption(words.plain(" · ".join(parts)))
    if row.case:
        case_link(row.case[0], _("Answers {number}", number=row.case[1]))
    _facts(row)
    actions.panel(
        process.PROCESS,
        record_id=row.id,
        version=row.version,
        rules=row.actions,
        opened=False,
    )
    people.show(row)
    material.show(row)
    names = {"product_id": gate.read(process.products)}
    edits.show(gate.read(view.edits, id=row.id), names, key="course_edits")


def _facts(row: CourseView) -> None:
    marks = _("{mark} of {full}", mark=row.pass_mark, full=row.full_mark)
    where = " · ".join(part for part in (words.code(row.held_in), row.address) if part)
    facts(
        {
            words.field("course_time"): said.span(row.starts_at, row.ends_at),
            words.field("held_in"): where,
            words.field("course_trainers"): words.listed(row.trainers),
            words.field("product_id"): row.product,
            words.field("course_content"): row.content,
            words.field("taken"): said.taken(row.taken, row.seats),
            words.field("pass_mark"): "" if row.pass_mark is None else marks,
            words.field("course_result"): row.result,
        }
    )
