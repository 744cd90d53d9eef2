"""Codes to words, in the language of whoever looks: the only place that speaks languages."""

import gettext
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import local
from zoneinfo import ZoneInfo

import streamlit as st
from babel.core import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.codes import Language
from core.kernel.errors import Problem, Refused

ROOMS = Path(__file__).parent.parent
NAMES = {Language.ZH: "简体中文", Language.EN: "English"}
# As documents name the language that they are written in.
TAGS = {Language.ZH: "zh-CN", Language.EN: "en"}
# A day and time with its year, and one of this year.
MOMENTS = {
    Language.ZH: ("%Y-%m-%d %H:%M", "%m-%d %H:%M"),
    Language.EN: ("%d %b %Y %H:%M", "%d %b %H:%M"),
}
DAYS = {Language.ZH: "medium", Language.EN: "dd MMM y"}
DIGIT_END = re.compile(r"(?<=\d)(?=[^\d\s])")
# Of the company, whoever looks: an English reader has no use for "CN¥".
MONEY = "¥#,##0.00;-¥#,##0.00"
CURRENCY = "CNY"
# Streamlit reads Markdown, and then looks once more for addresses, icons and arrows in what was
# escaped. It looks at each piece of text alone: an empty one between two letters stops it, and is
# not copied with them.
_JOINTS = re.compile(
    r"(?<=:)(?=//|[a-z+-][\w+-]*[:/])|(?<=www)(?=\.)|(?<=@)(?=\w)|(?<=[-<>~])(?=[-=>])",
    re.IGNORECASE,
)
_INDENT = re.compile(r"(?:^|(?<=\n))[^\S\n]+|\A\s+")
_ESCAPES = str.maketrans(
    {
        **{mark: f"\\{mark}" for mark in "\\`*_{}[]()<>#+-.!|$:~=&"},
        "\n": "\\\n",
        "\r": "",
        "\0": ":small[]",
    }
)


