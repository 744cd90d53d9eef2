"""A contract and a supplement in words."""

import streamlit as st

from core.contracts import supplements
from core.contracts.view import ContractView, SupplementView
from pages.ui.kit import actions, words
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _


def days(row: ContractView) -> str:
    """From when to when."""
    until = words.day(row.valid_until) if row.valid_until else _("without an end")
    return f"{words.day(row.valid_from)} – {until}"


def gives(row: ContractView) -> str:
    """What it gives beyond the usual, in a row."""
    given = {
        _("labour free"): row.labour_free,
        _("parts free"): row.parts_free,
        _("travel free"): row.travel_free,
    }
    said = [text for text, is_so in given.items() if is_so]
    if row.warranty_until:
        said.append(_("warranty until {day}", day=words.day(row.warranty_until)))
    if row.response_hours:
        said.append(_("response in {n} h", n=row.response_hours))
    if row.arrival_hours:
        said.append(_("arrival in {n} h", n=row.arrival_hours))
    return words.listed(said)


def covers(row: ContractView) -> str:
    """Which pieces and which work."""
    pieces = words.listed(row.pieces) if row.pieces else _("all that the customer owns")
    work = words.listed(words.code(kind) for kind in row.kinds) if row.kinds else _("all work")
    return f"{pieces} · {work}"


def supplement(row: SupplementView, *, with_case: bool = False) -> None:
    """What is asked for beyond a contract, and what may be done about it."""
    with st.container(border=True):
        if with_case:
            case_link(row.case_id, f"{row.case} · {words.plain(row.contract)}")
        money = words.money(row.cents)
        st.markdown(f"**{words.code(row.status)}** · {money} · {words.plain(row.work)}")
        who = (row.reason, row.asked_by, row.decided_by)
        st.caption(words.plain(" · ".join(part for part in who if part)))
        actions.barred(row.barred)
        actions.panel(
            supplements.PROCESS,
            record_id=row.id,
            version=row.version,
            rules=row.actions,
            opened=False,
        )
