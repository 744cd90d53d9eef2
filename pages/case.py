"""A case: facts, what may be done now, time limits, timeline, papers."""

import streamlit as st

from core.followups import opinions
from core.jobs import view as jobs
from core.requests import view as case
from pages.ui.complaints import file as complaint
from pages.ui.followups import calls
from pages.ui.jobs import reports
from pages.ui.kit import gate, headings, papers, places, words
from pages.ui.kit.words import _
from pages.ui.requests import attachments, beside, pile, timeline
from pages.ui.returns import file as return_file
from pages.ui.returns import papers as return_papers

case_id = places.number("id")
if case_id is None:
    st.info(_("Search for a case to open it."), icon=":material/search:")
    places.link("find", _("Search"))
    st.stop()

view = gate.read(case.view, id=case_id)
headings.title(view.number)
st.markdown(
    f"**{words.code(view.status)}** · {words.code(view.kind)} · {words.code(view.channel)} · "
    f"{words.moment(view.received_at, year=True)}"
)
if view.wait_reason:
    st.warning(
        _("Waiting: {reason}. The time limits stand still.", reason=words.code(view.wait_reason)),
        icon=":material/pause_circle:",
    )
file, goods = complaint.of_case(view), return_file.of_case(view)
sent = gate.read(jobs.of_case, case_id=view.id)
if file or goods:
    # On a phone the columns stand below each other: the next step comes before the story.
    right, left = st.columns([2, 3], gap="large")
    with right, st.container(border=True):
        if file:
            complaint.work(view, file)
        elif goods:
            return_file.work(view, goods)
else:
    left, right = st.columns([3, 2], gap="large")
    with right:
        pile.beside(view, sent, linked=False)
with left:
    # Beside the facts of a complaint there is a link to its customer already.
    beside.links(view, to_customer=not file)
    if file:
        complaint.details(view, file)
    elif goods:
        return_file.details(view, goods)
    elif view.answer:
        st.markdown(f"**{words.field('answer')}**  \n{words.plain(view.answer)}")
    reports.show(sent)
    if said := gate.read(opinions.of_case, case_id=view.id):
        headings.part(_("Follow-up calls"))
        calls.show(said)
    attachments.show(view.id, may_add=gate.allowed("request:note"))
    headings.part(_("Timeline"))
    timeline.show(view.timeline)
    headings.part(_("Papers"))
    with st.container(horizontal=True):
        papers.download("acceptance_slip", view.id, view.number)
        if sent:
            papers.download("service_report", view.id, view.number)
    if file:
        with st.container(horizontal=True):
            papers.of_file(view.kind, file)
    elif goods:
        return_papers.show(goods)
