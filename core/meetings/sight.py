"""Which meetings and decisions the actor may see: of the own station, or of all (C15)."""

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import contains_eager

from core.kernel.unit_of_work import Actor
from core.process.permissions import sees_all_stations
from db.tables import Decision, Meeting


def _visible(actor: Actor) -> ColumnElement[bool]:
    return true() if sees_all_stations(actor) else Meeting.station_id == actor.station_id


def meetings(actor: Actor) -> Select[Meeting]:
    """The meetings about stations that the actor sees."""
    return select(Meeting).where(_visible(actor))


def decisions(actor: Actor) -> Select[Decision]:
    """What was decided there, and what the actor has to do."""
    return (
        select(Decision)
        .join(Decision.meeting)
        .where(_visible(actor) | (Decision.owner_id == actor.id))
        .options(contains_eager(Decision.meeting))
    )
