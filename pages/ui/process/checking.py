"""The check of the history: what the last one found, a new one with its progress, the heads."""

from typing import Any
from uuid import uuid4

import streamlit as st

from core.process import checks, proof
from core.process.checks import Check
from core.process.proof import Finding
from pages.ui.kit import gate, headings, words
from pages.ui.kit.words import _


def last() -> None:
    """What the newest check found."""
    found = gate.read(checks.last)
    if found is None:
        st.info(_("Nobody has checked the history yet."))
        return
    said = _("Checked {at} by {who}.", at=words.moment(found.at, year=True), who=found.by)
    if found.places == 0:
        whole = _("The history is whole: every row and file is as it says.")
        st.success(words.plain(f"{said} {whole}"), icon=":material/check_circle:")
        return
    wrong = words.n_(
        "One place is not as the history says.",
        "{n} places are not as the history says.",
        found.places,
    )
    st.error(words.plain(f"{said} {wrong}"), icon=":material/error:")
    _table(found)


def now() -> None:
    """The button that checks everything now, and says how far it is."""
    if not st.button(_("Check now"), type="primary", key="proof_check"):
        st.caption(_("Nothing is changed by it. In a large company it takes minutes."))
        return
    bar = st.progress(0.0)

    def tell(step: str, part: int, parts: int) -> None:
        bar.progress(min(part / parts, 1.0) if parts else 0.0, _step(step))

    found = gate.read(proof.verify, tell=tell)
    gate.send(uuid4().hex, lambda uow: checks.note(uow, found))
    st.rerun()


def heads() -> None:
    """The newest head, a new one, and all of them as a file."""
    headings.part(_("Signed heads"))
    st.caption(_("A head says what all of the history was. Keep it where nobody here can write."))
    newest = gate.read(checks.newest_head)
    if newest is None:
        st.info(_("No head has been signed yet."))
    else:
        of = _("Head {number} over {rows} rows", number=newest.number, rows=newest.rows)
        st.markdown(words.plain(of))
        st.code(newest.signature, language=None, wrap_lines=True)
    if st.button(_("Sign one now"), key="proof_head"):
        gate.send(uuid4().hex, checks.take_head)
        gate.flash(_("Signed"))
        st.rerun()
    if newest is not None:
        st.download_button(
            _("All heads"),
            data=gate.later(checks.heads_file),
            file_name="history.heads",
            mime="application/jsonl",
            key="proof_heads",
            icon=":material/download:",
            on_click="ignore",
        )


def _step(step: str) -> str:
    said = {
        "chains": _("The chain of each subject"),
        "seals": _("The seals"),
        "rows": _("The rows of all tables"),
        "files": _("The files"),
    }
    return said[step]


def _table(found: Check) -> None:
    st.dataframe([_cells(each) for each in found.first], hide_index=True, key="proof_rows")
    more = found.places - len(found.first)
    if more:
        st.caption(_("{n} more places are not shown.", n=more))


def _cells(each: Finding) -> dict[str, Any]:
    return {
        _("What is not right"): words.code(each.flaw),
        _("In"): f"{each.subject} {each.id or ''}".strip(),
        _("Row or field"): each.where,
        _("History says"): _value(each.said),
        _("There is"): _value(each.found),
    }


def _value(value: Any) -> str:
    return "" if value is None else str(value)
