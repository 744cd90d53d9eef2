"""Articles of the knowledge base, written and published in a few words; one row of each table."""

from datetime import timedelta
from typing import Any

from core.kernel.inputs import parse
from core.knowledge import actions
from core.knowledge.inputs import CheckArticle, PublishArticle, WriteArticle
from db.codes import ArticleKind, ArticleStatus
from db.tables import Article, ArticlePicture, ArticleUse
from tests.company_cast import NOW, Company

TODAY = NOW.date()
TEXTS: dict[str, Any] = {
    "headline": "滤网清洗",
    "question": "滤网怎么清洗",
    "answer": "取下滤网，用清水冲洗，晾干后装回。",
}


def draft(
    company: Company, *, who: str = "agent", case_id: int | None = None, now: Any = NOW, **said: Any
) -> int:
    """A draft; gives its id."""
    command = parse(WriteArticle, TEXTS | said)
    return company.do(who, actions.write, command, case_id=case_id, now=now)


def let_out(company: Company, id: int, *, days: int = 365, now: Any = NOW) -> int:
    """Checked and published by the manager."""
    company.act("manager", Article, id, CheckArticle(), now=now)
    until = now.date() + timedelta(days=days)
    company.act("manager", Article, id, PublishArticle(valid_until=until), now=now)
    return id


def published(company: Company, *, days: int = 365, now: Any = NOW, **said: Any) -> int:
    """An article in force; gives its id."""
    return let_out(company, draft(company, now=now, **said), days=days, now=now)


def article(company: Company, status: ArticleStatus, **facts: Any) -> Article:
    """An edition in a status, written by the agent."""
    agent, manager = company["agent"].id or 0, company["manager"].id or 0
    usual: dict[str, Any] = {"number": "KB0001", "edition": 1, "kind": ArticleKind.ANSWER}
    usual |= TEXTS | {"keeper_id": agent, "writers": [agent]}
    if status not in (ArticleStatus.DRAFT, ArticleStatus.WITHDRAWN):
        usual["checked_by_id"] = manager
    if status in (ArticleStatus.PUBLISHED, ArticleStatus.REPLACED):
        usual |= {"published_at": NOW, "valid_until": TODAY + timedelta(days=365)}
    return Article(status=status, **usual | facts)


def fill(s: Any) -> None:
    """Rows of each table, on the stage of the constraint tests."""
    product = {"product_id": s.product.id, "request_id": s.case.id}
    s.article = s.add(article(s.company, ArticleStatus.PUBLISHED, **product))
    s.draft = s.add(article(s.company, ArticleStatus.DRAFT, edition=2))
    s.add(ArticlePicture(article_id=s.article.id, digest="d", name="1.png", mime="image/png"))
    s.add(use(s))


def use(s: Any) -> ArticleUse:
    who = {"person_id": s.technician, "used_at": NOW}
    return ArticleUse(article_id=s.article.id, request_id=s.case.id, **who)


SPOILERS: dict[str, Any] = {
    "uq_articles_number_edition": lambda s: s.add(
        article(s.company, ArticleStatus.WITHDRAWN, edition=2)
    ),
    "ck_articles_edition_positive": lambda s: s.change(s.draft, edition=0),
    "ck_articles_published_whole": lambda s: s.change(s.article, valid_until=None),
    "ck_articles_draft_unchecked": lambda s: s.change(s.draft, checked_by_id=s.technician),
    "ix_articles_in_force": lambda s: s.add(article(s.company, ArticleStatus.PUBLISHED, edition=3)),
    "ix_articles_under_way": lambda s: s.add(article(s.company, ArticleStatus.CHECKED, edition=3)),
    "uq_article_pictures_article_id_digest": lambda s: s.add(
        ArticlePicture(article_id=s.article.id, digest="d", name="2.png", mime="image/png")
    ),
    "uq_article_uses_article_id_request_id": lambda s: s.add(use(s)),
}
