"""Intake 受理: the page for the person with the phone at the ear."""

import streamlit as st

from core.codes import RequestKind, ServiceWay
from core.improvements import actions as improvements
from core.people import people
from pages.ui.kit import gate, headings, places, shortcut, window
from pages.ui.kit.words import _
from pages.ui.knowledge import offered
from pages.ui.mail import taking as mailed
from pages.ui.online import taking as online
from pages.ui.requests import caller, receipt, wanted
from pages.ui.requests.begun import Begun
from pages.ui.returns import applying

if saved := places.number("receipt"):
    receipt.show(saved)
    st.stop()

headings.title(_("Register a request"))
options = {"stations": gate.read(people.station_options), "staff": gate.read(improvements.staff)}
begun = mailed.asked() or online.asked() or Begun()
form = begun.form(options=options)
caller.answer(form)
caller.kind_and_channel(form, begun.channel, begun.kind)
if form.typed["kind"] is RequestKind.RETURN:
    applying.offer()

left, right = st.columns([3, 2], gap="large")
with right:
    begun.show()
with left:
    customer = caller.find_customer(form)
    if customer:
        # On a phone above the other fields, on a desk beside them.
        with st.container() if window.is_narrow() else right:
            caller.whereabouts(customer)
    asked = st.container()
    asset = caller.choose_product(form, customer)
    if not customer:
        with asked:
            caller.known_already(form)
    # A question is looked up as soon as it is told; what is to be done is only written down.
    is_asked = form.typed["kind"] is RequestKind.CONSULTATION
    form.field("symptom", **({} if is_asked else {"on_change": "ignore"}))
    if customer:
        caller.contact(form, customer)
    form.fields("fault_area")
    caller.complained_of(form)
    known = caller.prospect(form, asset)
    form.extra_fields(known.extra_fields)
    offered.at_intake(form, known)
    if is_asked:
        caller.case_class(form, known)
        form.field("answer", on_change="ignore", help=_("An answer on the spot closes it (D10)."))
    if known.way:
        form.pick("way", list(ServiceWay), first=known.way, scope=known.way)
    wanted.choose(form)
    with st.expander(_("Priority, station, received earlier")):
        form.fields("priority", "received_at", "station_id")
        if form.typed["kind"] is not RequestKind.CONSULTATION:
            caller.case_class(form, known)
form.keep()
# Always in sight, however long the form is.
with st.bottom:
    pressed = st.button(
        _("Register"), type="primary", key="intake_send", shortcut="Ctrl+Enter", width="stretch"
    )
shortcut.sends("intake_send")
with right:
    caller.show_prospect(known)
if pressed:
    with st.bottom:  # what is wrong is said beside the button
        form.send(
            offered.registering(form, begun.command(form)),
            then=lambda case_id: places.keep("receipt", str(case_id)),
        )
