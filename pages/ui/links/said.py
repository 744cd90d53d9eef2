"""The page of a case in words: where it stands, who comes, what is due."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.links.confirming import Quoted, Slip
from core.links.page import Due, Page
from pages.ui.kit import words
from pages.ui.kit.words import _


def case(page: Page) -> dict[str, Any]:
    """What the template of a case asks for, but for its forms."""
    return {
        "title": f"{words.code(page.kind)} {page.number}",
        "standing": words.code(page.standing),
        "facts": (*_answers(page), *_facts(page)),
        "parts": [*_parts(page)],
        "dues_title": _("What we promised you"),
        "dues": [_due(each) for each in page.dues],
        "promises_title": _("Our service promises"),
        "promises": [cited(each.text, each.clause) for each in page.promises],
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
    if page.product:
        yield words.field("product"), page.product
    yield words.field("symptom"), page.symptom
    yield words.field("received_at"), words.moment(page.received_at, year=True)


def _parts(page: Page) -> Iterator[dict[str, Any]]:
    """What is read before it is confirmed: the quote, then the acceptance slip."""
    if page.quoted:
        yield {"title": _("What it costs"), "facts": [*_quoted(page.quoted)]}
    if page.slip:
        yield {"title": _("Acceptance slip"), "facts": [*_slip(page.slip)]}


def _quoted(quoted: Quoted) -> Iterator[tuple[str, str]]:
    for line in quoted.lines:
        name = f"{line.name} ×{line.quantity}{line.unit}"
        yield f"{words.code(line.kind)} · {name}", words.money(line.cents)
    if quoted.discount_cents:
        yield _("Discount"), words.money(-quoted.discount_cents)
    yield _("In all"), words.money(quoted.cents)
    if quoted.agreed_at:
        yield _("agreed"), words.moment(quoted.agreed_at)


def _slip(slip: Slip) -> Iterator[tuple[str, str]]:
    said = {
        _("Done at"): words.moment(slip.finished_at),
        words.field("symptom_found"): words.code(slip.symptom_found) if slip.symptom_found else "",
        words.field("cause"): slip.cause,
        words.field("work_done"): slip.work_done,
        words.field("explained"): slip.explained,
        words.field("parts"): "\n".join(slip.parts),
        words.field("result"): words.code(slip.result) if slip.result else "",
        words.field("amount"): words.money(slip.cents) if slip.cents else "",
    }
    yield from ((name, text) for name, text in said.items() if text)
    if slip.signed_at:
        yield _("confirmed"), words.moment(slip.signed_at)


def _due(due: Due) -> dict[str, str]:
    if due.met_at:
        when = _("done on {at}", at=words.moment(due.met_at))
    elif due.paused:
        when = _("paused")
    else:
        when = _("by {at}", at=words.moment(due.due_at))
    name = words.in_domain("limit", due.name)
    return {"name": name, "when": when, "why": cited(due.text, due.clause)}


def cited(text: Mapping[Any, str], clause: str) -> str:
    """A clause in the words that are spoken."""
    return words.cited(text.get(words.language(), ""), clause)
