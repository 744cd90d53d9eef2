"""Who may do what: one table of grants per role (norms 14), and the station scope."""

from datetime import timedelta

from sqlalchemy import ColumnElement, false, or_, select, true

from core.kernel.errors import AskAgain, NotAllowed, NotFound
from core.kernel.unit_of_work import Actor, UnitOfWork
from db.codes import PenaltyStatus, Role
from db.tables import Job, Penalty, Person, ServiceRequest
from db.types import LARGEST_ID

STAFF = frozenset(
    {"case:read", "request:register", "request:note", "search:use", "account:edit"}
    | {"notice:read", "emergency:read", "emergency:declare", "penalty:appeal", "improvement:do"}
    | {"absence:ask", "decision:do", "archive:ask", "knowledge:read"}
)
# Who writes articles of what was answered, and who finds them right and lets them out.
AUTHOR = frozenset({"knowledge:write"})
EDITOR = AUTHOR | {"knowledge:check"}
# Who plans training of customers; who else of after-sales may be sent to train (C11).
PLANNER = frozenset({"course:plan"})
TRAINER = frozenset({"course:train"})
# Who responds to an emergency and looks after what it needs.
RESPONDER = frozenset({"emergency:handle"})
# Who calls customers sees their numbers whole (core/process/masked.py); who works after the sale
# reads archives by need, every other department applies for it (C10).
DIALS = frozenset({"customer:call"})
AFTER_SALES = frozenset({"customer:read", "course:read"})
# Who lets another department read an archive, and who sees what was read.
ARCHIVIST = frozenset({"archive:grant", "archive:log"})
DESK = (
    STAFF
    | DIALS
    | frozenset(
        {"request:answer", "request:hand_over", "request:wait", "request:cancel", "request:urge"}
        | {"mail:handle", "online:handle"}
    )
)
# Who reads and who works on complaints, quality feedback and suggestions (norms 4 and 5).
READER = frozenset({"complaint:read", "quality:read", "suggestion:read"})
CALLER = READER | {"complaint:name", "complaint:reopen", "request:tell"}
REVIEWER = (
    CALLER
    | {"complaint:judge", "complaint:handle", "complaint:close", "improvement:plan"}
    | {"suggestion:handle", "improvement:check", "prevention:read"}
)
ASSIGNER = frozenset({"complaint:assign"})
# Who decides on plans and penalties; the rule book says up to which amount.
DECIDER = frozenset({"complaint:approve", "complaint:penalise", "prevention:settle"})
TESTER = frozenset({"quality:handle", "quality:recall", "prevention:settle"})
# Who may go beyond the rule for a customer; the rule book says up to which amount (E24).
GENEROUS = frozenset({"charge:goodwill"})
# Who takes a return from the application to the answer (C8); what lies between is others' work.
RETURNER = frozenset(
    {"return:read", "return:apply", "return:screen", "return:ask", "return:arrange"}
    | {"return:tell", "return:close"}
)
# Who decides on returns; the rule book says up to which amount.
GRANTER = frozenset({"return:read", "return:ask", "return:approve", "return:appeal"})

# Who looks after maintenance plans: of the own station, or of all.
MAINTAINER = frozenset({"maintenance:read", "maintenance:manage"})

# Who takes goods in, lends and gives back; who agrees with the customer; who repairs.
SHOP_HAND = frozenset({"workshop:read", "workshop:hand"})
SHOP_DESK = SHOP_HAND | {"workshop:agree"}
SHOP_WORK = SHOP_DESK | {"workshop:repair"}

# Who tells customers what the work costs, and takes their money.
BILLER = frozenset({"price:read", "quote:make", "money:take"})

# Who writes contracts of customers down and asks for what goes beyond them; the heads approve (S7).
CONTRACTOR = frozenset({"contract:keep"})
AGREER = frozenset({"contract:approve"})

# Who keeps people's papers and time, and decides who may be away; of the own station, or of all.
ROSTER_KEEPER = frozenset({"roster:read", "roster:edit", "absence:decide"})

# Who keeps a store: of the own station, or of all; and who works with parts and tools.
STOREKEEPER = frozenset({"stock:read", "stock:approve", "stock:keep", "tool:read", "tool:use"})
STOREKEEPER |= {"tool:edit"}

