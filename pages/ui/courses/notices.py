"""What people are told of courses, and where it leads."""

from core.codes import NoticeKind
from core.notices.notices import NoticeView
from pages.ui.kit.told import N_, Lines, Place

LINES: Lines = {
    (NoticeKind.PLAN_DECIDED, "course.planned"): N_("You train in the course “{headline}”"),
    (NoticeKind.PLAN_DECIDED, "course.moved"): N_("The course “{headline}” was moved: {note}"),
    (NoticeKind.PLAN_DECIDED, "course.cancelled"): N_(
        "The course “{headline}” was cancelled: {note}"
    ),
}


def place(notice: NoticeView) -> Place | None:
    """To the course."""
    course = notice.data.get("course")
    return Place("courses", {"id": str(course)}) if course else None
