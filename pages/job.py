"""A job 工单: one visit's work on a phone, with the next step, and photos beside it."""

import streamlit as st

from core.jobs import actions as jobs
from core.jobs import worksheet
from core.jobs.visits import Arrive
from core.stock.inputs import AskedPart
from pages.ui.billing import bill
from pages.ui.jobs import bringing, calling, checks, keeping, place, reports, sheet, signature
from pages.ui.kit import actions, cards, gate, places, words
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _
from pages.ui.knowledge import offered
from pages.ui.requests import attachments
from pages.ui.stock import bench
from pages.ui.tools import register as tools
from pages.ui.workshop import taking as workshop

places.link("my_jobs", words.in_domain("page", "my_jobs"), icon=":material/arrow_back:")
job_id = places.number("id")
if job_id is None:
    st.info(_("Choose a job on your worksheet."), icon=":material/touch_app:")
    st.stop()

job = gate.read(worksheet.sheet, id=job_id)
sheet.head(job)
if job.form_fault:
    reports.form_fault(job.form_fault)
bringing.show(job)
calling.show(job)
bill.of_case(job.case_id)
checks.show(job)
offered.guidance(job.case_id)
is_taking = workshop.is_taking(job.case_id)
# One form at a time; what is typed into the report stays on the telephone.
if not (is_taking or actions.is_turned_to(jobs.PROCESS, record_id=job.id, version=job.version)):
    keeping.ask(job)
signature.ask(job)
bench.show(job.id)
tools.of_job(job.id)
actions.panel(
    jobs.PROCESS,
    record_id=job.id,
    version=job.version,
    rules=keeping.others(checks.others(job.actions)),
    opened=not (is_taking or keeping.is_next(job)),
    look=actions.Look(
        previews={Arrive: place.ask},
        rows=cards.drawer(AskedPart, button=st.button),
        keeps_drafts=True,
        folds_others=True,
        is_wide=True,
        bar=sheet.bar(job),
    ),
)
workshop.of_case(job.case_id)
attachments.show(job.case_id, may_add=gate.allowed("request:note"), only_photos=True)
case_link(job.case_id, job.number)
