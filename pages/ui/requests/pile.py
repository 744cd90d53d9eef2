"""A pile of open work: filters, the list, and beside it the chosen case with its actions."""

from collections.abc import Sequence

import streamlit as st

from core.codes import RequestKind
from core.jobs import actions as jobs
from core.jobs import view as job_view
from core.jobs.view import JobView
from core.process.limits import LimitView
from core.requests import actions as requests
from core.requests import lists
from core.requests import view as case
from core.requests.lists import Filter, Queue
from core.requests.view import CaseView
from pages.ui.kit import actions, gate, queue, words
from pages.ui.kit import filters as kept
from pages.ui.kit.lists import case_link, facts, table
from pages.ui.kit.words import _
from pages.ui.requests import limits as why
from pages.ui.requests import where


def show(name: Queue, *, columns: tuple[str, ...], empty: str, kinds: list[RequestKind]) -> None:
    """Draw a pile; choosing a row opens the case beside it."""
    chosen_filters = filters(name, kinds)
    found = queue.read(name, lists.queue, lists.count, name=name, filters=chosen_filters)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = table(found, key=name, columns=columns, empty=empty)
    with right:
        if chosen:
            view = gate.read(case.view, id=chosen)
            beside(view, gate.read(job_view.of_case, case_id=view.id))
        elif found.rows:
            st.info(_("Choose a row to work on it."), icon=":material/touch_app:")


def filters(name: Queue, kinds: list[RequestKind]) -> Filter:
    """The filters of a pile; they stay in the address, so that a link shows the same list."""
    views = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        offered = {each: words.code(each) for each in kinds}
        chosen = Filter(
            text=kept.text(name, width=260),
            kind=kept.select(name, "kind", offered, width=160),
            station_id=kept.station(name, width=160),
        )
    return queue.in_view(name, chosen, views, lists.views, name=name)


def beside(view: CaseView, sent: Sequence[JobView], *, linked: bool = True) -> None:
    """A case in short, and what may be done now with it and with its jobs."""
    with st.container(border=True):
        if linked:
            case_link(view.id, f"{view.number} · {words.plain(view.customer.name)}")
        summary(view)
        job = next((job for job in sent if job.actions), None)
        if view.actions:
            actions.panel(
                requests.PROCESS,
                record_id=view.id,
                version=view.version,
                rules=view.actions,
            )
        if job:
            st.markdown(f"**{words.plain(job.technician)}** · {words.code(job.status)}")
            actions.panel(
                jobs.PROCESS,
                record_id=job.id,
                version=job.version,
                rules=job.actions,
                look=actions.Look(keeps_drafts=True),
            )


def summary(view: CaseView) -> None:
    """The facts that decide what to do."""
    asset, speaks = view.asset, words.language()
    product = f"{asset.brand} {asset.model} {asset.serial}".strip() if asset else ""
    st.markdown(words.plain(view.symptom))
    where.urged(view.urged)
    facts(
        {
            words.field("kind"): f"{words.code(view.kind)} · {words.code(view.priority)}",
            words.field("product"): product,
            words.field("charge"): f"{words.code(view.charge)} · {words.code(view.charge_reason)}",
            words.field("contact"): f"{view.contact} {view.phone}".strip(),
            words.field("address"): view.address,
            words.field("wanted_from"): words.window(view.wanted_from, view.wanted_to),
            words.field("owner"): view.owner,
            words.field("station"): view.station,
            words.field("department"): view.department.get(speaks, ""),
            **{label[speaks]: value[speaks] for label, value in view.extra},
        }
    )
    limits(view)


def limits(view: CaseView) -> None:
    """What is due when, under which clause."""
    running = [limit for limit in view.limits if not limit.dropped]
    lines = [
        f"{_limit_state(limit)} **{words.in_domain('limit', limit.name)}** · "
        f"{words.moment(limit.due_at)} · {limit.clause}"
        for limit in running
    ]
    if lines:
        st.markdown("  \n".join(lines))
        why.choose(view.id, view.limits)


def _limit_state(limit: LimitView) -> str:
    if limit.met_at:
        colour, state = ("red", _("met late")) if limit.late else ("green", _("met"))
    elif limit.paused:
        colour, state = "orange", _("paused")
    else:
        state = words.due(limit.due_at, now=gate.now())
        colour = "red" if limit.late else "blue"
    return f":{colour}[{state}]"
