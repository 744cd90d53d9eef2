"""The page of a survey that stands in place of a call on a plan."""

from collections.abc import Iterator
from typing import Any

from core.care import asked as care
from core.care.asked import CareSurvey
from core.care.inputs import AnswerCare
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.links import asking
from pages.ui.links.asking import Asked, Taker

TAKERS = {"care": Taker(AnswerCare, asking.scored, care.answer)}


def said(survey: CareSurvey) -> dict[str, Any]:
    """What the template asks for, but for the form."""
    standing = ""
    if at := survey.answered_at:
        standing = _("Thank you. We have your answer of {at}.", at=words.moment(at))
    nothing = dict.fromkeys(("facts", "parts", "dues", "promises"), ())
    return {"title": _("Are you content with us?"), "standing": standing, **nothing}


def ask(survey: CareSurvey) -> Iterator[Asked]:
    """The questions."""
    if not survey.questions:
        return
    fields = tuple(asking.survey(survey.questions))
    yield Asked("care", _("How was our service?"), _("Send"), fields)
