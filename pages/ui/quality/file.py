"""Quality feedback on screen: the queue, and the chosen one with its file and its next step."""

from collections.abc import Mapping
from functools import partial
from typing import Literal

import streamlit as st

from core.codes import QualityStatus, RequestKind, Severity
from core.kernel.paging import Page
from core.quality import actions as quality
from core.quality import lists
from core.quality import view as quality_view
from core.quality.lists import Filter, QualityRow
from core.quality.view import QualityView
from core.requests.view import CaseView
from pages.ui.improvements import file as improvement
from pages.ui.kit import actions, gate, marks, papers, queue, words
from pages.ui.kit import filters as kept
from pages.ui.kit.lists import due, facts
from pages.ui.kit.words import _
from pages.ui.requests import beside, head, pile
from pages.ui.requests.head import Turn, Work

NAME = "quality"
OVER = (QualityStatus.CLOSED, QualityStatus.WITHDRAWN)
COLOURS: Mapping[Severity, Literal["gray", "orange", "red"]] = {
    Severity.MINOR: "gray",
    Severity.MAJOR: "orange",
    Severity.CRITICAL: "red",
}


def filters() -> Filter:
    """What narrows the queue; it stays in the address, so that a link shows the same list."""
    open_ones = {each: words.code(each) for each in QualityStatus if each not in OVER}
    with kept.bar():
        views = st.container(width="content")
        text = kept.text(NAME)
        status = kept.select(NAME, "status", open_ones)
        severity = kept.select(NAME, "severity", words.options(Severity))
        station, ended = None, False
        if place := kept.more(NAME, "station", "ended"):
            with place:
                station, ended = kept.station(NAME), kept.ended(NAME)
    chosen = Filter(text, status, severity, station, ended=ended)
    return chosen if ended else queue.in_view(NAME, chosen, views, lists.views)


def read(chosen: Filter) -> Page[QualityRow]:
    """The page of the queue that is looked at."""
    return queue.read(NAME, lists.queue, lists.count, filters=chosen)


def cells(row: QualityRow) -> dict[str, str]:
    """One feedback as a row: what is due next, how grave it is, where it stands."""
    return {
        words.field("next_due"): due(row.case),
        words.field("product"): row.case.product,
        words.field("symptom"): row.case.symptom,
        words.field("customer"): row.case.customer,
        words.field("severity"): _severity(row.severity),
        words.field("status"): words.code(row.status),
        words.field("batch"): row.case.batch,
        _("Due by"): queue.due_by(row.case),
        words.field("station"): row.case.station,
        words.field("number"): row.case.number,
    }


def _severity(of: Severity | None) -> str:
    if of is None:
        return "—"
    return f"{marks.CRITICAL} {words.code(of)}" if of is Severity.CRITICAL else words.code(of)


def work(view: CaseView) -> Work | None:
    """The feedback of a case; None for other cases and for people who have no part in it."""
    if view.kind is not RequestKind.QUALITY_FEEDBACK or not gate.allowed("quality:read"):
        return None
    file = gate.read(quality_view.view, case_id=view.id)
    is_mine = any(rule.target for rule in file.actions)
    turn = Turn(file.status, head.movers(quality.PROCESS, file.status), is_mine)
    return Work(
        turn=turn,
        step=partial(_step, view, file),
        facts=partial(_facts, view, file),
        papers=partial(papers.of_file, view.kind, file),
    )


def _step(view: CaseView, file: QualityView) -> None:
    _standing(file)
    st.markdown(words.plain(view.symptom))
    actions.panel(
        quality.PROCESS,
        record_id=file.id,
        version=file.version,
        rules=file.actions,
    )
    beside.other_actions(view)


def _standing(file: QualityView) -> None:
    with st.container(horizontal=True):
        if file.severity:
            st.badge(words.code(file.severity), color=COLOURS[file.severity])
        if file.defect_confirmed is not None:
            said = _("Defect confirmed") if file.defect_confirmed else _("No defect")
            st.badge(said, color="red" if file.defect_confirmed else "green")


def _facts(view: CaseView, file: QualityView) -> None:
    facts(
        {
            words.field("defect_nature"): file.nature,
            words.field("used_for"): file.used_for,
            words.field("place"): file.place,
            words.field("happened_on"): words.day(file.happened_on),
            words.field("batch"): file.batch,
            words.field("sample"): _sample(file),
            words.field("tested_quantity"): _tests(file),
            words.field("test_finding"): file.finding,
            words.field("cause_kind"): words.code(file.cause_kind) if file.cause_kind else "",
            words.field("cause"): file.cause,
            words.field("department"): file.department.get(words.language(), ""),
            words.field("solution"): words.code(file.solution) if file.solution else "",
            words.field("solution_note"): file.solution_note,
            words.field("report"): file.report,
            words.field("answer"): view.answer,
        }
    )
    pile.due(view)
    improvement.of_case(file.improvements)


def _sample(file: QualityView) -> str:
    return f"{file.sample} × {words.number(file.sample_quantity)}" if file.sample else ""


def _tests(file: QualityView) -> str:
    if not file.tested_quantity:
        return ""
    return _(
        "{tested}, {defects} defective ({share})",
        tested=words.number(file.tested_quantity),
        defects=words.number(file.defect_quantity),
        share=words.share(file.defect_rate),
    )
