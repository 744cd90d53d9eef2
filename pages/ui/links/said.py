"""The page of a case in words: where it stands, who comes, what is due."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.links.page import Due, Page
from pages.ui.kit import words
from pages.ui.kit.words import _


def case(page: Page, *, wrong: str = "") -> dict[str, Any]:
    """What the template of a case asks for, but for its forms."""
    return {
        "title": f"{words.code(page.kind)} {page.number}",
        "wrong": wrong,
        "standing": words.code(page.standing),
        "facts": (*_answers(page), *_facts(page)),
        "dues_title": _("What we promised you"),
        "dues": [_due(each) for each in page.dues],
        "promises_title": _("Our service promises"),
        "promises": [_cited(each.text, each.clause) for each in page.promises],
    }


def _answers(page: Page) -> Iterator[tuple[str, str]]:
    """What the customer has said by the link so far."""
    if page.answered_at:
        thanks = _("Thank you. We have your answer of {at}.", at=words.moment(page.answered_at))
        yield _("Your opinion"), thanks
    if page.wish:
        told = _("We have it since {at} and will answer you.", at=words.moment(page.wished_at))
        yield words.code(page.wish), told


def _facts(page: Page) -> Iterator[tuple[str, str]]:
    if page.technician:
        yield _("Who comes"), page.technician
    if page.agreed_from:
        suits = _("confirmed by you") if page.confirmed_at else ""
        parts = (words.window(page.agreed_from, page.agreed_to), suits)
        yield _("When we come"), " · ".join(part for part in parts if part)
    if page.wanted_from and not page.is_over and (page.wish or not page.agreed_from):
        yield _("Time you wish for"), words.window(page.wanted_from, page.wanted_to)
    if page.promised_at and not page.is_over:
        yield _("Ready by"), words.moment(page.promised_at)
    if page.quoted:
        agreed = _("agreed") if page.quoted.is_agreed else _("offered")
        yield _("What it costs"), f"{words.money(page.quoted.cents)} ({agreed})"
    if page.product:
        yield words.field("product"), page.product
    yield words.field("symptom"), page.symptom
    yield words.field("received_at"), words.moment(page.received_at, year=True)


def _due(due: Due) -> dict[str, str]:
    if due.met_at:
        when = _("done on {at}", at=words.moment(due.met_at))
    elif due.paused:
        when = _("paused")
    else:
        when = _("by {at}", at=words.moment(due.due_at))
    name = words.in_domain("limit", due.name)
    return {"name": name, "when": when, "why": _cited(due.text, due.clause)}


def _cited(text: Mapping[Any, str], clause: str) -> str:
    return words.cited(text.get(words.language(), ""), clause)
