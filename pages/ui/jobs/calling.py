"""The calls before a visit: nobody answered, by one tap; and what the customer gets in writing."""

from datetime import datetime

import streamlit as st

from core.codes import Language
from core.jobs import actions as jobs
from core.jobs.calls import CallOutcome, NoteCall
from core.jobs.worksheet import JobCard
from core.people.company import CompanyView
from pages.ui.kit import actions, gate, guided, resting, words
from pages.ui.kit.forms import Form
from pages.ui.kit.told import N_
from pages.ui.kit.words import _

TEXT = N_(
    "{company}: for your order {number} our technician {technician} comes on {window}. "
    "If that does not suit you, please call."
)


def show(job: JobCard) -> None:
    """The calls so far, a tap for one that nobody took, the text once a time is agreed."""
    guided.show(job.guided)
    for call in job.calls:
        said = f" · {words.plain(call.said)}" if call.said else ""
        st.caption(f"{words.moment(call.at)} · {words.code(call.outcome)}{said}")
    if any(rule.action is NoteCall for rule in job.actions):
        if job.agreed_from and job.agreed_to:
            _confirmation(job)
        _unreached(job)


def _unreached(job: JobCard) -> None:
    form = Form(f"job·{job.id}·unreached", NoteCall, version=job.version)
    form.tell("outcome", CallOutcome.NOT_REACHED)
    # A second tap on the same place would be a second call.
    if resting.rests():
        return
    label, icon = words.code(CallOutcome.NOT_REACHED), ":material/phone_missed:"
    if st.button(label, icon=icon, key=form.name, help=_("I called, and nobody answered")):
        name = words.action(NoteCall.name)
        taking = actions.taking(jobs.PROCESS, job.id, form.seen)
        form.send(taking, done=_("Saved: {action}", action=name))


def _confirmation(job: JobCard) -> None:
    company = gate.find_company()
    if company and job.agreed_from and job.agreed_to:
        st.caption(_("To send to the customer"))
        st.code(text(job, company), language=None, wrap_lines=True)


def text(job: JobCard, company: CompanyView) -> str:
    """The confirmation of a visit in the company's language: who comes when, and for what."""
    speaks = company.language
    template = words.catalogue(speaks).gettext(TEXT)
    phone = job.technician_phone or company.hotline
    assert job.agreed_from and job.agreed_to
    return template.format(
        company=company.name,
        number=job.number,
        technician=f"{job.technician} {phone}".strip(),
        window=_window(job.agreed_from, job.agreed_to, speaks),
    )


def _window(begins: datetime, ends: datetime, speaks: Language) -> str:
    start, end = begins.astimezone(words.zone()), ends.astimezone(words.zone())
    other = f"{words.weekday(end.date(), speaks)} " if end.date() != start.date() else ""
    return f"{words.weekday(start.date(), speaks)} {start:%H:%M}–{other}{end:%H:%M}"
