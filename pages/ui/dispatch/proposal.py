"""What a plan would change, in words: its figures, who was told otherwise, what stays out."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby

import streamlit as st

from core.dispatch.figures import Figures
from core.dispatch.plans import Change, Proposal
from pages.ui.kit import words
from pages.ui.kit.words import _

# Of what stays out for one reason so many are named.
MOST_NAMED = 20
MARK = "☎"
WIDTH = 110  # pixels of a column; three fit on a phone


def show(found: Proposal) -> None:
    """The whole proposal, what people were told first."""
    if not found.changes:
        st.info(_("The board is as good as it gets."), icon=":material/check_circle:")
    rows = _figures(found)
    wide = {name: st.column_config.TextColumn(width=WIDTH) for name in rows[0]}
    st.dataframe(rows, hide_index=True, key="board_figures", column_config=wide, width="content")
    if found.told:
        count = len(found.told)
        title = words.n_("{n} was told otherwise", "{n} were told otherwise", count)
        _lines(f"**{title}**", [f"{MARK} {_moved(change)}" for change in found.told])
    if fresh := [change for change in found.changes if not change.promise]:
        title = _("Newly planned: {n}", n=len(fresh))
        with st.expander(title, expanded=not found.told):
            _lines("", [_new(change) for change in fresh])
    _left_out(found)


def named(since: date, until: date) -> str:
    """A day, or the first and the last of several."""
    if since == until:
        return words.weekday(since)
    return f"{words.weekday(since)} – {words.weekday(until)}"


def _figures(found: Proposal) -> list[dict[str, str]]:
    told = len(found.told)
    rows = {
        _("Jobs with a time"): [str(each.planned) for each in (found.before, found.after)],
        _("Jobs without a time"): [str(each.left_out) for each in (found.before, found.after)],
        _("Driving"): [_span(each.travel) for each in (found.before, found.after)],
        _("Overtime"): [_span(each.overtime) for each in (found.before, found.after)],
        _("Late visits"): [str(each.late) for each in (found.before, found.after)],
        _("Told otherwise"): ["", _disturbed(found.after, told)],
    }
    now, proposed = _("As it stands"), _("As proposed")
    return [{" ": name, now: old, proposed: new} for name, (old, new) in rows.items()]


def _disturbed(after: Figures, told: int) -> str:
    if not after.other_technician:
        return str(told)
    return _("{n}, of them {m} by somebody else", n=told, m=after.other_technician)


def _span(minutes: int) -> str:
    return words.span(timedelta(minutes=minutes)) if minutes else "0"


def _moved(change: Change) -> str:
    """What was told, to whom, and what would be so instead."""
    assert change.promise is not None  # only what was told is said so
    old = f"{words.window(change.card.start, change.card.end)} {change.card.technician}"
    new = (
        f"{words.window(change.start, change.end)} {change.technician}"
        if change.start
        else _("waits")
    )
    said = f"{change.card.number} {change.card.customer}: {old} → {new}"
    return f"{said} ({words.code(change.promise)})"


def _new(change: Change) -> str:
    card, when = change.card, words.window(change.start, change.end)
    return f"{card.number} {card.customer} → {change.technician} {when}"


def _left_out(found: Proposal) -> None:
    """What stays out, by reason."""
    by_reason = sorted(found.left_out, key=lambda each: each[1].value)
    for reason, each in groupby(by_reason, key=lambda each: each[1]):
        cards = [card for card, _reason in each]
        names = [f"{card.number} {card.customer}" for card in cards[:MOST_NAMED]]
        more = len(cards) - len(names)
        text = _("Not planned: {n}. {reason}", n=len(cards), reason=words.code(reason))
        listed = words.listed(names)
        if more:
            listed = _("{names} and {n} more", names=listed, n=more)
        st.caption(words.plain(f"{text}: {listed}"))


def _lines(title: str, lines: Iterable[str]) -> None:
    said = [words.plain(line) for line in lines]
    st.markdown("  \n".join([title, *said] if title else said))
