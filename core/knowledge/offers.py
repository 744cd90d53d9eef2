"""Which articles resemble a question: ranked, with the words that they have in common.

One statement, asked of the index; whatever is past its day is not offered.
"""

from dataclasses import dataclass, replace
from datetime import date
from heapq import nlargest
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from core.kernel.unit_of_work import UnitOfWork
from core.kernel.weighing import MOST_PIECES, Sample, Weighing, pairs
from core.knowledge import uses
from core.knowledge.rules import PUBLISHED, READ
from core.process.permissions import require, require_case
from core.requests import precedents
from core.requests.precedents import EarlierAnswer
from db import knowledge_words as index
from db.codes import ArticleKind, FaultArea
from db.tables import Article, Asset, Product, ServiceRequest
from db.words import spelled

# So many are offered, and so many at most are weighed.
MOST, WEIGHED = 5, 1_000
# What the same fault counts beside the words and the product, and another product.
FAULT, OTHER = 0.03, -0.03


@dataclass(frozen=True)
class Asked:
    """A question: its text, and what it is about as far as that is known."""

    text: str = ""
    brand: str = ""
    model: str = ""
    fault_area: FaultArea | None = None
    # The case that asks it; it is no earlier answer to itself.
    case_id: int = 0


@dataclass(frozen=True)
class Offered:
    """An article in force that resembles a question."""

    id: int
    number: str
    headline: str
    question: str
    answer: str
    product: str
    valid_until: date | None
    used: int
    helped: int
    # The words in common, and how much they count: from 0 to 1.
    words: tuple[str, ...]
    likeness: float


@dataclass(frozen=True)
class Known:
    """What is known of a question: articles, and answers of earlier cases that the actor sees."""

    articles: tuple[Offered, ...]
    answers: tuple[EarlierAnswer, ...]


class _Rank(NamedTuple):
    # How well it fits, then how often it helped, then the newest.
    place: tuple[float, int, int]
    likeness: float
    found: Any


def in_force(uow: UnitOfWork) -> ColumnElement[bool]:
    """The articles that are offered."""
    return (Article.status == PUBLISHED) & (Article.valid_until >= uow.today)


def known(uow: UnitOfWork, *, asked: Asked) -> Known:
    """What is known of a question that is typed; nothing, and no query, before it has words."""
    require(uow, READ)
    if not pairs(spelled(asked.text)):
        return Known((), ())
    answers = precedents.answered(
        uow, text=asked.text, brand=asked.brand, model=asked.model, besides=asked.case_id
    )
    articles = offered(uow, asked=asked)
    told = {each.answer for each in articles}
    return Known(articles, tuple(each for each in answers if each.answer not in told))


def known_of_case(uow: UnitOfWork, *, case_id: int) -> Known:
    """What is known of the question of a case."""
    return known(uow, asked=_asked(uow, case_id))


def guidance(uow: UnitOfWork, *, case_id: int) -> tuple[Offered, ...]:
    """What guides the technician of a case."""
    return offered(uow, asked=_asked(uow, case_id), kind=ArticleKind.GUIDANCE)


def offered(
    uow: UnitOfWork, *, asked: Asked, kind: ArticleKind = ArticleKind.ANSWER
) -> tuple[Offered, ...]:
    """The articles that resemble a question, the likest first; one statement."""
    require(uow, READ)
    rows = uow.session.execute(_candidates(uow, asked, kind)).all()
    sample = Sample(row.pieces or "" for row in rows)
    weighing = Weighing(asked.text, sample, without=f"{asked.brand} {asked.model}")
    ranks = (_rank(asked, weighing, row) for row in rows)
    best = nlargest(MOST, (rank for rank in ranks if rank), key=lambda rank: rank.place)
    return tuple(_view(weighing, rank) for rank in best)


def _asked(uow: UnitOfWork, case_id: int) -> Asked:
    require(uow, READ)
    require_case(uow, case_id)
    with_product = joinedload(ServiceRequest.asset).joinedload(Asset.product)
    query = select(ServiceRequest).where(ServiceRequest.id == case_id).options(with_product)
    case = uow.session.scalars(query).one()
    product = case.asset.product if case.asset else None
    asked = Asked(case.symptom, fault_area=case.fault_area, case_id=case.id)
    return replace(asked, brand=product.brand, model=product.model) if product else asked


def _candidates(uow: UnitOfWork, asked: Asked, kind: ArticleKind) -> Select[Any]:
    words = index.knowledge_words.c
    used, helped = uses.counts()
    own = sorted(set(pairs(spelled(asked.text))))[:MOST_PIECES]
    ways = [and_(_of_product(asked), Article.fault_area == asked.fault_area)]
    if own:
        held = index.INDEX.holds_any(uow.session.get_bind().dialect, own)
        ways.append(Article.id.in_(select(words.article_id).where(held)))
    query: Select[Any] = (
        select(
            *(Article, Product.brand, Product.model, words.pieces),
            used.label("used"),
            helped.label("helped"),
        )
        .outerjoin(Product, Product.id == Article.product_id)
        .outerjoin(index.knowledge_words, words.article_id == Article.id)
        .where(in_force(uow), Article.kind == kind, or_(*ways))
        .order_by(Article.id.desc())
        .limit(WEIGHED)
    )
    return query


def _of_product(asked: Asked) -> ColumnElement[bool]:
    return (Product.brand == asked.brand) & (Product.model == asked.model)


def _rank(asked: Asked, weighing: Weighing, found: Any) -> _Rank | None:
    row, likeness = found.Article, weighing.likeness(found.pieces or "")
    is_same = row.product_id is not None and _name(found) == (asked.brand, asked.model)
    is_fault = row.fault_area is not None and row.fault_area == asked.fault_area
    if likeness < precedents.LEAST and not (is_same and is_fault):
        return None
    is_other = bool(row.product_id is not None and asked.brand and not is_same)
    score = likeness + precedents.PRODUCT * is_same + FAULT * is_fault + OTHER * is_other
    return _Rank((score, found.helped, row.id), likeness, found)


def _view(weighing: Weighing, rank: _Rank) -> Offered:
    row, found = rank.found.Article, rank.found
    return Offered(
        *(row.id, row.number, row.headline, row.question, row.answer),
        product=" ".join(filter(None, _name(found))),
        valid_until=row.valid_until,
        used=found.used,
        helped=found.helped,
        words=weighing.words(found.pieces or ""),
        likeness=rank.likeness,
    )


def _name(found: Any) -> tuple[str, str]:
    return found.brand or "", found.model or ""