@lru_cache
def catalogue(language: Language) -> gettext.GNUTranslations:
    """The messages of a language, compiled once from the .po files of all rooms.

    ValueError when two rooms have words for the same.
    """
    compiled = BytesIO()
    write_mo(compiled, gathered(ROOMS, language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def gathered(rooms: Path, language: Language) -> Catalog:
    """The messages of a language from every room's own file; ValueError when two have the same."""
    messages = Catalog(locale=language.value)
    for path in sorted(rooms.glob(f"*/words.{language.value}.po")):
        with path.open("rb") as source:
            room = read_po(source, locale=language.value)
        for message in room:
            if not message.id:  # the head of the file
                continue
            if messages.get(message.id, message.context):
                raise ValueError(f"{path}: {message.context} {message.id} has words elsewhere")
            messages[message.id] = message
    return messages


def guess() -> Language:
    """The language that the browser asks for; Chinese unless it is another one."""
    locale = (st.context.locale or "zh").lower()
    return Language.ZH if locale.startswith("zh") else Language.EN


# What was asked last in a thread: a page says hundreds of words, and the session is slow to ask.
_spoken = local()


@contextmanager
def speaking(chosen: Language, zone: str = "") -> Iterator[None]:
    """Speak a language outside of any run, by the clocks of a zone: for an answer by HTTP."""
    _spoken.apart, _spoken.zone = chosen, zone
    try:
        yield
    finally:
        _spoken.apart, _spoken.zone = None, ""


def language() -> Language:
    """The language of this run."""
    apart: Language | None = getattr(_spoken, "apart", None)
    if apart:
        return apart
    run = get_script_run_ctx()
    if run is None or getattr(_spoken, "run", None) is not run:
        _spoken.language = Language(st.session_state.get("language", Language.ZH))
        _spoken.run = run
    spoken: Language = _spoken.language
    return spoken


def use(chosen: Language) -> None:
    """Speak a language from here on."""
    st.session_state["language"] = _spoken.language = Language(chosen)
    _spoken.run = get_script_run_ctx()


def _(message: str, **values: object) -> str:
    """A phrase of a screen, with its values put in."""
    text = catalogue(language()).gettext(message)
    return text.format(**values) if values else text


def n_(singular: str, plural: str, count: int, **values: object) -> str:
    """A phrase that counts something."""
    text = catalogue(language()).ngettext(singular, plural, count)
    return text.format(n=count, **values)


def code(member: StrEnum) -> str:
    """The word for a code of a closed list."""
    return in_domain(domain(type(member)), member.value)


def domain(codes: type[StrEnum]) -> str:
    """The catalogue's context of a closed list: RequestKind is "RequestKind"."""
    return codes.__name__


def in_domain(context: str, value: str) -> str:
    """The word for a code inside a context; the code itself when the catalogue lacks it."""
    return catalogue(language()).pgettext(context, value)


def dictionary() -> Callable[[str, str], str]:
    """The words of this run's language for work outside the run: a file that is made later."""
    return catalogue(language()).pgettext


def field(name: str) -> str:
    """The label of a field."""
    return in_domain("field", name)


def action(name: str) -> str:
    """The button of an action."""
    return in_domain("action", name)


def fact(subject: str, name: str) -> str:
    """A line of the timeline."""
    return in_domain("fact", f"{subject}.{name}")


def problem(bad: Problem) -> str:
    """What is wrong with a field, and what would be right."""
    known = catalogue(language()).pgettext("problem", bad.code)
    if known == bad.code:
        known = in_domain("problem", "invalid")
    paper = in_domain("Paper", bad.details["paper"]) if bad.details.get("paper") else ""
    return known.format_map(Lenient(_told(bad.details) | {"paper": paper}))


def refusal(error: Refused) -> str:
    """Why something was not done, and what to do now."""
    reason = error.details.get("reason")
    if reason:
        special = in_domain("error", f"{error.code}.{reason}")
        if special != f"{error.code}.{reason}":
            return special.format_map(Lenient(_told(error.details)))
    return in_domain("error", error.code)


def _told(details: Mapping[str, object]) -> dict[str, object]:
    return {name: _detail(value) for name, value in details.items()}


def _detail(value: object) -> object:
    if isinstance(value, StrEnum):
        return code(value)
    if isinstance(value, tuple):
        value = listed(value)
    # Nobody's name is a dash: a sentence that ends in a colon looks cut off.
    return "—" if value == "" else value


class Lenient(dict[str, object]):
    """Values for a phrase; one that is missing is an ellipsis, never an error."""

    def __missing__(self, key: str) -> str:
        return "…"


def _locale() -> Locale:
    return locale_of(language())


@lru_cache
def locale_of(spoken: Language) -> Locale:
    """How a language writes numbers, days and lengths of time."""
    return Locale.parse(spoken.value)


def zone() -> ZoneInfo:
    """The company's time zone in this run."""
    if apart := getattr(_spoken, "zone", ""):
        return ZoneInfo(apart)
    return ZoneInfo(st.session_state.get("zone", "UTC"))


def moment(at: datetime | None, *, year: bool = False) -> str:
    """A local day and time, short."""
    if at is None:
        return "—"
    local = at.astimezone(zone())
    near = not year and local.year == datetime.now(zone()).year
    return f"{local:{MOMENTS[language()][near]}}"


def window(start: datetime | None, end: datetime | None) -> str:
    """A time window, the day once."""
    if start is None:
        return "—"
    if end is None:
        return moment(start)
    return f"{moment(start)}–{end.astimezone(zone()):%H:%M}"


def day(on: date | None) -> str:
    """A day in the language's own form."""
    return day_in(language(), on) if on else "—"


def day_in(spoken: Language, on: date) -> str:
    """A day as a language writes it, in the order of its days and times."""
    return format_date(on, DAYS[spoken], locale=locale_of(spoken))


def days(first: date, last: date, speaks: Language | None = None) -> str:
    """From one day to another, in the language of this run or another one."""
    spoken = speaks or language()
    return f"{day_in(spoken, first)} – {day_in(spoken, last)}"


def short_day(at: datetime) -> str:
    """The day of a moment, without its year."""
    return f"{at.astimezone(zone()):{MOMENTS[language()][True].removesuffix(' %H:%M')}}"


def weekday(on: date, speaks: Language | None = None) -> str:
    """A day of the month with its day of the week, short; in this run's language or another one."""
    return format_skeleton("MMMEd", on, locale=locale_of(speaks or language()))


def month(on: date) -> str:
    """A month."""
    return format_skeleton("yMMM", on, locale=_locale())


def due(at: datetime | None, *, now: datetime, waits: bool = False) -> str:
    """How long until a limit is due, or how late it is."""
    if waits:
        return _("paused")
    if at is None:
        return "—"
    distance = span(abs(at - now))
    return _("{time} late", time=distance) if at < now else _("in {time}", time=distance)


def span(length: timedelta) -> str:
    """A length of time."""
    return span_in(language(), length)


def span_in(spoken: Language, length: timedelta) -> str:
    """A length of time in a language."""
    said = format_timedelta(length, locale=locale_of(spoken), threshold=1.5)
    # As every other number stands in a Chinese sentence here.
    return DIGIT_END.sub(" ", said) if spoken is Language.ZH else said


def money(cents: int, speaks: Language | None = None) -> str:
    """An amount of money, in the language of this run or another one."""
    locale = locale_of(speaks or language())
    return format_currency(cents / 100, CURRENCY, MONEY, locale=locale)


def listed(names: Iterable[str], speaks: Language | None = None) -> str:
    """Several names in a row, in the language of this run or another one."""
    return {Language.ZH: "、", Language.EN: ", "}[speaks or language()].join(names)


def clauses(said: Iterable[str], speaks: Language | None = None) -> str:
    """Several sentences in a row that may hold commas of their own; as `listed`."""
    return {Language.ZH: "；", Language.EN: "; "}[speaks or language()].join(said)


def cited(text: str, clause: str) -> str:
    """A text with the clause that says so, where there is one."""
    return _("{text} ({clause})", text=text, clause=clause) if clause else text


def number(value: float, digits: int = 0, speaks: Language | None = None) -> str:
    """A number."""
    return format_decimal(round(value, digits), locale=locale_of(speaks or language()))


def share(value: float | None, speaks: Language | None = None) -> str:
    """A share as a percentage; a dash when there is nothing to share."""
    locale = locale_of(speaks or language())
    return "—" if value is None else format_percent(value, "0.0%", locale=locale)


def plain(text: str) -> str:
    """What a person typed, safe to show where Streamlit reads Markdown: text and nothing else."""
    flush = _INDENT.sub("", text).rstrip("\n")
    return _JOINTS.sub("\0", flush).translate(_ESCAPES)


def options(members: type[StrEnum]) -> Mapping[StrEnum, str]:
    """A closed list with its words, in its own order."""
    return {member: code(member) for member in members}


def show_hindered(error: Refused) -> None:
    """The page while the disk, the database or a lock is in the way."""
    st.error(refusal(error), icon=":material/hourglass_empty:")
    st.button(_("Try again"), key="try_again")


def show_bug(reference: str) -> None:
    """The page that a bug leaves behind."""
    st.error(
        _(
            "Something went wrong on our side. Nothing was half saved. "
            "Tell your administrator this number: {reference}",
            reference=reference,
        )
    )
