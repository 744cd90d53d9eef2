"""What is handed out in a course, and pictures of it."""

from functools import partial

import streamlit as st

from core.courses import material
from core.courses.view import CourseView
from core.kernel.file_types import ENDINGS
from core.kernel.given_files import LARGEST, MEGABYTE
from pages.ui.kit import filing, gate, headings
from pages.ui.kit.words import _


def show(row: CourseView) -> None:
    """The files, to download; whoever plans or trains adds to them while it goes on."""
    found = gate.read(material.of_course, course_id=row.id)
    if not found and not row.may_add:
        return
    headings.part(_("Material"))
    for each in found:
        key = f"course_file_{each.id}"
        with st.container(horizontal=True):
            content = gate.later(material.content, id=each.id)
            filing.hand_out(each.name, content, key=key)
            if row.may_add:
                filing.take_out(partial(material.remove, id=each.id), key=f"{key}_out")
    if row.may_add:
        filing.offer(
            f"course_material_{row.id}",
            _("A file, at most {megabytes} MB", megabytes=LARGEST // MEGABYTE),
            _("Add the file"),
            [end for ends in ENDINGS.values() for end in ends],
            partial(material.add, course_id=row.id),
        )
