"""My jobs 我的工单: the technician's page, made for a phone in a stairwell."""

import streamlit as st

from core.jobs import actions as jobs
from core.jobs import worksheet
from pages.ui.kit import actions, gate, headings, places, resting, words
from pages.ui.kit.lists import case_link, facts
from pages.ui.kit.words import _

headings.title(words.in_domain("page", "my_jobs"))
mine = gate.read(worksheet.mine)
if not mine:
    st.info(_("No open jobs. New ones appear here when you are sent."), icon=":material/weekend:")

chosen = places.number("job")
open_now = chosen if chosen in {job.id for job in mine} else next((job.id for job in mine), None)
for job in mine:
    with st.container(border=True):
        when = words.window(job.agreed_from, job.agreed_to) if job.agreed_from else _("no time yet")
        st.markdown(f"**{when}** · {words.code(job.status)} · {words.code(job.kind)}")
        st.markdown(f"{words.plain(job.customer)}  \n{words.plain(job.address)}")
        with st.container(horizontal=True):
            if job.phone:
                st.link_button(job.phone, f"tel:{job.phone}", icon=":material/call:")
            if job.id != open_now and st.button(_("Open"), key=f"open_{job.id}"):
                places.keep("job", str(job.id))
                resting.wake()
                st.rerun()
        if job.id != open_now:
            continue
        st.markdown(words.plain(job.symptom))
        facts(
            {
                words.field("product"): job.product,
                words.field(
                    "charge"
                ): f"{words.code(job.charge)} · {words.code(job.charge_reason)}",
                words.field("instructions"): job.instructions,
            }
        )
        actions.panel(
            jobs.PROCESS,
            record_id=job.id,
            version=job.version,
            rules=job.actions,
        )
        case_link(job.case_id, job.number)
