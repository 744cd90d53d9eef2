"""A customer's cases: all of them, or one kind, each with how many there are (C9)."""

import streamlit as st

from core.requests import lists
from pages.ui.kit import filters, gate, headings, words
from pages.ui.kit.lists import open_case, page_number, table
from pages.ui.kit.words import _

COLUMNS = ("number", "kind", "status", "product", "symptom", "received_at")


def of_customer(customer_id: int) -> None:
    """The cases; consultations, quality cases, returns and the like are told apart by a tap."""
    headings.part(_("Cases"))
    counts = gate.read(lists.kinds_of_customer, customer_id=customer_id)
    kind = None
    if len(counts) > 1:
        labels = {kind: f"{words.code(kind)} {words.number(n)}" for kind, n in counts.items()}
        label = _("Which kind of case")
        kind = filters.segments("customer", "kind", label, labels, usual=None, draw=st.pills)
    page = page_number("customer")
    chosen = table(
        gate.read(lists.of_customer, customer_id=customer_id, kind=kind, page=page),
        key="customer",
        columns=COLUMNS,
        empty=_("No cases yet."),
        once=True,
    )
    if chosen:
        open_case(chosen)
