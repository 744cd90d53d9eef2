"""Suggestions on screen: the queue, and the chosen one with its file and its next step."""

from functools import partial

import streamlit as st

from core.codes import RequestKind, SuggestionStatus
from core.kernel.paging import Page
from core.people import people
from core.requests.view import CaseView
from core.suggestions import actions as suggestions
from core.suggestions import lists
from core.suggestions import view as suggestion_view
from core.suggestions.lists import Filter, SuggestionRow
from core.suggestions.view import SuggestionView
from pages.ui.improvements import file as improvement
from pages.ui.kit import actions, gate, papers, queue, words
from pages.ui.kit import filters as kept
from pages.ui.kit.lists import due, facts
from pages.ui.kit.words import _
from pages.ui.requests import beside, head, pile
from pages.ui.requests.head import Turn, Work

NAME = "suggestions"
OVER = (SuggestionStatus.ANSWERED, SuggestionStatus.WITHDRAWN)


def filters() -> Filter:
    """What narrows the queue; it stays in the address, so that a link shows the same list."""
    open_ones = {each: words.code(each) for each in SuggestionStatus if each not in OVER}
    with kept.bar():
        views = st.container(width="content")
        text = kept.text(NAME)
        status = kept.select(NAME, "status", open_ones)
        department, station, ended = "", None, False
        if place := kept.more(NAME, "department", "station", "ended"):
            with place:
                names = dict(gate.read(people.department_options))
                department = kept.select(NAME, "department", names) or ""
                station, ended = kept.station(NAME), kept.ended(NAME)
    chosen = Filter(text, status, department, station, ended=ended)
    return chosen if ended else queue.in_view(NAME, chosen, views, lists.views)


def read(chosen: Filter) -> Page[SuggestionRow]:
    """The page of the queue that is looked at."""
    return queue.read(NAME, lists.queue, lists.count, filters=chosen)


def cells(row: SuggestionRow, departments: dict[str, str]) -> dict[str, str]:
    """One suggestion as a row: what is due next, where it stands, who has it."""
    return {
        words.field("next_due"): due(row.case),
        words.field("product"): row.case.product,
        words.field("symptom"): row.case.symptom,
        words.field("customer"): row.case.customer,
        words.field("status"): words.code(row.status),
        words.field("department"): departments.get(row.department, ""),
        words.field("handler"): row.handler,
        _("Due by"): queue.due_by(row.case),
        words.field("owner"): row.case.owner,
        words.field("number"): row.case.number,
    }


def work(view: CaseView) -> Work | None:
    """The suggestion of a case; None for other cases and for people who have no part in it."""
    if view.kind is not RequestKind.SUGGESTION or not gate.allowed("suggestion:read"):
        return None
    file = gate.read(suggestion_view.view, case_id=view.id)
    is_mine = any(rule.target for rule in file.actions)
    who = head.movers(suggestions.PROCESS, file.status)
    if file.status is SuggestionStatus.PASSED_ON:
        who = file.handler or file.department.get(words.language(), "") or who
    turn = Turn(file.status, who, is_mine)
    return Work(
        turn=turn,
        step=partial(_step, view, file),
        facts=partial(_facts, view, file),
        papers=partial(papers.of_file, view.kind, file),
    )


def _step(view: CaseView, file: SuggestionView) -> None:
    st.markdown(words.plain(view.symptom))
    actions.barred(file.barred)
    actions.panel(
        suggestions.PROCESS,
        record_id=file.id,
        version=file.version,
        rules=file.actions,
    )
    beside.other_actions(view)


def _facts(view: CaseView, file: SuggestionView) -> None:
    adopted = {True: _("Adopted"), False: _("Declined")}
    facts(
        {
            words.field("department"): file.department.get(words.language(), ""),
            words.field("handler"): file.handler,
            adopted.get(bool(file.adopted), ""): file.decision,
            words.field("answer"): view.answer,
        }
    )
    pile.due(view)
    improvement.of_case(file.improvements)
