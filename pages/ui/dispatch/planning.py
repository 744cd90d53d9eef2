"""The day planned by itself: started, watched, stopped, and taken whole or not at all."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import date
from secrets import token_urlsafe
from threading import Event, Thread

import streamlit as st

from core.dispatch import plans
from core.dispatch.board import Filter
from core.dispatch.plans import Asked, Change, Proposal
from core.kernel.errors import Refused
from core.planning.limit import Limit, Progress
from core.planning.problem import Plan
from core.planning.solve import solve
from pages.ui.dispatch import planner
from pages.ui.kit import gate, words
from pages.ui.kit.words import _

SECONDS = 5.0


@dataclass
class Run:
    """One search, in a thread of its own: it asks no database, and a reload finds it."""

    asked: Asked
    cancelled: Event = field(default_factory=Event)
    share: float = 0.0
    plan: Plan | None = None
    # One plan is taken once, however often the button is pressed.
    key: str = field(default_factory=token_urlsafe)

    def search(self) -> None:
        """Look for the best plan until the time is over or somebody has seen enough."""
        limit = Limit(seconds=SECONDS, cancelled=self.cancelled)
        self.plan = solve(self.asked.question, limit, self._hear)

    def _hear(self, progress: Progress) -> None:
        self.share = progress.share


# Of each person at most one.
RUNS: MutableMapping[tuple[str, int | None], Run] = {}


def offer(day: date, filters: Filter) -> None:
    """The button that plans the day, unless that is under way."""
    label = _("Plan the day")
    if _whose() not in RUNS and st.button(label, key="board_plan", icon=":material/auto_awesome:"):
        start(gate.read(plans.ask, day=day, filters=filters))
        st.rerun()


def show() -> None:
    """The search under way, or what it proposes."""
    run = RUNS.get(_whose())
    if run is not None and run.plan is None:
        _watch()
    elif run is not None and run.plan is not None:
        _propose(plans.told(run.asked, run.plan))


def start(asked: Asked) -> Run:
    """Begin to search, in a thread of its own."""
    run = RUNS[_whose()] = Run(asked)
    Thread(target=run.search, daemon=True).start()
    return run


@st.fragment(run_every="1s")
def _watch() -> None:
    run = RUNS.get(_whose())
    if run is None or run.plan is not None:
        st.rerun()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(max(run.share, 0.0), 1.0), text=_("Looking for the best plan …"))
        if st.button(_("That is enough"), key="board_enough"):
            run.cancelled.set()


def _propose(proposal: Proposal) -> None:
    with st.container(border=True):
        title = _("Proposed for {day}", day=words.weekday(proposal.day))
        st.markdown(f"**{title}**")
        before, after = proposal.planned_before, proposal.planned_after
        parts = (
            _("{before} → {after} planned", before=before, after=after),
            _("{n} min on the road", n=proposal.travel),
            _("late: {n}", n=proposal.late),
            _("{n} with another technician", n=proposal.others),
        )
        st.caption(" · ".join(parts))
        with st.container(horizontal=True):
            if st.button(
                _("Take the plan"), key="board_take", type="primary", disabled=not proposal.changes
            ):
                _take(proposal)
            st.button(_("Drop it"), key="board_drop", on_click=_drop)
        if not proposal.changes:
            st.info(_("The board is as good as it gets."), icon=":material/check_circle:")
        st.markdown("  \n".join(_line(change) for change in proposal.changes))
        for card, reason in proposal.left_out:
            text = f"{card.number} {card.customer}: {words.code(reason)}"
            st.caption(words.plain(text))


def _line(change: Change) -> str:
    card = change.card
    when = words.window(change.start, change.end) if change.start else _("waits")
    return words.plain(f"{card.number} {card.customer} → {change.technician} {when}")


def _take(proposal: Proposal) -> None:
    run = RUNS[_whose()]
    try:
        count = gate.send(run.key, lambda uow: plans.accept(uow, proposal))
    except Refused as error:
        st.error(words.plain(planner.why(error)), icon=":material/block:")
        return
    _drop()
    gate.flash(words.n_("One case planned.", "{n} cases planned.", count))
    st.rerun()


def _drop() -> None:
    RUNS.pop(_whose(), None)


def _whose() -> tuple[str, int | None]:
    actor = gate.actor()
    return actor.company, actor.id
