"""The forms of a case for its customer: what each asks, and what of core takes what was typed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dc_field
from datetime import datetime
from typing import Any

from core.billing.inputs import ConfirmQuote, RefuseQuote
from core.followups.actions import AnswerSurvey
from core.jobs.signing import AcceptReport
from core.kernel.errors import Problem
from core.kernel.inputs import Input
from core.links import answers, photos
from core.links.confirming import Quoted
from core.links.page import Page
from core.links.photos import AddPhotos
from core.links.wishes import ConfirmVisit, WishCancel, WishTime
from core.norms.parts import Words
from core.requests.given_photos import AT_ONCE, FIELD
from core.roster.hours import Interval
from pages.ui.kit import words
from pages.ui.kit.words import _

SCORES = tuple(str(n) for n in range(10, -1, -1))
# Of a field that is a question of the survey.
SCORE = "score."
MOMENTS = frozenset({"wanted_from", "wanted_to"})


@dataclass(frozen=True)
class Field:
    """One field, with what was typed into it and what is wrong with that."""

    kind: str
    name: str
    label: str
    typed: str = ""
    problem: str = ""
    # Of a field that is chosen: each value with its words.
    choices: Mapping[str, str] = dc_field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One form; a folded one is for what few want."""

    do: str
    title: str
    send: str
    fields: tuple[Field, ...]
    folded: bool = False
    opened: bool = False


@dataclass(frozen=True)
class Taker:
    """What of core takes a form."""

    model: type[Input]
    read: Callable[[Mapping[str, str]], dict[str, Any]]
    take: Callable[..., int]
    has_photos: bool = False


def _time(typed: Mapping[str, str]) -> dict[str, Any]:
    """A window that was chosen, else the one that was typed."""
    start, _slash, end = typed.get("window", "").partition("/")
    chosen = {"wanted_from": start, "wanted_to": end} if start else {}
    return _plain("wanted_from", "wanted_to", "wish_text")({**typed, **chosen})


def scored(typed: Mapping[str, str]) -> dict[str, Any]:
    """The answers to a survey."""
    scores = {
        name.removeprefix(SCORE): score
        for name, score in typed.items()
        if name.startswith(SCORE) and score
    }
    return {"scores": scores} | {name: typed.get(name, "") for name in ("opinion", "other_needs")}


def _plain(*names: str) -> Callable[[Mapping[str, str]], dict[str, Any]]:
    """These fields, as they were typed; a time by the clock on the company's wall."""

    def read(typed: Mapping[str, str]) -> dict[str, Any]:
        values = {name: typed[name].strip() for name in names if typed.get(name, "").strip()}
        return {name: _at(value) if name in MOMENTS else value for name, value in values.items()}

    return read


def _at(typed: str) -> datetime | str:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return typed  # core says what is wrong with it
    return at if at.tzinfo else at.replace(tzinfo=words.zone())


TAKERS = {
    "survey": Taker(AnswerSurvey, scored, answers.answer_survey),
    "confirm": Taker(ConfirmVisit, _plain("visit"), answers.say),
    "agree": Taker(ConfirmQuote, _plain("seen", "signer"), answers.answer_quote),
    "refuse": Taker(RefuseQuote, _plain("seen", "note"), answers.answer_quote),
    "slip": Taker(AcceptReport, _plain("seen", "signer"), answers.accept),
    "photos": Taker(AddPhotos, _plain(), photos.add, has_photos=True),
    "time": Taker(WishTime, _time, answers.say),
    "cancel": Taker(WishCancel, _plain("wish_text"), answers.say),
}


def forms(
    asked: Iterable[Asked], typed: Mapping[str, str], problems: Sequence[Problem]
) -> list[Asked]:
    """The forms of a page; what was typed stays in the one that was sent."""
    return [_filled(each, typed, problems) for each in asked]


def choices() -> dict[str, str]:
    """The scores, the best first."""
    said = dict(zip(SCORES, SCORES, strict=True))
    return said | {"10": _("10, very content"), "0": _("0, not content at all")}


def _filled(asked: Asked, typed: Mapping[str, str], problems: Sequence[Problem]) -> Asked:
    if typed.get("do") != asked.do:
        return asked
    bad = {each.field.replace("scores.", SCORE): words.problem(each) for each in problems}
    fields = tuple(
        field
        if field.kind == "hidden"
        else replace(field, typed=typed.get(field.name, ""), problem=bad.get(field.name, ""))
        for field in asked.fields
    )
    return Asked(asked.do, asked.title, asked.send, fields, asked.folded, opened=True)


def of_case(page: Page) -> Iterator[Asked]:
    """The forms that are asked for now of a case."""
    if page.quoted:
        yield from _quote(page.quoted)
    if page.slip and page.slip.may_accept:
        seen, signer = Field("hidden", "seen", "", page.slip.seen), _signer()
        title = _("Is everything as the slip says?")
        yield Asked("slip", title, _("Yes, I have read it and confirm it"), (seen, signer))
    if page.survey:
        asked = survey((each.name, each.text) for each in page.survey)
        yield Asked("survey", _("How was our service?"), _("Send"), tuple(asked))
    if not page.is_over:
        yield Asked("photos", _("Add photos"), _("Send"), (photo_field(),), folded=True)
    if page.may_wish and page.visit_id and not page.confirmed_at:
        visit = Field("hidden", "visit", "", str(page.visit_id))
        yield Asked("confirm", _("Does the time suit you?"), _("Yes, it suits me"), (visit,))
    if page.may_wish:
        fields = tuple(_times(page.free))
        yield Asked("time", _("Ask for another time"), _("Send"), fields, folded=True)
        why = Field("text", "wish_text", _("Why do you want it no more?"))
        yield Asked("cancel", _("Ask to cancel it"), _("Send"), (why,), folded=True)


def _quote(quoted: Quoted) -> Iterator[Asked]:
    seen = Field("hidden", "seen", "", quoted.seen)
    if quoted.may_agree:
        title = _("Do you agree to the price of {amount}?", amount=words.money(quoted.cents))
        yield Asked("agree", title, _("Yes, I agree"), (seen, _signer()))
    if quoted.may_refuse:
        why = Field("text", "note", _("What does not suit you?"))
        yield Asked("refuse", _("I do not agree"), _("Send"), (seen, why), folded=True)


def _times(free: Sequence[Interval]) -> Iterator[Field]:
    if free:
        said = {
            f"{each.start.isoformat()}/{each.end.isoformat()}": words.window(each.start, each.end)
            for each in free
        }
        yield Field("choice", "window", _("We have time then"), choices=said)
    for name in sorted(MOMENTS):
        yield Field("when", name, words.field(name))
    yield Field("text", "wish_text", _("When would suit you, in your words"))


def photo_field() -> Field:
    """Photos of what it looks like."""
    return Field("photos", FIELD, _("Up to {most} photos", most=AT_ONCE))


def _signer() -> Field:
    return Field("line", "signer", _("Your name"))


def survey(questions: Iterable[tuple[str, Words]]) -> Iterator[Field]:
    """A field for each question, then for what else is to be said."""
    for name, text in questions:
        yield Field("score", f"{SCORE}{name}", text.get(words.language(), ""))
    for name in ("opinion", "other_needs"):
        yield Field("text", name, words.field(name))
