"""What the letter that answers a complaint says: to the customer (E14)."""

from dataclasses import dataclass

from core.complaints import view as complaint_view
from core.complaints.papers import lines as complaint_lines
from core.complaints.view import ComplaintView
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers.placeholders import CaseFacts, made
from core.papers.speech import Speech
from core.requests import papers as case_papers
from core.requests import view as case
from db.codes import MeasureKind

# Whose cost is what the customer gets; what a repair costs the company is not for the letter.
PAID_OUT = frozenset({MeasureKind.REFUND, MeasureKind.COMPENSATE})


@dataclass(frozen=True)
class OfferLine:
    """One measure as the customer is told of it; an amount where money is paid."""

    kind: str
    what: str
    amount: str


@dataclass(frozen=True)
class TextLine:
    """One line of a longer text."""

    text: str


@dataclass(frozen=True)
class LetterFacts(CaseFacts):
    """The answer letter: what the customer is told, and nothing from inside."""

    answered: str
    verdict: str

    paragraphs: tuple[TextLine, ...]
    measures: tuple[OfferLine, ...]


def letter(uow: UnitOfWork, speech: Speech, *, case_id: int) -> LetterFacts:
    """What the customer is told; NotFound before the answer is given."""
    view = complaint_view.view(uow, case_id=case_id)
    if not is_answered(view):
        raise NotFound(subject="answer", id=case_id)
    request = case.view(uow, id=case_id)
    decision = complaint_lines.decision_of(complaint_lines.events_of(request))
    approved = decision is not None and decision.action == "approved"
    texts = {
        **case_papers.of_case(uow, request, speech),
        "answered": speech.day_of(view.notified_at),
        "verdict": speech.verdict(view.founded),
    }
    lines = (line.strip() for line in request.answer.splitlines())
    paragraphs = tuple(made(TextLine, {"text": line}) for line in lines if line)
    return made(
        LetterFacts,
        texts,
        paragraphs=paragraphs,
        measures=_offers(view, speech) if approved else (),
    )


def is_answered(view: ComplaintView) -> bool:
    """Whether the customer has the answer, and did not reopen the complaint since."""
    return view.notified_at is not None


def _offers(view: ComplaintView, speech: Speech) -> tuple[OfferLine, ...]:
    return tuple(
        made(
            OfferLine,
            {
                "kind": speech.code(each.kind),
                "what": each.what,
                "amount": speech.money(each.cost_cents) if each.kind in PAID_OUT else "",
            },
        )
        for each in view.measures
    )
