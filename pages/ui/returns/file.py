"""A return: what may be done now first, then the decision with its conditions, and the rest."""

from functools import partial

import streamlit as st

from core.codes import RequestKind
from core.requests.view import CaseView
from core.returns import actions as returns
from core.returns import inputs, view
from core.returns.view import ReturnView
from pages.ui.kit import actions, cards, gate, places, words
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _
from pages.ui.requests import beside, pile
from pages.ui.requests.head import Work
from pages.ui.returns import facts, money, papers, steps

# Rows that may be more than one for a line, or none.
ROWS = cards.drawer(inputs.StoredLine, inputs.DeductionLine, inputs.SentLine)


def work(shown: CaseView) -> Work | None:
    """The return of a case; None for other cases and for people who have no part in returns."""
    if shown.kind is not RequestKind.RETURN or not gate.allowed("return:read"):
        return None
    file = gate.read(view.view, case_id=shown.id)
    turn = steps.turn(file)
    return Work(
        turn=turn,
        step=partial(_step, shown, file),
        facts=partial(_facts, shown, file),
        papers=partial(papers.show, file),
    )


def _step(shown: CaseView, file: ReturnView) -> None:
    """Where it stands, what the person may do with it now, and what else may be done."""
    st.markdown(words.plain(file.symptom))
    for id, number in file.complaints:
        case_link(
            id, _("A complaint offers a refund or a new piece for this: {number}", number=number)
        )
    steps.bar(file)
    actions.barred(file.barred)
    facts.brief(file)
    facts.differences(file)
    _lines_link(file)
    if steps.may(file, inputs.ConfirmRefund):
        money.in_short(file)  # whoever confirms sees what
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


def _facts(shown: CaseView, file: ReturnView) -> None:
    """The decision with its clauses, then what came, where it lies, the money."""
    facts.decision(file)
    facts.goods(file)
    money.show(file)
    pile.due(shown)


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
