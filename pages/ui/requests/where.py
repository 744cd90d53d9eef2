"""Where a repair is, in one line to say at the telephone; and that the customer presses for it."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.jobs import whereabouts
from core.jobs.whereabouts import Whereabouts
from core.requests.actions import PROCESS
from core.requests.inputs import Urge
from pages.ui.kit import gate, marks, words
from pages.ui.kit.actions import taking
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _


def of_customers(ids: Sequence[int]) -> dict[int, list[Whereabouts]]:
    """The open cases of some customers."""
    found: dict[int, list[Whereabouts]] = {id: [] for id in ids}
    for each in gate.read(whereabouts.of_customers, ids=list(ids)) if ids else ():
        found[each.customer_id].append(each)
    return found


def show(cases: Sequence[Whereabouts]) -> None:
    """A line for the newest open case: who comes when, or what it waits for; the others folded."""
    for case in cases[:1]:
        _line(case)
    if others := cases[1:]:
        said = words.n_("One more open case", "{n} more open cases", len(others))
        with st.expander(said, icon=":material/pending:"):
            for case in others:
                _line(case)


def _line(case: Whereabouts) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{words.plain(said(case))}**", width="content")
        what = case.product or case.symptom[:12]
        case_link(case.case_id, f"{case.number} {words.plain(what)}")
        marks.urged(case.urged)
        if case.may_urge:
            _urge(case)


def said(case: Whereabouts) -> str:
    """Who comes when, and how far it is; or what it waits for."""
    parts = [case.technician, _when(case)]
    parts.append(words.code(case.job or case.status))
    if case.waits:
        parts.append(words.code(case.waits))
    return " · ".join(part for part in parts if part)


def _when(case: Whereabouts) -> str:
    if case.agreed_from and case.agreed_to:
        return window(case.agreed_from, case.agreed_to)
    if case.wanted_from:
        end = case.wanted_to or case.wanted_from
        return _("wanted {window}", window=window(case.wanted_from, end))
    return _("no time agreed") if case.job else ""


def window(begin: datetime, end: datetime) -> str:
    """A time window, its day in words where it is near."""
    zone = words.zone()
    start, today = begin.astimezone(zone), gate.now().astimezone(zone).date()
    near = {0: _("today"), 1: _("tomorrow"), 2: _("the day after tomorrow")}
    day = near.get((start.date() - today).days) or words.short_day(begin)
    return f"{day} {start:%H:%M}–{end.astimezone(zone):%H:%M}"


def _urge(case: Whereabouts) -> None:
    name = words.action(Urge.name)
    with st.popover(name, key=f"urging_{case.case_id}·{case.version}", type="tertiary"):
        form = Form(f"urge·{case.case_id}", Urge, version=case.version)
        with st.form(f"urge·{case.case_id}·form", border=False):
            form.fields()
            pressed = st.form_submit_button(name, type="primary", key=f"urge_{case.case_id}·send")
        if pressed:
            form.send(
                taking(PROCESS, case.case_id, form.seen),
                done=_("Saved: {action}", action=name),
            )
