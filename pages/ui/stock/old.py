"""Old parts on their way back to the maker."""

import streamlit as st

from core.stock import uses
from core.stock.uses import UseView
from pages.ui.kit import actions, gate, words
from pages.ui.kit.lists import case_link, choose, facts
from pages.ui.kit.words import _


def show() -> None:
    """Those that a technician still has, and those that lie in a store."""
    rows = {row.id: row for row in gate.read(uses.old_parts)}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = choose("old_parts", {id: _cells(row) for id, row in rows.items()})
        if not rows:
            st.info(_("No old part is on its way."), icon=":material/check_circle:")
    with right:
        if chosen in rows:
            with st.container(border=True):
                _card(rows[chosen])


def _card(row: UseView) -> None:
    st.markdown(f"**{words.plain(row.part)}** · {words.code(row.status)}")
    facts({words.field("old_serial"): row.old_serial, words.field("technician"): row.by})
    case_link(row.case_id, row.number)
    actions.panel(uses.PROCESS, record_id=row.id, version=row.version, rules=row.actions)


def _cells(row: UseView) -> dict[str, str]:
    return {
        words.field("status"): words.code(row.status),
        words.field("part_name"): row.part,
        words.field("old_serial"): row.old_serial,
        words.field("technician"): row.by,
        words.field("used_at"): words.moment(row.used_at),
        words.field("number"): row.number,
    }
