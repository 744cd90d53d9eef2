"""The story of a case: everything that happened; its limits, its visits and its calls."""

import streamlit as st

from core.followups import opinions
from core.jobs import view as jobs
from core.process import history
from core.requests.view import CaseView
from pages.ui.followups import calls
from pages.ui.jobs import reports
from pages.ui.kit import gate, headings, lists
from pages.ui.kit.words import _
from pages.ui.requests import pile, timeline


def show(view: CaseView) -> None:
    """What happened, and beside it on a desk what was due, done and said."""
    told, known = st.columns([3, 2], gap="medium")
    with told:
        headings.part(_("Timeline"))
        key = f"story_{view.id}"
        page = lists.page_number(key)
        told_now = gate.read(history.newest_first, case_id=view.id, page=page)
        timeline.show(told_now.events)
        lists.pager(key, told_now)
    with known:
        pile.limits(view)
        reports.show(gate.read(jobs.of_case, case_id=view.id))
        if said := gate.read(opinions.of_case, case_id=view.id):
            headings.part(_("Follow-up calls"))
            calls.show(said)
