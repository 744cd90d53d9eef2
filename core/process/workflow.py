"""Processes as tables of rules. The only place where a status changes.

Buttons and guards read the same rules. A rule names the fact that history keeps; time limits
start, pause and are met by these facts, and then follows what the rooms of the house declare.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from core.kernel import recorded
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Problem, Stale, WrongStatus
from core.kernel.inputs import Action, choices, chosen, line_of
from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import ExtraField
from core.process import fairness, history, limits, masked
from core.process.permissions import may
from core.process.rules import Asks, Done, Happening, Process, Rule
from db.types import LARGEST_ID


def fetch(
    uow: UnitOfWork,
    process: Process,
    record_id: int,
    *,
    lock: bool = False,
    options: Sequence[Any] = (),
) -> Any:
    """The record, if the actor may see it; NotFound otherwise.

    With `lock` to change its case; `options` load more with it.
    """
    if not 0 < record_id <= LARGEST_ID:  # typed into an address; drivers choke on it
        raise NotFound(subject=process.subject, id=record_id)
    query = process.select(uow.actor).where(process.table.id == record_id).options(*options)
    if lock:
        # PostgreSQL: the next writer waits here and then sees the new version. SQLite already
        # holds its one write lock.
        query = query.with_for_update(of=process.table)
    record = uow.session.scalars(query.execution_options(populate_existing=lock)).one_or_none()
    if record is None:
        raise NotFound(subject=process.subject, id=record_id)
    if lock:
        case_id = process.case_id(record)
        if case_id is not None:
            history.catch_up(uow, case_id)
    return record


def act(
    uow: UnitOfWork,
    process: Process,
    *,
    id: int,
    command: Action | Callable[[Any], Action],
    seen_version: int,
) -> Any:
    """Carry out an action: sight, permission, version, status, then the effect and the change.

    Where it depends on the record which action it is, `command` says so of the record. What
    follows from the change comes about in the same transaction, or nothing happened.
    """
    record = fetch(uow, process, id, lock=True)
    command = masked.put_back(command(record) if callable(command) else command, record)
    rule = _rule_for(uow, process, record, command, seen_version)
    _check_choices(uow, process, record, command)
    done = process.effects[type(command)](uow, record, command)
    _change(uow, process, record, rule, done)
    return record


@dataclass(frozen=True)
class FormView:
    """What an action's form offers and shows first."""

    options: dict[str, Mapping[Any, str]]
    values: dict[str, Any]
    fields: tuple[str, ...]
    # The rule book's own fields that are asked too.
    extra: tuple[ExtraField, ...]


def form(uow: UnitOfWork, *, process: Process, record_id: int, action: type[Action]) -> FormView:
    """The options of an action's choices and the record's own facts under the same names.

    NotAllowed for whoever may not take the action: what a form shows is not more than its action.
    """
    record = fetch(uow, process, record_id)
    rules = [rule for rule in process.rules if rule.action is action]
    if not any(rule.admits(uow.actor, record) for rule in rules):
        raise NotAllowed(permission=rules[0].permission)
    asks = process.asks[action](uow, record) if action in process.asks else Asks()
    fields = tuple(name for name in action.model_fields if name not in asks.leaves_out)
    asked = {each.options for name, each in choices(action) if name.partition(".")[0] in fields}
    options = {name: process.options[name](uow, record) for name in asked}
    # Rows are proposed, or start empty: of the record's own rows a form would show mapped objects.
    plain = (name for name, info in action.model_fields.items() if not line_of(info))
    values = {name: getattr(record, name) for name in plain if hasattr(record, name)}
    if action in process.proposals:
        values |= process.proposals[action](uow, record)
    if isinstance(shown := values.get("phone"), str):
        values["phone"] = masked.phone(uow.actor, shown)
    return FormView(options, values, fields, asks.extra)


def _rule_for(
    uow: UnitOfWork, process: Process, record: Any, command: Action, seen_version: int
) -> Rule:
    rules = [rule for rule in process.rules if rule.action is type(command)]
    granted = [rule for rule in rules if may(uow.actor, rule.permission)]
    if not granted:
        raise NotAllowed(permission=rules[0].permission)
    if record.version != seen_version:
        raise Stale(subject=process.subject, version=record.version)
    here = [rule for rule in granted if rule.applies(record)]
    if not here:
        raise WrongStatus(subject=process.subject, status=record.status.value, action=command.name)
    for rule in here:
        if rule.admits(uow.actor, record):
            return rule
    # The role would do, the person stands in the way: then it is said who may.
    who = fairness.who_may(uow, process, record, here[0])
    reason = here[0].bar(uow.actor, record)
    raise NotAllowed(permission=here[0].permission, reason=reason, who=tuple(who))


def _check_choices(uow: UnitOfWork, process: Process, record: Any, command: Action) -> None:
    # A form that was drawn a while ago may offer what has gone; the same list guards the command.
    offered: dict[str, Mapping[Any, str]] = {}
    wrong = []
    for place, choice, value in chosen(command):
        if choice.options not in offered:  # once, however many rows choose among them
            offered[choice.options] = process.options[choice.options](uow, record)
        known = offered[choice.options]
        if any(each not in known for each in (value if isinstance(value, dict) else [value])):
            wrong.append(Problem(place, "not_an_option"))
    if wrong:
        raise InvalidInput(*wrong)


def begin(uow: UnitOfWork, process: Process, record: Any, done: Done | None = None) -> None:
    """Bring about the fact by which a record begins: the one rule without a status before it."""
    rule = next(rule for rule in process.rules if not rule.sources)
    assert rule.target is not None  # a record begins somewhere
    record.status = rule.target
    uow.session.add(record)
    uow.session.flush()
    _happen(uow, process, record, rule, None, done or Done())


def advance(
    uow: UnitOfWork, process: Process, record: Any, fact: str, done: Done | None = None
) -> None:
    """Bring about a fact: set the status, write history, move the time limits.

    WrongStatus when no rule leads from where the record stands.
    """
    rule = next((r for r in process.rules if r.fact == fact and r.applies(record)), None)
    if rule is None:
        raise WrongStatus(subject=process.subject, status=record.status.value, action=fact)
    _change(uow, process, record, rule, done or Done())


def _change(uow: UnitOfWork, process: Process, record: Any, rule: Rule, done: Done) -> None:
    # The rule was chosen before the effect ran: the effect may alter what the rule asked for.
    old: StrEnum = record.status
    record.status = rule.target or old
    if record.status == old:
        # Also a change that leaves the row as it was (a remark) makes what others see stale.
        flag_modified(record, "status")
    uow.session.flush()
    _happen(uow, process, record, rule, old, done)


def _happen(
    uow: UnitOfWork, process: Process, record: Any, rule: Rule, old: StrEnum | None, done: Done
) -> None:
    case_id = process.case_id(record)
    history.record(
        uow,
        subject=process.subject,
        subject_id=record.id,
        case_id=case_id,
        action=rule.fact,
        old=old and old.value,
        new=record.status.value,
        note=done.note,
        data=done.data,
    )
    fact = process.fact(rule.fact)
    if case_id is not None:
        limits.react(uow, request_id=case_id, fact=fact)
        recorded.belongs(uow.session)
    uow.house.follow(uow, Happening(fact, record, done, old, case_id))
