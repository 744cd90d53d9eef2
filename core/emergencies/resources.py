"""What an emergency needs: asked for, decided on by somebody else, used, given back (D20)."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from core.kernel.inputs import Action, LongText, Money, RequiredText
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.notices import notices, receivers
from core.process.permissions import visible_requests
from core.process.rules import Done, Happening, Process, Relation, Rule
from db.codes import NoticeKind, Receiver, ResourceStatus
from db.tables import Emergency, EmergencyResource, ServiceRequest

ASKED, APPROVED, REFUSED = (
    ResourceStatus.ASKED,
    ResourceStatus.APPROVED,
    ResourceStatus.REFUSED,
)
USED, RETURNED = ResourceStatus.USED, ResourceStatus.RETURNED


class ApproveResource(Action):
    """Give what was asked for."""

    note: LongText = ""


class RefuseResource(Action):
    """Say no, and why."""

    note: RequiredText


class UseResource(Action):
    """It is used; what it cost in the end."""

    used_cents: Money = 0
    note: LongText = ""


class ReturnResource(Action):
    """It came back, used or not needed."""

    note: LongText = ""


ASKED_ANOTHER = Relation("own_request", lambda actor, row: row.asked_by_id != actor.id)


APPROVE, HANDLE = "emergency:approve", "emergency:handle"
WAITING, GIVEN = frozenset({ASKED}), frozenset({APPROVED})
RULES = (
    Rule("approved", ApproveResource, WAITING, APPROVED, APPROVE, "D20", who=(ASKED_ANOTHER,)),
    Rule("refused", RefuseResource, WAITING, REFUSED, APPROVE, "D20", who=(ASKED_ANOTHER,)),
    Rule("used", UseResource, GIVEN, USED, HANDLE, "D20"),
    Rule("returned", ReturnResource, GIVEN | {USED}, RETURNED, HANDLE, "D20"),
)


@dataclass(frozen=True)
class ResourceView:
    """One resource with the actions that the actor may take on it; money in cents."""

    id: int
    version: int
    resource: str
    quantity: int
    asked_cents: int
    used_cents: int
    status: ResourceStatus
    asked_by: str
    decided_by: str
    actions: tuple[Rule, ...]


def select_visible(actor: Actor) -> Select[EmergencyResource]:
    """The resources of the cases that the actor may see."""
    return (
        select(EmergencyResource)
        .join(EmergencyResource.emergency)
        .join(Emergency.request)
        .where(visible_requests(actor))
        .options(contains_eager(EmergencyResource.emergency).contains_eager(Emergency.request))
    )


def tell_asker(uow: UnitOfWork, decided: Happening) -> None:
    """Whoever asked for a resource is told what was decided."""
    resource = decided.record
    notices.put(
        uow,
        people=[resource.asked_by_id],
        kind=NoticeKind.RESOURCE_DECIDED,
        source=f"resource:{resource.id}:decided",
        case_id=resource.emergency.request_id,
        data={"emergency": resource.emergency_id, "status": resource.status.value},
    )


def ask(
    uow: UnitOfWork, emergency: Emergency, *, resource: str, quantity: int, asked_cents: int
) -> EmergencyResource:
    """Write down what is needed; those who may approve it are told."""
    row = EmergencyResource(
        emergency_id=emergency.id,
        resource=resource,
        quantity=quantity,
        asked_cents=asked_cents,
        status=ASKED,
        asked_by_id=uow.actor.id,
    )
    uow.session.add(row)
    uow.session.flush()
    reached = receivers.find(uow, emergency.request, Receiver.MANAGER, without=uow.actor.id)
    notices.put(
        uow,
        people=reached.people,
        kind=NoticeKind.RESOURCE_ASKED,
        source=f"resource:{row.id}:asked",
        case_id=emergency.request_id,
        data={"emergency": emergency.id},
    )
    return row


def of_emergency(uow: UnitOfWork, emergency: Emergency) -> tuple[ResourceView, ...]:
    """The resources of an emergency, in the order in which they were asked for."""
    rows = uow.session.scalars(
        select(EmergencyResource)
        .where(EmergencyResource.emergency_id == emergency.id)
        .options(joinedload(EmergencyResource.asked_by), joinedload(EmergencyResource.decided_by))
        .order_by(EmergencyResource.id)
    )
    return tuple(_view(uow, row) for row in rows)


def is_undecided(uow: UnitOfWork, emergency: Emergency) -> bool:
    """Whether something was asked for that nobody has decided on."""
    waiting = select(EmergencyResource.id).where(
        EmergencyResource.emergency_id == emergency.id, EmergencyResource.status == ASKED
    )
    return uow.session.scalar(waiting.limit(1)) is not None


def said(resource: EmergencyResource, note: str) -> str:
    """What the timeline keeps of a resource: its name, how many, and the remark."""
    name = f"{resource.resource} × {resource.quantity}"
    return f"{name}\n{note}" if note else name


def _view(uow: UnitOfWork, row: EmergencyResource) -> ResourceView:
    return ResourceView(
        id=row.id,
        version=row.version,
        resource=row.resource,
        quantity=row.quantity,
        asked_cents=row.asked_cents,
        used_cents=row.used_cents,
        status=row.status,
        asked_by=row.asked_by.name,
        decided_by=row.decided_by.name if row.decided_by else "",
        actions=PROCESS.allowed(uow.actor, row),
    )


def _decide(uow: UnitOfWork, resource: EmergencyResource, command: Action) -> Done:
    assert isinstance(command, ApproveResource | RefuseResource)
    resource.decided_by_id = uow.actor.id
    return _done(resource, command.note)


def _use(uow: UnitOfWork, resource: EmergencyResource, command: UseResource) -> Done:
    resource.used_cents = command.used_cents
    return _done(resource, command.note, cents=command.used_cents)


def _return(uow: UnitOfWork, resource: EmergencyResource, command: ReturnResource) -> Done:
    return _done(resource, command.note)


def _done(resource: EmergencyResource, note: str, **data: int) -> Done:
    return Done(note=said(resource, note), data={"id": resource.id} | data)


def _case(resource: EmergencyResource) -> int:
    request: ServiceRequest = resource.emergency.request
    return request.id


PROCESS = Process(
    subject="emergency_resource",
    rules=RULES,
    effects={
        ApproveResource: _decide,
        RefuseResource: _decide,
        UseResource: _use,
        ReturnResource: _return,
    },
    select=select_visible,
    table=EmergencyResource,
    case_id=_case,
    comes_of=("emergency",),
)
