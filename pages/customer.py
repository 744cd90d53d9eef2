"""A customer's archive 客户档案: facts, products, every case (C9)."""

import streamlit as st

from core.customers import customers
from pages.ui.care import calls as care
from pages.ui.care import keys
from pages.ui.contracts import beside as contracts
from pages.ui.courses import beside as courses
from pages.ui.customers import cases, content, doubles, erasing, guarding, owner
from pages.ui.kit import gate, headings, places, words
from pages.ui.kit.words import _
from pages.ui.maintenance import beside as maintenance
from pages.ui.points import member
from pages.ui.requests import where

customer_id = places.number("id")
if customer_id is None:
    st.info(_("Search for a customer to open the archive."), icon=":material/search:")
    places.link("find", _("Search"))
    doubles.all_of_them()
    st.stop()

view = gate.read(customers.view, id=customer_id)
headings.title(words.plain(view.name))
keys.badge(view.id)
where.show(where.of_customers([view.id])[view.id])
if gate.allowed("request:register"):
    owner.call_for(view)
owner.contact(view)
if not view.narrow:
    owner.contacts(view)

guarding.of_customer(view)

headings.part(_("Products"))
if view.assets:
    owner.pieces(view)
else:
    st.caption(_("No product on file yet."))

if not view.narrow:
    owner.bought(view)
    contracts.of_customer(view)
    member.of_customer(view)
    maintenance.of_customer(view.id)

cases.of_customer(view.id)
if not view.narrow:
    courses.of_customer(view)
    content.of_customer(view.id)
    care.of_customer(view.id)
keys.of_customer(view)

if view.may_edit:
    owner.correct(view)
    doubles.of_customer(view.id)
erasing.show(view)
