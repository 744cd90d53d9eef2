"""A customer's archive 客户档案: facts, products, every case (C9)."""

import streamlit as st

from core import customers, opinions, people
from core.customers import EditCustomer
from core.requests import lists
from pages.ui import calls, gate, words
from pages.ui.forms import Form
from pages.ui.lists import facts, open_case, page_number, table
from pages.ui.words import _

CONTACT = ("contact", "phone", "address", "region")

customer_id = st.query_params.get("id", "")
if not customer_id.isdecimal() or len(customer_id) > 9:
    st.info(_("Search for a customer to open the archive."), icon=":material/search:")
    st.page_link("pages/find.py", label=_("Search"))
    st.stop()

view = gate.read(customers.view, id=int(customer_id))
st.title(words.plain(view.name))
facts({words.field(name): getattr(view, name) for name in CONTACT})

st.subheader(_("Products"))
if view.assets:
    st.dataframe(
        [
            {
                words.field("brand"): asset.brand,
                words.field("model"): asset.model,
                words.field("serial"): asset.serial,
                words.field("purchased_on"): words.day(asset.purchased_on),
                words.field("warranty_until"): words.day(asset.warranty_until),
            }
            for asset in view.assets
        ],
        hide_index=True,
        key="assets",
    )
else:
    st.caption(_("No product is written down yet."))

st.subheader(_("Cases"))
chosen = table(
    gate.read(lists.of_customer, customer_id=view.id, page=page_number("customer")),
    key="customer",
    columns=("number", "kind", "status", "product", "symptom", "received_at"),
    empty=_("No cases yet."),
    once=True,
)
if chosen:
    open_case(chosen)

if said := gate.read(opinions.of_customer, customer_id=view.id):
    st.subheader(_("What the customer said when called"))
    calls.show(said, with_case=True)

if gate.allowed("request:register"):
    with st.expander(_("Correct the customer's facts")):
        form = Form(
            f"customer·{view.id}",
            EditCustomer,
            version=view.version,
            options={"stations": gate.read(people.station_options)},
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
