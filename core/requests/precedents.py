"""Earlier cases that resemble one: what was done the last time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from typing import Any, NamedTuple

from sqlalchemy import CTE, FromClause, Select, literal, select, tuple_
from sqlalchemy.orm import joinedload

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.kernel.weighing import Sample, Weighing
from core.process.permissions import require, visible_requests
from db import case_words as index
from db.case_words import case_words
from db.codes import JobStatus, RequestKind, RequestStatus
from db.tables import Asset, Job, Product, ServiceRequest
from db.types import UtcInstant

# From which likeness on an answer is worth a look.
LEAST = 0.05
# What the same product counts beside the words.
PRODUCT = 0.03
# How many cases tell which pieces are common, how many are weighed against one, how many of them
# for their product alone, among the newest goods that were sold of it.
SAMPLE = 1_000
WEIGHED = 1_000
SAME_PRODUCT = 200
SOLD = 500


@dataclass(frozen=True)
class SimilarCase:
    """An earlier case that resembles one, and what it came to."""

    id: int
    number: str
    kind: RequestKind
    status: RequestStatus
    symptom: str
    received_at: datetime
    same_product: bool
    # From 0, no piece of a word in common, to 1, the same words; rare pieces count more.
    likeness: float
    # The answer, else what the last job did; empty while there is neither.
    outcome: str


def similar(uow: UnitOfWork, *, case_id: int, limit: int = 8) -> tuple[SimilarCase, ...]:
    """Earlier cases that resemble one: of the same product first, then those told most alike.

    NotFound when the actor may not see the case; neither is anything given that they may not see.
    """
    require(uow, "case:read")
    case = uow.session.scalar(
        select(ServiceRequest)
        .where(ServiceRequest.id == case_id, visible_requests(uow.actor))
        .options(joinedload(ServiceRequest.asset))
    )
    if case is None:
        raise NotFound(subject="request", id=case_id)
    weighing = _weighing(uow, case.symptom)
    found = _told_alike(uow, case, weighing) | _of_product(uow, case, weighing)
    best = nlargest(limit, found.values())
    return _views(uow, {rank.id: rank for rank in best})


@dataclass(frozen=True)
class EarlierAnswer:
    """What was answered to a question that resembles another one."""

    id: int
    number: str
    symptom: str
    answer: str
    received_at: datetime
    same_product: bool
    # The words in common.
    words: tuple[str, ...]


def answered(
    uow: UnitOfWork,
    *,
    text: str,
    brand: str = "",
    model: str = "",
    besides: int = 0,
    limit: int = 3,
) -> tuple[EarlierAnswer, ...]:
    """Answers to questions that resemble a text, of cases that the actor may see; two queries.

    The names of the product are no words of the question: it is compared as a product.
    """
    require(uow, "case:read")
    newest = select(case_words).order_by(case_words.c.request_id.desc()).limit(SAMPLE)
    sample = uow.session.execute(newest).all()
    weighing = Weighing(text, Sample(row.pieces for row in sample), without=f"{brand} {model}")
    chosen = weighing.telling(max(sample[0].request_id if sample else 0, weighing.size), WEIGHED)
    if not chosen:
        return ()
    found = [
        (weighing.likeness(row.pieces) + PRODUCT * _is_of(row, brand, model), row.id, row)
        for row in uow.session.execute(_answers(uow, chosen, besides))
    ]
    # What was answered in the same words many times is one answer, the likest and newest.
    best: dict[str, Any] = {}
    for place, _id, row in sorted(found, reverse=True):
        if place >= LEAST:
            best.setdefault(row.answer, row)
    return tuple(
        EarlierAnswer(
            *(row.id, row.number, row.symptom, row.answer, row.received_at),
            same_product=_is_of(row, brand, model),
            words=weighing.words(row.pieces),
        )
        for row in [*best.values()][:limit]
    )


class _Rank(NamedTuple):
    same_product: bool
    likeness: float
    received_at: datetime
    id: int


def _weighing(uow: UnitOfWork, symptom: str) -> Weighing:
    newest = select(case_words.c.pieces).order_by(case_words.c.request_id.desc()).limit(SAMPLE)
    return Weighing(symptom, Sample(uow.session.scalars(newest)))


def _told_alike(uow: UnitOfWork, case: ServiceRequest, weighing: Weighing) -> dict[int, _Rank]:
    chosen = weighing.telling(max(case.id, weighing.size), WEIGHED)
    if not chosen:
        return {}
    held = index.INDEX.holds_any(uow.session.get_bind().dialect, chosen)
    told = _told(select(case_words).where(held))
    query = _earlier(uow, case, told).join(told, told.c.request_id == ServiceRequest.id)
    newest = query.order_by(told.c.request_id.desc()).limit(WEIGHED)
    return _ranks(uow, case, newest, weighing)


def _of_product(uow: UnitOfWork, case: ServiceRequest, weighing: Weighing) -> dict[int, _Rank]:
    if case.asset is None:
        return {}
    same = select(Asset.id).where(Asset.product_id == case.asset.product_id)
    newest_pieces = same.order_by(Asset.id.desc()).limit(SOLD)
    query = (
        _earlier(uow, case, case_words)
        .outerjoin(case_words, case_words.c.request_id == ServiceRequest.id)
        .where(ServiceRequest.asset_id.in_(newest_pieces))
    )
    newest = query.order_by(ServiceRequest.received_at.desc()).limit(SAME_PRODUCT)
    return _ranks(uow, case, newest, weighing)


def _answers(uow: UnitOfWork, chosen: list[str], besides: int) -> Select[Any]:
    held = index.INDEX.holds_any(uow.session.get_bind().dialect, chosen)
    told = _told(select(case_words).where(held))
    r = ServiceRequest
    columns = (r.id, r.number, r.symptom, r.answer, r.received_at, Product.brand, Product.model)
    return (
        select(*columns, told.c.pieces)
        .join(told, told.c.request_id == r.id)
        .outerjoin(Asset, Asset.id == r.asset_id)
        .outerjoin(Product, Product.id == Asset.product_id)
        .where(visible_requests(uow.actor), r.answer != "", r.id != besides)
        .order_by(told.c.request_id.desc())
        .limit(WEIGHED)
    )


def _is_of(row: Any, brand: str, model: str) -> bool:
    return bool(brand) and (row.brand, row.model) == (brand, model)


def _told(query: Select[Any]) -> CTE:
    # PostgreSQL sees a limit above it, expects to find enough cases soon, and walks back through
    # all of them: it is told to use the index first.
    return query.cte("told").prefix_with("MATERIALIZED", dialect="postgresql")


def _earlier(uow: UnitOfWork, case: ServiceRequest, words: FromClause) -> Select[Any]:
    r = ServiceRequest
    # Compared as one: with an OR, SQLite would read every earlier case.
    before = tuple_(r.received_at, r.id) < tuple_(
        literal(case.received_at, UtcInstant), literal(case.id)
    )
    columns = (r.id, r.received_at, Asset.product_id, words.c.pieces)
    return (
        select(*columns)
        .select_from(r)
        .outerjoin(Asset, Asset.id == r.asset_id)
        .where(visible_requests(uow.actor), before)
    )


def _ranks(
    uow: UnitOfWork, case: ServiceRequest, query: Select[Any], weighing: Weighing
) -> dict[int, _Rank]:
    product = case.asset.product_id if case.asset else None
    return {
        id: _Rank(
            product is not None and product_id == product,
            weighing.likeness(pieces or ""),
            received_at,
            id,
        )
        for id, received_at, product_id, pieces in uow.session.execute(query)
    }


_WORK_DONE = (
    select(Job.work_done)
    .where(Job.request_id == ServiceRequest.id, Job.status == JobStatus.DONE)
    .correlate(ServiceRequest)
    .order_by(Job.id.desc())
    .limit(1)
    .scalar_subquery()
)


def _views(uow: UnitOfWork, ranks: Mapping[int, _Rank]) -> tuple[SimilarCase, ...]:
    if not ranks:
        return ()
    rows = uow.session.execute(
        select(ServiceRequest, _WORK_DONE).where(ServiceRequest.id.in_(ranks))
    )
    views = {row.id: _view(row, ranks[row.id], work_done or "") for row, work_done in rows}
    return tuple(views[id] for id in ranks)


def _view(row: ServiceRequest, rank: _Rank, work_done: str) -> SimilarCase:
    return SimilarCase(
        id=row.id,
        number=row.number,
        kind=row.kind,
        status=row.status,
        symptom=row.symptom,
        received_at=row.received_at,
        same_product=rank.same_product,
        likeness=rank.likeness,
        outcome=row.answer or work_done,
    )
