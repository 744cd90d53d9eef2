"""The list of reports, the newest period first, and the form for one by hand."""

from datetime import timedelta
from typing import Any

import streamlit as st

from core.codes import ReportContent, ReportEvery
from core.reports import making, view
from core.reports.inputs import MakeReport
from core.reports.view import BY_HAND, ReportFilter, ReportRow
from pages.ui.kit import filters, gate, lists, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.reports import said

KEY, FORM = "reports", "report·new"


def show() -> None:
    """The reports that are asked for; a row opens its own."""
    with filters.bar():
        asked = ReportFilter(
            content=filters.select(KEY, "content", words.options(ReportContent), width=160),
            every=filters.select(KEY, "every", _intervals()) or "",
            station_id=filters.station(KEY),
        )
    found = gate.read(view.listed, filters=asked, page=lists.page_number(KEY))
    rows = {row.id: _cells(row) for row in found.rows}
    is_empty = not rows and asked == ReportFilter()
    empty = _("No report yet.") if is_empty else _("No report here.")
    hint = _coming() if is_empty else ""
    if chosen := lists.pick(KEY, found, rows, empty=empty, hint=hint, are_cases=False, once=True):
        places.go("reports", id=str(chosen))
    if gate.allowed(making.MAKE):
        _by_hand(opened=False)


def _intervals() -> dict[str, str]:
    every = {each.value: words.code(each) for each in ReportEvery}
    return every | {BY_HAND: _("By hand")}


def _coming() -> str:
    day = gate.read(view.coming)
    if day is None:
        return _("The rule book asks for none. They are set there, under survey and targets.")
    return _("The next one is made on {day}, if there was work in its period.", day=words.day(day))


def _cells(row: ReportRow) -> dict[str, Any]:
    return {
        _("Report"): said.title(row),
        words.field("period"): words.days(row.since, row.until),
        words.field("station"): said.whose(row.station),
        words.field("every"): words.code(row.every) if row.every else _("By hand"),
        words.field("made_at"): words.moment(row.made_at),
        words.field("made_by"): row.made_by,
    }


def _by_hand(*, opened: bool) -> None:
    place = st.expander(_("Make one now"), expanded=opened, key="report_new", on_change="rerun")
    if not place.open:  # its options cost
        return
    today = gate.now().astimezone(words.zone()).date()
    last = today.replace(day=1) - timedelta(days=1)
    first = {"since": last.replace(day=1), "until": last}
    with place:
        form = Form(FORM, MakeReport, options=gate.read(making.options), values=first)
        with st.form(f"{FORM}_form", enter_to_submit=False):
            form.field("content")
            for name, column in zip(("since", "until"), st.columns(2), strict=True):
                with column:
                    form.field(name)
            form.field("station_id")
            st.caption(_("Without a station it is of the whole company."))
            pressed = st.form_submit_button(_("Make it"), type="primary", key=f"{FORM}_send")
        if pressed:
            form.send(making.by_hand, done=_("The report was made."), then=_open)


def _open(id: int) -> None:
    places.go("reports", id=str(id))
