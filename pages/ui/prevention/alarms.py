"""Repeat faults on the screen: the alarms, the cases behind one, and what is done about it."""

from typing import Any

import streamlit as st

from core.kernel.paging import Page
from core.prevention import alarms
from core.prevention.actions import PROCESS
from core.prevention.alarms import AlarmView
from core.requests import lists
from pages.ui.kit import actions, filters, gate, headings, words
from pages.ui.kit.lists import case_link, facts, open_case, page_number, pick, table
from pages.ui.kit.words import _

COLUMNS = ("number", "kind", "status", "customer", "product", "symptom", "received_at")


def show() -> None:
    """The list of alarms; the chosen one stands beside it, its cases below."""
    settled = _is_settled()
    key = "alarms_settled" if settled else "alarms_open"
    found = gate.read(alarms.listed, settled=settled, page=page_number(key))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = _list(found, key, settled=settled)
    if chosen is None:
        if found.rows:
            right.info(_("Choose a row to work on it."), icon=":material/touch_app:")
        return
    view = gate.read(alarms.view, id=chosen)
    with right, st.container(border=True):
        _alarm(view)
    headings.part(_("Cases"))
    name = f"alarm_{view.id}"
    cases(gate.read(alarms.cases, id=view.id, page=page_number(name)), name)


def cases(found: lists.Cases, key: str) -> None:
    """The cases behind a number; a click opens one."""
    chosen = table(found, key=key, columns=COLUMNS, empty=_("No cases here."), once=True)
    if chosen:
        open_case(chosen)


def _is_settled() -> bool:
    names = {"open": _("Waiting"), "settled": _("Settled")}
    which = filters.segments("alarms", "which", _("Which alarms"), names, usual="open")
    return bool(which == "settled")


def _list(found: Page[AlarmView], key: str, *, settled: bool) -> int | None:
    rows = {row.id: _cells(row, settled) for row in found.rows}
    if settled:
        return pick(key, found, rows, empty=_("No alarm was settled yet."), are_cases=False)
    return pick(
        key,
        found,
        rows,
        empty=_("No fault repeats too often now."),
        hint=_(
            "An alarm comes by itself when one product model has the same fault too often. "
            "How often and in how many days, the rule book says."
        ),
        are_cases=False,
    )


def _cells(row: AlarmView, settled: bool) -> dict[str, Any]:
    at = row.settled_at if settled else row.raised_at
    return {
        words.field("product"): row.product,
        words.field("fault_area"): words.code(row.fault_area),
        words.field("cases_counted"): row.count,
        words.field("settled_at" if settled else "raised_at"): words.moment(at),
    }


def _alarm(view: AlarmView) -> None:
    name = f"{view.product} · {words.code(view.fault_area)}"
    st.markdown(f"**{words.plain(name)}**")
    case_link(view.case_id, view.number)
    days = words.n_("One day", "{n} days", view.days)
    settled = f"{view.settled_by} {words.moment(view.settled_at)}" if view.settled_at else ""
    facts(
        {
            words.field("cases_counted"): words.number(view.count),
            words.field("within"): days,
            words.field("raised_at"): words.moment(view.raised_at),
            words.field("settled_by"): settled,
            words.field("note"): view.note,
        }
    )
    rules = view.actions
    actions.panel(PROCESS, record_id=view.id, version=view.version, rules=rules, opened=False)
