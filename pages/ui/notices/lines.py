"""Notices in words: for the inbox of whoever looks, and for the channels outside the tool."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from babel.core import Locale
from babel.dates import format_date, format_timedelta
from babel.numbers import format_currency

from core.codes import ComplaintStatus, Language, NoticeKind
from core.notices.channels import Message
from pages.ui.kit import words


def line(kind: NoticeKind, data: Mapping[str, Any], language: Language) -> str:
    """What a notice says, in one line; the case is named beside it."""
    # Not words._: a channel outside is told in the company's language, and no screen is there.
    catalogue = words.catalogue(language)
    _, named = catalogue.gettext, catalogue.pgettext
    if kind is NoticeKind.ESCALATION:
        return _escalation(data, language, _, named)
    if kind is NoticeKind.EMERGENCY:
        text = _("Drill: level {level}") if data["drill"] else _("Emergency: level {level}")
        return text.format(level=data["level"])
    if kind is NoticeKind.RESOURCE_DECIDED:
        status = named("ResourceStatus", data["status"])
        return _("The resource that you asked for: {status}").format(status=status)
    if kind is NoticeKind.RESOURCE_ASKED:
        return _("An emergency needs a resource; please decide.")
    return _review(kind, data, language, _, named)


def _review(
    kind: NoticeKind,
    data: Mapping[str, Any],
    language: Language,
    _: Callable[[str], str],
    named: Callable[[str, str], str],
) -> str:
    locale = Locale.parse(language.value)
    if kind is NoticeKind.APPROVAL:
        amount = format_currency(data["cents"] / 100, words.CURRENCY, locale=locale)
        return _("A plan of {amount} waits for your approval").format(amount=amount)
    if kind is NoticeKind.PLAN_DECIDED:
        decided = {
            ComplaintStatus.APPROVED: _("Your plan was approved"),
            ComplaintStatus.REFUSED: _("Your plan was refused"),
        }
        return decided.get(data["step"], _("Your plan was sent back"))
    if kind is NoticeKind.APPEAL_DECIDED:
        status = named("PenaltyStatus", data["status"])
        return _("Your appeal against a penalty: {status}").format(status=status)
    if kind is NoticeKind.IMPROVEMENT:
        day = format_date(date.fromisoformat(data["due_on"]), "medium", locale=locale)
        return _("An improvement measure is yours, due on {day}").format(day=day)
    if kind is NoticeKind.REPEAT_FAULT:
        fault = named("FaultArea", data["fault_area"])
        return _("{product}: {fault} {count} times in {days} days").format(
            **{**data, "fault": fault}
        )
    if kind is NoticeKind.IMPORTED_LATE:
        return _("An import brought {open} open cases, {late} of them late").format(**data)
    if kind is NoticeKind.YOUR_TURN:
        step = named("ReturnStatus", data["step"])
        return _("Return or exchange: {step}. It is your turn.").format(step=step)
    if said := _handed(data, _).get((kind, data.get("fact"))):
        return said
    plain = {
        NoticeKind.WITHDRAWN: _("No longer with you"),
        NoticeKind.ASSIGNED: _("Assigned to you or your department"),
        NoticeKind.REOPENED: _("The customer is not satisfied: reopened, one level higher"),
        NoticeKind.PENALTY: _("A penalty concerns you; you may appeal"),
        NoticeKind.APPEAL: _("An appeal against a penalty waits for a decision"),
    }
    return plain.get(kind) or named("NoticeKind", kind.value)


def _handed(data: Mapping[str, Any], _: Callable[[str], str]) -> dict[tuple[NoticeKind, Any], str]:
    """What is said of facts by which somebody is sent or handed a case, or loses it."""
    given, taken = NoticeKind.ASSIGNED, NoticeKind.WITHDRAWN
    return {
        (given, "job.assigned"): _("You are sent: please agree a time with the customer"),
        (given, "job.reassigned"): _("You are sent: please agree a time with the customer"),
        (given, "job.visit_agreed"): _("A visit was agreed for you"),
        (given, "job.visit_moved"): _("Your visit was moved to another time"),
        (given, "request.handed_over"): _("Handed over to you"),
        (given, "request.station_moved"): _("Passed to your station"),
        (given, "complaint.approved"): _("Decided: please tell the customer"),
        (given, "complaint.refused"): _("Decided: please tell the customer"),
        (taken, "job.reassigned"): _("Somebody else is sent in your place"),
        (taken, "job.withdrawn"): _("You need not go: the job was taken back"),
        (taken, "job.cancelled"): _("You need not go: the case was cancelled"),
        (taken, "request.handed_over"): _("Handed over to somebody else"),
    }


def speak(message: Message) -> tuple[str, str]:
    """A message for a channel outside: its title and its text."""
    said = line(message.kind, message.data, message.language)
    title = " · ".join(part for part in (message.company, message.number) if part)
    return title, f"{said}\n→ {'、'.join(message.people)}"


def _escalation(
    data: Mapping[str, Any],
    language: Language,
    _: Callable[[str], str],
    named: Callable[[str, str], str],
) -> str:
    limit = f"{named('limit', data['limit'])} ({data['clause']})"
    if "after_minutes" in data:
        late = timedelta(minutes=data["after_minutes"])
        locale = Locale.parse(language.value)
        time = format_timedelta(late, locale=locale, threshold=1.5)
        return _("{limit}: {time} overdue").format(limit=limit, time=time)
    if data["share"] == 1:
        return _("{limit}: the time is up").format(limit=limit)
    return _("{limit}: {share} of the time is used").format(
        limit=limit, share=f"{data['share']:.0%}"
    )
