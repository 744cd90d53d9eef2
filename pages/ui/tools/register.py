"""The register of tools on screen: out of order and due first, the rate of faults above."""

from typing import Any

import streamlit as st

from core.codes import ToolStatus
from core.people.people import own_station_options
from core.roster import qualifications
from core.tools import lists, register, trips
from core.tools.inputs import AddTool
from core.tools.lists import ToolRow
from core.tools.trips import Trip
from pages.ui.kit import actions, filters, gate, headings, marks, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import case_link, choose, facts
from pages.ui.kit.words import _


def show() -> None:
    """The rate, the list, and beside it the chosen tool or the form for a new one."""
    _rate()
    with filters.bar():
        retired = filters.switch("tools", "retired", _("Retired ones instead"))
    rows = {row.id: row for row in gate.read(lists.listed, retired=retired)}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = choose("tools", {id: _cells(row) for id, row in rows.items()})
        if not rows:
            st.info(_("No tool is written down here."), icon=":material/home_repair_service:")
    with right:
        if chosen in rows:
            with st.container(border=True):
                _card(rows[chosen])
        elif gate.allowed(register.EDIT):
            _new()


def _rate() -> None:
    rate = gate.read(lists.rate)
    if rate.value is None:
        return
    said = _(
        "Fault rate of the last 30 days: {rate} ({faults} faults, {tools} tools)",
        rate=words.share(rate.value),
        faults=rate.faults,
        tools=rate.in_use,
    )
    if rate.limit is not None:
        said = words.clauses((said, _("at most {limit}", limit=words.share(rate.limit))))
    st.markdown(f"{marks.LATE} {said}" if rate.is_over else said)


def _card(row: ToolRow) -> None:
    st.markdown(f"**{words.plain(row.name)}** {words.plain(row.number)} · {words.code(row.status)}")
    kinds = gate.read(qualifications.kinds)
    facts(
        {
            words.field("holder"): row.holder,
            words.field("station"): row.station,
            words.field("qualification"): kinds.get(row.qualification, row.qualification),
            words.field("checked_on"): words.day(row.checked_on) if row.checked_on else "",
            words.field("check_due_on"): words.day(row.check_due_on) if row.check_due_on else "",
            words.field("faults"): str(row.faults or ""),
        }
    )
    rules = row.actions
    actions.panel(register.PROCESS, record_id=row.id, version=row.version, rules=rules)
    for trip in gate.read(trips.of_tool, id=row.id):
        _trip(trip)
    with st.expander(_("Use log"), icon=":material/history:"):
        for line in gate.read(lists.log, id=row.id):
            fact = words.fact(register.PROCESS.subject, line.fact)
            note = f" · {words.plain(line.note)}" if line.note else ""
            st.markdown(f":gray[{words.moment(line.at)} · {words.plain(line.by)}] {fact}{note}")


def of_job(job_id: int) -> None:
    """Which tools were taken along for a job."""
    if found := gate.read(trips.of_job, job_id=job_id):
        headings.part(_("Tools taken along"))
        for trip in found:
            st.markdown(words.plain(" · ".join((trip.tool, _while_out(trip)))))


def _trip(trip: Trip) -> None:
    said = _while_out(trip)
    if trip.case_id:
        case_link(trip.case_id, f"{trip.number} · {said}")
    else:
        st.caption(words.plain(said))


def _while_out(trip: Trip) -> str:
    back = words.moment(trip.back_at) if trip.back_at else _("not back yet")
    return f"{trip.person} · {words.moment(trip.taken_at)} → {back}"


def _new() -> None:
    headings.part(_("New tool"))
    options: Any = {
        "stations": gate.read(own_station_options),
        "qualifications": gate.read(qualifications.kinds),
    }
    form = Form("tool", AddTool, options=options)
    with st.form("tool_form", enter_to_submit=False):
        form.fields()
        pressed = st.form_submit_button(_("Save"), type="primary", key="tool_send")
    if pressed:
        form.send(register.add, done=_("Saved"))


def _cells(row: ToolRow) -> dict[str, Any]:
    mark = f"{marks.LATE} " if row.status is ToolStatus.FAULTY else ""
    due = f"{marks.LATE} " if row.is_due else ""
    return {
        words.field("tool_name"): row.name,
        words.field("number"): row.number,
        words.field("status"): mark + words.code(row.status),
        words.field("holder"): row.holder,
        words.field("check_due_on"): due + words.day(row.check_due_on) if row.check_due_on else "",
        words.field("station"): row.station,
        words.field("faults"): str(row.faults or ""),
    }
