"""Many people at once: pasted from a spreadsheet or out of a file, looked through, then added."""

from typing import Any

import streamlit as st

from core.codes import Language, Role
from core.imports import files, staff
from core.imports.files import SourceFile
from core.imports.staff import StaffColumn, StaffRow, StartPassword
from core.kernel.errors import InvalidInput, Refused
from pages.ui.kit import gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

MEGABYTES = 2
SHOWN = 30


def add() -> None:
    """Take a list, show every row with what is wrong in it, and add all of them or none."""
    form = Form("many_people", StartPassword)
    file = _taken(form.key)
    found = _read(file) if file else None
    if file is None or found is None:
        return
    st.dataframe([_cells(row) for row in found.rows], hide_index=True, key="many_rows")
    if found.unused:
        names = words.listed(found.unused)
        st.caption(_("These columns are not used: {names}", names=words.plain(names)))
    if bad := [row for row in found.rows if row.problems]:
        st.error(words.n_("One row needs a look.", "{n} rows need a look.", len(bad)))
        lines = (
            _("Row {n}: {problems}", n=row.line, problems=_problems(row)) for row in bad[:SHOWN]
        )
        st.markdown("\n".join(f"- {words.plain(line)}" for line in lines))
        return
    count = len(found.rows)
    with st.form("many_form", enter_to_submit=False):
        form.field("password", label=_("First password of all"), width=320)
        label = words.n_("Add one person", "Add {n} people", count)
        pressed = st.form_submit_button(label, type="primary", key="many_send")
    if pressed:
        form.send(
            lambda uow, command: staff.add(uow, command, file=file, roles=_roles()),
            done=words.n_("One person was added.", "{n} people were added.", count),
        )


def _taken(key: str) -> SourceFile | None:
    """What was pasted, or the file; a new one after each that was added."""
    needed = words.listed(_label(column) for column in staff.NEEDED)
    also = words.listed(_label(column) for column in StaffColumn if column not in staff.NEEDED)
    st.caption(
        _("The first line names the columns: {needed}; also {also}.", needed=needed, also=also)
    )
    pasted = st.text_area(_("Paste from a spreadsheet"), key=f"many·{key}·text", height=160)
    upload = st.file_uploader(
        _("Or a file (CSV or Excel)"),
        type=sorted(files.TYPES),
        max_upload_size=MEGABYTES,
        key=f"many·{key}·file",
    )
    if upload is not None:
        return SourceFile(upload.name, upload.getvalue())
    return SourceFile("pasted.txt", pasted.strip("\n").encode()) if pasted.strip() else None


def _read(file: SourceFile) -> staff.StaffList | None:
    try:
        return gate.ask(staff.read, file=file, roles=_roles())
    except InvalidInput as error:
        st.error("\n".join(f"- {words.plain(_said(bad))}" for bad in error.problems))
    except Refused as error:
        st.error(words.refusal(error))
    return None


def _roles() -> dict[str, str]:
    """The roles by what people call them, in every language."""
    return {
        words.catalogue(language).pgettext("Role", role.value): role.value
        for language in Language
        for role in Role
    } | {role.value: role.value for role in Role}


def _cells(row: StaffRow) -> dict[str, Any]:
    said = {_label(column): text for column, text in row.said.items()}
    return {_("Line"): row.line} | said | {_("What is wrong"): _problems(row)}


def _problems(row: StaffRow) -> str:
    return " ".join(_said(bad) for bad in row.problems)


def _said(bad: Any) -> str:
    field = "" if bad.field == "form" else f"{_label(bad.field)}: "
    return field + words.problem(bad)


def _label(column: str) -> str:
    return _("Full name") if column == StaffColumn.NAME else words.field(column)
