"""Who may do what somebody else may not: nobody decides where they are concerned (A23)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.kernel.unit_of_work import UnitOfWork, actor_of
from core.process.permissions import GRANTS, may
from core.process.rules import Process, Rule
from db.tables import Company, Person

MOST = 5


@dataclass(frozen=True)
class Barred:
    """An action that the actor's role would allow, what stands in its way, and who may do it."""

    action: str
    reason: str
    who: tuple[str, ...]


def barred(uow: UnitOfWork, process: Process, record: Any) -> tuple[Barred, ...]:
    """The actions that wait on the record and are kept from this actor by a relation alone."""
    free = {rule.action for rule in process.allowed(uow.actor, record)}
    found: dict[str, Barred] = {}
    for rule in process.rules:
        if rule.action is None or rule.action in free or not rule.applies(record):
            continue
        reason = rule.bar(uow.actor, record)
        if may(uow.actor, rule.permission) and reason:
            who = who_may(uow, process, record, rule)
            found.setdefault(rule.action.name, Barred(rule.action.name, reason, who))
    return tuple(found.values())


def who_may(uow: UnitOfWork, process: Process, record: Any, rule: Rule) -> tuple[str, ...]:
    """Names of people who may use a rule on a record and see it; a few are enough."""
    roles = [role for role, granted in GRANTS.items() if rule.permission in granted]
    company = uow.session.get_one(Company, 1)
    people = uow.session.scalars(
        select(Person)
        .where(Person.active, Person.role.in_(roles))
        .options(joinedload(Person.station))
        .order_by(Person.name, Person.id)
    )
    names: list[str] = []
    for person in people:
        actor = actor_of(person, company)
        if rule.admits(actor, record) and _sees(uow, process, record, person, company):
            names.append(person.name)
        if len(names) == MOST:
            break
    return tuple(names)


def _sees(uow: UnitOfWork, process: Process, record: Any, person: Person, company: Company) -> bool:
    query = process.select(actor_of(person, company)).where(process.table.id == record.id)
    ids = query.with_only_columns(process.table.id)
    return uow.session.scalar(ids.limit(1)) is not None
