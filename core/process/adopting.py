"""What the history does not know yet is written into it: once, and after a migration moved rows."""

from sqlalchemy import Engine, Table, func, select
from sqlalchemy.orm import Session

from core.kernel import recorded
from core.kernel.recorded import ADDED, CHANGED, REMOVED, Noted
from core.kernel.unit_of_work import Actor, Follows, UnitOfWork, unit_of_work
from core.process import heads, history, proof
from core.process.proof import Difference
from db import migrate
from db.tables import Company, History, RecordChange


def is_due(session: Session) -> bool:
    """Whether a company has tables that its history has not been compared with."""
    if session.get(Company, 1) is None:
        return False
    facts = History.action.in_((history.ADOPTED, history.SET_UP))
    rows = session.scalars(select(History.data).where(History.subject == "company", facts))
    found = migrate.revision(session.connection())
    return all(data.get("tables") != found for data in rows)


def adopt(engine: Engine, actor: Actor, house: Follows) -> int:
    """Write down what differs, part by part while people work; gives how many rows it were."""
    with unit_of_work(engine, actor, house, write=True) as uow:
        if not is_due(uow.session):
            return 0
        if uow.session.scalar(select(func.max(RecordChange.id))) is None:
            before = uow.session.scalar(select(func.count(History.id)))
            _record(uow, {"before": before})
    count = 0
    for table in recorded.kept_tables().values():
        with unit_of_work(engine, actor, house, write=False) as uow:
            lows = proof.parts(uow.session, table)
        for low in lows:
            with unit_of_work(engine, actor, house, write=True) as uow:
                count += _adopt(uow, table, low)
    with unit_of_work(engine, actor, house, write=True) as uow:
        _record(uow, {"tables": migrate.revision(uow.session.connection()), "rows": count})
    with unit_of_work(engine, actor, house, write=True) as uow:
        heads.take(uow)
    return count


def _adopt(uow: UnitOfWork, table: Table, low: int) -> int:
    found = proof.differences_in(uow.session, table, low)
    for each in found:
        recorded.note(uow.session, _noted(table.name, each))
    if found:
        _record(uow, {"noun": table.name, "rows": len(found)})
    return len(found)


def _noted(noun: str, difference: Difference) -> Noted:
    id, said, there = difference
    if there is None:
        return Noted(noun, id, REMOVED, said or {}, {})
    if said is None:
        return Noted(noun, id, ADDED, {}, there)
    names = [name for name in there if name not in said or said[name] != there[name]]
    old = {name: said[name] for name in names if name in said}
    return Noted(noun, id, CHANGED, old, {name: there[name] for name in names})


def _record(uow: UnitOfWork, data: dict[str, object]) -> None:
    history.record(uow, subject="company", subject_id=1, action=history.ADOPTED, data=data)
