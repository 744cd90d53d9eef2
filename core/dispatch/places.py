"""The day on a map: each technician's way from the start of the day, and what waits where (E6)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from core.dispatch import sites
from core.dispatch.board import Board, Card
from core.kernel.unit_of_work import UnitOfWork
from core.planning.travel import Place
from core.process.permissions import require
from db.tables import Station


@dataclass(frozen=True)
class Stop:
    """A card where its customer lives."""

    card: Card
    place: Place


@dataclass(frozen=True)
class Route:
    """A technician's stops in order; `start` is None where nobody knows the start of the day."""

    technician_id: int
    name: str
    start: Place | None
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class Map:
    """A day of the board as places; `missing` are the cards whose place nobody knows."""

    routes: tuple[Route, ...]
    waiting: tuple[Stop, ...]
    stations: tuple[tuple[str, Place], ...]
    missing: tuple[Card, ...]


def on_map(uow: UnitOfWork, *, found: Board) -> Map:
    """Where a board's cards are; three queries for any number of them."""
    require(uow, "job:dispatch")
    known = sites.known(uow, [card.case_id for card in (*found.planned, *found.waiting)])
    starts = sites.of_people(uow, [row.technician_id for row in found.rows])
    mine: dict[int | None, list[Stop]] = defaultdict(list)
    for stop in _stops(found.planned, known):
        mine[stop.card.technician_id].append(stop)
    routes = (
        Route(
            row.technician_id,
            row.name,
            starts.get(row.technician_id),
            tuple(sorted(mine[row.technician_id], key=_order)),
        )
        for row in found.rows
        if mine[row.technician_id]
    )
    return Map(
        tuple(routes),
        tuple(_stops(found.waiting, known)),
        _stations(uow, {row.station for row in found.rows}),
        tuple(c for c in (*found.planned, *found.waiting) if c.case_id not in known),
    )


def _stations(uow: UnitOfWork, names: set[str]) -> tuple[tuple[str, Place], ...]:
    query = select(Station.name, Station.latitude, Station.longitude).where(Station.name.in_(names))
    rows = uow.session.execute(query.order_by(Station.name))
    return tuple((name, Place(north, east)) for name, north, east in rows if north and east)


def _stops(cards: Iterable[Card], known: dict[int, Place]) -> Iterable[Stop]:
    return (Stop(card, known[card.case_id]) for card in cards if card.case_id in known)


def _order(stop: Stop) -> tuple[str, int]:
    return str(stop.card.start), stop.card.case_id
