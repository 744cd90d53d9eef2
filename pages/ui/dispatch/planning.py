"""Days planned by themselves: started, watched, stopped, and taken whole or not at all."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from secrets import token_hex
from threading import Event, Thread

import streamlit as st

from core.dispatch import plans
from core.dispatch.board import Filter
from core.dispatch.plans import Asked, Proposal
from core.kernel.errors import Refused
from core.planning import apart
from core.planning.limit import Progress
from core.planning.problem import Plan
from pages.ui.dispatch import planner, proposal
from pages.ui.kit import gate, words
from pages.ui.kit.words import _

A_DAY, MORE_DAYS = 5.0, 20.0
# Whoever has left a proposal lying for longer is not planning any more.
FRESH = timedelta(minutes=10)


@dataclass
class Run:
    """One search, in a process of its own: it asks no database, and a reload finds it."""

    asked: Asked
    who: str = ""
    begun: datetime | None = None
    cancelled: Event = field(default_factory=Event)
    share: float = 0.0
    plan: Plan | None = None
    is_lost: bool = False
    # One plan is taken once, however often the button is pressed.
    key: str = field(default_factory=token_hex)

    @property
    def seconds(self) -> float:
        """How long it looks at most."""
        return seconds(self.asked.days)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return self.asked.since, self.asked.since + timedelta(days=self.asked.days - 1)

    def search(self) -> None:
        """Look for the best plan until the time is over or somebody has seen enough."""
        try:
            self.plan = apart.look(
                self.asked.question,
                is_one_day=self.asked.days == 1,
                seconds=self.seconds,
                cancelled=self.cancelled,
                hear=self._hear,
            )
        except apart.Lost:
            self.is_lost = True

    def _hear(self, progress: Progress) -> None:
        self.share = progress.share


# Of each person at most one.
RUNS: MutableMapping[tuple[str, int | None], Run] = {}


def seconds(days: int) -> float:
    """How long a plan of so many days is looked for."""
    return A_DAY if days == 1 else MORE_DAYS


def offer(since: date, days: int, filters: Filter) -> None:
    """The button that plans the day or the week, unless that is under way."""
    if _whose() in RUNS:
        return
    label = _("Plan the day") if days == 1 else _("Plan the week")
    told = _("Takes about {n} seconds; nothing changes until you take it.", n=int(seconds(days)))
    if st.button(label, key="board_plan", icon=":material/auto_awesome:", help=told):
        start(gate.read(plans.ask, since=since, days=days, filters=filters))
        st.rerun()


def show(since: date, days: int) -> None:
    """Who else plans these days; the search under way, or what it proposes."""
    for name, of in _others(since, since + timedelta(days=days - 1)):
        text = _("{name} is planning {days} just now.", name=name, days=of)
        st.info(words.plain(text), icon=":material/group:")
    run = RUNS.get(_whose())
    if run is not None and run.is_lost:
        _drop()
        st.error(_("The search broke off, and nothing has changed. Please start it again."))
    elif run is not None and run.plan is None:
        _watch()
    elif run is not None and run.plan is not None:
        _propose(plans.told(run.asked, run.plan))


def start(asked: Asked) -> Run:
    """Begin to search; a thread follows it."""
    run = RUNS[_whose()] = Run(asked, gate.actor().name, gate.now())
    Thread(target=run.search, daemon=True).start()
    return run


def _others(since: date, until: date) -> list[tuple[str, str]]:
    """Who else is planning one of these days, and which."""
    mine, now = _whose(), gate.now()
    return [
        (run.who, proposal.named(*run.days))
        for whose, run in list(RUNS.items())
        if whose != mine
        and whose[0] == mine[0]
        and run.begun is not None
        and now - run.begun < FRESH
        and run.days[0] <= until
        and since <= run.days[1]
    ]


@st.fragment(run_every="1s")
def _watch() -> None:
    run = RUNS.get(_whose())
    if run is None or run.is_lost or run.plan is not None:
        st.rerun()
        return
    spent = (gate.now() - run.begun) / timedelta(seconds=run.seconds) if run.begun else 0.0
    share = min(max(run.share, spent, 0.0), 1.0)
    with st.container(horizontal=True, vertical_alignment="center"):
        left = round(run.seconds * (1 - share))
        said = _("Looking for the best plan … about {n} seconds left", n=left)
        # A full day that was told to many takes longer to set out than it says.
        st.progress(share, text=said if left else _("Finishing the plan …"))
        if st.button(_("That is enough"), key="board_enough"):
            run.cancelled.set()


def _propose(found: Proposal) -> None:
    with st.container(border=True):
        title = _("Proposed for {day}", day=proposal.named(found.since, found.until))
        st.markdown(f"**{title}**")
        with st.container(horizontal=True):
            take, empty = _("Take the plan"), not found.changes
            if st.button(take, key="board_take", type="primary", disabled=empty):
                _take(found)
            st.button(_("Drop it"), key="board_drop", on_click=_drop)
        proposal.show(found)


def _take(found: Proposal) -> None:
    run = RUNS[_whose()]
    try:
        count = gate.send(run.key, lambda uow: plans.accept(uow, found))
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
