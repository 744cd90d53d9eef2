"""The owners of a batch on screen: who they are, and who of them knows of the recall."""

from typing import Any

import streamlit as st

from core.quality import owners
from core.quality.owners import OwnerRow
from pages.ui.kit import actions as drawn
from pages.ui.kit import dialled, gate, headings, places, words
from pages.ui.kit.lists import page_number, pick
from pages.ui.kit.words import _

KEY = "owners"


def recalls() -> None:
    """The recalls of which somebody does not know yet, each with a link to its owners."""
    if not (found := gate.read(owners.under_way)):
        return
    headings.part(_("Recalls under way"))
    for row in found:
        said = _("{batch}: {n} of {all} owners still to be told",
                 batch=words.plain(row.batch), n=row.untold, all=row.owners)  # fmt: skip
        places.link("batch", said, icon=":material/campaign:", batch=row.batch)


def listed(batch: str) -> None:
    """The owners, the untold first, and the chosen one beside them."""
    found = gate.read(owners.of_batch, batch=batch, page=page_number(KEY))
    is_recalled = any(row.status for row in found.rows)
    if is_recalled:
        st.progress(
            found.told / found.total,
            _("{n} of {all} owners told", n=found.told, all=found.total),
        )
    rows = {row.customer_id: _cells(row, is_recalled) for row in found.rows}

    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = pick(KEY, found, rows, empty=_("No owner is known."), are_cases=False)
    with right:
        if chosen in rows:
            _card(batch, chosen)


def _card(batch: str, customer_id: int) -> None:
    view = gate.read(owners.of_owner, batch=batch, customer_id=customer_id)
    if view is None:
        places.link("customer", _("Open the customer"), id=str(customer_id))
        return
    with st.container(border=True):
        places.link("customer", words.plain(view.name), icon=":material/person:",
                    id=str(view.customer_id))  # fmt: skip
        dialled.call(view.phone)
        if view.note:
            st.caption(words.plain(view.note))
        drawn.panel(owners.PROCESS, record_id=view.id, version=view.version, rules=view.actions)


def _cells(row: OwnerRow, is_recalled: bool) -> dict[str, Any]:
    cells = {
        words.field("customer"): row.name,
        words.field("phone"): row.phone,
        words.field("station"): row.station,
    }
    if not is_recalled:
        return cells
    told = f"{words.moment(row.told_at)} {row.told_by}" if row.told_at else ""
    return cells | {
        words.field("status"): words.code(row.status) if row.status else "",
        words.field("attempts"): row.attempts or None,
        _("Told"): told,
        words.field("note"): row.note,
    }
