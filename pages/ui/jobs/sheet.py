"""A job on a telephone: where to go, when, what for; calls and maps by one tap."""

from typing import Any
from urllib.parse import quote

import streamlit as st

from core.codes import ServiceWay
from core.jobs.bringing import Bring
from core.jobs.worksheet import DayPart, JobCard
from pages.ui.jobs import bringing
from pages.ui.kit import gate, headings, marks, places, words
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _


def card(job: JobCard, bring: Bring | None = None) -> None:
    """A job in short, with what to bring; its first line leads to its page."""
    with st.container(border=True, gap="small"):
        places.link("job", f"**{when(job)}** {words.plain(job.customer)}", id=str(job.id))
        what = f"{words.code(job.kind)} · {words.plain(job.symptom)}"
        st.caption(f"{words.plain(job.address)}  \n{what}")
        badges(job)
        if told := bringing.told(bring):
            st.caption(told)


def head(job: JobCard) -> None:
    """Who, where, when, and what is wrong."""
    headings.title(words.plain(job.customer))
    badges(job)
    st.markdown(f"**{when(job)}**  \n{words.plain(job.address)}")
    st.markdown(words.plain(job.symptom))
    charge = f"{words.code(job.charge)} · {words.code(job.charge_reason)}"
    facts(
        {
            words.field("phone"): job.phone,
            words.field("product"): job.product,
            words.field("charge"): charge,
            words.field("instructions"): job.instructions,
            words.field("left_open"): job.left_open,
            words.field("tools_wanted"): job.tools_wanted,
            words.field("work_done"): job.work_done,
        }
    )


def badges(job: JobCard) -> None:
    """The status, what the customer wished, what is due."""
    with st.container(horizontal=True, gap="small"):
        st.badge(words.code(job.status), color="green" if job.part is DayPart.DONE else "blue")
        if job.part is DayPart.DONE:
            return
        marks.urged(job.urged)
        if job.way is not ServiceWay.SITE:
            st.badge(words.code(job.way), color="violet")
        if job.planned_from and job.agreed_from:
            planned = words.window(job.planned_from, job.planned_to)
            icon = ":material/check:" if job.confirmed else None
            st.badge(_("Planned {window}", window=planned), color="violet", icon=icon)
        if job.wanted_from:
            wanted = words.window(job.wanted_from, job.wanted_to)
            st.badge(_("Wanted {window}", window=wanted), color="gray")
        if job.next_due:
            late = job.next_due < gate.now() and job.waits is None
            due = words.due(job.next_due, now=gate.now(), waits=job.waits is not None)
            st.badge(due, color="red" if late else "gray", icon=":material/timer:")


def bar(job: JobCard) -> Any:
    """The row that stays at the bottom of the screen: call, find the way; the next step joins."""
    row = st.bottom.container(horizontal=True)
    if job.phone:
        row.link_button(
            _("Call"), f"tel:{job.phone}", icon=":material/call:", width="stretch", help=job.phone
        )
    if job.address and job.way is not ServiceWay.STATION:
        row.link_button(_("Map"), _map(job.address), icon=":material/near_me:", width="stretch")
    return row


def when(job: JobCard) -> str:
    """The agreed time, the planned one until there is one, or when the job was done."""
    if job.part is DayPart.DONE:
        return words.moment(job.finished_at)
    if job.agreed_from is None and job.planned_from:
        mark = "✓ " if job.confirmed else ""
        planned = words.window(job.planned_from, job.planned_to)
        return mark + _("Planned {window}", window=planned)
    if job.agreed_from is None:
        at_station = job.way is ServiceWay.STATION
        return words.code(job.way) if at_station else _("no time yet")
    return words.window(job.agreed_from, job.agreed_to)


def _map(address: str) -> str:
    # Opens the map application of the telephone; nobody is asked before that tap.
    browser = st.context.headers.get("User-Agent", "")
    is_apple = any(each in browser for each in ("iPhone", "iPad", "Macintosh"))
    return f"{'maps://?q=' if is_apple else 'geo:0,0?q='}{quote(address)}"
