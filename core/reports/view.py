"""Reports as they are read: the list, one as it was frozen, and when the next one comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import aliased

from core.kernel.errors import NotFound
from core.kernel.paging import PAGE, Page, leaf
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.kpi import FigureName, Frozen, FrozenFigure, freeze
from core.kpi.spans import Days
from core.norms.revisions import in_force, norm_of
from core.process.permissions import require, sees_all_stations
from core.reports import periods
from core.reports.kept import Kept
from db.codes import ReportContent, ReportEvery
from db.tables import Person, Report, Station

READ = "kpi:read"


@dataclass(frozen=True)
class ReportFilter:
    """What narrows the list; empty fields do not. `every` is "hand" for those made by hand."""

    content: ReportContent | None = None
    every: str = ""
    station_id: int | None = None


@dataclass(frozen=True)
class ReportRow:
    """A report in the list; `title` by language, none where it was made by hand."""

    id: int
    content: ReportContent
    every: ReportEvery | None
    title: Mapping[str, str]
    since: date
    until: date
    station_id: int | None
    station: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True)
class ReportView:
    """A report as it was frozen, and the figures that are others by now."""

    row: ReportRow
    kept: Kept
    moved: Mapping[FigureName, FrozenFigure]


BY_HAND = "hand"
_maker = aliased(Person)


def listed(uow: UnitOfWork, *, filters: ReportFilter, page: int = 1) -> Page[ReportRow]:
    """The reports that the actor may see, the newest period first; one query."""
    require(uow, READ)
    query = _rows(uow).where(*_narrow(filters)).add_columns(func.count().over())
    is_of_station = Report.station_id.is_not(None)  # the company's stands above its stations'
    order = (Report.until.desc(), Report.name, is_of_station, Station.name, Report.id.desc())
    found, number = leaf(uow, query.order_by(*order), page=page, size=PAGE)
    rows = tuple(_row(*columns) for *columns, _ in found)
    return Page(rows, found[0][-1] if found else 0, number)


def view(uow: UnitOfWork, *, id: int) -> ReportView:
    """One report; NotFound when it is of another station."""
    require(uow, READ)
    found = uow.session.execute(_rows(uow).add_columns(Report.data).where(Report.id == id)).first()
    if found is None:
        raise NotFound(subject="report", id=id)
    *columns, data = found
    row, kept = _row(*columns), Kept.model_validate(data)
    return ReportView(row, kept, _moved(uow, row, kept.frozen))


def coming(uow: UnitOfWork) -> date | None:
    """The day on which the next report is made; None where the rule book asks for none."""
    require(uow, READ)
    rules = norm_of(in_force(uow)).reports
    return min((periods.coming(uow.today, each.every, each.day) for each in rules), default=None)


def _moved(uow: UnitOfWork, row: ReportRow, frozen: Frozen) -> dict[FigureName, FrozenFigure]:
    """The figures that stand otherwise by now: a case was corrected, or entered later."""
    now = freeze(uow, asked=periods.asked(Days(row.since, row.until), row.station_id))
    before = {each.name: (each.numerator, each.denominator) for each in frozen.figures}
    return {
        each.name: each
        for each in now.figures
        if before.get(each.name, ()) not in ((), (each.numerator, each.denominator))
    }


def _rows(uow: UnitOfWork) -> Select[*tuple[object, ...]]:
    return (
        select(
            Report.id,
            Report.content,
            Report.every,
            Report.data["title"],
            Report.since,
            Report.until,
            Report.station_id,
            func.coalesce(Station.name, ""),
            Report.made_at,
            func.coalesce(_maker.name, ""),
        )
        .outerjoin(Station, Station.id == Report.station_id)
        .outerjoin(_maker, _maker.id == Report.made_by_id)
        .where(_visible(uow.actor))
    )


def _row(*columns: object) -> ReportRow:
    return ReportRow(*columns)  # type: ignore[arg-type]


def _visible(actor: Actor) -> ColumnElement[bool]:
    """The reports of the own station, or all (C15)."""
    return true() if sees_all_stations(actor) else Report.station_id == actor.station_id


def _narrow(filters: ReportFilter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if filters.content:
        where.append(Report.content == filters.content)
    if filters.every == BY_HAND:
        where.append(Report.every.is_(None))
    elif filters.every:
        where.append(Report.every == ReportEvery(filters.every))
    if filters.station_id:
        where.append(Report.station_id == filters.station_id)
    return where
