"""The jobs of a case with their visits and reports, in words."""

from collections.abc import Sequence

import streamlit as st

from core.codes import JobStatus
from core.jobs.view import JobView
from pages.ui.jobs import checks, signature
from pages.ui.kit import words
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _


def show(jobs: Sequence[JobView]) -> None:
    """Each job with its visits and its report."""
    for job in jobs:
        with st.expander(
            f"{words.code(job.status)} · {words.plain(job.technician)}",
            expanded=job.status is not JobStatus.CANCELLED,
            icon=":material/home_repair_service:",
        ):
            _visits(job)
            _report(job)
            _checks(job)
            signature.told(job.signed)
            _form(job)


def _form(job: JobView) -> None:
    """What became of the signed form on paper."""
    if job.form_fault:
        form_fault(job.form_fault)
    elif job.filed_at:
        done = {_("Form handed in"): words.moment(job.filed_at)}
        facts(done | {_("Form reviewed"): words.moment(job.reviewed_at)})


def form_fault(why: str) -> None:
    """The form was sent back, and why."""
    said = _("The service form was sent back: {why}", why=why)
    st.warning(words.plain(said), icon=":material/assignment_return:")


def _visits(job: JobView) -> None:
    for visit in job.visits:
        outcome = words.code(visit.outcome) if visit.outcome else _("open")
        arrived = (
            _("arrived {time}", time=words.moment(visit.arrived_at)) if visit.arrived_at else ""
        )
        suits = _("confirmed by the customer") if visit.confirmed_at else ""
        window = words.window(visit.agreed_from, visit.agreed_to)
        parts = (window, suits, arrived, visit.place, outcome)
        st.markdown(f"{visit.sequence}. {' · '.join(part for part in parts if part)}")


def _report(job: JobView) -> None:
    money = words.money(job.labour_cents + job.parts_cents) if job.finished_at else ""
    facts(
        {
            words.field("result"): words.code(job.result) if job.result else "",
            words.field("symptom_found"): words.code(job.symptom_found)
            if job.symptom_found
            else "",
            words.field("cause"): job.cause,
            words.field("explained"): job.explained,
            words.field("work_done"): job.work_done,
            words.field("parts"): job.parts,
            words.field("amount"): money,
            words.field("confirmed_by"): job.confirmed_by,
        }
    )


def _checks(job: JobView) -> None:
    """What of the check-lists was done, by whom and when; why the rest was not."""
    if not job.finished_at or not job.checks:
        return
    speaks = words.language()
    facts(
        {
            _("Check-lists"): checks.count(job.checks),
            words.field("unticked_reason"): job.unticked_reason,
        }
    )
    for each in job.checks:
        lines = [
            f"{'✓' if item.at else '–'} {words.plain(item.text[speaks])}"
            + (f" · {words.plain(item.by)} {words.moment(item.at)}" if item.at else "")
            for item in each.items
        ]
        st.caption("  \n".join((f"**{words.plain(each.text[speaks])}**", *lines)))
