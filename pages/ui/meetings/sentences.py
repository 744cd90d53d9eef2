"""What is said of a frozen figure in a word and in a sentence."""

from core.kpi import FrozenFigure
from core.kpi.frozen import Point, Reason
from core.meetings.view import MeetingRow, MeetingView
from pages.ui.kit import marks, words
from pages.ui.kit.words import _
from pages.ui.kpi.sentences import because


def about(view: MeetingView) -> tuple[str, ...]:
    """What a meeting is about, and of when its numbers are."""
    kept = _("frozen {time}", time=words.moment(view.frozen.as_of))
    return period(view.row), scope(view.row), kept


def period(row: MeetingRow) -> str:
    """The days that a meeting is about."""
    return words.days(row.since, row.until)


def scope(row: MeetingRow) -> str:
    """The station and the kind of case that it is about."""
    kind = words.code(row.kind) if row.kind else ""
    return " · ".join(filter(None, (row.station or _("all stations"), kind)))


def sign(figure: FrozenFigure) -> tuple[str, str]:
    """The colour of a figure, and what it means; both empty where there is nothing to reach."""
    if figure.value is not None and not figure.enough:
        return "gray", _("too few to judge")
    if figure.reached is None:
        return "", ""
    if figure.reached:
        return "blue", _("✓ reached")
    return "red", " ".join((marks.LATE, _("missed")))


def station(point: Point) -> str:
    """What a station is called."""
    return point.station or _("No station")


def of(figure: FrozenFigure) -> str:
    """Why a figure misses its target, in one sentence; empty where it does not."""
    if figure.reached is not False:
        return ""
    return because(figure, figure.reason or Reason())
