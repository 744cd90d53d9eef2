"""The page of a case in words: where it stands, who comes, what is due, what is asked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.kernel.errors import Problem
from core.links.page import Due, Page
from pages.ui.kit import words
from pages.ui.kit.words import _

SCORES = tuple(str(n) for n in range(10, -1, -1))
TEXTS = ("opinion", "other_needs")
# Of a field that is a question of the survey.
SCORE = "score."


def case(
    page: Page,
    *,
    key: str,
    wrong: str = "",
    typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
) -> dict[str, Any]:
    """All that the template of a case asks for; what was typed stays in its fields."""
    return {
        "title": f"{words.code(page.kind)} {page.number}",
        "key": key,
        "wrong": wrong,
        "standing": words.code(page.standing),
        "facts": tuple(_facts(page)),
        "survey": _survey(page, typed or {}, problems) if page.survey else None,
        "dues_title": _("What we promised you"),
        "dues": [_due(each) for each in page.dues],
        "promises_title": _("Our service promises"),
        "promises": [_cited(each.text, each.clause) for each in page.promises],
    }


def _facts(page: Page) -> Iterator[tuple[str, str]]:
    if page.answered_at:
        thanks = _("Thank you. We have your answer of {at}.", at=words.moment(page.answered_at))
        yield _("Your opinion"), thanks
    if page.technician:
        yield _("Who comes"), page.technician
    if page.agreed_from:
        yield _("When we come"), words.window(page.agreed_from, page.agreed_to)
    elif page.wanted_from and not page.is_over:
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


def _survey(page: Page, typed: Mapping[str, str], problems: Sequence[Problem]) -> dict[str, Any]:
    bad = {each.field.replace("scores.", SCORE): words.problem(each) for each in problems}
    questions = [
        {
            "name": each.name,
            "text": each.text.get(words.language(), ""),
            "typed": typed.get(f"{SCORE}{each.name}", ""),
            "problem": bad.get(f"{SCORE}{each.name}", ""),
        }
        for each in page.survey
    ]
    texts = [
        {
            "name": name,
            "label": words.field(name),
            "typed": typed.get(name, ""),
            "problem": bad.get(name, ""),
        }
        for name in TEXTS
    ]
    said = dict(zip(SCORES, SCORES, strict=True))
    said |= {"10": _("10, very content"), "0": _("0, not content at all")}
    return {
        "title": _("How was our service?"),
        "choose": _("0 to 10"),
        "scores": SCORES,
        "said": said,
        "questions": questions,
        "texts": texts,
        "send": _("Send"),
    }
