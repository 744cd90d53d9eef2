"""The list of contracts, and the supplements that wait for a decision."""

import streamlit as st

from core.contracts import view
from core.contracts.view import ContractPart
from pages.ui.contracts import said
from pages.ui.kit import gate, places, words
from pages.ui.kit.lists import page_number, pick
from pages.ui.kit.words import _


def listed(part: ContractPart) -> None:
    """The contracts of a part; a row leads to its page."""
    found = gate.read(view.listed, part=part, page=page_number("contracts"))
    rows = {
        row.id: {
            words.field("contract_no"): row.number,
            words.field("customer"): row.customer,
            words.field("valid_until"): words.day(row.valid_until),
            words.field("gives"): said.gives(row),
            words.field("contract_scope"): row.scope,
        }
        for row in found.rows
    }
    hint = _("A contract is made on the page of its customer.")
    empty = _("No contract here.")
    if chosen := pick("contracts", found, rows, empty=empty, hint=hint, are_cases=False, once=True):
        places.go("contracts", id=str(chosen))


def supplements() -> None:
    """What is asked for beyond a contract and waits: somebody may be sent only after it."""
    found = gate.read(view.waiting)
    if not found:
        st.info(_("Nothing waits for a decision."), icon=":material/check_circle:")
    for row in found:
        said.supplement(row, with_case=True)
