"""The texts that messages start from: the tool's own, or the company's in their place (D30)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import select

from core.kernel.errors import InvalidInput, Problem, Stale
from core.kernel.unit_of_work import UnitOfWork
from core.messages.inputs import EditTemplate
from core.process import changes, history
from core.process.permissions import require
from db.codes import Language, Occasion
from db.tables import MessageTemplate

EDIT = "message:edit"
SUBJECT = "message_template"
# What a text may name; `link` is put in when the message is sent.
LINK = "link"
NAMES = (
    *("company", "hotline", "customer", "number", "product", "due", "promised"),
    *("visit", "technician", "answer", "amount", "parcel", LINK),
)
_NAMED = re.compile(r"\{([^{}\n]*)\}")
_SHIPPED = Path(__file__).with_name("shipped.yaml")


@dataclass(frozen=True)
class Wording:
    """A text for an occasion in one language; `version` is 0 while it is the tool's own."""

    occasion: Occasion
    language: Language
    title: str
    text: str
    version: int


@cache
def shipped() -> Mapping[tuple[Occasion, Language], Wording]:
    """The texts that come with the tool."""
    told = yaml.safe_load(_SHIPPED.read_text("utf-8"))
    return {
        (occasion, language): Wording(occasion, language, **told[occasion][language], version=0)
        for occasion in Occasion
        for language in Language
    }


def wording(uow: UnitOfWork, occasion: Occasion, language: Language) -> Wording:
    """The text for an occasion: the company's, else the tool's."""
    row = _row(uow, occasion, language)
    return _view(row) if row else shipped()[occasion, language]


def every(uow: UnitOfWork) -> tuple[Wording, ...]:
    """The texts of all occasions in all languages."""
    require(uow, EDIT)
    own = {(row.occasion, row.language): _view(row) for row in _rows(uow)}
    return tuple(own.get(key, text) for key, text in shipped().items())


def edit(
    uow: UnitOfWork,
    command: EditTemplate,
    *,
    occasion: Occasion,
    language: Language,
    seen_version: int,
) -> None:
    """Set the company's text; InvalidInput names what no text may name."""
    require(uow, EDIT)
    values = {"title": command.headline, "text": command.message}
    check(headline=command.headline, message=command.message)
    row = _row(uow, occasion, language, lock=True)
    if (row.version if row else 0) != seen_version:
        raise Stale(version=row.version if row else 0)
    known = shipped()[occasion, language]
    row = row or MessageTemplate(
        occasion=occasion, language=language, title=known.title, text=known.text
    )
    data = changes.write(row, values)
    uow.session.add(row)
    uow.session.flush()
    _record(uow, row, data)


def restore(
    uow: UnitOfWork,
    _command: EditTemplate,
    *,
    occasion: Occasion,
    language: Language,
    seen_version: int,
) -> None:
    """Take the tool's own text again."""
    known = shipped()[occasion, language]
    command = EditTemplate(headline=known.title, message=known.text)
    edit(uow, command, occasion=occasion, language=language, seen_version=seen_version)


def check(**texts: str) -> None:
    """InvalidInput for each text that names something unknown, with the word."""
    unknown = {
        field: [name for name in _NAMED.findall(text) if name not in NAMES]
        for field, text in texts.items()
    }
    problems = [
        Problem(field, "unknown_fact_in_text", {"word": "{" + names[0] + "}"})
        for field, names in unknown.items()
        if names
    ]
    if problems:
        raise InvalidInput(*problems)


def names_link(text: str) -> bool:
    """Whether a text wants a link."""
    return LINK in _NAMED.findall(text)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """A text with the facts put in; a line that names one that is not known is left out.

    What `facts` does not mention stays as it is named.
    """
    lines = (_line(line, facts) for line in text.split("\n"))
    return "\n".join(line for line in lines if line is not None).strip()


def _line(line: str, facts: Mapping[str, str]) -> str | None:
    named = [name for name in _NAMED.findall(line) if name in facts]
    if any(not facts[name] for name in named):
        return None
    return _NAMED.sub(lambda found: facts.get(found[1], found[0]), line)


def _row(
    uow: UnitOfWork, occasion: Occasion, language: Language, *, lock: bool = False
) -> MessageTemplate | None:
    query = select(MessageTemplate).filter_by(occasion=occasion, language=language)
    return uow.session.scalars(query.with_for_update() if lock else query).one_or_none()


def _rows(uow: UnitOfWork) -> tuple[MessageTemplate, ...]:
    return tuple(uow.session.scalars(select(MessageTemplate)))


def _view(row: MessageTemplate) -> Wording:
    return Wording(row.occasion, row.language, row.title, row.text, row.version)


def _record(uow: UnitOfWork, row: MessageTemplate, data: Mapping[str, list[str]]) -> None:
    about = {"occasion": row.occasion.value, "language": row.language.value}
    history.record(
        uow, subject=SUBJECT, subject_id=row.id, action="edited", data=dict(data) | about
    )