GRANTS: dict[Role, frozenset[str]] = {
    Role.AGENT: DESK
    | AFTER_SALES
    | CONTRACTOR
    | CALLER
    | RETURNER
    | GENEROUS
    | SHOP_DESK
    | BILLER
    | AUTHOR
    | PLANNER
    | {
        "job:file",
        "followup:call",
        "care:call",
        "return:settle",
        "suggestion:pass_on",
        "maintenance:read",
    },
    Role.DISPATCHER: DESK
    | AFTER_SALES
    | CONTRACTOR
    | {"job:file", "job:dispatch", "kpi:read", "meeting:hold"}
    | RESPONDER
    | ROSTER_KEEPER
    | MAINTAINER
    | STOREKEEPER
    | SHOP_DESK
    | AUTHOR
    | PLANNER
    | {"price:read", "quote:make"},
    Role.TECHNICIAN: STAFF
    | DIALS
    | AFTER_SALES
    | SHOP_WORK
    | BILLER
    | AUTHOR
    | TRAINER
    | {"job:work", "request:wait"}
    | {"stock:read", "stock:ask", "tool:read", "tool:use"},
    Role.SUPPORT: DESK
    | AFTER_SALES
    | RESPONDER
    | EDITOR
    | PLANNER
    | {"quality:read", "quality:assess"},
    Role.QUALITY: STAFF
    | DIALS
    | AFTER_SALES
    | REVIEWER
    | TESTER
    | RESPONDER
    | EDITOR
    | TRAINER
    | {"return:read", "return:ask", "return:inspect"}
    | {"request:answer", "request:wait", "quality:assess"},
    Role.WAREHOUSE: STAFF
    | SHOP_HAND
    | {"return:read", "return:receive", "return:store", "return:ship"}
    | STOREKEEPER
    | {"part:edit"},
    Role.FINANCE: STAFF
    | {"return:read", "return:settle", "return:confirm", "kpi:read"}
    | {"price:read", "money:take", "money:count", "money:read"},
    Role.HANDLER: DESK
    | REVIEWER
    | ASSIGNER
    | RESPONDER
    | GENEROUS
    | EDITOR
    | {"return:read", "suggestion:pass_on"},
    Role.MANAGER: DESK
    | AFTER_SALES
    | CONTRACTOR
    | AGREER
    | ARCHIVIST
    | {"customer:erase"}
    | REVIEWER
    | ASSIGNER
    | DECIDER
    | TESTER
    | RESPONDER
    | RETURNER
    | GRANTER
    | GENEROUS
    | {"job:file", "job:dispatch", "job:work_any", "followup:call", "suggestion:pass_on"}
    | {"care:call", "customer:mark", "point:book"}
    | {"kpi:read", "meeting:hold", "report:make", "import:run", "paper:edit", "message:edit"}
    | ROSTER_KEEPER
    | MAINTAINER
    | SHOP_WORK
    | STOREKEEPER
    | BILLER
    | EDITOR
    | PLANNER
    | {"price:edit", "money:count", "money:read"}
    | {"roster:override", "part:edit"}
    | {"norm:read", "norm:edit", "emergency:approve", "quality:assess", "penalty:read"},
    Role.LEADER: STAFF
    | {"customer:mark"}
    | AFTER_SALES
    | AGREER
    | ARCHIVIST
    | REVIEWER
    | ASSIGNER
    | DECIDER
    | RESPONDER
    | GRANTER
    | GENEROUS
    | EDITOR
    | {"kpi:read", "meeting:hold", "norm:read", "emergency:approve", "quality:recall"}
    | {"roster:read", "absence:decide", "maintenance:read", "stock:read", "tool:read"}
    | {"workshop:read", "price:read", "money:read"},
    Role.AUDITOR: READER
    | AFTER_SALES
    | {"case:read", "search:use", "account:edit", "return:read", "kpi:read", "prevention:read"}
    | {"history:verify", "notice:read", "emergency:read", "norm:read", "penalty:read"}
    | {"roster:read", "maintenance:read", "stock:read", "tool:read", "backup:read"}
    | {"workshop:read", "access:read", "price:read", "money:read", "archive:log"}
    | {"knowledge:read"},
    Role.ADMIN: frozenset(
        {"case:read", "search:use", "account:edit", "people:edit", "company:edit", "paper:edit"}
        | {"import:run", "history:verify", "notice:read", "norm:read", "norm:edit"}
        | {"roster:read", "roster:edit", "backup:read", "backup:edit"}
        | {"access:read", "access:edit", "archive:ask", "message:edit", "knowledge:read"}
    ),
}
# What a customer may who comes by a link, of the case of the link alone; nobody else does it.
CUSTOMER = frozenset({"link:use", "followup:answer", "quote:answer", "job:accept"})
CUSTOMER |= {"online:apply", "care:answer"}
# How long a password that was given opens the way to roles, passwords and rule books.
RECENT = timedelta(minutes=15)
PERMISSIONS = CUSTOMER.union(*GRANTS.values())

