"""What the caller is told after saving: number, owner, what is due when, and the slip."""

import streamlit as st

from core.codes import RequestStatus
from core.requests import view as case
from core.requests.view import CaseView
from pages.ui.kit import gate, headings, lacking, papers, places, words
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _
from pages.ui.requests import limits


def show(case_id: int) -> None:
    """The number large, then who owns the case and what is due when."""
    view = gate.read(case.view, id=case_id, with_timeline=False)
    done = {
        RequestStatus.CLOSED: _("Answered and closed"),
        RequestStatus.RESOLVED: _("Registered and answered"),
    }
    st.success(done.get(view.status) or _("Registered"), icon=":material/check_circle:")
    headings.title(view.number)
    st.code(view.number, language=None)  # one press copies it
    st.markdown(_("Read back: {said}", said=words.plain(_said(view))))
    st.write(_whose(view))
    for limit in view.limits:
        if limit.met_at is None and not limit.dropped:
            clause = view.clauses.get(limit.clause, {}).get(words.language().value, "")
            st.markdown(
                f"**{words.moment(limit.due_at)}** · {words.in_domain('limit', limit.name)}  \n"
                f":gray[{words.plain(f'{limit.clause} {clause}')}]"
            )
    limits.say_tentative(view.limits)
    if view.lacks:
        st.info(lacking.said(view.lacks), icon=":material/info:")
    with st.container(horizontal=True):
        if st.button(_("Next call"), type="primary", key="next_call"):
            places.clear()
            st.rerun()
        papers.download("acceptance_slip", case_id, view.number)
    case_link(case_id, _("Open the case"))


def _said(view: CaseView) -> str:
    """Who, what, when and for how much: one sentence to say to the caller."""
    asset = view.asset
    parts = (
        f"{view.customer.name} {view.phone}".strip(),
        f"{asset.brand} {asset.model} {asset.serial}".strip() if asset else "",
        view.symptom,
        words.window(view.wanted_from, view.wanted_to) if view.wanted_from else "",
        f"{words.code(view.charge)} ({words.code(view.charge_reason)})" if asset else "",
    )
    return " · ".join(part for part in parts if part)


def _whose(view: CaseView) -> str:
    """Who owns the case; or that the answer on the spot has settled it."""
    if view.status is RequestStatus.CLOSED:
        return _("Answered on the spot: the case is closed (D10).")
    if view.status is RequestStatus.RESOLVED:
        return _("Answered on the spot: a follow-up call is due before the case is closed (E3).")
    return _(
        "{owner} owns this case until it is handed over by name (D9).",
        owner=words.plain(view.owner),
    )
