"""Printed papers as Word files: of services (D1, D11, E9), complaints (E14, E16), returns (C8)."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.complaints.papers import (
    form as complaint_facts,
)
from core.complaints.papers import (
    letter as letter_facts,
)
from core.complaints.papers import (
    penalty as penalty_facts,
)
from core.complaints.papers.form import ComplaintFacts
from core.complaints.papers.letter import LetterFacts
from core.complaints.papers.penalty import PenaltyFacts
from core.complaints.view import ComplaintView
from core.jobs import papers as job_papers
from core.jobs.papers import ServiceFacts
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers import filling
from core.papers.placeholders import Facts, vocabulary
from core.papers.speech import Speech, Word
from core.papers.word import apart
from core.papers.word.refusals import TemplateRefused, UnsafeTemplate
from core.process import history
from core.process.permissions import require
from core.returns.papers import (
    application,
)
from core.returns.papers import (
    receipt as receipt_facts,
)
from core.returns.papers import (
    refund as refund_facts,
)
from core.returns.papers import (
    sending as sending_facts,
)
from core.returns.papers.application import ApplicationFacts
from core.returns.papers.labels import labels
from core.returns.papers.receipt import ReceiptFacts
from core.returns.papers.refund import RefundFacts
from core.returns.papers.sending import SendingFacts
from core.returns.view import ReturnView
from db.codes import Language
from db.tables import Company, PaperTemplate

__all__ = [
    "MIME",
    "Paper",
    "PaperFile",
    "TemplateRefused",
    "TemplateView",
    "Word",
    "content",
    "labels",
    "list_templates",
    "of_complaint",
    "of_return",
    "own_refused",
    "placeholders",
    "render",
    "replace_template",
    "restore_template",
    "template",
]

SHIPPED = Path(__file__).parent / "templates"
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Paper(StrEnum):
    """The papers that are printed."""

    ACCEPTANCE_SLIP = "acceptance_slip"
    SERVICE_REPORT = "service_report"
    COMPLAINT_FORM = "complaint_form"
    ANSWER_LETTER = "answer_letter"
    INVESTIGATION_REPORT = "investigation_report"
    PENALTY_NOTICE = "penalty_notice"
    RETURN_APPLICATION = "return_application"
    RETURN_INSTRUCTIONS = "return_instructions"
    RECEIPT_NOTE = "receipt_note"
    REFUND_NOTE = "refund_note"


@dataclass(frozen=True)
class _Source:
    """Which facts a paper is filled with, and who reads them."""

    shape: type[Facts]
    read: Callable[..., Facts]


_SOURCES = {
    Paper.ACCEPTANCE_SLIP: _Source(ServiceFacts, job_papers.acceptance),
    Paper.SERVICE_REPORT: _Source(ServiceFacts, job_papers.report),
    Paper.COMPLAINT_FORM: _Source(ComplaintFacts, complaint_facts.form),
    Paper.ANSWER_LETTER: _Source(LetterFacts, letter_facts.letter),
    Paper.INVESTIGATION_REPORT: _Source(ComplaintFacts, complaint_facts.report),
    Paper.PENALTY_NOTICE: _Source(PenaltyFacts, penalty_facts.notice),
    Paper.RETURN_APPLICATION: _Source(ApplicationFacts, application.application),
    Paper.RETURN_INSTRUCTIONS: _Source(SendingFacts, sending_facts.instructions),
    Paper.RECEIPT_NOTE: _Source(ReceiptFacts, receipt_facts.note),
    Paper.REFUND_NOTE: _Source(RefundFacts, refund_facts.note),
}


@dataclass(frozen=True)
class PaperFile:
    """A printed paper, ready to download."""

    name: str
    content: bytes
    mime: str = MIME


@dataclass(frozen=True)
class TemplateView:
    """Which template a paper is printed from; `replaced_at` is None for the shipped one."""

    paper: Paper
    language: Language
    replaced_at: datetime | None


def render(
    uow: UnitOfWork, *, paper: Paper, word: Word, language: Language | None = None, **about: int
) -> PaperFile:
    """A paper about a record that the actor may see: `case_id`, for a notice `penalty_id`.

    NotFound where the record does not lead to such a paper, with what is missing as `subject`.
    `word(list, code)` gives the word for a code in the paper's language, where list is the name
    of the enum: word("RequestKind", "repair"). Without a language the actor's own is taken.
    """
    chosen = language or uow.actor.language
    speech = Speech(chosen, uow.actor.zone_info, word)
    facts = _SOURCES[paper].read(uow, speech, **about)
    content = _filled(uow, paper, chosen, facts)
    return PaperFile(_file_name(f"{speech.code(paper)}_{facts.number}"), content)


def _filled(uow: UnitOfWork, paper: Paper, language: Language, facts: Facts) -> bytes:
    own = _own(uow, paper, language)
    if own is not None:
        try:
            return filling.fill_own(own.content, facts)
        except UnsafeTemplate:
            # Kept before such a thing was looked for: `own_refused` tells who can mend it. The
            # paper is wanted now, by somebody who cannot.
            return filling.fill(_shipped(paper, language), facts)
    return filling.fill(_shipped(paper, language), facts)


def of_complaint(view: ComplaintView) -> tuple[Paper, ...]:
    """The papers of a complaint that can be printed now, besides the notices of its penalties."""
    fits = {
        Paper.COMPLAINT_FORM: True,
        Paper.INVESTIGATION_REPORT: complaint_facts.is_investigated(view),
        Paper.ANSWER_LETTER: letter_facts.is_answered(view),
    }
    return tuple(paper for paper, fit in fits.items() if fit)


def of_return(view: ReturnView) -> tuple[Paper, ...]:
    """The papers of a return that can be printed now, besides the labels of its parcels."""
    fits = {
        Paper.RETURN_APPLICATION: application.is_applied(view),
        Paper.RETURN_INSTRUCTIONS: sending_facts.is_awaited(view),
        Paper.RECEIPT_NOTE: receipt_facts.is_received(view),
        Paper.REFUND_NOTE: refund_facts.is_settled(view),
    }
    return tuple(paper for paper, fit in fits.items() if fit)


def content(uow: UnitOfWork, **asked: Any) -> bytes:
    """The bytes of a paper; asked for as in `render`."""
    return render(uow, **asked).content


def template(uow: UnitOfWork, *, paper: Paper, language: Language) -> bytes:
    """The Word template of a paper, for whoever edits it: the own one, else the shipped one."""
    require(uow, "paper:edit")
    own = _own(uow, paper, language)
    return own.content if own else _shipped(paper, language)


def own_refused(uow: UnitOfWork, *, paper: Paper, language: Language) -> TemplateRefused | None:
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
        TemplateView(paper, language, replaced.get((paper.value, language)))
        for paper in Paper
        for language in Language
    )


def placeholders(paper: Paper) -> dict[str, tuple[str, ...]]:
    """What a template may name: under "" the texts, under each list the fields of its lines."""
    known = vocabulary(_SOURCES[paper].shape)
    return {"": known.texts, **known.lists}


def replace_template(uow: UnitOfWork, *, paper: Paper, language: Language, content: bytes) -> None:
    """Print a paper from the company's own Word template; TemplateRefused when it cannot be."""
    require(uow, "paper:edit")
    filling.check(content, _SOURCES[paper].shape)
    _hold_company(uow)
    own = _own(uow, paper, language)
    if own is None:
        own = PaperTemplate(paper=paper.value, language=language)
        uow.session.add(own)
    before = _digest(own.content) if own.content else None
    own.content, own.replaced_at = content, uow.now
    uow.session.flush()
    digests = [before, _digest(content)]
    _record(uow, "paper_replaced", paper, language, bytes=len(content), sha256=digests)


def restore_template(uow: UnitOfWork, *, paper: Paper, language: Language) -> None:
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


def _own(uow: UnitOfWork, paper: Paper, language: Language) -> PaperTemplate | None:
    return uow.session.scalar(
        select(PaperTemplate).where(
            PaperTemplate.paper == paper.value, PaperTemplate.language == language
        )
    )


@lru_cache
def _shipped(paper: Paper, language: Language) -> bytes:
    return (SHIPPED / f"{paper.value}.{language.value}.docx").read_bytes()


def _record(uow: UnitOfWork, fact: str, paper: Paper, language: Language, **data: Any) -> None:
    about = {"paper": paper.value, "language": language.value, **data}
    history.record(uow, subject="company", subject_id=1, action=fact, data=about)


def _file_name(stem: str) -> str:
    return re.sub(r'[\x00-\x1f\\/:*?"<>|\s]+', "_", stem) + ".docx"
