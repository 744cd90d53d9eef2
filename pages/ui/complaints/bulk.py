"""Assigning several complaints at once: tick them, choose who, read which were refused."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.codes import ComplaintStatus
from core.complaints import actions, choices
from core.complaints.inputs import AssignSeveral
from core.complaints.lists import Filter, Page
from core.kernel.errors import InvalidInput, Refused
from core.kernel.unit_of_work import UnitOfWork
from pages.ui.complaints.queue import NAME, cells
from pages.ui.kit import gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import pager, tick
from pages.ui.kit.words import _

REFUSED = "complaints_refused"


def is_bulk() -> bool:
    """Whether several complaints are to be assigned at once."""
    if not gate.allowed("complaint:assign"):
        return False
    wanted = st.toggle(_("Assign several"), key=f"{NAME}_several")
    if not wanted:
        st.session_state.pop(REFUSED, None)
    return wanted


def judged(chosen: Filter) -> Filter:
    """The same filter, for the complaints that wait to be assigned."""
    return replace(chosen, status=ComplaintStatus.JUDGED, ended=False)


def pick_several(found: Page, classes: Mapping[str, str]) -> tuple[int, ...]:
    """The rows of the queue with boxes to tick; gives the complaints that are ticked."""
    if not found.rows:
        st.info(_("No complaint waits to be assigned."), icon=":material/check_circle:")
        return ()
    picked = tick(f"{NAME}_several_rows", {row.id: cells(row, classes) for row in found.rows})
    pager(NAME, found)
    return picked


def assign(ids: tuple[int, ...]) -> None:
    """The form that assigns the ticked complaints, and what came of the last time."""
    _say_refused()
    st.markdown(
        words.n_("One complaint is ticked.", "{n} complaints are ticked.", len(ids))
        if ids
        else _("Tick the complaints to assign.")
    )
    st.caption(_("Each goes to the department that the rule book names for its class (A22)."))
    form = Form("assign_several", AssignSeveral, options={"handlers": gate.read(choices.handlers)})
    with st.form("assign_several_form", enter_to_submit=False):
        form.field("handler_id")
        pressed = st.form_submit_button(
            words.action("assign"), type="primary", key="assign_several_send"
        )
    if pressed:
        form.send(_assign, extra={"ids": list(ids)}, then=_tell)


def _assign(uow: UnitOfWork, command: AssignSeveral) -> dict[str, Any]:
    # The form's key remembers all of it: a second click says the same as the first.
    result = actions.assign_several(uow, command)
    refused = [[number, _reason(error)] for number, error in result.refused]
    return {"done": result.done, "refused": refused}


def _tell(result: Mapping[str, Any]) -> None:
    if result["done"]:
        gate.flash(words.n_("One was assigned.", "{n} were assigned.", result["done"]))
    st.session_state[REFUSED] = result["refused"]


def _say_refused() -> None:
    refused = st.session_state.get(REFUSED)
    if refused:
        lines = [_("Not assigned:")]
        lines += [words.plain(f"{number}: {reason}") for number, reason in refused]
        st.warning("  \n".join(lines), icon=":material/block:")


def _reason(error: Refused) -> str:
    if isinstance(error, InvalidInput):
        return words.clauses(words.problem(bad) for bad in error.problems)
    return words.refusal(error)
