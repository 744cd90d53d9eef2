"""Apply for a return or exchange 退换申请: what holds is shown before it is sent in (C8)."""

import streamlit as st

from core.codes import Channel, RequestKind
from core.people import people
from core.requests import intake
from core.returns import actions
from core.returns.inputs import Amend, Apply
from pages.ui.kit import gate, headings, places, shortcut, words
from pages.ui.kit.actions import taking
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.returns import applying

if done := places.number("done"):
    applying.receipt(done)
    st.stop()

headings.title(words.in_domain("page", "apply_return"))
file = applying.file_of(places.number("case"))
if file:
    form = Form(
        f"amend·{file.id}",
        Amend,
        version=file.version,
        values={"mileage_km": file.mileage_km},
    )
else:
    form = Form("apply", Apply, options={"stations": gate.read(people.station_options)})
    form.pick("channel", list(Channel), first=Channel.HOTLINE)
customer = applying.customer_of(form, file)
if customer is None:
    st.stop()

known = gate.read(intake.prospect, kind=RequestKind.RETURN, asset_id=None, fault_area=None)
if any(field.name == "mileage" for field in known.extra_fields):
    form.fields("mileage_km")
chosen = applying.lines(form, customer.id, file, form.typed.get("mileage_km"))
if file:
    form.field("note", on_change="ignore")
else:
    form.field("symptom", on_change="ignore")
    form.extra_fields(
        [field for field in known.extra_fields if field.name not in applying.SAID_BY_LINES]
    )
    with st.expander(_("Priority, station, when it came in")):
        form.fields("priority", "station_id", "received_at")
pressed = st.button(
    _("Save the lines") if file else _("Send in the application"),
    type="primary",
    key="apply_send",
    shortcut="Ctrl+Enter",
    width="stretch",
)
shortcut.sends("apply_send")
lines = [line.model_dump() for line in chosen]
if pressed and file:
    back = str(file.case_id)
    form.send(
        taking(actions.PROCESS, file.id, form.seen),
        extra={"lines": lines},
        done=_("Saved"),
        then=lambda _id: places.go("returns", id=back),
    )
elif pressed:
    form.send(
        lambda uow, command: actions.apply(uow, command).request_id,
        extra={"customer_id": customer.id, "lines": lines},
        then=lambda case_id: places.keep("done", str(case_id)),
    )
