"""The parts of a piece's page: facts, what may be done with it, its life."""

import streamlit as st

from core.customers import life as process
from core.customers.customers import AssetView
from core.customers.inputs import MovePiece
from core.customers.view import PieceView, Sale, Step
from pages.ui.kit import actions, edits, headings, places, words
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _
from pages.ui.requests import righting

CARD = ("brand", "model", "specification", "serial")


def name(asset: AssetView) -> str:
    """A piece by its product and serial number."""
    parts = (asset.brand, asset.model, asset.specification, asset.serial)
    return words.plain(" ".join(part for part in parts if part))


def head(view: PieceView) -> None:
    """Whose it is, where it stands, and how long service is free."""
    asset = view.asset
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(words.code(asset.status), color="blue" if asset.is_owned else "gray")
        icon = ":material/person:"
        places.link("customer", words.plain(view.owner), icon=icon, id=str(view.owner_id))
        if not asset.is_owned:
            st.caption(_("was the owner until {day}", day=words.day(asset.left_on)))
    facts(
        {
            **{words.field(field): getattr(asset, field) for field in CARD},
            words.field("purchased_on"): words.day(asset.purchased_on),
            words.field("warranty_months"): str(view.warranty_months),
            words.field("repair_days"): str(view.repair_days or ""),
            words.field("warranty_until"): words.day(asset.warranty_until),
        }
    )
    for sale in view.sales:
        st.caption(_sale(sale))


def work(view: PieceView) -> None:
    """What may be done with it; nobody's next step."""
    actions.barred(view.barred)
    if view.actions:
        with st.expander(_("Change this piece"), icon=":material/edit:"):
            actions.panel(
                process.PROCESS,
                record_id=view.id,
                version=view.version,
                rules=view.actions,
                opened=False,
                look=actions.Look(fields={MovePiece: righting.whose}),
            )


def life(view: PieceView) -> None:
    """What happened to it, the latest first, and what was changed of its facts."""
    headings.part(_("Life of the piece"))
    with st.container(gap="xsmall"):
        for step in view.life:
            st.markdown(_step(step))
    edits.show(view.edits, key="piece_edits")


def _sale(sale: Sale) -> str:
    parts = (words.day(sale.purchased_on), sale.invoice_no, sale.customer)
    said = " · ".join(part for part in parts if part)
    return words.plain(f"{said} · {words.money(sale.paid_cents)}")


def _step(step: Step) -> str:
    actor = words.plain(step.actor) if step.actor else _("the tool")
    parts = (words.code(step.status) if step.status else "", step.to, step.note)
    said = " · ".join(words.plain(part) for part in parts if part)
    head = f"**{words.fact('asset', step.action)}**"
    return f":gray[{words.moment(step.at, year=True)} · {actor}] {head} {said}"
