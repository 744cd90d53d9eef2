"""What a customer's page and a case say of contracts."""

from functools import partial

import streamlit as st

from core.contracts import supplements, view
from core.contracts.inputs import AskSupplement
from core.contracts.rules import KEEP
from core.contracts.view import CaseContract
from core.customers.customers import CustomerView
from pages.ui.contracts import said
from pages.ui.kit import gate, headings, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _

ICON = ":material/description:"


def of_customer(customer: CustomerView) -> None:
    """The contracts of a customer, and the way to one more."""
    found = gate.read(view.of_customer, customer_id=customer.id)
    may_make = customer.may_edit and gate.allowed(KEEP)
    if not found and not may_make:
        return
    headings.part(_("Contracts"))
    for row in found:
        parts = (row.number, words.code(row.status), said.days(row), said.gives(row))
        label = words.plain(" · ".join(part for part in parts if part))
        places.link("contracts", label, icon=ICON, id=str(row.id))
    if may_make:
        label = _("New contract")
        places.link("contracts", label, icon=":material/edit_note:", customer=str(customer.id))


def of_case(case_id: int) -> None:
    """The contract that judges a case, and what is asked for beyond it."""
    found = gate.read(view.of_case, case_id=case_id)
    if found is None:
        return
    headings.part(_("Contract"))
    _contract(found)
    for row in found.supplements:
        said.supplement(row)
    if gate.allowed(KEEP) and not any(row.actions for row in found.supplements):
        with st.expander(_("Ask for a supplement"), expanded=False):
            _ask(case_id)


def _contract(found: CaseContract) -> None:
    row = found.contract
    label = words.plain(f"{row.number} · {said.days(row)}")
    places.link("contracts", label, icon=ICON, id=str(row.id))
    if found.beyond:
        st.warning(
            _(
                "The contract does not cover this work. Where the customer pays for it, a "
                "supplement is approved before somebody is sent (S7)."
            ),
            icon=":material/front_hand:",
        )
    else:
        facts({words.field("gives"): said.gives(row), words.field("covers"): said.covers(row)})


def _ask(case_id: int) -> None:
    form = Form(f"supplement·{case_id}", AskSupplement)
    with st.form(f"{form.name}·form", border=False, enter_to_submit=False):
        form.fields()
        pressed = st.form_submit_button(_("Ask for approval"), key=f"{form.name}·send")
    if pressed:
        form.send(partial(supplements.ask, case_id=case_id), done=_("Saved"))
