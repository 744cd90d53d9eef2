"""Who has not confirmed the plan of a day yet, and one press that reminds them."""

from collections.abc import Mapping
from uuid import uuid4

import streamlit as st

from core.dispatch import routes
from core.dispatch.board import Board
from pages.ui.kit import gate, words
from pages.ui.kit.words import _


def offer(found: Board) -> Mapping[int, int]:
    """How many plans each has to confirm, of a board of one day; above it the button."""
    if found.since != found.until:
        return {}
    people = [row.technician_id for row in found.rows]
    plans = gate.read(routes.unconfirmed, day=found.since, people=people)
    if plans:
        _draw(found, plans)
    return plans


def _draw(found: Board, plans: Mapping[int, int]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        names = {row.technician_id: row.name for row in found.rows}
        said = " · ".join(f"{names[id]} {count}" for id, count in plans.items())
        st.caption(words.plain(_("Not confirmed: {who}", who=said)))
        if st.button(_("Remind"), key="board_remind", icon=":material/notifications_active:"):
            day, people = found.since, list(plans)
            count = gate.send(uuid4().hex, lambda uow: routes.remind(uow, day=day, people=people))
            st.toast(words.n_("One has been told.", "{n} have been told.", count))
