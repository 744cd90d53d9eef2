"""The story of a case: everything that happened; its limits, its visits and its calls."""

import streamlit as st

from core.followups import opinions
from core.jobs import view as jobs
from core.process import history
from core.requests.view import CaseView
from pages.ui.followups import calls
from pages.ui.jobs import reports
from pages.ui.kit import gate, headings
from pages.ui.kit.words import _
from pages.ui.requests import pile, timeline


def show(view: CaseView) -> None:
    """What happened, and beside it on a desk what was due, done and said."""
    told, known = st.columns([3, 2], gap="medium")
    with told:
        headings.part(_("Timeline"))
        timeline.show(gate.read(history.timeline, case_id=view.id))
    with known:
        pile.limits(view)
        reports.show(gate.read(jobs.of_case, case_id=view.id))
        if said := gate.read(opinions.of_case, case_id=view.id):
            headings.part(_("Follow-up calls"))
            calls.show(said)
