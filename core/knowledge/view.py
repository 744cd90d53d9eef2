"""An article as a screen sees it, with what may be done about it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.kernel.unit_of_work import UnitOfWork
from core.knowledge import actions, uses
from core.knowledge.actions import PROCESS
from core.knowledge.rules import PUBLISHED, READ, UNDER_WAY, articles
from core.process import changes, fairness, workflow
from core.process.changes import Change
from core.process.fairness import Barred
from core.process.permissions import require, tie
from core.process.rules import Rule
from db.codes import ArticleKind, ArticleStatus, FaultArea
from db.tables import Article


@dataclass(frozen=True)
class ArticleView:
    """One edition of an article; `is_over` past its day, when it is not offered any more."""

    id: int
    version: int
    number: str
    edition: int
    status: ArticleStatus
    kind: ArticleKind
    headline: str
    question: str
    answer: str
    product: str
    fault_area: FaultArea | None
    case_class: str
    # The case that it has grown from, for those who see it.
    case: tuple[int, str] | None
    keeper: str
    checked_by: str
    published_at: datetime | None
    valid_until: date | None
    is_over: bool
    used: int
    helped: int
    # The editions that are in force and under way, where they are others.
    in_force_id: int | None
    under_way_id: int | None
    actions: tuple[Rule, ...]
    barred: tuple[Barred, ...]


_SAME = (
    *("id", "version", "number", "edition", "status", "kind", "headline", "question", "answer"),
    *("fault_area", "published_at", "valid_until"),
)
WITH_NAMES = (
    joinedload(Article.product),
    joinedload(Article.keeper),
    joinedload(Article.checked_by),
)


def view(uow: UnitOfWork, *, id: int) -> ArticleView:
    """One edition, if the actor may see it; NotFound otherwise."""
    require(uow, READ)
    row: Article = workflow.fetch(uow, PROCESS, id, options=WITH_NAMES)
    used, helped = uow.session.execute(select(*uses.counts()).where(Article.id == row.id)).one()
    others = _other_editions(uow, row)
    facts: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    return ArticleView(
        **facts,
        product=product_name(row),
        case_class=actions.classes(uow).get(row.case_class, row.case_class),
        case=tie(uow, row.request_id),
        keeper=row.keeper.name,
        checked_by=row.checked_by.name if row.checked_by else "",
        is_over=row.valid_until is not None and row.valid_until < uow.today,
        used=used,
        helped=helped,
        in_force_id=others.get(PUBLISHED),
        under_way_id=next((others[each] for each in UNDER_WAY if each in others), None),
        actions=PROCESS.allowed(uow.actor, row),
        barred=fairness.barred(uow, PROCESS, row),
    )


def edits(uow: UnitOfWork, *, id: int) -> tuple[Change, ...]:
    """What was changed of an edition while it was written."""
    require(uow, READ)
    row = workflow.fetch(uow, PROCESS, id)
    return changes.of_record(uow, subject="article", subject_id=row.id)


def product_name(row: Article) -> str:
    """The product that an article is about; empty where it is about all."""
    return f"{row.product.brand} {row.product.model}".strip() if row.product else ""


def _other_editions(uow: UnitOfWork, row: Article) -> dict[ArticleStatus, int]:
    others = articles(uow.actor).where(Article.number == row.number, Article.id != row.id)
    return {each.status: each.id for each in uow.session.scalars(others)}
