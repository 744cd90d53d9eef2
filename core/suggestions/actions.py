"""What can be done with a suggestion: input models, the rule table, effects (S12, A25)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from core.improvements import actions as improvements
from core.improvements.actions import PlanImprovement
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Action, Choice, LongText, RequiredText
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.norms.revisions import norm_for
from core.notices import notices, receivers
from core.notices.notices import Told, taken
from core.people import people
from core.process import workflow
from core.process.permissions import GRANTS, visible_requests
from core.process.rules import Done, Process, Relation, Rule
from core.requests import asked
from db.codes import Channel, NoticeKind, Role, SuggestionStatus
from db.tables import Person, ServiceRequest, Suggestion


class PassOn(Action):
    """Give it to the department that the rule book names, or to another one or a person."""

    department: Annotated[str | None, Choice("departments")] = None
    handler_id: Annotated[int | None, Choice("handlers")] = None
    note: LongText = ""


class Adopt(Action):
    """It will be done: what, and until when."""

    decision: RequiredText


class Decline(Action):
    """It will not be done: why not."""

    decision: RequiredText


class AnswerSuggestion(Action):
    """Thank the customer, and say what became of it; adopted or not, an answer is given."""

    channel: Channel
    answer: RequiredText


COLLECTED, PASSED_ON = SuggestionStatus.COLLECTED, SuggestionStatus.PASSED_ON
ADOPTED, DECLINED = SuggestionStatus.ADOPTED, SuggestionStatus.DECLINED
ANSWERED, WITHDRAWN = SuggestionStatus.ANSWERED, SuggestionStatus.WITHDRAWN
NEW, THERE = frozenset({COLLECTED}), frozenset({PASSED_ON})
DECIDED = frozenset({ADOPTED, DECLINED})
OPEN = NEW | THERE | DECIDED

OF_DEPARTMENT = Relation(
    "other_department",
    lambda actor, row: (
        actor.role in (Role.MANAGER, Role.LEADER)
        or actor.id == row.handler_id
        or actor.department in ("", row.department)
    ),
)
OWN_WORK = (OF_DEPARTMENT,)
READ, PASSES_ON, HANDLES = "suggestion:read", "suggestion:pass_on", "suggestion:handle"


def _was_adopted(row: Suggestion) -> bool:
    return row.adopted is True


RULES = (
    Rule("passed_on", PassOn, NEW, PASSED_ON, PASSES_ON, "S12"),
    Rule("adopted", Adopt, THERE, ADOPTED, HANDLES, "A25", who=OWN_WORK),
    Rule("declined", Decline, THERE, DECLINED, HANDLES, "A25", who=OWN_WORK),
    Rule("answered", AnswerSuggestion, DECIDED, ANSWERED, "request:tell", "A25"),
    Rule("improved", PlanImprovement, frozenset({ADOPTED, ANSWERED}), None, "improvement:plan",
         "A26", _was_adopted),
    # It went to the wrong place.
    Rule("passed_on", PassOn, THERE, None, PASSES_ON, "S12"),
    Rule("recorded", None, NEW, COLLECTED, "request:register", "S12"),
    Rule("withdrawn", None, OPEN, WITHDRAWN, "request:cancel", "E16"),
)  # fmt: skip


def select_visible(actor: Actor) -> Select[Suggestion]:
    """The suggestions of the cases that the actor may see, each with its case."""
    return (
        select(Suggestion)
        .join(Suggestion.request)
        .where(visible_requests(actor))
        .options(contains_eager(Suggestion.request), joinedload(Suggestion.handler))
    )


def record(uow: UnitOfWork, request: ServiceRequest, _registered: Done) -> None:
    """Open the file of a suggestion that was just registered (S12)."""
    row = Suggestion(request_id=request.id, request=request, status=COLLECTED)
    uow.session.add(row)
    uow.session.flush()
    workflow.advance(uow, PROCESS, row, "recorded")


def withdraw(uow: UnitOfWork, request: ServiceRequest, note: str) -> None:
    """The suggestion of a case that is cancelled goes with it."""
    query = select_visible(uow.actor).where(Suggestion.request_id == request.id)
    row = uow.session.scalars(query).one_or_none()
    if row and row.status in OPEN:
        workflow.advance(uow, PROCESS, row, "withdrawn", Done(note=note))


def _pass_on(uow: UnitOfWork, row: Suggestion, command: PassOn) -> Done:
    if not command.department and not command.handler_id:
        raise InvalidInput(Problem("department", "missing"))
    data = {
        "department": [row.department, command.department or ""],
        "handler": [row.handler_id, command.handler_id],
    }
    row.department, row.handler_id = command.department or "", command.handler_id
    named = [row.handler_id] if row.handler_id else ()
    _tell(uow, row, named or receivers.of_department(uow, row.department), PASSED_ON)
    return Done(note=command.note, data=data)


def _adopt(uow: UnitOfWork, row: Suggestion, command: Adopt) -> Done:
    return _decide(uow, row, command.decision, ADOPTED)


def _decline(uow: UnitOfWork, row: Suggestion, command: Decline) -> Done:
    return _decide(uow, row, command.decision, DECLINED)


def _decide(uow: UnitOfWork, row: Suggestion, decision: str, step: SuggestionStatus) -> Done:
    row.adopted, row.decision, row.decided_at = step is ADOPTED, decision, uow.now
    # Whoever took it down owes the customer the answer (D9).
    owner = row.request.owner_id
    _tell(uow, row, [owner] if owner else [], step)
    return Done(note=decision)


def _answer(uow: UnitOfWork, row: Suggestion, command: AnswerSuggestion) -> Done:
    row.request.answer = command.answer
    return Done(note=command.answer, data={"channel": command.channel.value})


def _plan_improvement(uow: UnitOfWork, row: Suggestion, command: PlanImprovement) -> Done:
    planned = improvements.plan(uow, row.request, command)
    return Done(note=command.measure, data={"improvement": planned.id})


def _tell(uow: UnitOfWork, row: Suggestion, people: Iterable[int], step: SuggestionStatus) -> None:
    notices.put(
        uow,
        people=people,
        kind=NoticeKind.ASSIGNED,
        source=f"suggestion:{row.id}:{row.version}:{step.value}",
        case_id=row.request_id,
        data={"step": step.value},
    )


def _departments(uow: UnitOfWork, row: Suggestion) -> Mapping[str, str]:
    departments = norm_for(uow, row.request).departments
    return {each.name: each.text[uow.actor.language] for each in departments}


def _handlers(uow: UnitOfWork, _row: Suggestion) -> Mapping[int, str]:
    """Who may decide on suggestions, with the department where one is known."""
    names = people.department_options(uow)
    roles = [role for role, granted in GRANTS.items() if HANDLES in granted]
    rows = uow.session.scalars(
        select(Person).where(Person.active, Person.role.in_(roles)).order_by(Person.name)
    )
    return {p.id: " · ".join(filter(None, (p.name, names.get(p.department)))) for p in rows}


def _propose_department(uow: UnitOfWork, row: Suggestion) -> dict[str, Any]:
    request = row.request
    norm = norm_for(uow, request)
    route = asked.route_of(norm, request.kind, request.priority, request.case_class)
    return {"department": row.department or (route.department if route else None)}


def _propose_channel(uow: UnitOfWork, row: Suggestion) -> dict[str, Any]:
    return {"channel": row.request.channel}


def given_to_another(_uow: UnitOfWork, row: Suggestion, done: Done) -> Iterator[Told]:
    """Whoever had the suggestion before has it no longer."""
    before, now = done.data["handler"]
    yield taken(before if before != now else None, number=row.request.number)


PROCESS = Process(
    subject="suggestion",
    rules=RULES,
    effects={
        Adopt: _adopt,
        AnswerSuggestion: _answer,
        Decline: _decline,
        PassOn: _pass_on,
        PlanImprovement: _plan_improvement,
    },
    select=select_visible,
    table=Suggestion,
    case_id=lambda row: row.request_id,
    options={"departments": _departments, "handlers": _handlers, "staff": improvements.staff},
    proposals={AnswerSuggestion: _propose_channel, PassOn: _propose_department},
)
