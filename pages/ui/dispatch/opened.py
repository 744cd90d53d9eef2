"""A card beside the board: its facts, and the form that does what the mouse does."""

from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from core.codes import JobStatus
from core.dispatch import board, moves
from core.dispatch.board import Board, Card
from core.dispatch.moves import Place, Swap
from pages.ui.dispatch import planner, suggestions
from pages.ui.dispatch.suggestions import Waiting
from pages.ui.kit import gate, lacking, lists, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _


def show(case_id: int, found: Board) -> None:
    """The card of a case, with the form that places it."""
    card = gate.read(board.card, case_id=case_id)
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        with left:
            name = f"{card.number} {words.plain(card.customer)}" if card else str(case_id)
            lists.case_link(case_id, name)
        right.button("", icon=":material/close:", key="board_close", on_click=planner.close)
        if card is None:
            st.info(_("This case is not dispatch's any more."), icon=":material/done_all:")
            return
        said, asked = planner.refused(case_id)
        if said:
            st.error(words.plain(said), icon=":material/block:")
        if card.lacks:
            st.warning(lacking.said(card.lacks), icon=":material/front_hand:")
        if card.status is not JobStatus.ON_SITE:
            _form(card, found, asked)
            if card.is_planned:
                _swap(card, found, asked)
        if not card.is_planned:
            suggestions.send(case_id, planner.close)
            suggestions.show(Waiting(case_id, card.job_id, card.version))
        _facts(card)


def _facts(card: Card) -> None:
    st.markdown(f"**{words.plain(card.customer)}** {words.plain(card.phone)}")
    st.caption(words.plain(card.what))
    wanted = _("wanted: {window}", window=words.window(card.wanted_from, card.wanted_to))
    agreed = _("agreed: {window}", window=words.window(card.agreed_from, card.agreed_to))
    parts = (
        card.address,
        wanted if card.wanted_from else "",
        agreed if card.agreed_from else "",
        words.due(card.due_at, now=gate.now()) if card.due_at else "",
    )
    st.caption(words.plain(" · ".join(part for part in parts if part)))


def _form(card: Card, found: Board, asked: dict[str, Any]) -> None:
    start = card.start or _next(found)
    values = {
        "technician_id": card.technician_id,
        "planned_from": start,
        "planned_to": card.end or start + timedelta(minutes=card.minutes),
    } | asked
    # A refused move shows where it was to go: another form than the one of before.
    form = Form(
        f"place_{card.case_id}_{len(asked)}_{values['planned_from']}",
        Place,
        options={"technicians": {row.technician_id: row.name for row in found.rows}},
        values=values,
        version=card.version,
    )
    with st.form(f"place_{card.case_id}", border=False):
        form.fields("technician_id", "planned_from", "planned_to", "note")
        pressed = st.form_submit_button(_("Place"), type="primary", key="board_place")
        off = card.is_planned and st.form_submit_button(_("Take off"), key="board_off")
    if pressed or off:
        form.send(
            lambda uow, filled: moves.place(
                uow, filled, case_id=card.case_id, job_id=card.job_id, seen_version=form.seen
            ),
            done=_("{number}: taken off.", number=card.number)
            if off
            else _("{number}: placed.", number=card.number),
            extra={"planned_from": None, "planned_to": None} if off else None,
            then=lambda _result: planner.close(),
        )


def _swap(card: Card, found: Board, asked: dict[str, Any]) -> None:
    """Two jobs change places; whoever stands where a card was to go is proposed."""
    others = {each.mark: each for each in found.planned if _is_other(card, each)}
    first = next((key for key, each in others.items() if _is_there(each, asked)), None)
    form = Form(
        f"swap_{card.case_id}_{first}",
        Swap,
        options={"others": {key: _place_of(each) for key, each in others.items()}},
        values={"other": first},
        version=card.version,
    )
    with st.expander(_("Swap with another"), expanded=first is not None):
        form.fields("other", "note")
        pressed = st.button(_("Swap"), key="board_swap")
    if pressed:
        form.send(
            lambda uow, filled: moves.swap(
                uow, filled, job_id=card.job_id or 0, seen_version=form.seen
            ),
            done=_("{number}: swapped.", number=card.number),
            then=lambda _result: planner.close(),
        )


def _is_other(card: Card, each: Card) -> bool:
    return each.case_id != card.case_id and each.status is not JobStatus.ON_SITE


def _is_there(card: Card, asked: dict[str, Any]) -> bool:
    """Whether a card stands where another one was to go."""
    if not asked or not (card.start and card.end):
        return False
    is_same = card.technician_id == asked["technician_id"]
    return is_same and bool(card.start < asked["planned_to"] and asked["planned_from"] < card.end)


def _place_of(card: Card) -> str:
    return f"{card.technician} {words.window(card.start, card.end)} {card.customer}"


def _next(found: Board) -> datetime:
    """The next quarter of an hour, or the first one of the day that is looked at."""
    now = gate.now().astimezone(words.zone())
    begins = [row.working[0].start for row in found.rows if row.working]
    at = max(now, min(begins)) if begins else now
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)
