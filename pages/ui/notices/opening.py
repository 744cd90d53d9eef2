"""A notice is opened: it counts as read, and what it is about is shown."""

from core.kernel.inputs import Input
from core.notices import notices
from core.notices.notices import NoticeView
from pages.ui.kit import places, resting, words
from pages.ui.kit.forms import Form
from pages.ui.notices import lines


def said(notice: NoticeView) -> str:
    """A notice in one line, safe to show where Streamlit reads Markdown."""
    if notice.is_digest:
        return words.n_(
            "Digest: a time limit calls you", "Digest: {n} time limits call you", notice.more + 1
        )
    line = lines.line(notice.kind, notice.data, words.language()).rstrip("。.")
    others = words.n_("one more", "{n} more", notice.more) if notice.more else ""
    parts = (f"{notice.number} {notice.customer}".strip(), line, others)
    return words.plain(" · ".join(part for part in parts if part))


def open_notice(notice: NoticeView) -> None:
    """Mark a notice as read, if it is not, and go to what it is about."""
    if notice.is_digest:
        resting.wake()
        places.go("inbox", part="digest")
    if notice.read:
        _go(notice)
        return
    Form(f"notice·{notice.id}", Input).send(
        lambda uow, _input: notices.mark_read(uow, id=notice.id),
        then=lambda _result: _go(notice),
    )


def _go(notice: NoticeView) -> None:
    resting.wake()
    if place := lines.place(notice):
        places.go(place.page, **place.asks)
