"""Weeks: the working time of a person, of a station, or of the whole company, from a day on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import delete, or_, select

from core.kernel.errors import InvalidInput, NotFound, Problem
from core.kernel.inputs import Day, Input, clean_line
from core.kernel.unit_of_work import UnitOfWork
from core.process import history
from core.process.permissions import sees_all_stations
from core.roster import sight
from db.codes import Weekday
from db.tables import Company, Person, Shift, Station

MIDNIGHT = "24:00"
EMPTY = ("00:00", "00:00")
_TIME = re.compile(r"([01]?\d|2[0-3])[:：.]?([0-5]\d)|24[:：.]?00")


def _time(value: str) -> str:
    found = _TIME.fullmatch(value)
    if value and not found:
        raise PydanticCustomError("time_of_day", "not a time of day")
    if not found:
        return value
    return f"{int(found[1]):02d}:{found[2]}" if found[1] else MIDNIGHT


TimeOfDay = Annotated[
    str, BeforeValidator(clean_line), Field(min_length=1, max_length=5), AfterValidator(_time)
]
OptionalTime = Annotated[
    str, BeforeValidator(clean_line), Field(max_length=5), AfterValidator(_time)
]


class WorkDay(Input):
    """The working time of a week day, with a break where there is one.

    What ends before it begins goes on until the next morning, and is kept as two days.
    """

    weekday: Weekday
    starts: TimeOfDay
    ends: TimeOfDay
    break_starts: OptionalTime = ""
    break_ends: OptionalTime = ""


class SetWeek(Input):
    """A week from a day on; the days that it does not name are free."""

    valid_from: Day
    days: Annotated[tuple[WorkDay, ...], Field(min_length=1, max_length=21)]


@dataclass(frozen=True)
class Week:
    """A week of one owner; of the whole company without a person or a station."""

    person_id: int | None
    station_id: int | None
    owner: str
    valid_from: date
    days: tuple[WorkDay, ...]


def list_of(uow: UnitOfWork) -> tuple[Week, ...]:
    """The weeks that the actor may see: the company's, stations', people's; the newest first."""
    rows = uow.session.execute(
        select(Shift, Person.name, Station.name)
        .outerjoin(Person, Person.id == Shift.person_id)
        .outerjoin(Station, Station.id == Shift.station_id)
        .where(or_(Shift.person_id.is_(None), sight.visible_people(uow.actor)))
        .order_by(
            *(Shift.person_id.is_not(None), Shift.station_id.is_not(None)),
            *(Station.name, Person.name, Shift.person_id, Shift.station_id),
            *(Shift.valid_from.desc(), Shift.id),
        )
    ).all()
    seen = [row for row in rows if _is_seen(uow, row[0].station_id)]
    weeks = groupby(seen, lambda row: (row[0].person_id, row[0].station_id, row[0].valid_from))
    return tuple(_week(list(rows)) for _, rows in weeks)


def set_week(
    uow: UnitOfWork,
    command: SetWeek,
    *,
    person_id: int | None = None,
    station_id: int | None = None,
) -> None:
    """Set the week of a person, of a station, or of the company when neither is named."""
    _require_owner(uow, person_id, station_id)
    days = _checked(command)
    old = _take_out(uow, person_id, station_id, command.valid_from)
    for day in days:
        facts = {name: value or None for name, value in day.model_dump().items()}
        row = Shift(person_id=person_id, station_id=station_id, valid_from=command.valid_from)
        for name, value in facts.items():
            setattr(row, name, value)
        uow.session.add(row)
    uow.session.flush()
    _record(uow, person_id, station_id, command.valid_from, [old, spelled(days)])


def drop_week(
    uow: UnitOfWork,
    *,
    valid_from: date,
    person_id: int | None = None,
    station_id: int | None = None,
) -> None:
    """Take a week back; NotFound when there is none of this day."""
    _require_owner(uow, person_id, station_id)
    old = _take_out(uow, person_id, station_id, valid_from)
    if not old:
        raise NotFound(subject="shift")
    _record(uow, person_id, station_id, valid_from, [old, ""])


def spelled(days: Iterable[WorkDay]) -> str:
    """A week in one line, as history keeps it: "mon 08:30-17:30 (12:00-13:00)"."""
    return ", ".join(
        f"{day.weekday.value} {day.starts}-{day.ends}"
        + (f" ({day.break_starts}-{day.break_ends})" if day.break_starts else "")
        for day in days
    )


