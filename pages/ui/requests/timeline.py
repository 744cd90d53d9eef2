"""The timeline of a case, in words."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import streamlit as st

from core.house import HOUSE
from core.process.history import LINK, Event
from pages.ui.kit import words
from pages.ui.kit.words import _

# Lists of these are several things at once; any other list is the old and the new value.
SEVERAL = {"measures", "approvers", "clauses"}


def show(events: tuple[Event, ...]) -> None:
    """What happened, in the order in which it is given."""
    with st.container(gap="xsmall"):
        for event in events:
            st.markdown(_line(event))


def _line(event: Event) -> str:
    by_link = LINK in event.data
    nobody = _("the customer, by the link") if by_link else _("the tool")
    actor = words.plain(event.actor) if event.actor else nobody
    head = f"**{words.fact(event.subject, event.action)}**"
    note = f"  \n{words.plain(event.note)}" if event.note else ""
    return f":gray[{words.moment(event.at)} · {actor}] {head}{_details(event)}{note}"


def _details(event: Event) -> str:
    shown = [_detail(name, value) for name, value in event.data.items()]
    text = " · ".join(words.plain(part) for part in shown if part)
    return f" · {text}" if text else ""


def _detail(name: str, value: Any) -> str:
    if isinstance(value, list):
        if name in SEVERAL:
            return words.listed(_detail(name, each) for each in value)
        value = value[-1] if value else None
    if value is None or value == "":
        return ""
    if name in SAID:
        return SAID[name](value)
    for codes in HOUSE.codes.get(name, ()):
        if value in list(codes):
            return words.code(codes(value))
    return ""


def _level(value: int) -> str:
    return _("Level {level}", level=value)


def _pieces(value: int) -> str:
    return words.n_("One piece", "{n} pieces", value)


def _missing(value: int) -> str:
    return words.n_("One piece is still to come", "{n} pieces are still to come", value) * bool(
        value
    )


def _amount(name: str) -> Callable[[int], str]:
    return lambda cents: f"{words.field(name)} {words.money(cents)}" if cents else ""


def _moment(value: str) -> str:
    return words.moment(datetime.fromisoformat(value))


def _departs(clause: str) -> str:
    return _("departs from {clause}", clause=clause)


# Facts that are no codes, and how they are said.
SAID: dict[str, Callable[[Any], str]] = {
    "limit": lambda value: words.in_domain("limit", value),
    "exception": str,
    "to_name": str,
    "recipient": str,
    "name": str,
    "number": str,
    "score": lambda value: f"{value:g}/10",
    "cents": lambda value: words.money(value) if value else "",
    "departs_from": _departs,
    "clauses": _departs,
    "paper": lambda paper: words.in_domain("Paper", paper),
    "percent": lambda value: f"{value:g} %",
    "level": _level,
    "due_on": lambda value: words.day(date.fromisoformat(value)),
    "until": lambda value: _("until {at}", at=_moment(value)),
    "told_at": lambda value: _("told on {at}", at=_moment(value)),
    "sender": str,
    "carrier": str,
    "tools_wanted": str,
    "unpaid_reason": str,
    "recycled_to": str,
    "tracking": str,
    "ref": str,
    "times": lambda value: f"×{value}",
    "pieces": _pieces,
    "short": _missing,
    "freight_cents": _amount("freight_cents"),
    "refund_cents": _amount("refund_cents"),
    "owed_cents": _amount("owed_cents"),
    "loss_cents": _amount("loss_cents"),
}
