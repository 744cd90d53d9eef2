"""What was written down wrongly of a case is put right: whose, which piece, what is asked for."""

import streamlit as st

from core.requests import actions as requests
from core.requests.inputs import ChangeCustomer
from core.requests.view import CaseView
from pages.ui.kit import actions, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.requests import caller


def of_case(view: CaseView) -> None:
    """The way to the piece, and the forms by which the case is put right, folded."""
    if view.asset:
        name = f"{view.asset.brand} {view.asset.model} {view.asset.serial}".strip()
        icon = ":material/inventory_2:"
        places.link("piece", words.plain(name), icon=icon, id=str(view.asset.id))
    if not view.rights:
        return
    with st.expander(_("Put right what was written down"), icon=":material/edit:"):
        actions.panel(
            requests.PROCESS,
            record_id=view.id,
            version=view.version,
            rules=view.rights,
            opened=False,
            part="·rights",
            look=actions.Look(fields={ChangeCustomer: whose}),
        )


def whose(form: Form) -> None:
    """The right customer, looked for as at the intake, and the reason."""
    caller.find_customer(form, new=_not_on_file)
    form.field("note")


def _not_on_file(_text: str) -> None:
    st.caption(_("Choose a customer who is on file; a new one is registered first."))
