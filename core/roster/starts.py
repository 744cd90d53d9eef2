"""Where a person's day on the road begins: at the station, or at home."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.kernel.inputs import AddressLine, Input, Latitude, Longitude
from core.kernel.unit_of_work import UnitOfWork, seen
from core.process import changes, history
from core.roster import sight
from db.codes import DayStart, Role
from db.tables import Person


class SetDayStart(Input):
    """Where the day begins; the place is asked for where that is at home."""

    day_start: DayStart
    address: AddressLine = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None


@dataclass(frozen=True)
class StartView:
    """Where somebody sets out: the place of the station where the day begins there."""

    person_id: int
    version: int
    person: str
    station: str
    day_start: DayStart
    address: str
    latitude: float | None
    longitude: float | None
    # The place at home, also while the day begins at the station.
    home: str
    home_latitude: float | None
    home_longitude: float | None


def list_of(uow: UnitOfWork) -> tuple[StartView, ...]:
    """Where each technician whom the actor may see sets out, and the actor; by name."""
    rows = uow.session.scalars(
        select(Person)
        .where(
            Person.active,
            sight.visible_people(uow.actor),
            (Person.role == Role.TECHNICIAN) | (Person.id == uow.actor.id),
        )
        .options(joinedload(Person.station))
        .order_by(Person.role != Role.TECHNICIAN, Person.name, Person.id)
    )
    return tuple(_view(row) for row in rows)


def set_start(uow: UnitOfWork, command: SetDayStart, *, person_id: int, seen_version: int) -> None:
    """Say where a day begins: one's own, or that of somebody whose roster one keeps."""
    own = person_id == uow.actor.id
    row = sight.person(uow, person_id) if own else sight.person_to_keep(uow, person_id)
    data = changes.write(seen(row, seen_version), command.model_dump())
    uow.session.flush()
    history.record(uow, subject="person", subject_id=person_id, action="edited", data=data)


def _view(row: Person) -> StartView:
    at_station = row.day_start is DayStart.STATION and row.station is not None
    place = row.station if at_station and row.station else row
    return StartView(
        person_id=row.id,
        version=row.version,
        person=row.name,
        station=row.station.name if row.station else "",
        day_start=row.day_start,
        address=place.address,
        latitude=place.latitude,
        longitude=place.longitude,
        home=row.address,
        home_latitude=row.latitude,
        home_longitude=row.longitude,
    )
