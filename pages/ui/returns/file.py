"""A return: what may be done now first, then the decision with its conditions, and the rest."""

from functools import partial

import streamlit as st

from core.codes import RequestKind
from core.requests import view as case
from core.requests.view import CaseView
from core.returns import actions as returns
from core.returns import inputs, view
from core.returns.view import ReturnView
from pages.ui.kit import actions, cards, gate, headings, places, words
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _
from pages.ui.requests import attachments, beside, pile, timeline
from pages.ui.returns import facts, money, papers, steps

# Rows that may be more than one for a line, or none.
ROWS = cards.drawer(inputs.StoredLine, inputs.DeductionLine, inputs.SentLine)


def of_case(shown: CaseView) -> ReturnView | None:
    """The return of a case; None for other cases and for people who have no part in returns."""
    if shown.kind is not RequestKind.RETURN or not gate.allowed("return:read"):
        return None
    return gate.read(view.view, case_id=shown.id)


def show(case_id: int) -> None:
    """A return beside its queue, or alone: what to do first, then all that is on file."""
    shown = gate.read(case.view, id=case_id)
    file = of_case(shown)
    with st.container(border=True):
        case_link(shown.id, f"{shown.number} · {words.plain(shown.customer.name)}")
        if file is None:
            st.info(_("This case is no return."), icon=":material/info:")
            return
        work(shown, file)
        details(shown, file)
        for raised_id, number in shown.raised:
            case_link(raised_id, _("Led to {number}", number=number))
        attachments.show(shown.id, may_add=gate.allowed("request:note"))
        headings.part(_("Timeline"))
        timeline.show(shown.timeline)
        papers.show(file)


def work(shown: CaseView, file: ReturnView) -> None:
    """Where it stands, what the person may do with it now, and what else may be done."""
    st.markdown(words.plain(file.symptom))
    if file.waits:
        st.warning(
            _("Waiting: {reason}. The time limits stand still.", reason=words.code(file.waits)),
            icon=":material/pause_circle:",
        )
    for id, number in file.complaints:
        case_link(
            id, _("A complaint offers a refund or a new piece for this: {number}", number=number)
        )
    steps.bar(file)
    actions.barred(file.barred)
    facts.brief(file)
    _lines_link(file)
    if steps.may(file, inputs.ConfirmRefund):
        money.show(file)  # whoever confirms sees what
    actions.panel(
        returns.PROCESS,
        record_id=file.id,
        version=file.version,
        # Lines are entered where the conditions are shown while they are typed.
        rules=[r for r in steps.in_order(file.actions) if r.action is not inputs.Amend],
        opened=steps.is_mine(file) and not steps.needs_lines(file),
        look=_look(file),
    )
    beside.other_actions(shown)


def details(shown: CaseView, file: ReturnView) -> None:
    """The decision with its conditions and clauses, then what came, where it lies, the money."""
    title = _("Conditions and decision")
    st.markdown(f"**{title}**")
    facts.decision(file)
    facts.lines(file)
    facts.parcels(file)
    facts.receipt(file)
    facts.stock(file)
    if not steps.may(file, inputs.ConfirmRefund):
        money.show(file)
    pile.limits(shown)


def _look(file: ReturnView) -> actions.Look:
    return actions.Look(ROWS, {inputs.Settle: partial(money.preview, file)}, is_wide=True)


def _lines_link(file: ReturnView) -> None:
    if not steps.may(file, inputs.Amend):
        return
    if not file.lines:
        st.info(_("What is to come back has not been entered yet."), icon=":material/edit_note:")
    places.link(
        "apply_return",
        _("Correct the lines") if file.lines else _("Enter the lines"),
        icon=":material/edit_note:",
        case=str(file.case_id),
    )
