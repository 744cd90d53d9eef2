"""How old the open cases are, in days of 24 hours since the contact."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select

from core.kernel.unit_of_work import UnitOfWork
from core.kpi import facts
from core.kpi.facts import Scope
from core.kpi.figures import NO_STATION, Age, AgeRow
from core.process.permissions import require
from core.requests import lists
from core.requests.actions import OPEN
from db.codes import RequestKind
from db.tables import ServiceRequest

# After so many days a case is no longer of the age.
ENDS = {Age.UNDER_1: 1, Age.UNDER_3: 3, Age.UNDER_7: 7, Age.UNDER_30: 30}


def open_cases(
    uow: UnitOfWork, about: Scope, names: dict[int, str]
) -> tuple[tuple[AgeRow, ...], tuple[AgeRow, ...]]:
    """Open cases by age as of now: by kind, and by station. One query."""
    kinds: Counter[tuple[Age, RequestKind]] = Counter()
    stations: Counter[tuple[Age, int]] = Counter()
    for age, kind, station_id, cases in _counted(uow, about):
        kinds[Age(age), kind] += cases
        stations[Age(age), station_id] += cases
    return (
        tuple(
            AgeRow(age, kind, None, "", kinds[age, kind])
            for age in Age
            for kind in RequestKind
            if (age, kind) in kinds
        ),
        tuple(
            AgeRow(age, None, id, name, stations[age, id])
            for age in Age
            for id, name in names.items()
            if (age, id) in stations
        ),
    )


def open_cases_behind(
    uow: UnitOfWork,
    *,
    age: Age | None = None,
    station_id: int | None = None,
    kind: RequestKind | None = None,
    page: int = 1,
) -> lists.Cases:
    """The open cases of an age (of all ages if none is given), the newest first."""
    require(uow, "kpi:read")
    about = facts.scope(uow, station_id, kind)
    ids = select(ServiceRequest.id).where(ServiceRequest.status.in_(OPEN), *about.where)
    if age is not None:
        ids = ids.where(_age(uow.now) == age.value)
    return lists.by_ids(uow, ids=ids, page=page)


def _counted(uow: UnitOfWork, about: Scope) -> list[tuple[str, RequestKind, int, int]]:
    found = (
        select(
            _age(uow.now).label("age"),
            ServiceRequest.kind,
            func.coalesce(ServiceRequest.station_id, NO_STATION).label("station_id"),
        )
        .where(ServiceRequest.status.in_(OPEN), *about.where)
        .subquery()
    )
    groups = (found.c.age, found.c.kind, found.c.station_id)
    rows = uow.session.execute(select(*groups, func.count()).group_by(*groups))
    return list(rows.all())


def _age(now: datetime) -> ColumnElement[str]:
    younger = [
        (ServiceRequest.received_at > now - timedelta(days=days), age.value)
        for age, days in ENDS.items()
    ]
    return case(*younger, else_=Age.OVER_30.value)
