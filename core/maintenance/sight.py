"""Which plans and rounds the actor may see: those of the own station, or of all (C15)."""

from sqlalchemy import ColumnElement, Select, exists, select, true
from sqlalchemy.orm import joinedload

from core.customers.warranty import OWNED
from core.kernel.unit_of_work import Actor
from core.process.permissions import sees_all_stations
from db.tables import Asset, MaintenancePiece, MaintenancePlan, MaintenanceRound

WITH_NAMES = (
    joinedload(MaintenancePlan.product),
    joinedload(MaintenancePlan.customer),
    joinedload(MaintenancePlan.station),
)


def visible_rounds(actor: Actor) -> ColumnElement[bool]:
    """The rounds of stations that the actor sees."""
    if sees_all_stations(actor):
        return true()
    return MaintenanceRound.station_id == actor.station_id


def rounds(actor: Actor) -> Select[MaintenanceRound]:
    """The rounds that the actor may see."""
    return select(MaintenanceRound).where(visible_rounds(actor))


def plans(actor: Actor) -> Select[MaintenancePlan]:
    """The plans of these stations, and those for all stations."""
    query = select(MaintenancePlan)
    if sees_all_stations(actor):
        return query
    own = MaintenancePlan.station_id == actor.station_id
    return query.where(own | MaintenancePlan.station_id.is_(None))


def covered() -> ColumnElement[bool]:
    """Whether a plan covers a piece that a customer has; both stand in the query."""
    of_plan = MaintenancePiece.plan_id == MaintenancePlan.id
    named = exists().where(of_plan).correlate(MaintenancePlan)
    this_one = exists().where(of_plan, MaintenancePiece.asset_id == Asset.id)
    by_contract = Asset.customer_id == MaintenancePlan.customer_id
    is_meant = (Asset.product_id == MaintenancePlan.product_id) | (
        by_contract & (~named | this_one.correlate(MaintenancePlan, Asset))
    )
    return is_meant & Asset.status.in_(OWNED) & Asset.joined_into_id.is_(None)
