"""On a case and on a job: what of it is in the shop, and the form to take goods in."""

from datetime import timedelta

import streamlit as st

from core.codes import CameFrom
from core.requests import view as case
from core.workshop import actions, view
from core.workshop.inputs import TakeGoods
from core.workshop.papers import is_gone
from core.workshop.rules import HAND, READ
from pages.ui.kit import gate, places
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.workshop import handing, piece

PROMISED_IN = timedelta(days=7)


def of_case(case_id: int) -> None:
    """Where the goods of a case are; the form where they may be taken in."""
    if not gate.allowed(READ):
        return
    for each in gate.read(view.of_case, case_id=case_id):
        piece.link(each)
    if gate.allowed(HAND) and gate.read(actions.may_take, case_id=case_id):
        label, icon = _("Take the goods in"), ":material/inventory_2:"
        place = st.expander(label, icon=icon, key=_place(case_id), on_change="rerun")
        if place.open:
            with place:
                _form(case_id)


def is_taking(case_id: int) -> bool:
    """Whether the form to take the goods of a case in stands open: then it is the next step."""
    return bool(st.session_state.get(_place(case_id)))


def papers_of(case_id: int, number: str) -> None:
    """The hand-over and the label, where goods were taken in."""
    if gate.allowed(READ) and (found := gate.read(view.of_case, case_id=case_id)):
        handing.papers(case_id, number, gone=is_gone(found[0]))


def _place(case_id: int) -> str:
    return f"take_goods_{case_id}"


def _form(case_id: int) -> None:
    about = gate.read(case.view, id=case_id, with_timeline=False)
    at_site = gate.allowed("job:work")
    values = {
        "came_from": CameFrom.SITE if at_site else CameFrom.COUNTER,
        "handed_over_by": about.contact or about.customer.name,
        "promised_at": gate.now().replace(minute=0, second=0, microsecond=0) + PROMISED_IN,
    }
    form = Form(f"take_goods·{case_id}", TakeGoods, values=values)
    with st.form(f"{form.name}_form", enter_to_submit=False):
        form.fields(*(name for name in TakeGoods.model_fields if name != "case_id"))
        pressed = st.form_submit_button(
            _("Take the goods in"), type="primary", key=f"{form.name}_send"
        )
    if pressed:
        done = _("Taken in. Print the hand-over and the label.")
        form.send(actions.take_in, done=done, then=_taken, extra={"case_id": case_id})


def _taken(piece_id: int) -> None:
    places.go("workshop", id=str(piece_id))
