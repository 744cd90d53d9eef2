"""The hand-over of goods both ways, and the label that goes on them (E10)."""

from dataclasses import dataclass

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers import labels
from core.papers.placeholders import CaseFacts, made
from core.papers.speech import Speech, Word
from core.people import company
from core.requests import papers as case_papers
from core.requests import view as case
from core.workshop import view
from core.workshop.view import PieceView
from db.codes import Language, ShopPurpose, ShopStatus

TITLE = {Language.ZH: "送修产品标签", Language.EN: "Label of goods in the shop"}


@dataclass(frozen=True)
class HandOverFacts(CaseFacts):
    """The hand-over of goods that are taken in, and given back."""

    piece: str
    came_from: str
    condition: str
    accessories: str
    handed_over_by: str
    taken_in_by: str
    taken_in: str
    promised: str
    shelf: str
    lent: str
    lent_until: str
    diagnosis: str
    quote: str
    work: str
    given_to: str
    given_by: str
    given: str
    condition_back: str
    recycled_to: str
    recycled: str


def hand_over(uow: UnitOfWork, speech: Speech, *, case_id: int) -> HandOverFacts:
    """What the hand-over says of the newest goods of a case; NotFound where there are none."""
    return _facts(uow, speech, _newest(uow, case_id))


def recycling_note(uow: UnitOfWork, speech: Speech, *, case_id: int) -> HandOverFacts:
    """What the note says of the newest goods that a customer gave up; NotFound without (D29)."""
    return _facts(uow, speech, _newest(uow, case_id, gone=True))


def _facts(uow: UnitOfWork, speech: Speech, piece: PieceView) -> HandOverFacts:
    about = case_papers.of_case(uow, case.view(uow, id=piece.row.case_id), speech)
    return made(HandOverFacts, {**about, **_texts(piece, speech)})


def label(
    uow: UnitOfWork, *, case_id: int, word: Word, language: Language | None = None, base: str = ""
) -> bytes:
    """The label of the newest goods of a case, as a Word file."""
    piece = _newest(uow, case_id)
    speech = Speech(language or uow.actor.language, uow.actor.zone_info, word)
    own = company.find(uow.session)
    texts = (
        labels.short(own.name if own else ""),
        piece.row.number,
        labels.short(piece.row.product),
        labels.short(piece.row.customer),
        labels.short(piece.accessories),
        speech.moment(piece.row.promised_at),
    )
    code = labels.picture(labels.target(piece.row.number, base))
    return labels.drawn([code], [texts], title=TITLE[speech.language], language=speech.language)


def _newest(uow: UnitOfWork, case_id: int, *, gone: bool = False) -> PieceView:
    found = [each for each in view.of_case(uow, case_id=case_id) if is_gone(each) or not gone]
    if not found:
        raise NotFound(subject="workshop", id=case_id)
    return found[0]


def is_gone(piece: PieceView) -> bool:
    """Whether the customer gave it up: taken in for that, or recycled in the end."""
    gone = piece.row.purpose is ShopPurpose.RECYCLING
    return gone or piece.row.status is ShopStatus.RECYCLED


def _texts(piece: PieceView, speech: Speech) -> dict[str, str]:
    plain = ("condition", "accessories", "handed_over_by", "taken_in_by", "lent", "diagnosis")
    given = ("given_to", "given_by", "condition_back", "recycled_to")
    return {
        **{name: getattr(piece, name) for name in (*plain, *given)},
        "piece": piece.row.number,
        "came_from": speech.code(piece.came_from),
        "taken_in": speech.moment(piece.taken_in_at),
        "promised": speech.moment(piece.row.promised_at),
        "shelf": piece.row.shelf,
        "lent_until": speech.day(piece.lent_until),
        "quote": "" if piece.quote_cents is None else speech.money(piece.quote_cents),
        "work": piece.work_done,
        "given": speech.moment(piece.given_at),
        "recycled": speech.moment(piece.recycled_at),
    }
