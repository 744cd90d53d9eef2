"""Which cases took an article, and whether it helped."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlalchemy.orm import aliased

from core.kernel import once
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.knowledge import wordings
from core.knowledge.rules import READ, articles
from core.process import history
from core.process.permissions import require, require_case
from core.process.rules import Happening
from core.requests import intake
from core.requests.actions import SETTLED
from core.requests.intake import Register, Registered
from db.codes import RequestKind
from db.tables import Article, ArticleUse, ServiceRequest

# The case was settled with it and nobody came back about it, or somebody has said so.
HELPED: ColumnElement[bool] = ArticleUse.failed_at.is_(None) & (
    ArticleUse.said_to_help
    | exists().where(ServiceRequest.id == ArticleUse.request_id, ServiceRequest.status.in_(SETTLED))
)


@dataclass(frozen=True)
class UsedArticle:
    """An article that a case took; `said` when somebody has said that it helped."""

    id: int
    number: str
    headline: str
    said: bool
    failed: bool


def of_case(uow: UnitOfWork, *, case_id: int) -> tuple[UsedArticle, ...]:
    """The articles that a case took, in that order."""
    require(uow, READ)
    require_case(uow, case_id)
    rows = uow.session.execute(
        select(ArticleUse, Article.number, Article.headline)
        .join(Article, Article.id == ArticleUse.article_id)
        .where(ArticleUse.request_id == case_id)
        .order_by(ArticleUse.id)
    )
    return tuple(
        UsedArticle(use.article_id, number, headline, use.said_to_help, use.failed_at is not None)
        for use, number, headline in rows
    )


def take(uow: UnitOfWork, *, case_id: int, article_id: int) -> None:
    """A case is answered with an article, or its job done by it; counted once."""
    _use(uow, case_id, article_id)


def tell_helpful(uow: UnitOfWork, *, case_id: int, article_id: int) -> None:
    """Somebody says that an article has helped with a case."""
    use = _use(uow, case_id, article_id)
    if not use.said_to_help:
        use.said_to_help = True
        _record(uow, case_id, article_id, "helped")


def register(
    uow: UnitOfWork,
    command: Register,
    *,
    article_ids: Collection[int],
    by: Callable[[UnitOfWork, Register], Registered] = intake.register,
) -> Registered:
    """A request is registered, and answered at once with these articles if it is answered.

    `by` registers what has come in otherwise than by a call.
    """
    registered = by(uow, command)
    for id in article_ids if command.answer else ():
        take(uow, case_id=registered.id, article_id=id)
    return registered


def counts() -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """How often the editions of an article were used, and how often they helped."""
    edition = aliased(Article)
    used = (
        select(func.count())
        .select_from(ArticleUse)
        .join(edition, edition.id == ArticleUse.article_id)
        .where(edition.number == Article.number)
        .correlate(Article)
    )
    return used.scalar_subquery(), used.where(HELPED).scalar_subquery()


def fail(uow: UnitOfWork, case_id: int) -> None:
    """The customer came back about a case: what it was answered with has not helped."""
    of_case = ArticleUse.request_id == case_id
    for use in uow.session.scalars(select(ArticleUse).where(of_case)).all():
        use.failed_at = use.failed_at or uow.now
    uow.session.flush()
    wordings.remember_answered(uow, [case_id])


def fail_reopened(uow: UnitOfWork, reopened: Happening) -> None:
    """What a case was answered with has not helped when it is opened again."""
    fail(uow, reopened.record.id)


def fail_complained(uow: UnitOfWork, registered: Happening) -> None:
    """What a case was answered with has not helped when a complaint comes of it."""
    fail(uow, registered.record.origin_id)


def is_complaint_of_case(registered: Happening) -> bool:
    """Whether a complaint comes of a case."""
    case = registered.record
    return case.kind is RequestKind.COMPLAINT and case.origin_id is not None


def _use(uow: UnitOfWork, case_id: int, article_id: int) -> ArticleUse:
    require(uow, READ)
    require_case(uow, case_id)
    row = uow.session.scalar(articles(uow.actor).where(Article.id == article_id))
    if row is None or row.published_at is None:
        raise NotFound(subject="article", id=article_id)
    which = {"article_id": row.id, "request_id": case_id}
    find = select(ArticleUse).filter_by(**which)
    if (known := uow.session.scalar(find)) is not None:
        return known
    once.add(uow.session, ArticleUse, **which, person_id=uow.actor.id, used_at=uow.now)
    _record(uow, case_id, row.id, "taken")
    wordings.remember(uow, [row])
    return uow.session.scalars(find).one()


def _record(uow: UnitOfWork, case_id: int, article_id: int, action: str) -> None:
    row = uow.session.get_one(Article, article_id)
    history.record(
        uow,
        subject="article",
        subject_id=row.id,
        case_id=case_id,
        action=action,
        note=f"{row.number} {row.headline}",
    )
