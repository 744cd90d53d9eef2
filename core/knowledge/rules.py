"""The rule table of articles, and who may see which (C1, D10)."""

from sqlalchemy import Select, false, or_, select

from core.kernel.unit_of_work import Actor
from core.knowledge.inputs import (
    CheckArticle,
    EditArticle,
    PublishArticle,
    ReviseArticle,
    SendBackArticle,
    WithdrawArticle,
)
from core.process.permissions import may
from core.process.rules import Relation, Rule
from db.codes import ArticleStatus
from db.tables import Article

READ, WRITE, CHECK = "knowledge:read", "knowledge:write", "knowledge:check"
DRAFT, CHECKED, PUBLISHED, REPLACED, WITHDRAWN = ArticleStatus
NEW, READY, OUT = frozenset({DRAFT}), frozenset({CHECKED}), frozenset({PUBLISHED})
UNDER_WAY = NEW | READY
# Nobody finds right, or wrong, what they have written themselves.
NOT_WRITER = (Relation("own_article", lambda actor, row: actor.id not in row.writers),)

RULES = (
    Rule("written", None, frozenset(), DRAFT, WRITE, "C1"),
    Rule("checked", CheckArticle, NEW, CHECKED, CHECK, "C1", who=NOT_WRITER),
    Rule("published", PublishArticle, READY, PUBLISHED, CHECK, "C1"),
    Rule("sent_back", SendBackArticle, UNDER_WAY, DRAFT, CHECK, "C1", who=NOT_WRITER),
    Rule("edited", EditArticle, UNDER_WAY, DRAFT, WRITE, "C1"),
    Rule("revised", ReviseArticle, OUT, None, WRITE, "C1"),
    Rule("replaced", None, OUT, REPLACED, CHECK, "C1"),
    Rule("withdrawn", WithdrawArticle, UNDER_WAY, WITHDRAWN, WRITE, "C1"),
    Rule("withdrawn", WithdrawArticle, OUT, WITHDRAWN, CHECK, "C1"),
)


def articles(actor: Actor) -> Select[Article]:
    """What was published is seen by all staff, a draft by its keeper and by those who check."""
    query = select(Article)
    if not may(actor, READ):
        return query.where(false())
    if may(actor, CHECK):
        return query
    return query.where(or_(Article.published_at.is_not(None), Article.keeper_id == actor.id))
