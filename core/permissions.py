"""Who may do what: one table of grants per role (norms 14), and the station scope."""

from sqlalchemy import ColumnElement, or_, select, true

from core.errors import NotAllowed
from core.unit_of_work import Actor, UnitOfWork
from db.codes import Role
from db.tables import Job, ServiceRequest

STAFF = frozenset(
    {"case:read", "request:register", "request:note", "search:use", "account:edit"}
    | {"notice:read", "emergency:read", "emergency:declare"}
)
# Who responds to an emergency and looks after what it needs.
RESPONDER = frozenset({"emergency:handle"})
DESK = STAFF | {"request:answer", "request:hand_over", "request:wait", "request:cancel"}

GRANTS: dict[Role, frozenset[str]] = {
    Role.AGENT: DESK | {"job:file", "followup:call", "complaint:read", "return:read"},
    Role.DISPATCHER: DESK | {"job:file", "job:dispatch", "kpi:read"} | RESPONDER,
    Role.TECHNICIAN: STAFF | {"job:work", "request:wait"},
    Role.SUPPORT: DESK | RESPONDER,
    Role.QUALITY: STAFF
    | {"complaint:read", "complaint:answer", "return:read", "request:answer"}
    | RESPONDER,
    Role.WAREHOUSE: STAFF | {"return:read"},
    Role.FINANCE: STAFF | {"return:read", "kpi:read"},
    Role.HANDLER: DESK | {"complaint:read", "complaint:answer", "return:read"} | RESPONDER,
    Role.MANAGER: DESK
    | {
        "job:file",
        "job:dispatch",
        "job:work_any",
        "followup:call",
        "complaint:read",
        "complaint:answer",
    }
    | {"return:read", "return:answer", "kpi:read", "import:run", "paper:edit"}
    | {"norm:read", "norm:edit"}
    | {"emergency:approve"}
    | RESPONDER,
    Role.LEADER: STAFF
    | {"complaint:read", "complaint:answer", "return:read", "kpi:read", "norm:read"}
    | {"emergency:approve"}
    | RESPONDER,
    Role.AUDITOR: frozenset(
        {"case:read", "search:use", "account:edit", "complaint:read", "return:read", "kpi:read"}
        | {"history:verify", "notice:read", "emergency:read", "norm:read"}
    ),
    Role.ADMIN: frozenset(
        {"case:read", "search:use", "account:edit", "people:edit", "company:edit", "paper:edit"}
        | {"import:run", "history:verify", "notice:read", "norm:read", "norm:edit"}
    ),
}
PERMISSIONS = frozenset().union(*GRANTS.values())

# These see every station's cases; the others see their own station's (C15).
COMPANY_WIDE = frozenset(
    {Role.QUALITY, Role.WAREHOUSE, Role.FINANCE, Role.HANDLER, Role.MANAGER}
    | {Role.LEADER, Role.AUDITOR, Role.ADMIN}
)


def may(actor: Actor, permission: str) -> bool:
    """Whether the actor's role grants the permission ("noun:verb")."""
    return permission in GRANTS[actor.role]


def require(uow: UnitOfWork, permission: str) -> None:
    """NotAllowed unless the actor's role grants the permission."""
    if not may(uow.actor, permission):
        raise NotAllowed(permission=permission)


def sees_all_stations(actor: Actor) -> bool:
    """Whether the actor sees every station: by role, or as head office staff without a station."""
    return actor.role in COMPANY_WIDE or actor.station_id is None


def visible_requests(actor: Actor) -> ColumnElement[bool]:
    """The cases that the actor may see: of the own station, owned, or with a job of the actor."""
    if sees_all_stations(actor):
        return true()
    seen = [ServiceRequest.station_id == actor.station_id, ServiceRequest.owner_id == actor.id]
    if actor.role is Role.TECHNICIAN:  # may be lent to another station
        sent = select(Job.request_id).where(Job.technician_id == actor.id)
        seen.append(ServiceRequest.id.in_(sent))
    return or_(*seen)
