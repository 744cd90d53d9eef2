"""What people are told of courses, and where it leads."""

from core.codes import NoticeKind
from core.notices.notices import NoticeView
from pages.ui.kit.told import Data, Lines, Place, Say


def _planned(say: Say, data: Data) -> str:
    _ = say.text
    return _told(say, data, _("You train in course {number} on {day}"))


def _moved(say: Say, data: Data) -> str:
    _ = say.text
    return _told(say, data, _("Course {number} was moved to {day}"))


def _cancelled(say: Say, data: Data) -> str:
    _ = say.text
    return _told(say, data, _("Course {number} of {day} was cancelled"))


def _told(say: Say, data: Data, text: str) -> str:
    return text.format(number=data["number"], day=say.day(data["day"]))


LINES: Lines = {
    (NoticeKind.PLAN_DECIDED, "course.planned"): _planned,
    (NoticeKind.PLAN_DECIDED, "course.moved"): _moved,
    (NoticeKind.PLAN_DECIDED, "course.cancelled"): _cancelled,
}


def place(notice: NoticeView) -> Place | None:
    """To the course."""
    course = notice.data.get("course")
    return Place("courses", {"id": str(course)}) if course else None
