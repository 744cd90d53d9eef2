"""The rounds of maintenance: which piece is due when, its case, and what to do about it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.maintenance import lists, rounds
from core.maintenance.lists import RoundFilter, RoundRow, RoundState
from pages.ui.kit import actions, filters, gate, headings, marks, places, words
from pages.ui.kit.lists import case_link, facts, page_number, pick
from pages.ui.kit.words import _


def show() -> None:
    """The rounds of all plans."""
    titles = {row.id: row.title for row in gate.read(lists.listed)}
    _show("maintenance_rounds", titles=titles)


def of_plan(plan_id: int) -> None:
    """The rounds of one plan."""
    headings.part(_("Rounds"))
    _show(f"maintenance_rounds_{plan_id}", plan_id=plan_id)


def _show(key: str, *, plan_id: int | None = None, titles: Mapping[int, str] | None = None) -> None:
    with filters.bar():
        names = {state: words.code(state) for state in RoundState}
        state = filters.segments(
            "rounds", "state", _("Which rounds"), names, usual=None, draw=st.pills
        )
        station = filters.station("rounds")
        chosen = filters.select("rounds", "plan", titles, width=200) if titles else plan_id
    asked = RoundFilter(state, station, chosen)
    found = gate.read(lists.listed_rounds, filters=asked, page=page_number(key))
    rows = {row.id: _cells(row, with_plan=titles is not None) for row in found.rows}
    picked = pick(
        key,
        found,
        rows,
        empty=_("No round here."),
        hint=_("Rounds are planned by the tool itself, within a minute after a plan was made."),
        are_cases=False,
    )
    if one := next((row for row in found.rows if row.id == picked), None):
        with st.container(border=True):
            _one(one)


def state(row: RoundRow) -> str:
    """Where a round stands; a mark where it is overdue."""
    said = words.code(row.state)
    return f"{marks.LATE} {said}" if row.state is RoundState.OVERDUE else said


def _cells(row: RoundRow, *, with_plan: bool) -> dict[str, Any]:
    plan = {words.field("plan"): row.plan} if with_plan else {}
    return {
        words.field("due_on"): words.day(row.due_on),
        words.field("state"): state(row),
        words.field("piece"): row.piece,
        words.field("customer"): row.customer,
        **plan,
        words.field("number"): row.number,
        words.field("team"): row.station,
        words.field("done_on"): words.day(row.done_on) if row.done_on else "",
        words.field("note"): row.note,
    }


def _one(row: RoundRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{words.day(row.due_on)}** · {state(row)}", width="content")
        if row.case_id:
            case_link(row.case_id, row.number)
        icon = ":material/person:"
        places.link("customer", words.plain(row.customer), icon=icon, id=str(row.customer_id))
    facts(
        {
            words.field("piece"): row.piece,
            words.field("address"): row.address or _("address not known"),
            words.field("plan"): row.plan,
            words.field("note"): row.note,
        }
    )
    process, rules = rounds.PROCESS, row.actions
    actions.panel(process, record_id=row.id, version=row.version, rules=rules, opened=False)
