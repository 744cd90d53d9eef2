"""What a customer says of the appointment by a link; a person decides on what is wished for."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.jobs import visits
from core.jobs.actions import OPEN as OPEN_JOBS
from core.kernel.errors import InvalidInput, Problem, Stale
from core.kernel.inputs import Action, LongText, Moment, RecordId, RequiredText
from core.kernel.unit_of_work import UnitOfWork
from core.notices import receivers
from core.notices.notices import Told
from core.process.rules import Done
from core.requests.actions import OPEN as OPEN_CASES
from db.codes import NoticeKind, WishKind
from db.tables import CustomerLink, Job, Quote, ServiceRequest


class ConfirmVisit(Action):
    """The agreed time suits the customer; `visit` is the one that was seen (A1)."""

    visit: RecordId


class WishTime(Action):
    """Another time would suit better: a window, or in words (S4)."""

    wanted_from: Moment | None = None
    wanted_to: Moment | None = None
    wish_text: LongText = ""

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Something is wished for, and a window ends after it begins."""
        start, end = values.get("wanted_from"), values.get("wanted_to")
        if not (start or end or str(values.get("wish_text") or "").strip()):
            yield Problem("wish_text", "missing")
        if end and not start:
            yield Problem("wanted_from", "missing")
        if start and not end:
            yield Problem("wanted_to", "missing")
        if start and end and end <= start:
            yield Problem("wanted_to", "window")


class WishCancel(Action):
    """The customer wants the work no more; a person decides what becomes of it."""

    wish_text: RequiredText


class SettleWish(Action):
    """Somebody has seen to the wish: what was decided and told."""

    note: RequiredText


def is_open(link: CustomerLink) -> bool:
    """Whether something may still be wished for."""
    return link.request.status in OPEN_CASES


def has_wish(link: CustomerLink) -> bool:
    """Whether somebody has to decide."""
    return link.wish is not None


def open_job(uow: UnitOfWork, case_id: int) -> Job | None:
    """The job by which somebody is sent for a case now, with its visits."""
    return uow.session.scalars(
        select(Job)
        .where(Job.request_id == case_id, Job.status.in_(OPEN_JOBS))
        .options(selectinload(Job.visits), selectinload(Job.technician))
    ).one_or_none()


def confirm(uow: UnitOfWork, link: CustomerLink, command: ConfirmVisit) -> Done:
    """The visit that was seen still is the one that is agreed; Stale otherwise."""
    job = open_job(uow, link.request_id)
    visit = visits.open_visit(job) if job else None
    if visit is None or visit.id != command.visit or visit.confirmed_at or visit.arrived_at:
        raise Stale(subject="visit")
    visit.confirmed_at = uow.now
    return Done(data={"visit": visit.sequence})


def wish_time(uow: UnitOfWork, link: CustomerLink, command: WishTime) -> Done:
    """A window stands where dispatch reads wanted times; the agreed visit stays until decided."""
    data = {}
    if command.wanted_from and command.wanted_to:
        if command.wanted_from <= uow.clock:
            raise InvalidInput(Problem("wanted_from", "in_the_past"))
        link.request.wanted_from, link.request.wanted_to = command.wanted_from, command.wanted_to
        data = {"from": command.wanted_from.isoformat(), "to": command.wanted_to.isoformat()}
    return _wish(uow, link, WishKind.TIME, command.wish_text, data)


def wish_cancel(uow: UnitOfWork, link: CustomerLink, command: WishCancel) -> Done:
    """Nothing is cancelled by it."""
    return _wish(uow, link, WishKind.CANCEL, command.wish_text, {})


def _wish(
    uow: UnitOfWork, link: CustomerLink, wish: WishKind, text: str, data: dict[str, Any]
) -> Done:
    link.wish, link.wished_at, link.wish_text = wish, uow.now, text
    return Done(note=text, data=data)


def settle(_uow: UnitOfWork, link: CustomerLink, command: SettleWish) -> Done:
    """History keeps what was wished for, and what was said to it."""
    link.wish, link.wished_at, link.wish_text = None, None, ""
    return Done(note=command.note)


def wished(uow: UnitOfWork, link: CustomerLink, done: Done) -> Iterator[Told]:
    """Whoever works on the case."""
    yield _turn(uow, link.request, done)


def answered(uow: UnitOfWork, record: Quote | Job, done: Done) -> Iterator[Told]:
    """The same of what is said to a quote or to a slip, where the customer says it by a link."""
    if uow.actor.link_id:
        yield _turn(uow, record.request, done)


def _turn(uow: UnitOfWork, request: ServiceRequest, done: Done) -> Told:
    """Whoever is sent, and whoever has the case, or its station."""
    job = open_job(uow, request.id)
    people = {job.technician_id} if job else set()
    people |= {request.owner_id} if request.owner_id else {*receivers.of_station(uow, request)}
    fair = [id for id in sorted(people) if id not in request.named]
    return Told(NoticeKind.YOUR_TURN, fair, {"note": done.note})
