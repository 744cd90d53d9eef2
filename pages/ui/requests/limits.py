"""Why a limit is due then: the clause, the revision, and what counted minute by minute."""

from collections.abc import Iterable
from datetime import datetime

import streamlit as st

from core.norms.working_time import Entry
from core.process import limits
from core.process.limits import LimitView
from pages.ui.kit import gate, lengths, words
from pages.ui.kit.words import _


def choose(case_id: int, shown: tuple[LimitView, ...]) -> None:
    """Pick one of a case's limits to see why it is due when it is."""
    # A case that was reopened has a limit twice: the day tells them apart.
    names = {
        limit.id: f"{words.in_domain('limit', limit.name)} {words.short_day(limit.due_at)}"
        for limit in shown
        if not limit.dropped
    }
    if not names:
        return
    chosen = st.pills(
        _("Why is it due then?"), list(names), format_func=names.__getitem__, key=f"why_{case_id}"
    )
    if chosen:
        explain(chosen)


def say_tentative(shown: Iterable[LimitView]) -> None:
    """Which due times lie in a year whose public days off nobody has announced yet."""
    running = (each for each in shown if each.tentative and not each.met_at and not each.dropped)
    for year in sorted({each.due_at.astimezone(words.zone()).year for each in running}):
        said = _("The days off of {year} are not announced yet: a due time may move.", year=year)
        st.caption(f":material/event_busy: {said}")


def explain(limit_id: int) -> None:
    """One limit with its ledger."""
    why = gate.read(limits.explain, limit_id=limit_id)
    text = why.text.get(words.language(), "")
    st.markdown(f"**{words.plain(why.limit.clause)}** {words.plain(text)}")
    st.caption(
        _(
            "Revision {number}, in force since {day}, signed by {name}",
            number=why.revision,
            day=words.day(why.in_force_on),
            name=words.plain(why.signed_by),
        )
    )
    length = lengths.said(why.unit, why.amount) if why.amount else ""
    st.markdown(
        f"{words.moment(why.limit.started_at)} → {words.moment(why.limit.due_at)} · {length}"
    )
    say_tentative((why.limit,))
    ledger(why.ledger, why.limit.due_at, key=f"ledger_{limit_id}")


def ledger(entries: tuple[Entry, ...], due_at: datetime, *, key: str) -> None:
    """Every span between start and due time: what counted, what did not, and why not."""
    if not entries:
        st.caption(_("A promised time: nothing is counted."))
        return
    total = 0.0
    rows = []
    for entry in entries:
        total += entry.minutes if entry.reason.is_counted else 0
        rows.append(
            {
                _("From"): words.moment(entry.start),
                _("To"): words.moment(entry.end),
                _("What"): words.code(entry.reason),
                _("Minutes"): round(entry.minutes),
                _("Counted so far"): round(total),
            }
        )
    st.dataframe(rows, hide_index=True, key=key, height=260 if len(rows) > 7 else "auto")
