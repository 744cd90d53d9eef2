"""Goods in the shop: how far they are, the next step, the hand-over, what was lent."""

import streamlit as st

from core.codes import ShopPurpose, ShopStatus
from core.workshop import actions as workshop
from core.workshop.papers import is_gone
from core.workshop.view import PieceView
from pages.ui.kit import actions, gate, places, words
from pages.ui.kit.lists import case_link, facts
from pages.ui.kit.words import _
from pages.ui.requests import attachments
from pages.ui.workshop import handing


def show(view: PieceView) -> None:
    """The piece with its next step first."""
    row = view.row
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{words.plain(row.number)}**", width="content")
        st.badge(words.code(row.status), color="red" if row.unclaimed else "blue")
        if row.promised_at and not view.ready_at and row.purpose is ShopPurpose.REPAIR:
            due = words.due(row.promised_at, now=gate.now())
            st.badge(due, icon=":material/timer:", color="red" if row.late else "gray")
        case_link(row.case_id, row.case_number)
    if row.unclaimed:
        st.warning(_("Ready, and not collected: call the customer."), icon=":material/call:")
    if row.loan_out:
        st.info(_("The customer has on loan: {what}", what=words.plain(view.lent)))
    actions.panel(
        workshop.PROCESS,
        record_id=row.id,
        version=view.version,
        rules=view.actions,
        look=actions.Look(folds_others=True, is_wide=True),
    )
    _facts(view)
    with st.container(horizontal=True):
        handing.papers(row.case_id, row.number, gone=is_gone(view))
    photos = st.expander(_("Photos"), key=f"workshop_photos_{row.id}", on_change="rerun")
    if photos.open:
        with photos:
            may_add = gate.allowed("request:note")
            attachments.show(row.case_id, may_add=may_add, only_photos=True)


def _facts(view: PieceView) -> None:
    row = view.row
    facts(
        {
            words.field("product"): f"{row.product} {row.serial}".strip(),
            words.field("customer"): row.customer,
            words.field("shelf"): row.shelf,
            words.field("technician"): row.technician,
            words.field("promised_at"): words.moment(row.promised_at),
            words.field("condition"): view.condition,
            words.field("accessories"): view.accessories,
            words.field("purpose"): words.code(row.purpose),
            words.field("came_from"): words.code(view.came_from),
            words.field("handed_over_by"): view.handed_over_by,
            words.field("taken_in_by"): _who(view.taken_in_by, words.moment(view.taken_in_at)),
            words.field("diagnosis"): view.diagnosis,
            words.field("quote_cents"): _quote(view),
            words.field("work_done"): view.work_done,
            words.field("told_ready_at"): words.moment(view.ready_at) if view.ready_at else "",
            words.field("given_to"): view.given_to,
            words.field("given_by"): _who(view.given_by, words.moment(view.given_at)),
            words.field("condition_back"): view.condition_back,
            words.field("recycled_to"): _who(
                view.recycled_to, words.moment(view.recycled_at) if view.recycled_at else ""
            ),
            words.field("lent"): view.lent,
            words.field("lent_until"): words.day(view.lent_until) if view.lent_until else "",
            words.field("lent_back_at"): (
                words.moment(view.lent_back_at) if view.lent_back_at else ""
            ),
        }
    )


def _quote(view: PieceView) -> str:
    if view.quote_cents is None:
        return ""
    return words.money(view.quote_cents) if view.quote_cents else _("Free of charge")


def _who(name: str, at: str) -> str:
    return f"{name} · {at}" if name else ""


def link(view: PieceView) -> None:
    """From elsewhere to the piece: where it is and how far."""
    row = view.row
    parts = (_("In the shop"), words.code(row.status), row.shelf, row.number)
    label = words.plain(" · ".join(part for part in parts if part))
    if row.status in (ShopStatus.GIVEN_BACK, ShopStatus.RECYCLED):
        label = words.plain(f"{words.code(row.status)} · {row.number}")
    places.link("workshop", label, icon=":material/home_repair_service:", id=str(row.id))
