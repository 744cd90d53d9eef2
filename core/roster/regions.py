"""Regions 区域: which part of an address leads to whom, and who stands in (E6)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import flag_modified

from core.kernel.errors import InvalidInput, NotFound, Problem
from core.kernel.inputs import Choice, Input, RequiredLine, RequiredText
from core.kernel.unit_of_work import UnitOfWork, seen
from core.people.people import station_options
from core.process import changes, history
from core.process.changes import Change
from core.process.permissions import require
from core.roster import hours, sight
from db.codes import Role
from db.tables import Person, Region, RegionPlace

SUBJECT = "region"
LONGEST = 120
_BETWEEN = re.compile(r"[\n,，、;；]+")
_BLANK = re.compile(r"\s+")


class EditRegion(Input):
    """A region: its places are lines, each a piece of an address."""

    name: RequiredLine
    station_id: Annotated[int, Choice("stations")]
    places: RequiredText
    responsible_id: Annotated[int | None, Choice("technicians")] = None
    stand_in_id: Annotated[int | None, Choice("technicians")] = None


@dataclass(frozen=True)
class RegionView:
    """One region with its people."""

    id: int
    version: int
    name: str
    station_id: int
    station: str
    places: tuple[str, ...]
    responsible_id: int | None
    responsible: str
    stand_in_id: int | None
    stand_in: str

    @property
    def people(self) -> tuple[int, ...]:
        """Who is sent, the first responsible one first."""
        return tuple(id for id in (self.responsible_id, self.stand_in_id) if id)


WITH_PEOPLE = (
    joinedload(Region.station),
    joinedload(Region.responsible),
    joinedload(Region.stand_in),
    selectinload(Region.places),
)


def plain(address: str) -> str:
    """An address as it is compared: without blanks, in small letters."""
    return _BLANK.sub("", address).lower()


def list_of(uow: UnitOfWork) -> tuple[RegionView, ...]:
    """All regions, by station and name: who takes a call asks whose the address is."""
    require(uow, "case:read")
    rows = uow.session.scalars(select(Region).options(*WITH_PEOPLE).order_by(Region.name))
    return tuple(sorted(map(_view, rows), key=lambda region: region.station))


def region_of(uow: UnitOfWork, *, address: str) -> RegionView | None:
    """The region that an address belongs to: that of the longest piece in it; None without one."""
    require(uow, "case:read")
    sought = plain(address)
    known = uow.session.execute(select(RegionPlace.region_id, RegionPlace.text)).all()
    found = [(len(text), -id, id) for id, text in known if plain(text) in sought]
    if not found:
        return None
    asked = select(Region).where(Region.id == max(found)[2]).options(*WITH_PEOPLE)
    return _view(uow.session.scalars(asked).one())


def in_charge(uow: UnitOfWork, *, region: RegionView, day: date) -> int | None:
    """Who of a region is there on a day: the first responsible one, else who stands in (E6)."""
    require(uow, "case:read")
    days = hours.days_of(uow, people=region.people, day=day)
    return next((id for id in region.people if not days[id].is_away), None)


def add(uow: UnitOfWork, command: EditRegion) -> int:
    """Add a region; gives its id."""
    sight.require_station(uow, command.station_id)
    _check(uow, command)
    row = Region(places=[])
    uow.session.add(row)
    data = _write(row, command)
    uow.session.flush()
    history.record(uow, subject=SUBJECT, subject_id=row.id, action="added", data=data)
    return row.id


def change(uow: UnitOfWork, *, id: int, command: EditRegion, seen_version: int) -> None:
    """Change a region, its places or its people."""
    row = seen(_to_keep(uow, id), seen_version)
    sight.require_station(uow, command.station_id)
    _check(uow, command, row)
    data = _write(row, command)
    flag_modified(row, "name")  # of its places alone too: what others see is stale
    uow.session.flush()
    history.record(uow, subject=SUBJECT, subject_id=id, action="edited", data=data)


def remove(uow: UnitOfWork, *, id: int, seen_version: int) -> None:
    """Take a region out; history keeps what it was."""
    row = seen(_to_keep(uow, id), seen_version)
    data = changes.differences(_facts(row), {})
    uow.session.delete(row)
    uow.session.flush()
    history.record(uow, subject=SUBJECT, subject_id=id, action="removed", data=data)


def edits(uow: UnitOfWork, *, id: int) -> tuple[Change, ...]:
    """What was changed of a region."""
    require(uow, sight.READ)
    return changes.of_record(uow, subject=SUBJECT, subject_id=id)


def technicians(uow: UnitOfWork, _record: object = None) -> Mapping[int, str]:
    """Who may be in charge of a region, by name."""
    rows = uow.session.execute(
        select(Person.id, Person.name)
        .where(Person.active, Person.role == Role.TECHNICIAN)
        .order_by(Person.name, Person.id)
    )
    return dict(rows.all())


def split(text: str) -> list[str]:
    """The places that a text names: a line each, or with commas between them."""
    return list(dict.fromkeys(each.strip() for each in _BETWEEN.split(text) if each.strip()))


def _to_keep(uow: UnitOfWork, id: int) -> Region:
    require(uow, sight.EDIT)
    row = uow.session.scalar(select(Region).where(Region.id == id).options(*WITH_PEOPLE))
    if row is None:
        raise NotFound(subject=SUBJECT, id=id)
    sight.require_station(uow, row.station_id)
    return row


def _check(uow: UnitOfWork, command: EditRegion, row: Region | None = None) -> None:
    wrong = []
    before = row.id if row else 0
    if uow.session.scalar(
        select(Region.id).where(Region.name == command.name, Region.id != before)
    ):
        wrong.append(Problem("name", "taken"))
    if command.station_id not in station_options(uow):
        wrong.append(Problem("station_id", "not_an_option"))
    known = technicians(uow)
    for field in ("responsible_id", "stand_in_id"):
        id = getattr(command, field)
        if id is not None and id not in known and id != getattr(row, field, None):
            wrong.append(Problem(field, "not_an_option"))
    if command.stand_in_id is not None and command.stand_in_id == command.responsible_id:
        wrong.append(Problem("stand_in_id", "same_technician"))
    wrong += _of_places(uow, split(command.places), before)
    if wrong:
        raise InvalidInput(*wrong)


def _of_places(uow: UnitOfWork, places: Sequence[str], before: int) -> Iterable[Problem]:
    if not places:
        yield Problem("places", "missing")
    if any(len(place) > LONGEST for place in places):
        yield Problem("places", "string_too_long", {"max_length": LONGEST})
    others = select(RegionPlace.text).where(
        RegionPlace.text.in_(places), RegionPlace.region_id != before
    )
    if taken := sorted(uow.session.scalars(others)):
        yield Problem("places", "place_taken", {"name": tuple(taken)})


def _facts(row: Region) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in EditRegion.model_fields if name != "places"}
    return facts | {"places": "、".join(place.text for place in row.places)}


def _write(row: Region, command: EditRegion) -> dict[str, list[Any]]:
    old, wanted = _facts(row), split(command.places)
    for name, value in command.model_dump(exclude={"places"}).items():
        setattr(row, name, value)
    # What stays keeps its row: a place that goes and comes in one flush would be there twice.
    kept = [place for place in row.places if place.text in wanted]
    known = {place.text for place in kept}
    row.places = [*kept, *(RegionPlace(text=text) for text in wanted if text not in known)]
    return changes.differences(old, _facts(row))


def _view(row: Region) -> RegionView:
    return RegionView(
        id=row.id,
        version=row.version,
        name=row.name,
        station_id=row.station_id,
        station=row.station.name,
        places=tuple(place.text for place in row.places),
        responsible_id=row.responsible_id,
        responsible=row.responsible.name if row.responsible else "",
        stand_in_id=row.stand_in_id,
        stand_in=row.stand_in.name if row.stand_in else "",
    )
