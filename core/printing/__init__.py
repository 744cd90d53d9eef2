"""Printed papers as Word files: of services (D1, D11, E9), complaints (E14, E16), returns (C8)."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.house import HOUSE
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers import filling, pdf
from core.papers.placeholders import Facts, vocabulary
from core.papers.speech import Speech, Word
from core.papers.word import apart
from core.papers.word.refusals import TemplateRefused, UnsafeTemplate
from core.process import history
from core.process.permissions import require
from db.codes import Language, RequestKind
from db.tables import Company, PaperTemplate

__all__ = [
    "MIME",
    "PaperFile",
    "TemplateRefused",
    "TemplateView",
    "Word",
    "content",
    "filled",
    "list_templates",
    "of_file",
    "own_refused",
    "placeholders",
    "render",
    "replace_template",
    "restore_template",
    "template",
]

SHIPPED = Path(__file__).parent / "templates"
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class PaperFile:
    """A printed paper, ready to download."""

    name: str
    content: bytes
    mime: str = MIME


@dataclass(frozen=True)
class TemplateView:
    """Which template a paper is printed from; `replaced_at` is None for the shipped one."""

    paper: str
    language: Language
    replaced_at: datetime | None


def render(
    uow: UnitOfWork, *, paper: str, word: Word, language: Language | None = None, **about: int
) -> PaperFile:
    """A paper about a record that the actor may see: `case_id`, for a notice `penalty_id`.

    NotFound where the record does not lead to such a paper, with what is missing as `subject`.
    `word(list, code)` gives the word for a code in the paper's language, where list is the name
    of the enum: word("RequestKind", "repair"). Without a language the actor's own is taken.
    """
    chosen = language or uow.actor.language
    speech = Speech(chosen, uow.actor.zone_info, word)
    facts = HOUSE.papers[paper].read(uow, speech, **about)
    content = filled(uow, paper, chosen, facts)
    return PaperFile(_file_name(f"{speech.word('Paper', paper)}_{facts.number}"), content)


def filled(uow: UnitOfWork, paper: str, language: Language, facts: Facts) -> bytes:
    """A paper with its facts put in, from the template in force."""
    own = _own(uow, paper, language)
    if own is not None:
        try:
            return filling.fill_own(own.content, facts)
        except UnsafeTemplate:
            # Kept before such a thing was looked for: `own_refused` tells who can mend it. The
            # paper is wanted now, by somebody who cannot.
            return filling.fill(_shipped(paper, language), facts)
    return filling.fill(_shipped(paper, language), facts)


def of_file(kind: RequestKind, view: Any) -> tuple[str, ...]:
    """The papers that can be printed now of a file as screens show it, by their names."""
    return tuple(
        paper.name for paper in HOUSE.homes[kind].papers if paper.fits and paper.fits(view)
    )


def content(uow: UnitOfWork, *, as_pdf: bool = False, **asked: Any) -> bytes:
    """The bytes of a paper, in Word or as PDF; asked for as in `render`."""
    paper = render(uow, **asked)
    if not as_pdf:
        return paper.content
    language = asked.get("language") or uow.actor.language
    is_own = _own(uow, asked["paper"], language) is not None
    return (apart.pdf if is_own else pdf.of_word)(paper.content, title=paper.name)


def template(uow: UnitOfWork, *, paper: str, language: Language) -> bytes:
    """The Word template of a paper, for whoever edits it: the own one, else the shipped one."""
    require(uow, "paper:edit")
    own = _own(uow, paper, language)
    return own.content if own else _shipped(paper, language)


def own_refused(uow: UnitOfWork, *, paper: str, language: Language) -> TemplateRefused | None:
    """Why the company's own template is not printed from; None when it is, or there is none."""
    require(uow, "paper:edit")
    own = _own(uow, paper, language)
    try:
        if own is not None:
            apart.look_through(own.content)
    except TemplateRefused as error:
        return error if isinstance(error, UnsafeTemplate) else None
    return None


def list_templates(uow: UnitOfWork) -> tuple[TemplateView, ...]:
    """Every paper in every language, and since when the company has its own template for it."""
    require(uow, "paper:edit")
    rows = uow.session.execute(
        select(PaperTemplate.paper, PaperTemplate.language, PaperTemplate.replaced_at)
    )
    replaced = {(paper, language): at for paper, language, at in rows}
    return tuple(
        TemplateView(paper, language, replaced.get((paper, language)))
        for paper in HOUSE.papers
        for language in Language
    )


def placeholders(paper: str) -> dict[str, tuple[str, ...]]:
    """What a template may name: under "" the texts, under each list the fields of its lines."""
    known = vocabulary(HOUSE.papers[paper].shape)
    return {"": known.texts, **known.lists}


def replace_template(uow: UnitOfWork, *, paper: str, language: Language, content: bytes) -> None:
    """Print a paper from the company's own Word template; TemplateRefused when it cannot be."""
    require(uow, "paper:edit")
    filling.check(content, HOUSE.papers[paper].shape)
    _hold_company(uow)
    own = _own(uow, paper, language)
    if own is None:
        own = PaperTemplate(paper=paper, language=language)
        uow.session.add(own)
    before = _digest(own.content) if own.content else None
    own.content, own.replaced_at = content, uow.now
    uow.session.flush()
    digests = [before, _digest(content)]
    _record(uow, "paper_replaced", paper, language, bytes=len(content), sha256=digests)


def restore_template(uow: UnitOfWork, *, paper: str, language: Language) -> None:
    """Print a paper from the shipped template again; NotFound when it is."""
    require(uow, "paper:edit")
    _hold_company(uow)
    own = _own(uow, paper, language)
    if own is None:
        raise NotFound(subject="paper_template")
    uow.session.delete(own)
    uow.session.flush()
    _record(uow, "paper_restored", paper, language, sha256=[_digest(own.content), None])


def _hold_company(uow: UnitOfWork) -> None:
    # Two people who replace a template at once would both insert, or both take the same history
    # number.
    uow.session.get_one(Company, 1, with_for_update=True)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _own(uow: UnitOfWork, paper: str, language: Language) -> PaperTemplate | None:
    return uow.session.scalar(
        select(PaperTemplate).where(
            PaperTemplate.paper == paper, PaperTemplate.language == language
        )
    )


@lru_cache
def _shipped(paper: str, language: Language) -> bytes:
    return (SHIPPED / f"{paper}.{language.value}.docx").read_bytes()


def _record(uow: UnitOfWork, fact: str, paper: str, language: Language, **data: Any) -> None:
    about = {"paper": paper, "language": language.value, **data}
    history.record(uow, subject="company", subject_id=1, action=fact, data=about)


def _file_name(stem: str) -> str:
    return re.sub(r'[\x00-\x1f\\/:*?"<>|\s]+', "_", stem) + ".docx"
