"""Reminders: whoever keeps a place is told once a day what is short and what expires (D13)."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices
from core.stock import lists, orders, sight
from core.stock.lists import StockFilter
from db.codes import NoticeKind, PlaceKind
from db.tables import PartBalance, PartLot, PartMinimum, StockPlace

FACT = "stock.short"


def due(uow: UnitOfWork) -> Sequence[int]:
    """The places where something is short or expires, whose keepers were not told today."""
    here = (PartBalance.place_id == StockPlace.id) & (PartBalance.quantity > 0)
    short = exists().where(PartMinimum.place_id == StockPlace.id, lists.is_short(uow))
    old = exists().where(
        here, PartLot.id == PartBalance.lot_id, PartLot.expires_on <= uow.today + lists.AHEAD
    )
    told = StockPlace.told_on == uow.today
    query = select(StockPlace.id).where(short | old, told.is_not(True))
    return uow.session.scalars(query.order_by(StockPlace.id)).all()


def tell(uow: UnitOfWork, place_id: int) -> None:
    """Tell who keeps a place how many parts are short there and how many expire."""
    query = select(StockPlace).where(StockPlace.id == place_id).with_for_update(of=StockPlace)
    query = query.options(joinedload(StockPlace.station), joinedload(StockPlace.person))
    place = uow.session.scalars(query.execution_options(populate_existing=True)).one()
    if place.told_on == uow.today:  # another sweep was faster
        return
    place.told_on = uow.today
    rows = lists.found(uow, StockFilter(place_id=place_id, only=True))
    people = orders.keepers(uow, place.station_id)
    if place.kind is PlaceKind.VAN:
        people = (*people, place.person_id or 0)
    named = sight.name_of(place)
    notices.put(
        uow,
        people=people,
        kind=NoticeKind.STOCK,
        source=f"{FACT}:{place_id}:{uow.today.isoformat()}",
        data={
            "fact": FACT,
            "place": place_id,
            "kind": named.kind.value,
            "name": named.person or named.station,
            "short": sum(row.is_short for row in rows),
            "old": sum(row.is_old for row in rows),
        },
    )
