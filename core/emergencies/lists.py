"""Lists of emergencies, and one of them with all that hangs on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.emergencies import resources
from core.emergencies.actions import CLOSED, PROCESS, levels, select_visible
from core.emergencies.resources import ResourceView
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import in_force, norm_for, norm_of
from core.process import limits, workflow
from core.process.limits import LimitView
from core.process.permissions import require
from core.process.rules import Rule
from core.requests.lists import NEXT_DUE
from db.codes import EmergencyStatus
from db.tables import Emergency, Person

READ = "emergency:read"
SHOWN = 200
GRAVEST = (Emergency.level, Emergency.declared_at, Emergency.id)
LATEST = (Emergency.closed_at.desc(), Emergency.id.desc())


@dataclass(frozen=True)
class EmergencyRow:
    """One emergency of the list."""

    id: int
    case_id: int
    number: str
    level: int
    status: EmergencyStatus
    drill: bool
    happened: str
    declared_at: datetime
    next_due: datetime | None


@dataclass(frozen=True)
class EmergencyView:
    """An emergency: who was told, what is due when, what it needs, what may be done now."""

    id: int
    version: int
    case_id: int
    number: str
    level: int
    level_text: str
    status: EmergencyStatus
    drill: bool
    happened: str
    lesson: str
    declared_at: datetime
    declared_by: str
    closed_at: datetime | None
    told: tuple[str, ...]
    limits: tuple[LimitView, ...]
    resources: tuple[ResourceView, ...]
    actions: tuple[Rule, ...]


def list_emergencies(uow: UnitOfWork, *, closed: bool = False) -> tuple[EmergencyRow, ...]:
    """Emergencies that are open, the gravest first, or the last ones that were closed."""
    require(uow, READ)
    rows = uow.session.execute(
        select_visible(uow.actor)
        .add_columns(NEXT_DUE)
        .where((Emergency.status == CLOSED) if closed else (Emergency.status != CLOSED))
        .order_by(*(LATEST if closed else GRAVEST))
        .limit(SHOWN)
    )
    return tuple(_row(emergency, next_due) for emergency, next_due in rows)


def view(uow: UnitOfWork, *, id: int) -> EmergencyView:
    """An emergency, if the actor may see its case; NotFound otherwise."""
    require(uow, READ)
    emergency: Emergency = workflow.fetch(
        uow, PROCESS, id, options=[joinedload(Emergency.declared_by)]
    )
    request = emergency.request
    norm = norm_for(uow, request)
    about_it = {rule.name for rule in norm.limits if rule.starts.startswith("emergency.")}
    running = limits.of_case(uow, request_id=request.id)
    return EmergencyView(
        **{name: getattr(emergency, name) for name in _PLAIN},
        case_id=request.id,
        number=request.number,
        level_text=levels(norm, uow.actor.language).get(emergency.level, ""),
        declared_by=emergency.declared_by.name if emergency.declared_by else "",
        told=_names(uow, emergency.told),
        limits=tuple(limit for limit in running if limit.name in about_it),
        resources=resources.of_emergency(uow, emergency),
        actions=PROCESS.allowed(uow.actor, emergency),
    )


def level_options(uow: UnitOfWork) -> Mapping[int, str]:
    """The levels of the rule book in force, each with its text."""
    return levels(norm_of(in_force(uow)), uow.actor.language)


_PLAIN = (
    *("id", "version", "level", "status", "drill", "happened", "lesson"),
    *("declared_at", "closed_at"),
)


def _row(emergency: Emergency, next_due: datetime | None) -> EmergencyRow:
    return EmergencyRow(
        id=emergency.id,
        case_id=emergency.request_id,
        number=emergency.request.number,
        level=emergency.level,
        status=emergency.status,
        drill=emergency.drill,
        happened=emergency.happened,
        declared_at=emergency.declared_at,
        next_due=next_due,
    )


def _names(uow: UnitOfWork, ids: list[int]) -> tuple[str, ...]:
    names = select(Person.name).where(Person.id.in_(ids)).order_by(Person.name)
    return tuple(uow.session.scalars(names))
