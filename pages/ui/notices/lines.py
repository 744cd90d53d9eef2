"""Notices in words: for the inbox of whoever looks, and for the channels outside the tool."""

from collections.abc import Mapping
from typing import Any

from core.codes import Language, NoticeKind
from core.notices.channels import Message
from core.notices.notices import NoticeView
from pages.ui.care import notices as care
from pages.ui.complaints import notices as complaints
from pages.ui.contracts import notices as contracts
from pages.ui.courses import notices as courses
from pages.ui.customers import notices as customers
from pages.ui.emergencies import notices as emergencies
from pages.ui.imports import notices as imports
from pages.ui.improvements import notices as improvements
from pages.ui.jobs import notices as jobs
from pages.ui.kit.told import Lines, Place, Say
from pages.ui.knowledge import notices as knowledge
from pages.ui.links import notices as links
from pages.ui.mail import notices as mail
from pages.ui.maintenance import notices as maintenance
from pages.ui.meetings import notices as meetings
from pages.ui.messages import notices as messages
from pages.ui.people import notices as people
from pages.ui.prevention import notices as prevention
from pages.ui.quality import notices as quality
from pages.ui.reports import notices as reports
from pages.ui.requests import notices as requests
from pages.ui.returns import notices as returns
from pages.ui.roster import notices as roster
from pages.ui.stock import notices as stock
from pages.ui.tools import notices as tools
from pages.ui.workshop import notices as workshop

LINES: Lines = {
    **requests.LINES,
    **jobs.LINES,
    **emergencies.LINES,
    **complaints.LINES,
    **improvements.LINES,
    **prevention.LINES,
    **quality.LINES,
    **returns.LINES,
    **imports.LINES,
    **roster.LINES,
    **maintenance.LINES,
    **meetings.LINES,
    **reports.LINES,
    **stock.LINES,
    **tools.LINES,
    **workshop.LINES,
    **care.LINES,
    **contracts.LINES,
    **people.LINES,
    **customers.LINES,
    **links.LINES,
    **mail.LINES,
    **messages.LINES,
    **courses.LINES,
    **knowledge.LINES,
}
PLACES = (
    customers.place,
    emergencies.place,
    complaints.place,
    jobs.place,
    imports.place,
    improvements.place,
    courses.place,
    knowledge.place,
    roster.place,
    maintenance.place,
    meetings.place,
    reports.place,
    stock.place,
    tools.place,
    workshop.place,
    care.place,
    people.place,
)


def line(kind: NoticeKind, data: Mapping[str, Any], language: Language) -> str:
    """What a notice says, in one line; the case is named beside it."""
    say = Say(language)
    found = LINES.get((kind, str(data.get("fact")))) or LINES[kind]
    return say.text(found).format(**data) if isinstance(found, str) else found(say, data)


def place(notice: NoticeView) -> Place | None:
    """Where a notice leads; to its case where no room knows better, None where there is none."""
    for known in PLACES:
        if found := known(notice):
            return found
    return Place("case", {"id": str(notice.case_id)}) if notice.case_id else None


def speak(message: Message) -> tuple[str, str]:
    """A message for a channel outside: its title and its text."""
    said = line(message.kind, message.data, message.language)
    title = " · ".join(part for part in (message.company, message.number) if part)
    return title, f"{said}\n→ {'、'.join(message.people)}"
