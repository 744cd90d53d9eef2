"""The feedback report: main problems, their handling, trends, what customers said (C12)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from core.kernel.unit_of_work import UnitOfWork
from core.kpi import Dimension, FigureName, breakdown, facts
from core.kpi.facts import Scope
from core.kpi.figures import Source, Tally
from core.kpi.look import Look, look
from core.kpi.parts import Wanted, by_value
from core.kpi.spans import Days
from core.norms.model import Norm
from core.reports import periods
from core.reports.kept import Line, ReportColumn, ReportTable, ReportVoice, Table
from core.requests.actions import OPEN
from core.requests.lists import is_late
from db.codes import RequestKind
from db.tables import FollowUp, ServiceRequest, Suggestion

# So many of the main problems are told, and so many periods of a trend.
MOST, PERIODS = 5, 6
PROBLEM = (
    *(ReportColumn.CASES, ReportColumn.SHARE, ReportColumn.BEFORE),
    ReportColumn.CHANGE,
)
HANDLED = (
    *(ReportColumn.RECEIVED, ReportColumn.RESOLVED, ReportColumn.OPEN),
    ReportColumn.LATE,
)


@dataclass(frozen=True)
class Asked:
    """The period and the cases that a report is about, with what is not counted yet."""

    uow: UnitOfWork
    norm: Norm
    days: Days
    about: Scope
    fresh: Look

    def sums(self, source: Source, by: Dimension, days: Days | None = None) -> dict[str, Tally]:
        """The sums of a source by a dimension; of the report's own period or of another one."""
        wanted = Wanted(days or self.days, (source,), (by,))
        found = by_value(self.uow, wanted, self.about, self.fresh)
        return {value: tally for (_, _, value), tally in found.items()}


def ask(uow: UnitOfWork, norm: Norm, days: Days, station_id: int | None) -> Asked:
    """What a report of a period is about."""
    return Asked(uow, norm, days, facts.scope(uow, station_id, None), look(uow, norm))


def tables(asked: Asked) -> Iterator[Table]:
    """The parts of the report."""
    yield _received(asked, ReportTable.FAULT_AREAS, Dimension.FAULT_AREA, codes="FaultArea")
    yield _received(asked, ReportTable.PRODUCTS, Dimension.PRODUCT)
    yield _classes(asked)
    yield _handling(asked)
    yield _trend(asked)
    yield _voices(asked)


def _received(asked: Asked, name: ReportTable, by: Dimension, codes: str = "") -> Table:
    found = breakdown(
        asked.uow,
        figure=FigureName.RECEIVED,
        dimension=by,
        asked=periods.asked(asked.days, asked.about.station_id),
    )
    # What no case says is no problem that could be named.
    named = [part for part in found.parts if part.value not in ("", "0")]
    counted = {p.value: (p.now.denominator, p.before.denominator) for p in named}
    names = {part.value: part.name for part in named}
    lines = (
        Line(code=value if codes else "", name=names[value], cells=cells)
        for value, cells in _main(counted, found.now.denominator)
    )
    return Table(name=name, codes=codes, columns=PROBLEM, lines=tuple(lines))


def _classes(asked: Asked) -> Table:
    before = periods.back(asked.days, 1)
    now, then = (
        asked.sums(Source.RECEIVED, Dimension.CASE_CLASS, days) for days in (asked.days, before)
    )
    counted = {
        value: (now.get(value, Tally()).hits, then.get(value, Tally()).hits)
        for value in {*now, *then}
    }
    texts = {each.name: each.text for each in asked.norm.classes}
    lines = (
        Line(name=value, words=texts.get(value, {}), cells=cells)
        for value, cells in _main(counted, sum(count for count, _ in counted.values()))
    )
    return Table(name=ReportTable.COMPLAINT_CLASSES, columns=PROBLEM, lines=tuple(lines))


def _main(
    counted: dict[str, tuple[int, int]], whole: int
) -> Iterator[tuple[str, tuple[float | None, ...]]]:
    """The largest of them, with share and change."""
    largest = sorted(counted, key=lambda value: (-counted[value][0], value))[:MOST]
    for value in largest:
        now, before = counted[value]
        if now:
            yield value, (now, now / whole, before, now - before)


def _handling(asked: Asked) -> Table:
    sums = [asked.sums(each, Dimension.KIND) for each in (Source.RECEIVED, Source.RESOLVED)]
    is_open = (ServiceRequest.status.in_(OPEN), *asked.about.where)
    late = func.count().filter(is_late(asked.uow))
    query = select(ServiceRequest.kind, func.count(), late).where(*is_open)
    rows = asked.uow.session.execute(query.group_by(ServiceRequest.kind))
    still = {kind.value: (count, of_them) for kind, count, of_them in rows}
    lines = []
    for kind in RequestKind:
        cells = [each.get(kind.value, Tally()).cases for each in sums]
        cells += still.get(kind.value, (0, 0))
        if any(cells):
            lines.append(Line(code=kind.value, cells=tuple(cells)))
    return Table(
        name=ReportTable.HANDLING, codes="RequestKind", columns=HANDLED, lines=tuple(lines)
    )


def _trend(asked: Asked) -> Table:
    lines = []
    for times in reversed(range(PERIODS)):
        days = periods.back(asked.days, times)
        found = sum(asked.sums(Source.RECEIVED, Dimension.STATION, days).values(), Tally())
        cells = (found.cases, found.hits)
        lines.append(Line(since=days.first, until=days.last, cells=cells))
    columns = (ReportColumn.RECEIVED, ReportColumn.COMPLAINTS)
    return Table(name=ReportTable.TREND, columns=columns, lines=tuple(lines))


def _voices(asked: Asked) -> Table:
    kinds = asked.sums(Source.RECEIVED, Dimension.KIND)
    collected = kinds.get(RequestKind.SUGGESTION.value, Tally()).cases
    said = dict(zip(ReportVoice, (collected, *_decided(asked), *_opinions(asked)), strict=True))
    lines = (Line(code=voice.value, cells=(count,)) for voice, count in said.items() if count)
    name, columns = ReportTable.VOICES, (ReportColumn.CASES,)
    return Table(name=name, codes="ReportVoice", columns=columns, lines=tuple(lines))


def _decided(asked: Asked) -> Iterable[int]:
    """How many suggestions were adopted and declined."""
    counts = (func.count().filter(Suggestion.adopted.is_(each)) for each in (True, False))
    query = select(*counts).join(Suggestion.request).where(*asked.about.where)
    return tuple(asked.uow.session.execute(query.where(within(asked, Suggestion.decided_at))).one())


def _opinions(asked: Asked) -> Iterable[int]:
    """How many customers said an opinion, or what else they need, when they were called."""
    counts = (func.count().filter(said != "") for said in (FollowUp.opinion, FollowUp.other_needs))
    query = select(*counts).join(FollowUp.request).where(*asked.about.where)
    return tuple(asked.uow.session.execute(query.where(within(asked, FollowUp.ended_at))).one())


def within(asked: Asked, at: Any) -> ColumnElement[bool]:
    """What happened in the period."""
    first, after = periods.instants(asked.days, asked.uow.actor.zone_info)
    return and_(at >= first, at < after)
