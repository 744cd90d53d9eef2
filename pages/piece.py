"""A piece: its facts, whose it is, its life and its cases: the warranty card 保修卡 (E11)."""

import streamlit as st

from core.customers import view as pieces
from core.requests import lists
from pages.ui.customers import piece
from pages.ui.kit import gate, headings, papers, places
from pages.ui.kit.lists import open_case, page_number, table
from pages.ui.kit.words import _
from pages.ui.online import labels
from pages.ui.stock import bench

piece_id = places.number("id")
if piece_id is None:
    st.info(_("Search for a piece by its serial or plate number."), icon=":material/search:")
    places.link("find", _("Search"))
    st.stop()

view = gate.read(pieces.view, id=piece_id)
headings.title(piece.name(view.asset))
piece.head(view)
with st.container(horizontal=True):
    papers.of_piece(view.id, view.asset.serial or str(view.id))
piece.work(view)

headings.part(_("Cases"))
chosen = table(
    gate.read(lists.of_piece, asset_id=view.id, page=page_number("piece")),
    key="piece",
    columns=("number", "kind", "status", "symptom", "technician", "received_at"),
    empty=_("No cases yet."),
    once=True,
)
if chosen:
    open_case(chosen)

bench.of_piece(view.id)
piece.life(view)
labels.of_piece(view.id)
