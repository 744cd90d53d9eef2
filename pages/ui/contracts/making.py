"""The form for a new contract of a customer."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.contracts import contracts
from core.contracts.inputs import MakeContract
from core.contracts.rules import KEEP
from core.customers import customers
from pages.ui.kit import gate, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

FIRST = ("contract_no", "contract_scope")
PAIRS = (
    *(("valid_from", "valid_until"), ("own_warranty_until", "response_hours")),
    *(("arrival_hours", "labour_free"), ("parts_free", "travel_free")),
)
ROWS = ("contract_pieces", "contract_work")


def show(customer_id: int) -> None:
    """The form; without pieces it covers all that the customer owns."""
    view = gate.read(customers.view, id=customer_id)
    places.link("customer", words.plain(view.name), icon=":material/person:", id=str(view.id))
    if not (view.may_edit and gate.allowed(KEEP)):
        st.info(_("Contracts are made by the station of the customer."))
        return
    st.caption(_("Without pieces it covers all that the customer owns, without kinds all work."))
    options: dict[str, Mapping[Any, str]] = {
        "pieces": gate.read(contracts.pieces_of, customer_id=view.id),
        "contract_kinds": gate.read(contracts.kinds),
    }
    first = {"valid_from": gate.now().astimezone(words.zone()).date()}
    form = Form(f"contract·{view.id}", MakeContract, options=options, values=first)
    with st.form(f"{form.name}·form", enter_to_submit=False):
        form.fields(*FIRST)
        for pair in PAIRS:
            for name, place in zip(pair, st.columns(2), strict=True):
                with place:
                    form.field(name)
        form.fields(*ROWS)
        pressed = st.form_submit_button(
            _("Keep as a draft"), type="primary", key=f"{form.name}·send"
        )
    if pressed:
        form.send(
            contracts.make,
            extra={"customer_id": view.id},
            done=_("Saved"),
            then=lambda id: places.go("contracts", id=str(id)),
        )
