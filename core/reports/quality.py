"""The service quality report: by department, and what the survey says (E21)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import func, select

from core.kpi import board
from core.kpi.figures import Source
from core.norms.model import Norm
from core.reports import periods
from core.reports.feedback import Asked, within
from core.reports.kept import Line, ReportColumn, ReportTable, Table
from db.codes import ImprovementStatus, PenaltyStatus
from db.tables import Complaint, FigureFact, Improvement, Penalty, Person, Responsible

BY_DEPARTMENT = (
    *(ReportColumn.COMPLAINTS, ReportColumn.KEPT, ReportColumn.PENALTIES),
    *(ReportColumn.DONE, ReportColumn.OVERDUE),
)
Counts = Iterable[Any]
# Who answers for the cause; until somebody found that out, who looks for it.
DEPARTMENT = func.coalesce(Responsible.department, Complaint.department)


def tables(asked: Asked) -> Iterator[Table]:
    """The parts of the report; the stations stand with the figures."""
    yield _departments(asked)
    yield _survey(asked)


def _departments(asked: Asked) -> Table:
    """Complaints by who answers for their cause, and what came of it.

    A complaint for which several departments answer counts for each of them.
    """
    found: dict[str, dict[ReportColumn, float]] = defaultdict(dict)
    for department, due, kept in _due(asked):
        found[department] |= {ReportColumn.COMPLAINTS: due, ReportColumn.KEPT: kept / due}
    for department, penalties in _penalties(asked):
        found[department][ReportColumn.PENALTIES] = penalties
    for department, done, overdue in _improvements(asked):
        found[department] |= {ReportColumn.DONE: done, ReportColumn.OVERDUE: overdue}
    texts = {each.name: each.text for each in asked.norm.departments}
    lines = (
        Line(
            name=name,
            words=texts.get(name, {}),
            cells=tuple(
                found[name].get(each, None if each is ReportColumn.KEPT else 0)
                for each in BY_DEPARTMENT
            ),
        )
        for name in _in_order(asked.norm, found)
    )
    return Table(name=ReportTable.DEPARTMENTS, columns=BY_DEPARTMENT, lines=tuple(lines))


def _in_order(norm: Norm, found: Iterable[str]) -> list[str]:
    """As the rule book names them; what it no longer names, and nobody's, last."""
    order = [each.name for each in norm.departments]
    known = {name: place for place, name in enumerate(order)}
    return sorted(found, key=lambda name: (name == "", known.get(name, len(order)), name))


def _due(asked: Asked) -> Counts:
    """Complaints that were to be answered in the period, and those that were in time."""
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for department, _case, kept in {*_stored(asked), *_changed(asked)}:
        counted[department][0] += 1
        counted[department][1] += kept
    return ((department, due, kept) for department, (due, kept) in counted.items())


def _stored(asked: Asked) -> Counts:
    """As they are counted; what changed since then stands in the look."""
    query = (
        select(DEPARTMENT, FigureFact.subject_id, FigureFact.hit)
        .join(Complaint, Complaint.request_id == FigureFact.subject_id)
        .outerjoin(Responsible, Responsible.complaint_id == Complaint.id)
        .where(FigureFact.source == Source.COMPLAINTS_DUE.value)
        .where(FigureFact.day.between(asked.days.first, asked.days.last))
        .where(FigureFact.subject_id.not_in(asked.fresh.cases))
    )
    if asked.about.station_id is not None:
        query = query.where(FigureFact.station_id == asked.about.station_id)
    return map(tuple, asked.uow.session.execute(query))


def _changed(asked: Asked) -> Counts:
    kept = {
        fact.subject_id: fact.hit
        for fact in asked.fresh.told
        if (fact.source, fact.day in asked.days) == (Source.COMPLAINTS_DUE, True)
        and asked.about.station_id in (None, fact.station_id)
    }
    query = (
        select(DEPARTMENT, Complaint.request_id)
        .outerjoin(Responsible, Responsible.complaint_id == Complaint.id)
        .where(Complaint.request_id.in_(kept))
    )
    return ((name, case, kept[case]) for name, case in asked.uow.session.execute(query))


def _penalties(asked: Asked) -> Counts:
    query = (
        select(Person.department, func.count())
        .select_from(Penalty)
        .join(Penalty.person)
        .join(Penalty.complaint)
        .join(Complaint.request)
        .where(Penalty.status != PenaltyStatus.LIFTED, within(asked, Penalty.decided_at))
        .where(*asked.about.where)
    )
    return asked.uow.session.execute(query.group_by(Person.department))


def _improvements(asked: Asked) -> Counts:
    """Measures that were done in the period, and those that were due in it and are not done."""
    planned = Improvement.status == ImprovementStatus.PLANNED
    done = within(asked, Improvement.done_at)
    overdue = planned & (Improvement.due_on <= asked.days.last)
    query = (
        select(Person.department, func.count().filter(done), func.count().filter(overdue))
        .select_from(Improvement)
        .join(Improvement.owner)
        .join(Improvement.request)
        .where(done | overdue, *asked.about.where)
    )
    return asked.uow.session.execute(query.group_by(Person.department))


def _survey(asked: Asked) -> Table:
    shown = board(asked.uow, asked=periods.asked(asked.days, asked.about.station_id))
    lines = (
        Line(name=row.question, words=row.words, cells=(row.value, row.denominator))
        for row in shown.dimensions
        if row.month is None and row.denominator
    )
    columns = (ReportColumn.MEAN, ReportColumn.ANSWERS)
    return Table(name=ReportTable.SURVEY, columns=columns, lines=tuple(lines))
