"""Meetings: started with the figures as they stand, and closed."""

import calendar
from collections.abc import Iterator
from dataclasses import replace

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from core.kernel import period
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.kpi.asked import Asked
from core.kpi.behind import Behind, ids_behind
from core.kpi.figures import DEFINITIONS, FigureName, Side
from core.kpi.frozen import Frozen, freeze
from core.kpi.look import look
from core.meetings import sight
from core.meetings.inputs import CloseMeeting, StartMeeting
from core.meetings.rules import HOLD, MEETING_RULES
from core.norms.revisions import in_force, norm_of
from core.people.people import own_station_options
from core.process import workflow
from core.process.permissions import require
from core.process.rules import Done, Process
from db.tables import Meeting, MeetingCases

# So many cases of a side are kept one by one, the newest ones; of the others only their number.
MOST_CASES = 5000
# Months that a figure's course is shown over, where the meeting itself is about fewer.
COURSE = 12
KEPT = (Side.DENOMINATOR, Side.NUMERATOR)


def start(uow: UnitOfWork, command: StartMeeting) -> int:
    """Begin a meeting: its figures and their cases are kept as they stand now; gives its id.

    InvalidInput while so many cases are still being counted that the figures are not whole.
    """
    require(uow, HOLD)
    period.begun(command.since, uow.today)
    if command.station_id is not None and command.station_id not in own_station_options(uow):
        raise InvalidInput(Problem("station_id", "not_an_option"))
    if not look(uow, norm_of(in_force(uow))).whole:
        raise InvalidInput(Problem("form", "still_counted"))
    about = asked(command)
    frozen = _with_course(uow, freeze(uow, asked=about), about)
    shown = tuple(frozen.figure(name) for name in dict.fromkeys(command.figures))
    frozen = frozen.model_copy(update={"figures": shown})
    meeting = Meeting(
        **command.model_dump(exclude={"figures", "station_id"}),
        station_id=frozen.station_id,
        frozen=frozen.model_dump(mode="json"),
        started_by_id=uow.actor.id,
        started_at=uow.now,
    )
    workflow.begin(uow, PROCESS, meeting, Done(note=meeting.topic))
    for figure in shown:
        uow.session.add_all(_cases(uow, meeting, figure.name, about))
    return meeting.id


def asked(about: StartMeeting | Meeting) -> Asked:
    """What a meeting asks of the figures; days that fill their months are months."""
    last = calendar.monthrange(about.until.year, about.until.month)[1]
    is_months = about.since.day == 1 and about.until.day == last
    return Asked(about.since, about.until, about.station_id, about.kind, is_months)


def ids_now(uow: UnitOfWork, figure: FigureName, side: Side, about: Asked) -> frozenset[int]:
    """The cases behind one side of a figure as they stand now."""
    found = ids_behind(uow, Behind(figure, about, side)).subquery()
    return frozenset(uow.session.scalars(select(found.c[0])))


def _with_course(uow: UnitOfWork, frozen: Frozen, about: Asked) -> Frozen:
    """The same with the months that led here."""
    first = about.until.replace(day=1) - relativedelta(months=COURSE - 1)
    if about.since <= first:
        return frozen
    course = freeze(uow, asked=replace(about, since=first, whole_months=True))
    figures = tuple(
        each.model_copy(update={"months": course.figure(each.name).months})
        for each in frozen.figures
    )
    return frozen.model_copy(update={"figures": figures})


def _cases(
    uow: UnitOfWork, meeting: Meeting, figure: FigureName, about: Asked
) -> Iterator[MeetingCases]:
    for side in DEFINITIONS[figure].sides:
        if side in KEPT:
            ids = sorted(ids_now(uow, figure, side, about), reverse=True)
            yield MeetingCases(
                meeting_id=meeting.id,
                figure=figure.value,
                side=side.value,
                ids=ids[:MOST_CASES],
                total=len(ids),
            )


def _close(uow: UnitOfWork, meeting: Meeting, _command: CloseMeeting) -> Done:
    meeting.closed_at = uow.now
    return Done()


PROCESS = Process(
    subject="meeting",
    rules=MEETING_RULES,
    effects={CloseMeeting: _close},
    select=sight.meetings,
    table=Meeting,
    case_id=lambda meeting: None,
)
