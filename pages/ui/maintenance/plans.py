"""The list of maintenance plans, the chosen one beside it, and the form for one more."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.maintenance import lists
from core.maintenance.lists import PlanPart, PlanRow
from core.maintenance.rules import MANAGE
from pages.ui.kit import filters, gate, marks, places, queue, window, words
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _
from pages.ui.maintenance import making, plan, rounds

KEY = "maintenance_plans"


def show() -> None:
    """The plans of the chosen part; in a wide window the rounds of one stand below it."""
    rows = gate.read(lists.listed)
    labels = {each: f"{words.code(each)} {_many(rows, each)}" for each in PlanPart}
    usual = PlanPart.RUNNING
    part = filters.segments("maintenance", "view", _("Which plans"), labels, usual=usual)
    shown = [row for row in rows if row.is_in(part)]
    chosen: list[int] = []

    def beside(id: int) -> None:
        chosen.append(id)
        plan.card(gate.read(lists.view, id=id))

    queue.beside(bool(shown), lambda: _pick(shown, bool(rows)), beside)
    if chosen:
        rounds.of_plan(chosen[0])


def _many(rows: Sequence[PlanRow], part: PlanPart) -> str:
    return words.number(sum(row.is_in(part) for row in rows))


def _pick(shown: Sequence[PlanRow], has_plans: bool) -> int | None:
    chosen = None
    if shown:
        chosen = _chosen({row.id: _cells(row) for row in shown})
    else:
        st.info(_("No plan here."), icon=":material/check_circle:")
        chosen = places.number("id")  # not among these, or not theirs to see: that is said
        if not has_plans:
            st.caption(_(
                "A plan makes a case for each piece ahead of its due day, again and again, "
                "for the team of a station. Make one for a product, or for a customer's contract."
            ))  # fmt: skip
    if gate.allowed(MANAGE):
        _new(opened=not has_plans)
    return chosen


def _new(*, opened: bool) -> None:
    asked = places.number("customer")
    opened = opened or asked is not None
    label = _("New maintenance plan")
    place = st.expander(label, expanded=opened, key=making.PLACE, on_change="rerun")
    if place.open:  # its options cost
        with place:
            making.show(asked)


def _chosen(rows: dict[int, dict[str, Any]]) -> int | None:
    if not window.is_narrow():
        queue.begin(KEY)
        return queue.hold(choose(KEY, rows))
    if tapped := choose(KEY, rows, once=True):
        places.go("maintenance", id=str(tapped))
    return None


def _cells(row: PlanRow) -> dict[str, Any]:
    overdue = f"{marks.LATE} {row.overdue}" if row.overdue else ""
    return {
        words.field("title"): row.title,
        words.field("due_next"): words.day(row.next_due),
        words.field("overdue"): overdue,
        words.field("this_month"): row.this_month or "",
        words.field("covers"): plan.covers(row),
        words.field("every"): plan.every(row),
        words.field("team"): plan.team(row),
        words.field("status"): words.code(row.status),
    }
