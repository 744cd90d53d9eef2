"""What is asked often and has no article.

Consultations of half a year that took none, of one product and one class or fault, whose words are
alike: three of them are a gap, unless an article that is in force resembles them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, exists, select

from core.kernel.unit_of_work import UnitOfWork
from core.kernel.weighing import Sample, Weighing
from core.knowledge.offers import in_force
from core.knowledge.rules import WRITE
from core.process.permissions import require, visible_requests
from db import knowledge_words as index
from db.case_words import case_words
from db.codes import ArticleKind, FaultArea, RequestKind, RequestStatus
from db.tables import Article, ArticleUse, Asset, Product, ServiceRequest

SPAN = timedelta(days=180)
# So many questions are looked at, the newest ones; so many that are alike are often.
MOST, OFTEN = 500, 3
# From which likeness on two questions are one.
ALIKE = 0.2


@dataclass(frozen=True)
class Gap:
    """A question that comes often, as it was asked last, and the cases that asked it."""

    question: str
    product: str
    fault_area: FaultArea | None
    case_class: str
    # The newest first; those with an answer are what an article grows from.
    cases: tuple[tuple[int, str], ...]
    answered: tuple[int, str] | None


def gaps(uow: UnitOfWork) -> tuple[Gap, ...]:
    """The gaps that the cases in the actor's sight show, the most frequent first; two queries."""
    require(uow, WRITE)
    asked = uow.session.execute(_asked(uow)).all()
    groups: dict[Any, list[Row[Any]]] = defaultdict(list)
    for row in asked:
        groups[row.product_id, row.case_class or row.fault_area].append(row)
    sample = Sample(row.pieces for row in asked)
    often = [
        rows for group in groups.values() for rows in _alike(group, sample) if len(rows) >= OFTEN
    ]
    told = _articles(uow) if often else ()
    open_ones = [rows for rows in often if not _is_told(rows[0], told, sample)]
    return tuple(map(_gap, sorted(open_ones, key=lambda rows: (-len(rows), -rows[0].id))))


def _asked(uow: UnitOfWork) -> Any:
    r = ServiceRequest
    facts = (r.id, r.number, r.symptom, r.answer, r.fault_area, r.case_class)
    took = exists().where(ArticleUse.request_id == r.id, ArticleUse.failed_at.is_(None))
    return (
        select(*facts, Asset.product_id, Product.brand, Product.model, case_words.c.pieces)
        .join(case_words, case_words.c.request_id == r.id)
        .outerjoin(Asset, Asset.id == r.asset_id)
        .outerjoin(Product, Product.id == Asset.product_id)
        .where(visible_requests(uow.actor), r.kind == RequestKind.CONSULTATION, ~took)
        .where(r.received_at >= uow.now - SPAN, r.status != RequestStatus.CANCELLED)
        .order_by(r.id.desc())
        .limit(MOST)
    )


def _alike(group: Sequence[Row[Any]], sample: Sample) -> Iterable[list[Row[Any]]]:
    """Each question joins the first ones that it resembles, or begins new ones."""
    found: list[tuple[Weighing, list[Row[Any]]]] = []
    for row in group:
        for weighing, rows in found:
            if weighing.likeness(row.pieces) >= ALIKE:
                rows.append(row)
                break
        else:
            found.append((Weighing(row.symptom, sample), [row]))
    return (rows for _weighing, rows in found)


def _articles(uow: UnitOfWork) -> Sequence[Row[Any]]:
    words = index.knowledge_words.c
    query = select(Article.product_id, words.pieces).join(
        index.knowledge_words, words.article_id == Article.id
    )
    return uow.session.execute(query.where(in_force(uow), Article.kind == ArticleKind.ANSWER)).all()


def _is_told(row: Row[Any], articles: Sequence[Row[Any]], sample: Sample) -> bool:
    weighing = Weighing(row.symptom, sample, without=f"{row.brand or ''} {row.model or ''}")
    fitting = (each for each in articles if each.product_id in (None, row.product_id))
    return any(weighing.likeness(each.pieces) >= ALIKE for each in fitting)


def _gap(rows: list[Row[Any]]) -> Gap:
    newest = rows[0]
    return Gap(
        question=newest.symptom,
        product=f"{newest.brand or ''} {newest.model or ''}".strip(),
        fault_area=newest.fault_area,
        case_class=newest.case_class,
        cases=tuple((row.id, row.number) for row in rows),
        answered=next(((row.id, row.number) for row in rows if row.answer), None),
    )
