"""What can be done with an emergency: input models, the rule table, effects (D6, D7, D19)."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from core.emergencies import resources
from core.kernel import numbers
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Action, Choice, Input, LongText, Money, RequiredLine, RequiredText
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.norms.model import Norm
from core.norms.revisions import norm_for
from core.notices import notices, receivers
from core.process import history, workflow
from core.process.permissions import require, visible_requests
from core.process.rules import Done, Process, Rule
from db.codes import EmergencyStatus, Language, NoticeKind, RequestStatus, Role
from db.tables import Emergency, History, ServiceRequest

DECLARE, HANDLE = "emergency:declare", "emergency:handle"
# Who is told where the rule book does not say.
TELL = (Role.MANAGER, Role.LEADER)

# Steps of these show that a case is worked on; its file alone, opened with it, does not.
FILES = (
    *("job", "follow_up", "complaint", "quality", "suggestion", "return", "improvement"),
    *("part_order", "part_use", "workshop", "quote", "payment", "supplement"),
)
OPENED = ("recorded", "applied", "lines_entered")

Level = Annotated[int, Field(ge=1, le=3), Choice("levels")]


class DeclareEmergency(Input):
    """A case is an emergency, or the drill of one (D6, D7, D19, A27)."""

    number: RequiredLine
    level: Level
    happened: RequiredText
    drill: bool = False


class Respond(Action):
    """Somebody has taken it on."""

    note: LongText = ""


class ChangeLevel(Action):
    """It is graver than it looked, or less grave."""

    level: Level
    note: RequiredText


class AskResource(Action):
    """Ask for people, parts, vehicles or money beyond the usual."""

    resource: RequiredLine
    quantity: Annotated[int, Field(ge=1, le=100_000)] = 1
    asked_cents: Money = 0
    note: LongText = ""


class Handle(Action):
    """The danger is over; what was done."""

    note: RequiredText


class CloseEmergency(Action):
    """File it with what was learnt."""

    lesson: RequiredText


DECLARED, RESPONDED = EmergencyStatus.DECLARED, EmergencyStatus.RESPONDED
HANDLED, CLOSED = EmergencyStatus.HANDLED, EmergencyStatus.CLOSED
NEW, RUNNING = frozenset({DECLARED}), frozenset({DECLARED, RESPONDED})

RULES = (
    Rule("responded", Respond, NEW, RESPONDED, HANDLE, "D6"),
    Rule("resource_asked", AskResource, RUNNING, None, HANDLE, "D20"),
    Rule("handled", Handle, frozenset({RESPONDED}), HANDLED, HANDLE, "D6"),
    Rule("level_changed", ChangeLevel, RUNNING, None, HANDLE, "D7"),
    Rule("closed", CloseEmergency, frozenset({HANDLED}), CLOSED, HANDLE, "D19"),
    Rule("declared", None, NEW, DECLARED, DECLARE, "D6"),
)


def select_visible(actor: Actor) -> Select[Emergency]:
    """The emergencies of the cases that the actor may see, each with its case."""
    return (
        select(Emergency)
        .join(Emergency.request)
        .where(visible_requests(actor))
        .options(contains_eager(Emergency.request))
    )


def declare(uow: UnitOfWork, command: DeclareEmergency) -> Emergency:
    """Make an emergency of a case and tell whom its level names; once for each case."""
    require(uow, DECLARE)
    request = _open_case(uow, command.number)
    if command.level not in levels(norm_for(uow, request), uow.actor.language):
        raise InvalidInput(Problem("level", "not_an_option"))
    if command.drill:
        _refuse_real_work(uow, request)
    emergency = Emergency(
        request_id=request.id,
        request=request,
        level=command.level,
        status=DECLARED,
        happened=command.happened,
        drill=command.drill,
        declared_at=uow.now,
        declared_by_id=uow.actor.id,
        told=[],
    )
    uow.session.add(emergency)
    uow.session.flush()
    told = _tell(uow, emergency)
    data = {"level": command.level, "drill": command.drill, "told": told}
    workflow.advance(uow, PROCESS, emergency, "declared", Done(note=command.happened, data=data))
    return emergency


def levels(norm: Norm, language: Language) -> dict[int, str]:
    """The levels that a rule book knows, 1 being the gravest, each with its text."""
    named = {each.level: each.text[language] for each in norm.emergencies}
    if not named:
        return {level: str(level) for level in range(1, 4)}
    return {level: f"{level} · {named[level]}" for level in sorted(named)}


def _open_case(uow: UnitOfWork, number: str) -> ServiceRequest:
    # Held, so that two people who declare at once are told apart in words.
    request = uow.session.scalar(
        select(ServiceRequest)
        .where(ServiceRequest.number == numbers.meant(number), visible_requests(uow.actor))
        .with_for_update(of=ServiceRequest)
    )
    if request is None:
        raise InvalidInput(Problem("number", "unknown_case"))
    if request.status in (RequestStatus.CLOSED, RequestStatus.CANCELLED):
        raise InvalidInput(Problem("number", "case_ended"))
    if uow.session.scalar(select(Emergency.id).where(Emergency.request_id == request.id)):
        raise InvalidInput(Problem("number", "already_declared"))
    history.catch_up(uow, request.id)
    return request


def _refuse_real_work(uow: UnitOfWork, request: ServiceRequest) -> None:
    """A drill has a case of its own: what is declared one counts in no figure any more."""
    steps = select(History.id).where(
        History.case_id == request.id,
        History.subject.in_(FILES),
        History.action.not_in(OPENED),
    )
    is_new = request.status is RequestStatus.REGISTERED and not request.wait_reason
    came_by_itself = not request.source and request.origin_id is None
    if not is_new or not came_by_itself or uow.session.scalar(steps.limit(1)):
        raise InvalidInput(Problem("drill", "worked_on"))


def _tell(uow: UnitOfWork, emergency: Emergency) -> list[int]:
    """Notices to the people whom the level names; gives who was told."""
    norm = norm_for(uow, emergency.request)
    named = next((each for each in norm.emergencies if each.level == emergency.level), None)
    people: tuple[int, ...] = ()
    for roles in (named.tell if named else (), TELL):
        people = people or receivers.of_roles(uow, emergency.request, roles, without=uow.actor.id)
    notices.put(
        uow,
        people=people,
        kind=NoticeKind.EMERGENCY,
        source=f"emergency:{emergency.id}:{emergency.version}",
        case_id=emergency.request_id,
        data={"emergency": emergency.id, "level": emergency.level, "drill": emergency.drill},
    )
    emergency.told = sorted({*emergency.told, *people})
    return list(people)


def _respond(uow: UnitOfWork, emergency: Emergency, command: Respond) -> Done:
    return Done(note=command.note)


def _change_level(uow: UnitOfWork, emergency: Emergency, command: ChangeLevel) -> Done:
    if command.level == emergency.level:
        raise InvalidInput(Problem("level", "same_level"))
    old, emergency.level = emergency.level, command.level
    told = _tell(uow, emergency)
    return Done(note=command.note, data={"level": [old, command.level], "told": told})


def _ask_resource(uow: UnitOfWork, emergency: Emergency, command: AskResource) -> Done:
    facts = command.model_dump(exclude={"note"})
    row = resources.ask(uow, emergency, **facts)
    data = {"id": row.id, "cents": command.asked_cents}
    return Done(note=resources.said(row, command.note), data=data)


def _handle(uow: UnitOfWork, emergency: Emergency, command: Handle) -> Done:
    return Done(note=command.note)


def _close(uow: UnitOfWork, emergency: Emergency, command: CloseEmergency) -> Done:
    if resources.is_undecided(uow, emergency):
        raise InvalidInput(Problem("lesson", "resources_undecided"))
    emergency.lesson, emergency.closed_at = command.lesson, uow.now
    return Done(note=command.lesson)


def _options(uow: UnitOfWork, emergency: Emergency) -> Mapping[int, str]:
    return levels(norm_for(uow, emergency.request), uow.actor.language)


PROCESS = Process(
    subject="emergency",
    rules=RULES,
    effects={
        AskResource: _ask_resource,
        ChangeLevel: _change_level,
        CloseEmergency: _close,
        Handle: _handle,
        Respond: _respond,
    },
    select=select_visible,
    table=Emergency,
    case_id=lambda emergency: emergency.request_id,
    options={"levels": _options},
)
