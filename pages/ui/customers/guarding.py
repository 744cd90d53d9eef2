"""Whose customer it is and becomes, and who may read the archive: asked, answered, looked up."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.codes import HandoverStatus
from core.customers import handovers, readings
from core.customers.again import READS
from core.customers.customers import CustomerView
from core.customers.handovers import HandoverView, ProposeHandover
from core.customers.readings import AskReading, Look, ReadingView
from core.kernel.unit_of_work import UnitOfWork
from pages.ui.kit import actions, gate, headings, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _


def of_customer(view: CustomerView) -> None:
    """What may be done about a customer whose archive one sees in part, or may give away."""
    waiting = [
        each
        for each in gate.read(handovers.of_customer, customer_id=view.id)
        if each.status is HandoverStatus.WAITING
    ]
    for handover in waiting:
        handed(handover, named=False)
    if not waiting and view.station_id is not None and _may_propose():
        _propose(view)
    mine = gate.read(readings.of_customer, customer_id=view.id)
    for reading in mine:
        read(reading, named=False)
    if view.narrow and not mine and gate.allowed(readings.ASK):
        st.caption(_("Of this archive you see what a call needs."))
        _ask(view)


def _may_propose() -> bool:
    return gate.allowed(handovers.EDITS) and gate.allowed(READS)


def handed(view: HandoverView, *, named: bool = True) -> None:
    """One proposal: whose customer, to whom, why; and the answer."""
    with st.container(border=True):
        if named:
            _customer(view.customer_id, view.customer)
        way = {"source": words.plain(view.from_station), "target": words.plain(view.to_station)}
        if view.is_offer:
            said = _("{source} offers this customer to {target}.", **way)
        else:
            said = _("{target} asks {source} for this customer.", **way)
        st.markdown(f"{said}  \n{words.plain(view.reason)}")
        asked = (words.plain(view.asked_by), words.moment(view.asked_at))
        st.caption(" · ".join(filter(None, asked)))
        actions.panel(
            handovers.PROCESS,
            record_id=view.id,
            version=view.version,
            rules=view.actions,
            opened=False,
        )


def read(view: ReadingView, *, named: bool = True) -> None:
    """One application: who wants to read what, why, and in which days."""
    with st.container(border=True):
        if named:
            _customer(view.customer_id, view.customer)
        days = f"{words.day(view.from_on)} – {words.day(view.until_on)}"
        status = _("over") if view.is_over else words.code(view.status)
        st.markdown(f"**{words.plain(view.person)}** · {days} · {status}")
        st.markdown(words.plain(view.reason))
        there = (view.place, view.companion)
        st.caption(words.plain(" · ".join(filter(None, there))))
        if view.open_until:
            st.success(_("The archive is open until {at}.", at=words.moment(view.open_until)))
        actions.panel(
            readings.PROCESS,
            record_id=view.id,
            version=view.version,
            rules=view.actions,
            opened=False,
        )


def looks(found: tuple[Look, ...]) -> None:
    """Who read which archive, and when."""
    headings.part(_("Who read what, and when"))
    if not found:
        st.caption(_("Nobody has read an archive by leave yet."))
        return
    rows = [
        {
            words.field("looked_at"): words.moment(each.at, year=True),
            words.field("reader"): each.person,
            words.field("customer_id"): each.customer,
            words.field("reason"): each.reason,
            words.field("companion_id"): each.companion,
        }
        for each in found
    ]
    st.dataframe(rows, hide_index=True, key="looks")


def _customer(id: int, name: str) -> None:
    places.link("customer", words.plain(name), icon=":material/person:", id=str(id))


def _propose(view: CustomerView) -> None:
    stations = gate.read(handovers.station_options, but=view.station_id)
    if not stations:
        return
    label = _("Ask for this customer") if view.narrow else _("Give to another station")
    form = Form(f"handover·{view.id}", ProposeHandover, options={"stations": stations})
    with st.expander(label, icon=":material/undo:"):
        asked = ("reason",) if view.narrow else ("station_id", "reason")
        _send(form, asked, handovers.propose, view.id, label)


def _ask(view: CustomerView) -> None:
    label = _("Apply to read the archive")
    form = Form(f"reading·{view.id}", AskReading)
    with st.expander(label, icon=":material/description:"):
        _send(form, ("reason", "from_on", "until_on"), readings.ask, view.id, label)


def _send(
    form: Form,
    fields: tuple[str, ...],
    do: Callable[[UnitOfWork, Any], int],
    customer_id: int,
    label: str,
) -> None:
    with st.form(f"{form.name}·form", border=False, enter_to_submit=False):
        form.fields(*fields)
        pressed = st.form_submit_button(label, type="primary", key=f"{form.name}·send")
    if pressed:
        form.send(do, extra={"customer_id": customer_id}, done=_("Saved"))