# These see every station's cases; the others see their own station's (C15).
COMPANY_WIDE = frozenset(
    {Role.QUALITY, Role.WAREHOUSE, Role.FINANCE, Role.HANDLER, Role.MANAGER}
    | {Role.LEADER, Role.AUDITOR, Role.ADMIN}
)


def may(actor: Actor, permission: str) -> bool:
    """Whether the actor's role grants the permission ("noun:verb")."""
    return permission in (GRANTS[actor.role] if actor.role else CUSTOMER)


def require(uow: UnitOfWork, permission: str) -> None:
    """NotAllowed unless the actor's role grants the permission."""
    if not may(uow.actor, permission):
        raise NotAllowed(permission=permission)


def require_recent(uow: UnitOfWork) -> None:
    """AskAgain unless the actor's password was given a moment ago; the command line has none."""
    given = uow.actor.confirmed_at
    if given is not None and uow.now - given > RECENT:
        raise AskAgain()


def sees_all_stations(actor: Actor) -> bool:
    """Whether the actor sees every station: by role, or as head office staff without a station."""
    is_head_office = actor.role is not None and actor.station_id is None
    return actor.role in COMPANY_WIDE or is_head_office


def visible_requests(actor: Actor) -> ColumnElement[bool]:
    """The cases that the actor may see: of the own station, owned, or with a job of the actor.

    A customer sees the case of the link and nothing else.
    """
    if actor.role is None:
        return ServiceRequest.id == actor.case_id
    if sees_all_stations(actor):
        return true()
    seen = [ServiceRequest.station_id == actor.station_id, ServiceRequest.owner_id == actor.id]
    if actor.role is Role.TECHNICIAN:  # may be lent to another station
        sent = select(Job.request_id).where(Job.technician_id == actor.id)
        seen.append(ServiceRequest.id.in_(sent))
    return or_(*seen)


def require_case(uow: UnitOfWork, case_id: int) -> None:
    """NotAllowed or NotFound unless the actor may see the case."""
    require(uow, "case:read")
    if case_id in uow.seen_cases:
        return
    known = 0 < case_id <= LARGEST_ID
    query = select(ServiceRequest.id).where(
        ServiceRequest.id == case_id, visible_requests(uow.actor)
    )
    if not known or uow.session.scalar(query) is None:
        raise NotFound(subject="request", id=case_id)
    uow.seen_cases.add(case_id)


def tie(uow: UnitOfWork, case_id: int | None) -> tuple[int, str] | None:
    """Id and number of a case that another one names; None where the actor may not see it."""
    found = ties(uow, ServiceRequest.id == case_id) if case_id else ()
    return found[0] if found else None


def ties(uow: UnitOfWork, which: ColumnElement[bool]) -> tuple[tuple[int, str], ...]:
    """Ids and numbers of such cases, as far as the actor may see them."""
    named = select(ServiceRequest.id, ServiceRequest.number)
    rows = uow.session.execute(
        named.where(which, visible_requests(uow.actor)).order_by(ServiceRequest.id)
    )
    return tuple((id, number) for id, number in rows)


def visible_penalties(actor: Actor) -> ColumnElement[bool]:
    """The penalties that the actor may see: the own ones, of people whom the actor heads, all.

    A manager and the audit see all. A leader heads the managers and the heads, and sees what was
    appealed against, because a leader may have to decide on it. Whoever decided goes on seeing it.
    """
    if may(actor, "penalty:read"):
        return true()
    seen = [Penalty.person_id == actor.id, Penalty.decided_by_id == actor.id]
    if actor.role is Role.LEADER:
        headed = select(Person.id).where(Person.is_head | (Person.role == Role.MANAGER))
        seen += [Penalty.person_id.in_(headed), Penalty.status != PenaltyStatus.IMPOSED]
    elif actor.is_head:
        headed = select(Person.id).where(_heads(actor))
        seen.append(Penalty.person_id.in_(headed))
    return or_(*seen)


def _heads(actor: Actor) -> ColumnElement[bool]:
    same: list[ColumnElement[bool]] = [false()]
    if actor.department:
        same.append(Person.department == actor.department)
    if actor.station_id is not None:
        same.append(Person.station_id == actor.station_id)
    return or_(*same)
