"""Improvement measures on screen: what was planned, who does it by when, whether it works."""

from collections.abc import Sequence

import streamlit as st

from core.improvements import actions as improvements
from core.improvements.actions import ImprovementView
from pages.ui.kit import actions, words
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _


def of_case(rows: Sequence[ImprovementView]) -> None:
    """The measures that a case led to, each with what may be done about it now."""
    if not rows:
        return
    title = _("Improvement measures")
    st.markdown(f"**{title}**")
    for row in rows:
        with st.container(border=True):
            show(row)


def show(row: ImprovementView) -> None:
    """One measure with its actions."""
    late = f" · :red[{_late()}]" if row.late else ""
    st.markdown(f"**{words.code(row.kind)}** · {words.code(row.status)}{late}")
    st.markdown(words.plain(row.measure))
    facts(
        {
            words.field("owner"): row.owner,
            words.field("due_on"): words.day(row.due_on),
            words.field("fault_area"): words.code(row.fault_area) if row.fault_area else "",
            words.field("finding"): " · ".join(
                each for each in (row.finding, row.checked_by) if each
            ),
        }
    )
    actions.panel(
        improvements.PROCESS,
        record_id=row.id,
        version=row.version,
        rules=row.actions,
    )


def _late() -> str:
    return _("overdue")
