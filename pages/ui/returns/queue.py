"""The queue of returns: whose turn it is, at which step, what is late; and its rows."""

import streamlit as st

from core.codes import Role
from core.kernel.paging import Page
from core.returns import lists
from core.returns.lists import Filter, ReturnRow
from pages.ui.kit import filters as kept
from pages.ui.kit import gate, queue, words
from pages.ui.kit.lists import due
from pages.ui.kit.words import _
from pages.ui.returns import steps

NAME = "returns"
OPEN = tuple(steps.OPEN_STEP)
# They stand at a bench with a tablet: a return that is tapped takes the whole screen.
ON_TABLETS = (Role.WAREHOUSE, Role.QUALITY)


def filters() -> Filter:
    """What narrows the queue; it stays in the address, so that a link shows the same list."""
    with kept.bar():
        views = st.container(width="content")
        text = kept.text(NAME)
        status = kept.select(NAME, "step", {each: words.code(each) for each in OPEN})
        role, station, ended = None, None, False
        if place := kept.more(NAME, "role", "station", "ended"):
            with place:
                role, station = _role(), kept.station(NAME)
                ended = kept.ended(NAME)
    chosen = Filter(text, status, role, station, ended=ended)
    return chosen if ended else queue.in_view(NAME, chosen, views, lists.views)


def read(chosen: Filter) -> Page[ReturnRow]:
    """The page of the queue that is looked at."""
    return queue.read(NAME, lists.queue, lists.count, filters=chosen)


def pick(found: Page[ReturnRow]) -> int | None:
    """The rows of the queue; gives the case of the one that was chosen."""
    rows = {row.case.case_id: cells(row) for row in found.rows}
    return queue.pick(NAME, found, rows, empty=_("No returns here."), alone=on_a_tablet())


def on_a_tablet() -> bool:
    """Whether a chosen return is shown on its own page."""
    return gate.actor().role in ON_TABLETS


def cells(row: ReturnRow) -> dict[str, str]:
    """One return as a row: what is due next, where it stands, whose turn it is."""
    return {
        words.field("next_due"): due(row.case),
        words.field("lines"): words.listed(row.products) or "—",
        words.field("wish"): words.listed(words.code(each) for each in row.wishes),
        words.field("customer"): row.case.customer,
        words.field("step"): steps.label(row.status),
        words.field("quantity"): words.number(row.pieces),
        words.field("amount"): words.money(row.amount_cents),
        _("Next"): words.listed(words.code(each) for each in row.asked),
        _("Due by"): queue.due_by(row.case),
        words.field("station"): row.case.station,
        words.field("number"): row.case.number,
    }


def _role() -> Role | None:
    asked = [role for role in Role if lists.turns(role)]
    chosen: Role | None = kept.select(NAME, "role", {each: words.code(each) for each in asked})
    return chosen
