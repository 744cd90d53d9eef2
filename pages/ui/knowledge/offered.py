"""Beside a question: articles and earlier answers that resemble it, taken with one press."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core.codes import RequestKind
from core.kernel.errors import Refused
from core.kernel.unit_of_work import UnitOfWork
from core.knowledge import offers, uses
from core.knowledge.offers import Asked, Known, Offered
from core.requests.intake import Prospect
from core.requests.precedents import EarlierAnswer
from core.requests.view import CaseView
from pages.ui.kit import gate, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _
from pages.ui.knowledge import said

FIELD = "answer"
SHORT = 40


def answering(view: CaseView, form: Form) -> None:
    """The field of the answer, and above it what is known of the question."""
    taken = _choose(gate.read(offers.known_of_case, case_id=view.id), f"known·{view.id}")
    if taken and _count(view.id, taken):
        form.add(FIELD, taken.answer)
    form.field(FIELD)


def at_intake(form: Form, known: Prospect) -> None:
    """What is known of a question while it is told; a consultation may be answered with it."""
    asked = _asked(form, known)
    if not asked.text.strip():
        return
    if form.typed["kind"] is not RequestKind.CONSULTATION:
        found = Known(gate.read(offers.offered, asked=asked), ())
        _choose(found, "known·intake", may_take=False)
        return
    taken = _choose(gate.read(offers.known, asked=asked), "known·intake")
    if taken:
        form.add(FIELD, taken.answer)
    if isinstance(taken, Offered):
        st.session_state.setdefault(_place(form), []).append(taken.id)


def registering(
    form: Form, by: Callable[[UnitOfWork, Any], Any]
) -> Callable[[UnitOfWork, Any], Any]:
    """Registers what was told, answered with the articles that were taken for it."""
    taken = tuple(st.session_state.get(_place(form), ()))
    return partial(uses.register, article_ids=taken, by=by)


def guidance(case_id: int) -> None:
    """What guides a technician at this case; whoever was helped says so."""
    found = gate.read(offers.guidance, case_id=case_id)
    for row in found:
        with st.expander(words.plain(row.headline), icon=said.ICON):
            said.body(row.question, row.answer)
            st.caption(said.facts(row))
            with st.container(horizontal=True):
                places.link("knowledge", _("With pictures"), icon=said.ICON, id=str(row.id))
                helped(case_id, row.id)


def helped(case_id: int, article_id: int) -> None:
    """The press that says that an article has helped."""
    key = f"helped·{case_id}·{article_id}"
    if st.button(_("It helped"), key=key, icon=":material/task_alt:", type="tertiary"):
        tell = partial(uses.tell_helpful, case_id=case_id, article_id=article_id)
        if _send(tell):
            gate.flash(_("Counted. Thank you."))
            st.rerun()


def _asked(form: Form, known: Prospect) -> Asked:
    piece, typed = known.asset, form.typed
    return Asked(
        typed.get("symptom") or "",
        brand=piece.brand if piece else typed.get("brand") or "",
        model=piece.model if piece else typed.get("model") or "",
        fault_area=typed.get("fault_area"),
    )


def _place(form: Form) -> str:
    return f"known·taken·{form.key}"


def _choose(found: Known, key: str, *, may_take: bool = True) -> Offered | EarlierAnswer | None:
    """Draws what is known; gives what was taken in this run."""
    if not found.articles and not found.answers:
        return None
    taken: Offered | EarlierAnswer | None = None
    title = _("Known answers to questions like this")
    st.markdown(f"**{title}**")
    for row in found.articles:
        with st.expander(_label(row.headline, row.words), icon=said.ICON):
            said.body(row.question, row.answer)
            st.caption(said.facts(row))
            with st.container(horizontal=True):
                if may_take and _takes(f"{key}·article·{row.id}"):
                    taken = row
                places.link("knowledge", _("Open the article"), icon=said.ICON, id=str(row.id))
    for earlier in found.answers:
        with st.expander(_label(earlier.symptom[:SHORT], earlier.words), icon=":material/history:"):
            said.body(earlier.symptom, earlier.answer)
            parts = (words.moment(earlier.received_at, year=True), said.common(earlier.words))
            st.caption(words.plain(" · ".join(part for part in parts if part)))
            with st.container(horizontal=True):
                if may_take and _takes(f"{key}·case·{earlier.id}"):
                    taken = earlier
                case_link(earlier.id, earlier.number)
    return taken


def _label(text: str, found: tuple[str, ...]) -> str:
    return words.plain(" · ".join(part for part in (text, words.listed(found)) if part))


def _takes(key: str) -> bool:
    return st.button(_("Take this answer"), key=key, icon=":material/edit_note:")


def _count(case_id: int, taken: Offered | EarlierAnswer) -> bool:
    """Whether it may be taken; an article that was withdrawn meanwhile may not."""
    if not isinstance(taken, Offered):
        return True
    return _send(partial(uses.take, case_id=case_id, article_id=taken.id))


def _send(command: Callable[[UnitOfWork], None]) -> bool:
    try:
        gate.send(secrets.token_hex(16), command)
    except Refused as error:
        st.error(words.refusal(error), icon=":material/error:")
        return False
    return True
