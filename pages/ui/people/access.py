"""Sign-ins, for the administrator and the audit: the record, who has to wait, and the rules."""

from typing import Any
from uuid import uuid4

import streamlit as st

from core.codes import AccessKind, Role
from core.people import attempts, company, records
from core.people.attempts import Waiting
from core.people.company import EditSafety
from core.people.records import Event, Record
from pages.ui.kit import gate, lists, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.people import agents


def record() -> None:
    """A line for each sign-in, failure and refusal, the newest first."""
    kind = st.selectbox(
        _("Only"),
        list(AccessKind),
        index=None,
        format_func=words.code,
        placeholder=_("Everything"),
        key="access_kind",
        width=320,
    )
    page = lists.page_number("access_record")
    found: Record = gate.read(records.read, kind=kind, page=page)
    if not found.rows:
        st.info(_("Nothing is on record."))
        return
    st.dataframe([_cells(each) for each in found.rows], hide_index=True, key="access_rows")
    lists.pager("access_record", found)
    st.caption(_("Kept for 400 days. A name that nobody has is not kept."))


def waiting(*, may_unlock: bool) -> None:
    """Who has typed too many wrong passwords, with a button that lets them try again at once."""
    found = gate.read(attempts.waiting)
    if not found:
        st.info(_("Nobody has to wait."))
    for each in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_told(each))
            key = f"unlock_{each.person_id or each.address}"
            if may_unlock and st.button(_("Let in at once"), key=key):
                _unlock(each)


def rules(*, may_edit: bool) -> None:
    """When people sign in anew, and whose role gives a code of the telephone as well."""
    view = gate.read(company.safety)
    form = Form("safety", EditSafety, version=view.version, values={"idle_hours": view.idle_hours})
    with st.form("safety_form", enter_to_submit=False):
        form.field("idle_hours", disabled=not may_edit, width=320)
        chosen = st.multiselect(
            words.field("code_roles"),
            list(Role),
            default=view.code_roles,
            format_func=words.code,
            key=f"{form.key}·code_roles",
            disabled=not may_edit,
        )
        form.tell("code_roles", tuple(chosen))
        st.caption(_("Who has no telephone set up yet is asked for it at the next click."))
        pressed = st.form_submit_button(
            _("Save"), type="primary", key="safety_send", disabled=not may_edit
        )
    if pressed:
        form.send(
            lambda uow, command: company.edit_safety(uow, command, seen_version=form.seen),
            done=_("Saved"),
        )


def _unlock(each: Waiting) -> None:
    gate.send(
        uuid4().hex,
        lambda uow: attempts.let_in(uow, person_id=each.person_id, address=each.address),
    )
    gate.flash(_("They may try again at once."))
    st.rerun()


def _told(each: Waiting) -> str:
    who = each.name or each.address or _("this machine")
    wrong = words.n_("one wrong try", "{n} wrong tries", each.wrong)
    until = _("waits until {at}", at=words.moment(each.until))
    return words.plain(f"{who} · {wrong} · {until}")


def _cells(event: Event) -> dict[str, Any]:
    return {
        _("When"): words.moment(event.at, year=True),
        _("What"): words.code(event.kind),
        _("Times"): event.times,
        _("Whose"): event.person or "—",
        _("By"): event.by,
        _("Address"): event.address,
        _("Browser"): agents.named(event.agent),
        _("About"): event.about,
    }
