"""What is handed out in a course, and pictures of it."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core.courses import material
from core.courses.view import CourseView
from core.kernel.errors import Refused
from core.kernel.file_types import ENDINGS
from core.kernel.given_files import LARGEST, MEGABYTE
from pages.ui.kit import gate, headings, uploads, words
from pages.ui.kit.words import _


def show(row: CourseView) -> None:
    """The files, to download; whoever plans or trains adds to them while it goes on."""
    found = gate.read(material.of_course, course_id=row.id)
    if not found and not row.may_add:
        return
    headings.part(_("Material"))
    for each in found:
        with st.container(horizontal=True):
            st.download_button(
                words.plain(each.name),
                data=gate.later(material.content, id=each.id),
                file_name=each.name,
                key=f"course_file_{each.id}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )
            key = f"course_file_{each.id}_out"
            if row.may_add and st.button(_("Take out"), key=key, type="tertiary"):
                _send(partial(material.remove, id=each.id))
    if row.may_add:
        _offer(row.id)


def _offer(course_id: int) -> None:
    name = f"course_material_{course_id}"
    key: str = st.session_state.setdefault(f"{name}·key", secrets.token_hex(16))
    file = st.file_uploader(
        _("A file, at most {megabytes} MB", megabytes=LARGEST // MEGABYTE),
        type=[end for ends in ENDINGS.values() for end in ends],
        max_upload_size=LARGEST // MEGABYTE,
        key=f"{name}·{key}·files",
    )
    pressed = st.button(_("Add the file"), key=f"{name}_send", disabled=file is None)
    if pressed and file is not None:
        given = {"name": file.name, "content": file.getvalue()}
        _send(partial(material.add, course_id=course_id, **given), once=key)
        del st.session_state[f"{name}·key"]  # an empty uploader
        uploads.forget()


def _send(command: Callable[[Any], object], once: str = "") -> None:
    try:
        gate.send(once or secrets.token_hex(16), command)
    except Refused as error:
        st.error(words.refusal(error), icon=":material/error:")
        return
    gate.flash(_("Saved"))
    st.rerun()
