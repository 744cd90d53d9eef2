"""What waits for a person: the piles of open work that their role looks after."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, func, literal, select, union_all

from core.house import HOUSE
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import may, require, visible_requests
from core.process.room import File, House, Pile
from core.requests.lists import is_late
from db.tables import ServiceRequest


@dataclass(frozen=True)
class Waiting:
    """One pile: how much there is, how much of it is late."""

    name: str
    count: int
    late: int


@dataclass(frozen=True)
class Overview:
    """The piles of the actor's role."""

    piles: tuple[Waiting, ...]


def overview(uow: UnitOfWork, house: House = HOUSE) -> Overview:
    """The piles that the actor looks after, each with its late ones; one query."""
    require(uow, "case:read")
    mine = [pile for pile in piles(house) if may(uow.actor, pile.permission)]
    if not mine:
        return Overview(())
    counts = [pile.count(uow).add_columns(literal(place)) for place, pile in enumerate(mine)]
    rows = sorted(uow.session.execute(union_all(*counts)), key=lambda row: row[2])
    return Overview(tuple(Waiting(mine[place].name, *how) for *how, place in rows))


def piles(house: House) -> Iterator[Pile]:
    """What the cards name, and of every kind of file those that wait for a step."""
    for room in house.rooms:
        yield from room.piles
        if room.file:
            yield Pile(room.name, room.file.read, _Files(room.file))


@dataclass(frozen=True)
class _Files:
    file: File

    def __call__(self, uow: UnitOfWork) -> Select[int, int]:
        table = self.file.process.table
        return (
            select(func.count(), func.count().filter(is_late(uow)))
            .select_from(table)
            .join(ServiceRequest, ServiceRequest.id == table.request_id)
            .where(table.status.in_(self.file.open), visible_requests(uow.actor))
        )
