"""The head of every case: whose it is, where it stands, what comes next and by when."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import streamlit as st

from core.codes import Priority, RequestStatus, Role
from core.process.limits import LimitView
from core.process.permissions import GRANTS
from core.process.rules import Process, Rule
from core.requests.view import CaseView
from pages.ui.kit import dialled, gate, lists, marks, places, words
from pages.ui.kit.words import _

Colour = Literal["blue", "green", "gray", "red"]
# Each status is told by a sign as well as by its colour.
LOOKS: dict[RequestStatus, tuple[Colour, str]] = {
    RequestStatus.REGISTERED: ("blue", ":material/radio_button_unchecked:"),
    RequestStatus.IN_PROGRESS: ("blue", ":material/play_circle:"),
    RequestStatus.RESOLVED: ("green", ":material/check_circle:"),
    RequestStatus.CLOSED: ("gray", ":material/lock:"),
    RequestStatus.CANCELLED: ("gray", ":material/cancel:"),
}


@dataclass(frozen=True)
class Turn:
    """Where a file or a case stands, and whose move it is; nobody's when it is over."""

    status: StrEnum
    who: str = ""
    is_mine: bool = False

    @property
    def said(self) -> str:
        """As one sentence."""
        said = words.code(self.status)
        if self.is_mine:
            return _("{status}. It is your turn.", status=said)
        return _("{status}. Next: {who}", status=said, who=self.who) if self.who else said


@dataclass(frozen=True)
class Work:
    """A case as its room shows it: whose move it is, and the parts of its work."""

    turn: Turn
    # The next step with its form, what the file knows, and its papers.
    step: Callable[[], None]
    facts: Callable[[], None]
    papers: Callable[[], None]


def show(view: CaseView, work: Work, *, beside: bool = False) -> None:
    """The head of a case; beside a list its number leads to the case."""
    with st.container(gap="xsmall"):
        with _line():
            if beside:
                said = _("Open the case")
                lists.case_link(view.id, f"{view.number} · {said}")
            else:
                st.code(view.number, language=None, width=175)
            _standing(view, work.turn)
            _marks(view)
        with _line():
            _customer(view)
            st.markdown(_about(view), width="content")
            _rework(view)


def movers(process: Process, status: StrEnum) -> str:
    """The roles that may take the first step from a status that leads on."""
    leading = (rule for rule in process.rules if rule.action and rule.target)
    rule = next((rule for rule in leading if status in rule.sources), None)
    return who_may(rule) if rule else ""


def who_may(rule: Rule) -> str:
    """The roles that may use a rule."""
    return roles(tuple(role for role in Role if rule.permission in GRANTS[role]))


def roles(asked: tuple[Role, ...]) -> str:
    """Some roles, by their words."""
    return words.listed(words.code(role) for role in asked)


def _line() -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", gap="small")


def _standing(view: CaseView, turn: Turn) -> None:
    # Its file may go on when the customer has long had the answer.
    goes_on = (turn.who or turn.is_mine) and view.status is not RequestStatus.REGISTERED
    colour, sign = LOOKS[RequestStatus.IN_PROGRESS if goes_on else view.status]
    st.markdown(f":{colour}[{sign}] **{words.plain(turn.said)}**", width="content")


def _marks(view: CaseView) -> None:
    if view.priority is not Priority.NORMAL:
        grave = view.priority is Priority.CRITICAL
        mark = f"{marks.CRITICAL} " if grave else ""
        st.badge(mark + words.code(view.priority), color="red" if grave else "orange")
    marks.urged(view.urged)
    if view.wait_reason:
        reason = words.code(view.wait_reason)
        said = _("Waiting: {reason}. The time limits stand still.", reason=reason)
        if view.wait_until:
            until = words.moment(view.wait_until)
            goes_on = _("Until {at}, then it goes on by itself.", at=until)
            said = f"{said} {goes_on}"
        st.badge(said, icon=":material/pause_circle:", color="orange")
    if limit := _next(view):
        _due(limit)


def _next(view: CaseView) -> LimitView | None:
    running = [limit for limit in view.limits if not limit.met_at and not limit.dropped]
    return min(running, key=lambda limit: limit.due_at, default=None)


def _due(limit: LimitView) -> None:
    due = words.due(limit.due_at, now=gate.now(), waits=limit.paused)
    name = words.in_domain("limit", limit.name)
    late = limit.late and not limit.paused
    said = f"{marks.LATE} {due}" if late else due
    st.badge(f"{said} · {name} {words.plain(limit.clause)}", color="red" if late else "blue")


def _customer(view: CaseView) -> None:
    customer, icon = view.customer, ":material/person:"
    places.link("customer", words.plain(customer.name), icon=icon, id=str(customer.id))
    dialled.call(view.phone or customer.phone)


def _rework(view: CaseView) -> None:
    """Whose work is done again, and where it was done (A20)."""
    if (before := view.rework) is None:
        return
    name = words.plain(before.technician)
    said = _("Rework: done before by {name}", name=name) if name else _("Rework")
    if before.number:
        lists.case_link(before.case_id, f"{said} · {before.number}")
    else:
        st.markdown(said, width="content")


def _about(view: CaseView) -> str:
    asset = view.asset
    product = f"{asset.brand} {asset.model} {asset.serial}".strip() if asset else ""
    parts = (words.code(view.kind), product, words.code(view.channel))
    said = " · ".join(words.plain(part) for part in parts if part)
    return f"{said} · {words.moment(view.received_at, year=True)}"
