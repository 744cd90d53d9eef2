"""The queue of complaints: what narrows it, and its rows."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from core.complaints import lists
from core.complaints.lists import ComplaintRow, Filter, Page
from pages.ui.complaints import steps
from pages.ui.kit import filters as kept
from pages.ui.kit import gate, queue, words
from pages.ui.kit.lists import due, priority
from pages.ui.kit.words import _

NAME = "complaints"
OPEN = tuple(steps.OPEN_STEP)


def filters(classes: Mapping[str, str]) -> Filter:
    """What narrows the queue; it stays in the address, so that a link shows the same list."""
    with kept.bar():
        views = st.container(width="content")
        chosen = Filter(
            text=kept.text(NAME),
            status=kept.select(NAME, "step", {each: words.code(each) for each in OPEN}),
        )
        chosen = _more(chosen, classes)
    return chosen if chosen.ended else queue.in_view(NAME, chosen, views, lists.views)


def read(chosen: Filter) -> Page:
    """The page of the queue that is looked at."""
    return queue.read(NAME, lists.queue, lists.count, filters=chosen)


def pick(found: Page, classes: Mapping[str, str]) -> int | None:
    """The rows of the queue; gives the case of the one that was chosen."""
    rows = {row.case.case_id: cells(row, classes) for row in found.rows}
    return queue.pick(NAME, found, rows, empty=_("No complaints here."))


def cells(row: ComplaintRow, classes: Mapping[str, str]) -> dict[str, str]:
    """One complaint as a row: where it stands, what is due next and by which clause."""
    return {
        words.field("next_due"): due(row.case),
        words.field("product"): row.case.product,
        words.field("symptom"): row.case.symptom,
        words.field("customer"): row.case.customer,
        words.field("step"): steps.label(row.status),
        words.field("priority"): priority(row.priority),
        words.field("handler"): row.handler,
        _("Due by"): queue.due_by(row.case),
        words.field("case_class"): classes.get(row.case_class, ""),
        words.field("number"): row.case.number,
    }


def _more(chosen: Filter, classes: Mapping[str, str]) -> Filter:
    place = kept.more(NAME, "case_class", "station", "product", "ended")
    if place is None:
        return chosen
    with place:
        case_class = kept.select(NAME, "case_class", classes) or ""
        station = kept.station(NAME)
        models = {model: model for model in gate.read(lists.products)}
        product = kept.select(NAME, "product", models)
        ended = kept.ended(NAME)
    narrowed = replace(chosen, station_id=station, product=product or "", ended=ended)
    return replace(narrowed, case_class=case_class)
