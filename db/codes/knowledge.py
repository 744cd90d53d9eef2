"""Articles of the knowledge base: whom they are for, and where they stand."""

from enum import StrEnum


class ArticleKind(StrEnum):
    """Whom an article is for: it answers a customer's question, or guides a technician."""

    ANSWER = "answer"
    GUIDANCE = "guidance"


class ArticleStatus(StrEnum):
    """Where an edition of an article stands."""

    DRAFT = "draft"
    CHECKED = "checked"
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
