"""Calls and visits on a plan: the list, one of them with its actions, and those of a customer."""

from collections.abc import Sequence

import streamlit as st

from core.care import calls as process
from core.care import lists
from core.care.inputs import GiveCareLink
from core.care.lists import CareRow, CareState
from core.codes import CareStatus
from pages.ui.care import linking
from pages.ui.kit import actions, dialled, gate, headings, marks, places, words
from pages.ui.kit.lists import case_link, facts, page_number, pick
from pages.ui.kit.words import _

KEY = "care_calls"


def listed(state: CareState) -> None:
    """The calls that are due, and the chosen one beside them."""
    if not gate.read(lists.are_planned):
        st.warning(_("The rule book in force plans no calls."), icon=":material/gavel:")
        places.link("norms", words.in_domain("page", "norms"))
    found = gate.read(lists.listed, state=state, page=page_number(KEY))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        rows = {row.id: _cells(row) for row in found.rows}
        hint = _("Calls are planned by the tool itself, as the rule book says.")
        chosen = pick(KEY, found, rows, empty=_("No calls here."), hint=hint, are_cases=False)
        if found.total:
            st.caption(words.n_("One call or visit", "{n} calls and visits", found.total))
    one = next((row for row in found.rows if row.id == chosen), None)
    if one := one or next(iter(found.rows), None):
        with right, st.container(border=True):
            _one(one)


def of_customer(customer_id: int) -> None:
    """What is planned for a customer, and what came of the calls before."""
    found = gate.read(lists.of_customer, customer_id=customer_id)
    if not found:
        return
    headings.part(_("Calls and visits on a plan"))
    _past(found)


def _cells(row: CareRow) -> dict[str, str]:
    mark = f"{marks.LATE} " if row.late else ""
    return {
        words.field("due_on"): mark + words.day(row.due_on),
        words.field("customer"): row.customer,
        words.field("care_plan"): row.plan,
        words.field("care_means"): words.code(row.means),
        words.field("phone"): row.phone,
        words.field("attempts"): str(row.attempts),
    }


def _one(row: CareRow) -> None:
    icon = ":material/person:"
    places.link("customer", words.plain(row.customer), icon=icon, id=str(row.customer_id))
    dialled.call(row.phone)
    said = f"{row.plan} ({row.clause})" if row.clause else row.plan
    facts(
        {
            words.field("care_plan"): said,
            words.field("care_means"): words.code(row.means),
            words.field("care_from"): words.day(row.counted_from),
            words.field("due_on"): words.day(row.due_on),
            words.field("contact"): row.contact,
        }
    )
    before = gate.read(lists.of_customer, customer_id=row.customer_id)
    if last := next((each for each in before if each.status is CareStatus.DONE), None):
        day = words.moment(last.ended_at, year=True)
        st.caption(_("Last time, {day}: {result}", day=day, result=words.plain(last.result)))
    linking.offer(row)
    actions.panel(
        process.PROCESS,
        record_id=row.id,
        version=row.version,
        rules=[rule for rule in row.actions if rule.action is not GiveCareLink],
        after=lambda _opened: _say(row.id),
    )


def _say(call_id: int) -> None:
    done = gate.read(lists.view, id=call_id)
    if done.complaint:
        said = _("The customer is not content: complaint {number}.", number=done.complaint)
        gate.flash(said, icon=":material/report:")


def _past(found: Sequence[CareRow]) -> None:
    for row in found:
        with st.container(border=True):
            mark = f"{marks.LATE} " if row.late else ""
            at = words.moment(row.ended_at, year=True) if row.ended_at else words.day(row.due_on)
            parts = (words.code(row.status), at, row.plan, row.caller)
            st.markdown(mark + words.plain(" · ".join(part for part in parts if part)))
            if row.complaint_id and row.complaint:
                case_link(row.complaint_id, row.complaint)
            facts(
                {
                    words.field("care_result"): row.result,
                    words.field("score"): f"{row.score:g}" if row.score is not None else "",
                    **{question: f"{score}/10" for question, score in row.scores},
                    words.field("opinion"): row.opinion,
                    words.field("other_needs"): row.other_needs,
                }
            )
