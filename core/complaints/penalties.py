"""Penalties 责任处罚: inside the band of the rule book, decided by a person, open to appeal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from core.complaints.inputs import Penalise
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Action, RequiredText
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.norms.model import Norm
from core.norms.parts import PenaltyBand
from core.norms.revisions import norm_for
from core.notices import notices
from core.process import workflow
from core.process.clockwork import is_late
from core.process.permissions import visible_penalties
from core.process.rules import Done, Happening, Process, Relation, Rule
from db.codes import NoticeKind, PenaltyBase, PenaltyGround, PenaltyStatus, Role
from db.tables import Complaint, Limit, Penalty, Person


class Appeal(Action):
    """The person concerned says why the penalty is not right."""

    appeal: RequiredText


class Uphold(Action):
    """The penalty stands."""

    review: RequiredText


class Reduce(Action):
    """The penalty becomes smaller."""

    percent: Annotated[float, Field(ge=0, le=100)]
    review: RequiredText


class Lift(Action):
    """The penalty is taken back."""

    review: RequiredText


IMPOSED, APPEALED = PenaltyStatus.IMPOSED, PenaltyStatus.APPEALED
UPHELD, REDUCED, LIFTED = PenaltyStatus.UPHELD, PenaltyStatus.REDUCED, PenaltyStatus.LIFTED
OPEN, ASKED = frozenset({IMPOSED}), frozenset({APPEALED})

CONCERNED = Relation("not_concerned", lambda actor, row: actor.id == row.person_id)
ANOTHER = Relation(
    "own_penalty", lambda actor, row: actor.id not in (row.person_id, row.decided_by_id)
)
NOT_NAMED = Relation("named", lambda actor, row: actor.id not in row.complaint.request.named)
REVIEWS, FAIR = "complaint:penalise", (ANOTHER, NOT_NAMED)

RULES = (
    Rule("appealed", Appeal, OPEN, APPEALED, "penalty:appeal", "E14", who=(CONCERNED,)),
    Rule("upheld", Uphold, ASKED, UPHELD, REVIEWS, "A23", who=FAIR),
    Rule("reduced", Reduce, ASKED, REDUCED, REVIEWS, "A23", who=FAIR),
    Rule("lifted", Lift, ASKED, LIFTED, REVIEWS, "A23", who=FAIR),
    Rule("imposed", None, OPEN, IMPOSED, REVIEWS, "E14"),
)


@dataclass(frozen=True)
class PenaltyView:
    """A penalty as those may see it whom it concerns; the loss in cents."""

    id: int
    version: int
    case_id: int
    number: str
    person: str
    ground: PenaltyGround
    share_of: PenaltyBase
    percent: float
    loss_cents: int
    clause: str
    reason: str
    status: PenaltyStatus
    decided_by: str
    decided_at: datetime
    appeal: str
    reviewed_by: str
    review: str
    actions: tuple[Rule, ...]


def select_visible(actor: Actor) -> Select[Penalty]:
    """The penalties that the actor may see, each with its complaint and case."""
    return (
        select(Penalty)
        .join(Penalty.complaint)
        .join(Complaint.request)
        .where(visible_penalties(actor))
        .options(contains_eager(Penalty.complaint).contains_eager(Complaint.request))
    )


def tell_reviewers(uow: UnitOfWork, appealed: Happening) -> None:
    """Those who may decide on an appeal are told of it."""
    row = appealed.record
    _notice(uow, row, NoticeKind.APPEAL, _reviewers(uow, row))


def tell_person(uow: UnitOfWork, decided: Happening) -> None:
    """Whoever appealed is told what was decided."""
    _notice(uow, decided.record, NoticeKind.APPEAL_DECIDED, [decided.record.person_id])


def impose(uow: UnitOfWork, complaint: Complaint, command: Penalise) -> Done:
    """Decide on a penalty; InvalidInput outside the band, or for somebody who is not concerned."""
    norm = norm_for(uow, complaint.request)
    band = band_of(norm, command.ground, complaint.loss_cents)
    _check(uow, complaint, command, band)
    assert band is not None  # the check refuses what has no band
    row = Penalty(
        **command.model_dump(),
        complaint_id=complaint.id,
        complaint=complaint,
        share_of=PenaltyBase(band.of),
        loss_cents=complaint.loss_cents,
        clause=band.clause,
        status=IMPOSED,
        decided_by_id=uow.actor.id,
        decided_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    data = {"percent": row.percent, "ground": row.ground.value, "person": row.person_id}
    workflow.advance(uow, PROCESS, row, "imposed", Done(note=row.reason, data=data))
    complaint.request.named = sorted({*complaint.request.named, row.person_id})
    _notice(uow, row, NoticeKind.PENALTY, [row.person_id])
    # Whom and how much stands with the penalty alone: the complaint's own line is read by more.
    return Done()


def band_of(norm: Norm, ground: PenaltyGround, loss_cents: int) -> PenaltyBand | None:
    """The band of the rule book for a ground and a size of loss; None where it has none."""
    return next(
        (
            band
            for band in norm.penalties
            if band.who == ground
            and band.from_cents <= loss_cents
            and (band.up_to_cents is None or loss_cents < band.up_to_cents)
        ),
        None,
    )


def bands_of(norm: Norm, loss_cents: int) -> tuple[PenaltyBand, ...]:
    """The bands that a loss of this size falls into, for each ground."""
    found = (band_of(norm, ground, loss_cents) for ground in PenaltyGround)
    return tuple(band for band in found if band)


def count_of(uow: UnitOfWork, complaint: Complaint) -> int:
    """How many penalties a complaint has, whoever may see them."""
    query = select(func.count()).where(Penalty.complaint_id == complaint.id)
    return uow.session.scalar(query) or 0


def list_of(uow: UnitOfWork, *, complaint_id: int | None = None) -> tuple[PenaltyView, ...]:
    """The penalties that the actor may see, the newest first; of one complaint if it is given."""
    query = select_visible(uow.actor).options(
        joinedload(Penalty.person),
        joinedload(Penalty.decided_by),
        joinedload(Penalty.reviewed_by),
    )
    if complaint_id is not None:
        query = query.where(Penalty.complaint_id == complaint_id)
    rows = uow.session.scalars(query.order_by(Penalty.decided_at.desc(), Penalty.id).limit(200))
    return tuple(_view(uow, row) for row in rows)


def _check(
    uow: UnitOfWork, complaint: Complaint, command: Penalise, band: PenaltyBand | None
) -> None:
    problems = []
    if command.person_id == uow.actor.id:
        problems.append(Problem("person_id", "not_yourself"))
    elif not _is_concerned(uow, complaint, command):
        problems.append(Problem("person_id", f"not_{command.ground.value}"))
    if band is None:
        problems.append(Problem("ground", "no_band"))
    elif not band.least_percent <= command.percent <= band.most_percent:
        edges = {"least": f"{band.least_percent:g}", "most": f"{band.most_percent:g}"}
        problems.append(Problem("percent", "outside_band", edges))
    twice = select(Penalty.id).where(
        Penalty.complaint_id == complaint.id,
        Penalty.person_id == command.person_id,
        Penalty.ground == command.ground,
        Penalty.status != LIFTED,
    )
    if uow.session.scalar(twice.limit(1)):
        problems.append(Problem("person_id", "penalised_already"))
    if problems:
        raise InvalidInput(*problems)


def _is_concerned(uow: UnitOfWork, complaint: Complaint, command: Penalise) -> bool:
    if command.ground is PenaltyGround.PERSON:
        return command.person_id in {each.person_id for each in complaint.responsibles}
    if command.ground is PenaltyGround.HEAD:
        return _heads(uow, complaint, command.person_id)
    limits = uow.session.scalars(select(Limit).where(Limit.request_id == complaint.request_id))
    return any(is_late(limit, uow.now) for limit in limits)


def _heads(uow: UnitOfWork, complaint: Complaint, person_id: int) -> bool:
    """Whether somebody heads a department or the station of those who answer for the cause."""
    departments = {each.department for each in complaint.responsibles}
    stations = {each.person.station_id for each in complaint.responsibles if each.person}
    same = or_(Person.department.in_(departments), Person.station_id.in_(stations - {None}))
    query = select(Person.id).where(Person.id == person_id, Person.is_head, same)
    return uow.session.scalar(query) is not None


def _appeal(uow: UnitOfWork, row: Penalty, command: Appeal) -> Done:
    row.appeal = command.appeal
    return Done(note=command.appeal)


def _review(uow: UnitOfWork, row: Penalty, command: Uphold | Reduce | Lift) -> Done:
    row.review, row.reviewed_by_id = command.review, uow.actor.id
    data: dict[str, float] = {}
    if isinstance(command, Reduce):
        if command.percent >= row.percent:
            raise InvalidInput(Problem("percent", "not_smaller"))
        data = {"was": row.percent, "percent": command.percent}
        row.percent = command.percent
    return Done(note=command.review, data=data)


def _reviewers(uow: UnitOfWork, row: Penalty) -> list[int]:
    without = (row.person_id, row.decided_by_id, *row.complaint.request.named)
    roles = (Role.MANAGER, Role.LEADER)
    people = select(Person.id).where(
        Person.active, Person.role.in_(roles), Person.id.notin_(without)
    )
    return list(uow.session.scalars(people))


def _notice(uow: UnitOfWork, row: Penalty, kind: NoticeKind, people: list[int]) -> None:
    notices.put(
        uow,
        people=people,
        kind=kind,
        source=f"penalty:{row.id}:{row.version}:{kind.value}",
        case_id=row.complaint.request_id,
        data={"penalty": row.id, "status": row.status.value},
    )


def _view(uow: UnitOfWork, row: Penalty) -> PenaltyView:
    return PenaltyView(
        id=row.id,
        version=row.version,
        case_id=row.complaint.request_id,
        number=row.complaint.request.number,
        person=row.person.name,
        ground=row.ground,
        share_of=row.share_of,
        percent=row.percent,
        loss_cents=row.loss_cents,
        clause=row.clause,
        reason=row.reason,
        status=row.status,
        decided_by=row.decided_by.name,
        decided_at=row.decided_at,
        appeal=row.appeal,
        reviewed_by=row.reviewed_by.name if row.reviewed_by else "",
        review=row.review,
        actions=PROCESS.allowed(uow.actor, row),
    )


PROCESS = Process(
    subject="penalty",
    rules=RULES,
    effects={Appeal: _appeal, Lift: _review, Reduce: _review, Uphold: _review},
    select=select_visible,
    table=Penalty,
    case_id=lambda row: row.complaint.request_id,
    comes_of=("complaint",),
)
