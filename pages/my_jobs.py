"""My jobs 我的工单: the technician's day, made for a phone in a stairwell."""

import streamlit as st

from core.dispatch import routes
from core.jobs import bringing, worksheet
from core.jobs.worksheet import DayPart
from pages.ui.dispatch import route
from pages.ui.jobs import late, sheet
from pages.ui.kit import filters, gate, headings, words
from pages.ui.kit.words import _

headings.title(words.in_domain("page", "my_jobs"))
late.mine()
mine = gate.read(worksheet.mine)
ahead = gate.read(routes.ahead, cards=mine)
parts = {part: [job for job in mine if job.part is part] for part in DayPart}
labels: dict[str, str] = {part: f"{words.code(part)} {len(jobs)}" for part, jobs in parts.items()}
today = {DayPart.TODAY: labels.pop(DayPart.TODAY), route.AHEAD: route.label(ahead)}
chosen = filters.segments(
    "my_jobs", "part", _("Which jobs"), today | labels, usual=DayPart.TODAY, draw=st.pills
)
if chosen == route.AHEAD:
    route.show(ahead)
    st.stop()
is_done = chosen == DayPart.DONE
bring = {} if is_done else gate.read(bringing.of_jobs, ids=[job.id for job in parts[chosen]])
for job in parts[chosen]:
    sheet.card(job, bring.get(job.id))
if not any(parts[part] for part in DayPart if part is not DayPart.DONE):
    st.info(_("No open jobs. New ones appear here when you are sent."), icon=":material/weekend:")
elif not parts[chosen]:
    st.info(_("None here; look at the other ones above."), icon=":material/check_circle:")
