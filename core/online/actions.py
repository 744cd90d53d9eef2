"""What becomes of a request that came online: accepted, attached to a case, or set aside (D1)."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, selectinload

from core.kernel import known
from core.kernel.errors import InvalidInput, Problem
from core.kernel.given_files import checked_type, plain_name
from core.kernel.unit_of_work import Actor, UnitOfWork, seen
from core.messages import outbox
from core.online.inputs import Apply, AttachOnline, PutOnlineBack, SetOnlineAside
from core.process import workflow
from core.process.permissions import require
from core.process.rules import Done, Process, Rule
from core.requests import attachments, given_photos, intake, meant, whose
from core.requests.attachments import Given
from core.requests.given_photos import GivenPhoto
from core.requests.intake import Register, Registered
from db import files, phones
from db.codes import Occasion, OnlineStatus
from db.tables import Asset, OnlineFile, OnlineRequest, ServiceRequest

HANDLE, APPLY = "online:handle", "online:apply"
WAITING, ACCEPTED, ATTACHED, SET_ASIDE = OnlineStatus
NEW = frozenset({WAITING})
# So many wait for somebody at most: of more nobody would look at any.
MOST_WAITING = 2_000
LONGEST_NOTE = 1000

RULES = (
    Rule("applied", None, frozenset(), WAITING, APPLY, "D1"),
    # With the request that a person registers of it.
    Rule("accepted", None, NEW, ACCEPTED, HANDLE, "D1"),
    Rule("attached", AttachOnline, NEW, ATTACHED, HANDLE, "D1"),
    Rule("set_aside", SetOnlineAside, NEW, SET_ASIDE, HANDLE, "D1"),
    Rule("put_back", PutOnlineBack, frozenset({SET_ASIDE}), WAITING, HANDLE, "D1"),
)


def select_visible(actor: Actor) -> Select[OnlineRequest]:
    """Those of cases in sight; those of no case, but for other stations' pieces."""
    query = select(OnlineRequest).outerjoin(OnlineRequest.request)
    query = query.outerjoin(OnlineRequest.asset).outerjoin(Asset.customer)
    loaded = contains_eager(OnlineRequest.request), selectinload(OnlineRequest.files)
    return query.options(*loaded).where(
        whose.in_sight(
            actor, HANDLE, request_id=OnlineRequest.request_id, theirs=OnlineRequest.asset_id
        )
    )


def apply(
    uow: UnitOfWork, command: Apply, *, photos: Sequence[GivenPhoto] = (), asset_id: int | None
) -> int:
    """Keep what a customer asks for; InvalidInput when far too many wait already."""
    require(uow, APPLY)
    given_photos.check(photos)
    waiting = select(func.count()).where(OnlineRequest.status == WAITING)
    if (uow.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise InvalidInput(Problem("form", "too_many_waiting"))
    row = OnlineRequest(
        **command.model_dump(),
        language=uow.actor.language,
        phone_key=phones.key_of(command.phone, known.country(uow.session)),
        asset_id=asset_id,
        came_from=uow.actor.came_from,
        taken_at=uow.now,
        files=[*_kept(photos)],
    )
    workflow.begin(uow, PROCESS, row, Done(data={"kind": row.kind.value}))
    return row.id


def accept(uow: UnitOfWork, command: Register, *, online_id: int, seen_version: int) -> Registered:
    """Register the request that was asked for; the customer is told its number and the time."""
    require(uow, HANDLE)
    row = seen(workflow.fetch(uow, PROCESS, online_id, lock=True), seen_version)
    registered = intake.register(uow, command)
    request = uow.session.get_one(ServiceRequest, registered.id)
    workflow.advance(uow, PROCESS, row, "accepted", _join(uow, row, request))
    if row.email:
        outbox.queue(uow, request=request, occasion=Occasion.REGISTERED, address=row.email)
    return registered


def _kept(photos: Sequence[GivenPhoto]) -> Iterator[OnlineFile]:
    """Each picture once, by the name that it had first."""
    digests = set()
    for photo in photos:
        mime, digest = checked_type(photo.content), files.keep(photo.content)
        if digest not in digests:
            digests.add(digest)
            name, size = plain_name(photo.name, mime), len(photo.content)
            yield OnlineFile(digest=digest, name=name, mime=mime, size=size)


def _join(uow: UnitOfWork, row: OnlineRequest, request: ServiceRequest) -> Done:
    given = (Given(each.digest, each.name, each.mime, each.size) for each in row.files)
    attachments.enter_all(uow, request.id, given)
    row.request, row.handled_by_id, row.handled_at = request, uow.actor.id, uow.now
    return Done(note=row.body[:LONGEST_NOTE], data={"online": row.id})


def _attach(uow: UnitOfWork, row: OnlineRequest, command: AttachOnline) -> Done:
    return _join(uow, row, meant.case(uow, command.case_number))


def _set_aside(uow: UnitOfWork, row: OnlineRequest, command: SetOnlineAside) -> Done:
    row.reason, row.handled_by_id, row.handled_at = command.note, uow.actor.id, uow.now
    return Done(note=command.note)


def _put_back(_uow: UnitOfWork, row: OnlineRequest, _command: PutOnlineBack) -> Done:
    row.reason, row.handled_by_id, row.handled_at = "", None, None
    return Done()


PROCESS = Process(
    subject="online_request",
    rules=RULES,
    effects={AttachOnline: _attach, SetOnlineAside: _set_aside, PutOnlineBack: _put_back},
    select=select_visible,
    table=OnlineRequest,
    case_id=lambda row: row.request_id,
)
