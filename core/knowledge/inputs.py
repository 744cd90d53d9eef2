"""What can be asked of an article: one input model for each action."""

from typing import Annotated

from core.kernel.inputs import Action, Choice, Day, LongText, RequiredLine, RequiredText
from db.codes import ArticleKind, FaultArea


class EditArticle(Action):
    """What an article says: no longer than an answer may be, because it becomes one."""

    article_kind: ArticleKind = ArticleKind.ANSWER
    headline: RequiredLine
    question: RequiredText
    answer: RequiredText
    product_id: Annotated[int | None, Choice("products")] = None
    fault_area: FaultArea | None = None
    case_class: Annotated[str | None, Choice("article_classes")] = None
    # Said by whoever has looked, where a text seems to name the customer of its case.
    names_nobody: bool = False


class WriteArticle(EditArticle):
    """A new article, as a draft."""


class CheckArticle(Action):
    """What it says is right: it may be published."""

    note: LongText = ""


class SendBackArticle(Action):
    """What is to be changed before it is right."""

    note: RequiredText


class PublishArticle(Action):
    """It is offered from now on, up to a day; the edition before it is not any more."""

    valid_until: Day


class ReviseArticle(Action):
    """Write a new edition, for this reason; this one stays in force until that is published."""

    note: RequiredText


class WithdrawArticle(Action):
    """It is not offered any more; a draft is thrown away."""

    note: RequiredText
