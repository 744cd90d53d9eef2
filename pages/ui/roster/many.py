"""Many certificates or regions at once: pasted from a spreadsheet, looked through, then added."""

from typing import Any

import streamlit as st

from core.imports import files, roster
from core.imports.files import SourceFile
from core.kernel.errors import InvalidInput, Refused
from core.roster.sight import Remove as Nothing
from pages.ui.kit import gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

SHOWN = 20


def add(what: str) -> None:
    """Take a list, show what is wrong in it, and add all its rows or none."""
    with st.expander(_("Many at once from a list"), icon=":material/table_rows:"):
        form = Form(f"many·{what}", Nothing)
        file = _taken(what, form.key)
        rows = _read(what, file) if file else None
        if file is None or rows is None:
            return
        st.dataframe([_cells(row) for row in rows], hide_index=True, key=f"many_{what}_rows")
        if bad := [row for row in rows if row.problems]:
            st.error("\n".join(f"- {words.plain(_wrong(row))}" for row in bad[:SHOWN]))
        elif st.button(words.n_("Add one", "Add {n}", len(rows)), key=f"many_{what}_send"):
            form.send(lambda uow, _filled: roster.add(uow, what=what, file=file), done=_("Saved"))


def _taken(what: str, key: str) -> SourceFile | None:
    needed = words.listed(words.field(name) for name in roster.NEEDED[what])
    also = words.listed(
        words.field(name) for name in roster.COLUMNS[what] if name not in roster.NEEDED[what]
    )
    st.caption(
        _("The first line names the columns: {needed}; also {also}.", needed=needed, also=also)
    )
    pasted = st.text_area(_("Paste from a spreadsheet"), key=f"many·{what}·{key}·text", height=120)
    upload = st.file_uploader(
        _("Or a file (CSV or Excel)"),
        type=sorted(files.TYPES),
        max_upload_size=2,
        key=f"many·{what}·{key}·file",
    )
    if upload is not None:
        return SourceFile(upload.name, upload.getvalue())
    return SourceFile("pasted.txt", pasted.strip("\n").encode()) if pasted.strip() else None


def _read(what: str, file: SourceFile) -> tuple[roster.ListedRow, ...] | None:
    try:
        return gate.ask(roster.read, what=what, file=file)
    except InvalidInput as error:
        st.error("\n".join(f"- {words.plain(_said(bad))}" for bad in error.problems))
    except Refused as error:
        st.error(words.refusal(error))
    return None


def _cells(row: roster.ListedRow) -> dict[str, Any]:
    said = {words.field(column): text for column, text in row.said.items()}
    return {_("Line"): row.line} | said | {_("What is wrong"): _problems(row)}


def _wrong(row: roster.ListedRow) -> str:
    return _("Row {n}: {problems}", n=row.line, problems=_problems(row))


def _problems(row: roster.ListedRow) -> str:
    return " ".join(_said(bad) for bad in row.problems)


def _said(bad: Any) -> str:
    field = "" if bad.field == "form" else f"{words.field(bad.field)}: "
    return field + words.problem(bad)
