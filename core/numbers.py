"""Readable case numbers, unique however many people register at once."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.unit_of_work import UnitOfWork
from db.tables import Counter


def next_value(session: Session, series: str, count: int = 1) -> int:
    """The last of `count` numbers taken from a series; the row's lock orders the takers."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    table = Counter.__table__
    assert isinstance(table, Table)
    insert = dialect.insert(table).values(series=series, value=count)
    taken = insert.on_conflict_do_update(
        index_elements=["series"], set_={"value": table.c.value + count}
    ).returning(table.c.value)
    return int(session.execute(taken).scalar_one())


def case_number(uow: UnitOfWork) -> str:
    """The number of a new case: the company's local day and a count, as in SR261122-0007."""
    day = f"SR{uow.today:%y%m%d}"
    return f"{day}-{next_value(uow.session, day):04d}"
