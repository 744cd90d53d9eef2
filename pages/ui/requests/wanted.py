"""When the customer wants to be called on: the next half days to press, or day and time typed."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import streamlit as st

from pages.ui.kit import gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

MORNING, AFTERNOON = (time(9), time(12)), (time(14), time(17))
OTHER = "other"
# Offered as long as half of it is still to come.
LATEST = timedelta(minutes=90)


def choose(form: Form) -> None:
    """The window that is wanted, in one press; another one is typed."""
    offered = dict(_windows(gate.now().astimezone(words.zone())))
    labels = {name: label for name, (label, *_window) in offered.items()}
    chosen = st.pills(
        words.field("wanted"),
        [*offered, OTHER],
        format_func=lambda name: labels.get(name) or _("Another time"),
        **form.widget("wanted"),
    )
    if chosen == OTHER:
        form.fields("wanted_from", "wanted_to")
    elif chosen in offered:
        _label, begins, ends = offered[chosen]
        form.tell("wanted_from", begins)
        form.tell("wanted_to", ends)


def _windows(now: datetime) -> Iterator[tuple[str, tuple[str, datetime, datetime]]]:
    today, tomorrow = now.date(), now.date() + timedelta(days=1)
    halves = (
        ("today_am", today, MORNING, _("this morning")),
        ("today_pm", today, AFTERNOON, _("this afternoon")),
        ("tomorrow_am", tomorrow, MORNING, _("tomorrow morning")),
        ("tomorrow_pm", tomorrow, AFTERNOON, _("tomorrow afternoon")),
    )
    for name, day, (begin, end), label in halves:
        begins = datetime.combine(day, begin, now.tzinfo)
        ends = datetime.combine(day, end, now.tzinfo)
        if ends - LATEST > now:
            yield name, (f"{label} {begin:%H}–{end:%H}", begins, ends)
