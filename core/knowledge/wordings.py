"""Articles by their words: those of their question, and of the questions that they answered."""

from collections.abc import Iterable

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from db import knowledge_words as index
from db.tables import Article, ArticleUse, Product, ServiceRequest

# So many questions that an article has answered are kept with it, the newest ones.
LEARNT = 20


def remember(uow: UnitOfWork, articles: Iterable[Article]) -> None:
    """Let articles be found by the words of now."""
    texts = [(row.id, _said(uow, row)) for row in articles]
    index.write(uow.session.connection(), texts)


def remember_answered(uow: UnitOfWork, case_ids: Iterable[int]) -> None:
    """What these cases asked has changed, or was answered badly: their articles are told anew."""
    taken = select(ArticleUse.article_id).where(ArticleUse.request_id.in_(list(case_ids)))
    remember(uow, uow.session.scalars(select(Article).where(Article.id.in_(taken))).all())


def _said(uow: UnitOfWork, row: Article) -> str:
    """The product is no word of it: it is compared as a product."""
    asked = (
        select(ServiceRequest.symptom)
        .join(ArticleUse, ArticleUse.request_id == ServiceRequest.id)
        .join(Article, Article.id == ArticleUse.article_id)
        .where(Article.number == row.number, ArticleUse.failed_at.is_(None))
        .order_by(ArticleUse.id.desc())
        .limit(LEARNT)
    )
    text = "\n".join((row.headline, row.question, *uow.session.scalars(asked)))
    product = uow.session.get(Product, row.product_id) if row.product_id else None
    for name in (product.brand, product.model) if product else ():
        text = text.replace(name, " ") if name else text
    return text