def _is_seen(uow: UnitOfWork, station_id: int | None) -> bool:
    return station_id in (None, uow.actor.station_id) or sees_all_stations(uow.actor)


def _week(rows: list[Any]) -> Week:
    shift, person, station = rows[0]
    order = list(Weekday)
    days = sorted((_day(row[0]) for row in rows), key=lambda d: (order.index(d.weekday), d.starts))
    owner = person or station or ""
    return Week(shift.person_id, shift.station_id, owner, shift.valid_from, tuple(days))


def _day(shift: Shift) -> WorkDay:
    return WorkDay(
        weekday=shift.weekday,
        starts=shift.starts,
        ends=shift.ends,
        break_starts=shift.break_starts or "",
        break_ends=shift.break_ends or "",
    )


def _require_owner(uow: UnitOfWork, person_id: int | None, station_id: int | None) -> None:
    if person_id is not None:
        sight.person_to_keep(uow, person_id)
    else:
        sight.require_station(uow, station_id)


def _checked(command: SetWeek) -> list[WorkDay]:
    """The days of a week, each within its midnights; InvalidInput names what is wrong."""
    parted = [(n, part) for n, day in enumerate(command.days) for part in _parted(day)]
    wrong = [bad for number, part in parted for bad in _wrong(number, part)]
    days = [part for _number, part in parted]
    for weekday in Weekday:
        spans = sorted((d.starts, d.ends) for d in days if d.weekday is weekday)
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            wrong.append(Problem("days", "overlaps"))
    if wrong:
        raise InvalidInput(*wrong)
    return days


def _parted(day: WorkDay) -> Iterator[WorkDay]:
    """A day, or the evening and the next morning of a night."""
    if day.starts <= day.ends:
        yield day
        return
    order = list(Weekday)
    morrow = order[(order.index(day.weekday) + 1) % len(order)]
    none = {"break_starts": "", "break_ends": ""}
    evening = day.model_copy(update={"ends": MIDNIGHT} | none)
    morning = day.model_copy(update={"weekday": morrow, "starts": "00:00"} | none)
    begins, ends = day.break_starts, day.break_ends
    if begins >= day.starts and ends < begins:  # over midnight itself
        evening = evening.model_copy(update={"ends": begins})
        morning = morning.model_copy(update={"starts": ends or "00:00"})
    else:
        pause = {"break_starts": begins, "break_ends": ends}
        is_late = begins >= day.starts
        evening = evening.model_copy(update=pause if is_late else none)
        morning = morning.model_copy(update=none if is_late else pause)
    yield from (part for part in (evening, morning) if (part.starts, part.ends) != EMPTY)


def _wrong(number: int, day: WorkDay) -> Iterable[Problem]:
    if day.ends <= day.starts:
        yield Problem(f"days.{number}.ends", "window")
    pause = (day.break_starts, day.break_ends)
    if any(pause) and not day.starts <= pause[0] < pause[1] <= day.ends:
        yield Problem(f"days.{number}.break_ends", "break_outside")


def _take_out(
    uow: UnitOfWork, person_id: int | None, station_id: int | None, valid_from: date
) -> str:
    mine = (
        Shift.person_id.is_not_distinct_from(person_id)
        & Shift.station_id.is_not_distinct_from(station_id)
        & (Shift.valid_from == valid_from)
    )
    # Two who set the same week at once would leave both.
    uow.session.execute(select(Company.id).with_for_update(key_share=True))
    rows = uow.session.scalars(select(Shift).where(mine).order_by(Shift.id)).all()
    uow.session.execute(delete(Shift).where(mine))
    return spelled(map(_day, rows))


def _record(
    uow: UnitOfWork,
    person_id: int | None,
    station_id: int | None,
    valid_from: date,
    change: list[str],
) -> None:
    """A change of a week is a change of its owner."""
    owners: Mapping[str, int | None] = {"person": person_id, "station": station_id}
    subject, id = next(((name, id) for name, id in owners.items() if id), ("company", 1))
    data = {"shifts": change, "valid_from": valid_from.isoformat()}
    history.record(uow, subject=subject, subject_id=id, action="shifts_set", data=data)
