"""What people are told of articles, and where it leads."""

from core.codes import NoticeKind
from core.knowledge.keeping import ENDING_FACT
from core.notices.notices import NoticeView
from pages.ui.kit.told import N_, Data, Lines, Place, Say


def _ending(say: Say, data: Data) -> str:
    _ = say.text
    text = _("Your article “{headline}” ends on {day}: revise or withdraw it")
    return text.format(headline=data["headline"], day=say.day(data["until"]))


LINES: Lines = {
    (NoticeKind.RENEWAL, ENDING_FACT): _ending,
    (NoticeKind.PLAN_DECIDED, "article.sent_back"): N_(
        "Your article “{headline}” was sent back: {note}"
    ),
    (NoticeKind.PLAN_DECIDED, "article.published"): N_("Your article “{headline}” was published"),
}


def place(notice: NoticeView) -> Place | None:
    """To the article."""
    article = notice.data.get("article")
    return Place("knowledge", {"id": str(article)}) if article else None
