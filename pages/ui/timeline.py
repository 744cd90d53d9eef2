"""The timeline of a case and the reports of its jobs, in words."""

from typing import Any

import streamlit as st

from core.codes import (
    Charge,
    ChargeReason,
    JobResult,
    JobStatus,
    Receiver,
    VisitOutcome,
    WaitReason,
)
from core.history import Event
from core.requests.case import CaseView, JobView
from pages.ui import words
from pages.ui.lists import facts
from pages.ui.words import _

# The codes that a fact's data may hold, so that the timeline shows words.
CODES = {
    "reason": (WaitReason, ChargeReason),
    "charge": (Charge,),
    "outcome": (VisitOutcome,),
    "result": (JobResult,),
    "receiver": (Receiver,),
}


def show(events: tuple[Event, ...]) -> None:
    """What happened, the newest first."""
    for event in reversed(events):
        actor = words.plain(event.actor) if event.actor else _("the tool")
        head = f"**{words.fact(event.subject, event.action)}**"
        st.markdown(f":gray[{words.moment(event.at)} · {actor}]  \n{head}{_details(event)}")
        if event.note:
            st.markdown(f"> {words.plain(event.note)}")


def jobs(view: CaseView) -> None:
    """The jobs of a case with their visits and reports."""
    for job in view.jobs:
        with st.expander(
            f"{words.code(job.status)} · {words.plain(job.technician)}",
            expanded=job.status is not JobStatus.CANCELLED,
            icon=":material/home_repair_service:",
        ):
            _visits(job)
            _report(job)


def _visits(job: JobView) -> None:
    for visit in job.visits:
        outcome = words.code(visit.outcome) if visit.outcome else _("open")
        arrived = (
            _("arrived {time}", time=words.moment(visit.arrived_at)) if visit.arrived_at else ""
        )
        parts = (words.window(visit.agreed_from, visit.agreed_to), arrived, outcome)
        st.markdown(f"{visit.sequence}. {' · '.join(part for part in parts if part)}")


def _report(job: JobView) -> None:
    money = words.money(job.labour_cents + job.parts_cents) if job.finished_at else ""
    facts(
        {
            words.field("result"): words.code(job.result) if job.result else "",
            words.field("cause"): job.cause,
            words.field("work_done"): job.work_done,
            words.field("parts"): job.parts,
            words.field("amount"): money,
            words.field("confirmed_by"): job.confirmed_by,
        }
    )


def _details(event: Event) -> str:
    shown = [_detail(name, value) for name, value in event.data.items()]
    text = " · ".join(words.plain(part) for part in shown if part)
    return f" · {text}" if text else ""


def _detail(name: str, value: Any) -> str:
    if name == "limit":
        return words.in_domain("limit", value)
    if name == "to_name":
        return str(value)
    if name == "score":
        return f"{value:g}/10"
    if name == "cents" and value:
        return words.money(value)
    value = value[-1] if isinstance(value, list) and value else value
    for codes in CODES.get(name, ()):
        if value in list(codes):
            return words.code(codes(value))
    return ""
