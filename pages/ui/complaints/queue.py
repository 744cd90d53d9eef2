"""The queue of complaints: what narrows it, and its rows."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from core.complaints import lists
from core.complaints.lists import ComplaintRow, Filter, Page, Whose
from pages.ui.complaints import steps
from pages.ui.kit import filters as kept
from pages.ui.kit import gate, queue, words
from pages.ui.kit.lists import due, page_number
from pages.ui.kit.words import _

NAME = "complaints"
OPEN = tuple(steps.OPEN_STEP)


def whose() -> Whose:
    """Whose complaints are looked at: what the person has is offered."""
    may = {Whose.DEPARTMENT: gate.actor().department != ""}
    may[Whose.APPROVE] = gate.allowed("complaint:approve")
    offered = {each: words.code(each) for each in Whose if may.get(each, True)}
    chosen: Whose = kept.segments(NAME, "whose", _("Whose"), offered, usual=Whose.ALL)
    return chosen


def filters(whose: Whose, classes: Mapping[str, str]) -> Filter:
    """What narrows the queue; it stays in the address, so that a link shows the same list."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = Filter(
            whose=whose,
            text=kept.text(NAME),
            case_class=kept.select(NAME, "case_class", classes) or "",
            status=kept.select(NAME, "step", {each: words.code(each) for each in OPEN}),
            late=kept.late(NAME),
        )
        return _more(chosen)


def read(chosen: Filter) -> Page:
    """The page of the queue that is looked at."""
    found = gate.read(lists.queue, filters=chosen, page=page_number(NAME))
    queue.reading(NAME, found.total, lambda: gate.read(lists.count, filters=chosen))
    return found


def pick(found: Page, classes: Mapping[str, str]) -> int | None:
    """The rows of the queue; gives the case of the one that was chosen."""
    rows = {row.case.case_id: cells(row, classes) for row in found.rows}
    return queue.pick(NAME, found, rows, empty=_("No complaints here."))


def cells(row: ComplaintRow, classes: Mapping[str, str]) -> dict[str, str]:
    """One complaint as a row: where it stands, what is due next and by which clause."""
    return {
        words.field("next_due"): due(row.case),
        words.field("step"): steps.label(row.status),
        words.field("customer"): row.case.customer,
        words.field("symptom"): row.case.symptom,
        _("Due by"): queue.due_by(row.case),
        words.field("number"): row.case.number,
        words.field("case_class"): classes.get(row.case_class, ""),
        words.field("product"): row.case.product,
        words.field("handler"): row.handler,
    }


def _more(chosen: Filter) -> Filter:
    place = kept.more(NAME, "station", "product", "ended")
    if place is None:
        return chosen
    with place:
        station = kept.station(NAME)
        models = {model: model for model in gate.read(lists.products)}
        product = kept.select(NAME, "product", models)
        ended = kept.ended(NAME)
    return replace(chosen, station_id=station, product=product or "", ended=ended)
