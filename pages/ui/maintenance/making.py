"""The form for a new maintenance plan: for a product, or for what a contract covers."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.customers import customers
from core.maintenance import plans
from core.maintenance.inputs import MakeContractPlan, MakePlan
from core.process.permissions import sees_all_stations
from pages.ui.kit import filters, gate, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

PRODUCT, CONTRACT = "product", "contract"
PLACE = "maintenance_new"
WORK = ("title", "kind", "task", "station_id")
PAIRS = (
    *(("interval_length", "interval_unit"), ("counted_from", "first_on")),
    *(("next_round", "days_ahead"), ("valid_from", "valid_until")),
)


def show(customer_id: int | None) -> None:
    """The form; a station's own people make plans for contracts only."""
    way = CONTRACT
    if sees_all_stations(gate.actor()):
        names = {PRODUCT: _("For a product"), CONTRACT: _("For a contract")}
        usual = CONTRACT if customer_id else PRODUCT
        way = filters.segments("maintenance", "way", _("What it is for"), names, usual=usual)
    if way == PRODUCT:
        _of_product()
    else:
        _of_contract(customer_id)


def _of_product() -> None:
    options = {**_options(), "products": gate.read(plans.products)}
    form = Form("maintenance·product", MakePlan, options=options, values=_first())
    _draw(form, "product_id", *WORK)


def _of_contract(customer_id: int | None) -> None:
    form = Form("maintenance·contract", MakeContractPlan, options=_options(), values=_first())
    chosen = form.record("customer_id", _customers(customer_id), {}, asked=customer_id)
    form.options = {
        **form.options,
        "pieces": gate.read(plans.pieces_of, customer_id=chosen) if chosen else {},
    }
    _draw(form, "contract", *WORK)


def _customers(asked: int | None) -> Mapping[int, str]:
    text = st.text_input(
        _("Whose contract is it?"),
        key="maintenance_customer",
        icon=":material/search:",
        placeholder=_("Name, phone, address or serial number"),
    )
    if text.strip():
        found = gate.read(customers.find, text=text)
    else:
        found = (gate.read(customers.view, id=asked),) if asked else ()
    return {
        each.id: " · ".join(filter(None, (each.name, each.phone, each.address))) for each in found
    }


def _options() -> dict[str, Mapping[Any, str]]:
    return {"kinds": gate.read(plans.kinds), "teams": gate.read(plans.teams)}


def _first() -> dict[str, Any]:
    return {"valid_from": gate.now().astimezone(words.zone()).date()}


def _draw(form: Form, *names: str) -> None:
    with st.form(f"{form.name}_form", enter_to_submit=False):
        form.fields(*names)
        for pair in PAIRS:
            for name, place in zip(pair, st.columns(2), strict=True):
                with place:
                    form.field(name)
        if form.model is MakeContractPlan:
            form.field("pieces")
        pressed = st.form_submit_button(_("Make the plan"), type="primary", key=f"{form.name}_send")
    if pressed:
        form.send(plans.make, done=_("Saved"), then=_made)


def _made(plan_id: int) -> None:
    st.session_state.pop(PLACE, None)
    places.go("maintenance", id=str(plan_id))
