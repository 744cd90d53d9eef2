"""The list of articles: what is in force, what waits to be checked, what is over."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select

from core.kernel.inputs import clean_search
from core.kernel.paging import Page, leaf
from core.kernel.unit_of_work import UnitOfWork
from core.knowledge import offers, uses
from core.knowledge.rules import CHECK, READ, UNDER_WAY, articles
from core.knowledge.view import WITH_NAMES, product_name
from core.process.permissions import may, require
from db import knowledge_words as index
from db.codes import ArticleKind, ArticleStatus
from db.tables import Article
from db.words import words

SIZE = 25


class ArticlePart(StrEnum):
    """Which articles of the list."""

    IN_FORCE = "in_force"
    UNDER_WAY = "under_way"
    OVER = "over"


@dataclass(frozen=True)
class Filter:
    """What narrows the list; empty fields do not."""

    text: str = ""
    kind: ArticleKind | None = None
    product_id: int | None = None


@dataclass(frozen=True)
class ArticleRow:
    """One line of the list."""

    id: int
    number: str
    edition: int
    status: ArticleStatus
    kind: ArticleKind
    headline: str
    product: str
    keeper: str
    valid_until: date | None
    used: int
    helped: int


def listed(
    uow: UnitOfWork, *, part: ArticlePart, filters: Filter = Filter(), page: int = 1
) -> Page[ArticleRow]:
    """The articles of a part: what helped most often first, of drafts the oldest."""
    require(uow, READ)
    used, helped = uses.counts()
    query = articles(uow.actor).where(_part(uow, part), *_narrow(uow, filters))
    total = uow.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = () if part is ArticlePart.UNDER_WAY else (helped.desc(), Article.id.desc())
    named = query.add_columns(used, helped).options(*WITH_NAMES).order_by(*order, Article.id)
    found, number = leaf(uow, named, page=page, size=SIZE)
    return Page(tuple(_row(*each) for each in found), total, number, size=SIZE)


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many drafts wait for a second person, of others than the actor."""
    waiting = select(Article.id).where(
        Article.status.in_(UNDER_WAY),
        Article.keeper_id != uow.actor.id if may(uow.actor, CHECK) else false(),
    )
    return select(func.count(), literal(0)).select_from(waiting.subquery())


def _part(uow: UnitOfWork, part: ArticlePart) -> ColumnElement[bool]:
    if part is ArticlePart.UNDER_WAY:
        return Article.status.in_(UNDER_WAY)
    is_offered = offers.in_force(uow)
    if part is ArticlePart.IN_FORCE:
        return is_offered
    return Article.status.not_in(UNDER_WAY) & ~is_offered


def _narrow(uow: UnitOfWork, filters: Filter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if filters.kind:
        where.append(Article.kind == filters.kind)
    if filters.product_id:
        where.append(Article.product_id == filters.product_id)
    if text := clean_search(filters.text):
        where.append(_saying(uow, text))
    return where


def _saying(uow: UnitOfWork, text: str) -> ColumnElement[bool]:
    """By its number, the words of its question, or of its answer."""
    found = words(text)
    ways = [Article.number == text.upper()]
    if found:
        held = index.INDEX.holds_all(uow.session.get_bind().dialect, found)
        ways.append(Article.id.in_(select(index.knowledge_words.c.article_id).where(held)))
        said = (Article.headline, Article.question, Article.answer)
        ways.append(and_(*(or_(*(each.icontains(word) for each in said)) for word in found)))
    return or_(*ways)


def _row(row: Article, used: int, helped: int) -> ArticleRow:
    same = ("id", "number", "edition", "status", "kind", "headline", "valid_until")
    return ArticleRow(
        **{name: getattr(row, name) for name in same},
        product=product_name(row),
        keeper=row.keeper.name,
        used=used,
        helped=helped,
    )
