"""A case: its head, and in tabs its work, its story, its files, its papers, earlier cases."""

import streamlit as st

from core.codes import RequestKind
from core.jobs import view as jobs
from core.requests import attachments as files
from core.requests import view as case
from pages.ui.billing import bill
from pages.ui.complaints import file as complaint
from pages.ui.kit import filters, gate, headings, papers, places
from pages.ui.kit.words import _
from pages.ui.mail import beside as mail
from pages.ui.maintenance import beside as maintenance
from pages.ui.quality import file as feedback
from pages.ui.requests import attachments, beside, head, pile, righting, similar, story
from pages.ui.returns import file as goods
from pages.ui.stock import bench
from pages.ui.suggestions import file as suggestion
from pages.ui.workshop import taking as workshop

case_id = places.number("id")
if case_id is None:
    st.info(_("Search for a case to open it."), icon=":material/search:")
    places.link("find", _("Search"))
    st.stop()

ROOMS = {
    RequestKind.COMPLAINT: complaint.work,
    RequestKind.RETURN: goods.work,
    RequestKind.QUALITY_FEEDBACK: feedback.work,
    RequestKind.SUGGESTION: suggestion.work,
}
view = gate.read(case.view, id=case_id, with_timeline=False)
headings.title(view.number)
work = room(view) if (room := ROOMS.get(view.kind)) else None
sent = () if work else gate.read(jobs.of_case, case_id=view.id)
work = work or pile.work(view, sent)
head.show(view, work)

attached, named = len(gate.read(files.list_of, case_id=view.id)), _("Attachments")
tabs = filters.tabs(
    {
        "work": _("Work"),
        "history": _("History"),
        "files": f"{named} {attached}" if attached else named,
        "papers": _("Papers"),
        "similar": _("Similar"),
    },
    of=view.id,
)
if place := tabs.get("work"):
    # On a phone the columns stand below each other: the next step comes before the facts.
    step, facts = place.columns([6, 5], gap="medium")
    with step:
        work.step()
        bill.of_case(view.id)
        workshop.of_case(view.id)
    with facts, st.container(gap="small"):
        work.facts()
        beside.links(view)
        righting.of_case(view)
        mail.of_case(view.id)
        maintenance.of_case(view.id)
        bench.of_case(view.id)
if place := tabs.get("history"):
    with place:
        story.show(view)
if place := tabs.get("files"):
    with place:
        attachments.show(view.id, may_add=gate.allowed("request:note"))
if place := tabs.get("papers"):
    with place, st.container(horizontal=True):
        papers.download("acceptance_slip", view.id, view.number)
        work.papers()
        bill.papers_of(view.id, view.number)
        workshop.papers_of(view.id, view.number)
if place := tabs.get("similar"):
    with place:
        similar.show(view)
