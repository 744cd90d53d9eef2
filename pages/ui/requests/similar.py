"""Earlier cases: those that resemble one, and those of its customer."""

import streamlit as st

from core.requests import lists, precedents
from core.requests.precedents import SimilarCase
from core.requests.view import CaseView
from pages.ui.kit import gate, headings, words
from pages.ui.kit.lists import case_link, open_case, page_number, table
from pages.ui.kit.words import _

# How much of a symptom is shown in a line, and of an earlier case's outcome.
SHORT, MOST = 40, 200
KEY = "case_of_customer"


def show(view: CaseView) -> None:
    """What was done the last time, and the customer's other cases."""
    # The case that it comes from has a link of its own.
    origin = view.origin[0] if view.origin else None
    found = gate.read(precedents.similar, case_id=view.id)
    alike, of_customer = st.columns(2, gap="medium")
    with alike:
        _alike(tuple(case for case in found if case.id != origin))
    with of_customer:
        _of_customer(view)


def _of_customer(view: CaseView) -> None:
    headings.part(_("All cases of {name}", name=words.plain(view.customer.name)))
    chosen = table(
        gate.read(lists.of_customer, customer_id=view.customer.id, page=page_number(KEY)),
        key=KEY,
        columns=("number", "kind", "status", "product", "symptom", "received_at"),
        empty=_("No other cases."),
        once=True,
    )
    if chosen:
        open_case(chosen)


def _alike(found: tuple[SimilarCase, ...]) -> None:
    headings.part(_("Similar earlier cases"))
    if not found:
        st.caption(_("No similar cases."))
    for case in found:
        same = _("same product") if case.same_product else ""
        case_link(case.id, f"{case.number} · {words.plain(case.symptom[:SHORT])}")
        outcome = f"→ {words.plain(case.outcome[:MOST])}" if case.outcome else ""
        parts = (words.moment(case.received_at), words.code(case.kind), same, outcome)
        st.caption(" · ".join(part for part in parts if part))
