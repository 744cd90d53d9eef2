"""A customer's facts put right, and what was changed of them before (C9)."""

import streamlit as st

from core.customers import customers
from core.customers.customers import CustomerView, EditCustomer
from core.people import people
from core.process import masked
from pages.ui.kit import edits, gate, lists, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

CONTACT = ("contact", "phone", "address", "region")


def call_for(view: CustomerView) -> None:
    """The customer calls again: to the intake, which knows who it is, and about which product."""
    who = view.name if masked.is_masked(view.phone) else view.phone or view.name
    with st.container(horizontal=True):
        places.link("intake", _("New request"), icon=":material/call:", who=who)
        for asset in filter(lambda each: each.is_owned, view.assets):
            name = words.plain(f"{asset.brand} {asset.model} {asset.serial}".strip())
            label = _("Repair: {product}", product=name)
            places.link("intake", label, who=who, product=str(asset.id))


def contact(view: CustomerView) -> None:
    """How the customer is reached; of another station's customer what a call needs."""
    lists.facts({words.field(name): getattr(view, name) for name in CONTACT})
    if view.narrow and view.station:
        said = _(
            "A customer of station {station}: the facts are kept there.",
            station=words.plain(view.station),
        )
        st.caption(said)


def correct(view: CustomerView) -> None:
    """The form for whoever may correct the facts, and the corrections made so far."""
    stations = gate.read(people.station_options)
    with st.expander(_("Correct the customer's facts")):
        form = Form(
            f"customer·{view.id}",
            EditCustomer,
            version=view.version,
            options={"stations": stations},
            values={
                "customer_name": view.name,
                "station_id": view.station_id,
                **{name: getattr(view, name) for name in CONTACT},
            },
        )
        with st.form("customer_form", enter_to_submit=False):
            form.fields()
            if st.form_submit_button(_("Save"), type="primary", key="customer_send"):
                form.send(
                    lambda uow, command: customers.edit(
                        uow, id=view.id, command=command, seen_version=form.seen
                    ),
                    done=_("Saved"),
                )
    known = dict(stations)
    if view.station_id is not None:
        known[view.station_id] = view.station  # also one that is shut by now
    found = gate.read(customers.edits, id=view.id)
    edits.show(found, {"station_id": known}, key="customer_edits")


def pieces(view: CustomerView) -> None:
    """What the customer owns and owned; a row leads to the page of its piece."""
    rows = {
        asset.id: {
            words.field("brand"): asset.brand,
            words.field("model"): asset.model,
            words.field("serial"): asset.serial,
            words.field("status"): words.code(asset.status),
            words.field("purchased_on"): words.day(asset.purchased_on),
            words.field("warranty_until"): words.day(asset.warranty_until),
        }
        for asset in view.assets
    }
    chosen = lists.choose("assets", rows, once=True)
    if chosen:
        places.go("piece", id=str(chosen))
