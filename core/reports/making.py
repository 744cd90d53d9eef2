"""Reports are made: what the rule book asks for once a period is over, or by hand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from core.kernel import once, period
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.kpi import FrozenFigure, freeze
from core.kpi.figures import Source
from core.kpi.look import look
from core.kpi.spans import Days
from core.norms.parts import ReportRule
from core.norms.revisions import in_force, norm_of
from core.notices import notices, receivers
from core.people.people import station_options
from core.process.permissions import require
from core.reports import feedback, periods, quality
from core.reports.feedback import Asked
from core.reports.inputs import MakeReport
from core.reports.kept import Kept, Table
from db.codes import NoticeKind, Receiver, ReportContent, Role
from db.tables import FigureDay, Report, Station

MAKE, MADE = "report:make", "report.made"
# A station has something to report where one of these was counted.
WORK = (Source.RECEIVED, Source.RESOLVED, Source.SURVEYS, Source.COMPLAINTS_DUE)
# So many figures off target are told with the notice.
HEADLINE = 2
TABLES: Mapping[ReportContent, Callable[[Asked], Iterable[Table]]] = {
    ReportContent.FIGURES: lambda _asked: (),
    ReportContent.FEEDBACK: feedback.tables,
    ReportContent.QUALITY: quality.tables,
}


@dataclass(frozen=True)
class Due:
    """A report that the rule book asks for, of a station or the whole company (None)."""

    name: str
    days: Days
    station_id: int | None


def due(uow: UnitOfWork) -> tuple[Due, ...]:
    """What is to be made: of each rule the newest period that is over; nothing while counting."""
    norm = norm_of(in_force(uow))
    wanted = [(rule, periods.newest(uow.today, rule.every, rule.day)) for rule in norm.reports]
    busy = {days: _busy(uow, days) for _, days in wanted}
    made = _made(uow, {days.last for days in busy})
    lacking = tuple(
        each
        for rule, days in wanted
        for station_id in busy[days]
        if (each := Due(rule.name, days, station_id)) not in made
    )
    return lacking if lacking and look(uow, norm).whole else ()


def make(uow: UnitOfWork, due: Due) -> None:
    """Make a report and tell its receivers, unless another sweep was faster."""
    rules = norm_of(in_force(uow)).reports
    rule = next((each for each in rules if each.name == due.name), None)
    if rule is None:  # another rule book came into force meanwhile
        return
    key = {"name": due.name, "since": due.days.first, "until": due.days.last}
    key["station_id"] = due.station_id
    title = {language.value: text for language, text in rule.text.items()}
    kept = _kept(uow, rule.content, due.days, due.station_id).model_copy(update={"title": title})
    facts = {"content": rule.content, "every": rule.every, "made_at": uow.now}
    if once.add(uow.session, Report, **key, **facts, data=kept.model_dump(mode="json")):
        _tell(uow, uow.session.scalars(select(Report).filter_by(**key)).one(), rule, kept)


def by_hand(uow: UnitOfWork, command: MakeReport) -> int:
    """Make a report of any days as they stand now; gives its id."""
    require(uow, MAKE)
    period.begun(command.since, uow.today)
    if command.station_id and uow.session.get(Station, command.station_id) is None:
        raise NotFound(subject="station", id=command.station_id)
    days = Days(command.since, command.until)
    kept = _kept(uow, command.content, days, command.station_id)
    row = Report(
        name="",
        content=command.content,
        since=days.first,
        until=days.last,
        station_id=command.station_id,
        made_at=uow.now,
        made_by_id=uow.actor.id,
        data=kept.model_dump(mode="json"),
    )
    uow.session.add(row)
    uow.session.flush()
    return row.id


def options(uow: UnitOfWork) -> dict[str, dict[int, str]]:
    """What whoever makes one by hand may choose."""
    return {"stations": dict(station_options(uow))}


def _kept(uow: UnitOfWork, content: ReportContent, days: Days, station_id: int | None) -> Kept:
    asked = feedback.ask(uow, norm_of(in_force(uow)), days, station_id)
    frozen = freeze(uow, asked=periods.asked(days, station_id))
    return Kept(frozen=frozen, tables=tuple(TABLES[content](asked)), whole=asked.fresh.whole)


def _busy(uow: UnitOfWork, days: Days) -> list[int | None]:
    """The open stations with something to report, and the company (None) where anybody has."""
    sources = [source.value for source in WORK]
    found = select(FigureDay.station_id).where(
        FigureDay.dimension == "",
        FigureDay.source.in_(sources),
        FigureDay.day.between(days.first, days.last),
        FigureDay.cases > 0,
    )
    busy = set(uow.session.scalars(found.distinct()))
    stations = select(Station.id).where(Station.active, Station.id.in_(busy)).order_by(Station.id)
    return [None, *uow.session.scalars(stations)] if busy else []


def _made(uow: UnitOfWork, ends: Iterable[object]) -> set[Due]:
    columns = (Report.name, Report.since, Report.until, Report.station_id)
    rows = uow.session.execute(select(*columns).where(Report.until.in_(ends)))
    return {Due(name, Days(since, until), station) for name, since, until, station in rows}


def _tell(uow: UnitOfWork, report: Report, rule: ReportRule, kept: Kept) -> None:
    missed = [figure for figure in kept.frozen.figures if figure.reached is False]
    notices.put(
        uow,
        people=_receivers(uow, rule, report.station_id),
        kind=NoticeKind.REPORT,
        source=f"{MADE}:{report.id}",
        data={
            "fact": MADE,
            "report": report.id,
            "title": kept.title,
            "since": report.since.isoformat(),
            "until": report.until.isoformat(),
            "station": _name(uow, report.station_id),
            "missed": [_said(figure) for figure in missed[:HEADLINE]],
        },
    )


def _receivers(uow: UnitOfWork, rule: ReportRule, station_id: int | None) -> tuple[int, ...]:
    """The heads of a station are told of its report, managers and leaders of the company's."""
    if station_id is not None:
        is_told = Receiver.STATION_HEAD.value in rule.receivers
        return receivers.heads_at(uow, station_id) if is_told else ()
    roles = [role for role in (Role.MANAGER, Role.LEADER) if role.value in rule.receivers]
    return receivers.everywhere(uow, roles)


def _said(figure: FrozenFigure) -> dict[str, object]:
    return figure.model_dump(mode="json", include={"name", "unit", "value", "target"})


def _name(uow: UnitOfWork, station_id: int | None) -> str:
    station = uow.session.get(Station, station_id) if station_id else None
    return station.name if station else ""
