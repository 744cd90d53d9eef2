"""Companies that grow: seeded, then multiplied in the real tables, or with what is counted."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, case, delete, event, func, insert, select, text, update

from benchmarks import seed
from core.kernel import touched
from core.kpi.figures import Source
from db import migrate
from db.session import make_engine
from db.tables import (
    Asset,
    Customer,
    FigureDay,
    FigureFact,
    FigureMark,
    FigureMonth,
    FollowUp,
    History,
    Job,
    Limit,
    ServiceRequest,
    SurveyAnswer,
    Visit,
)
from tests import postgres

TODAY = date(2026, 11, 20)
# What figures are counted from, and the columns that name another of these rows.
COPIED: dict[type[Any], dict[str, type[Any]]] = {
    Customer: {},
    Asset: {"customer_id": Customer},
    ServiceRequest: {"customer_id": Customer, "asset_id": Asset, "origin_id": ServiceRequest},
    Limit: {"request_id": ServiceRequest},
    Job: {"request_id": ServiceRequest},
    Visit: {"job_id": Job},
    FollowUp: {"request_id": ServiceRequest},
    SurveyAnswer: {"follow_up_id": FollowUp},
    History: {"subject_id": ServiceRequest, "case_id": ServiceRequest},
}
# Of the history only for what cases waited: the rest says nothing to a figure.
WAITED = (History.subject == "request") & (History.action == "waiting")
Last = dict[type[Any], int]
# What facts are told from that is not copied with the cases: goods, orders of parts, purchases.
NOT_COPIED = [
    source.value for source in (Source.RETURNED, Source.RETURN_LOSS, Source.PARTS, Source.SOLD)
]


def multiply(connection: Connection, last: Last, copies: range, mark: str = "-") -> None:
    """So many copies of the first cases, with all that figures are counted from."""
    for copy in copies:
        for noun, names in COPIED.items():
            table = noun.__table__
            shifts = {"id": noun, **names}
            columns = [
                column + copy * last[shifts[column.key]]
                if column.key in shifts
                else column.concat(f"{mark}{copy}")
                if column.key in ("number", "serial", "source_ref")
                else column
                for column in table.columns
            ]
            old = select(*columns).where(table.c.id <= last[noun])
            old = old.where(WAITED) if noun is History else old
            connection.execute(insert(noun).from_select([c.key for c in table.columns], old))


def multiply_counted(connection: Connection, last: Last, copies: range) -> None:
    """The facts of copied cases, and the sums with so many times of everything in them."""
    fact = FigureFact
    of_customers = fact.source == Source.CUSTOMERS.value
    subjects = case((of_customers, last[Customer]), else_=last[ServiceRequest])
    rows = {Source.JOBS.value: last[Job], Source.ARRIVALS.value: last[Visit]}
    for copy in copies:
        moved = {
            "subject_id": fact.subject_id + copy * subjects,
            "row_id": fact.row_id + copy * case(rows, value=fact.source, else_=0),
        }
        columns = [moved.get(column.key, column) for column in fact.__table__.columns]
        old = select(*columns).where(fact.subject_id <= subjects)
        few = old.where(fact.source.not_in(NOT_COPIED))
        connection.execute(insert(fact).from_select(fact.__table__.columns.keys(), few))
    for noun in (FigureDay, FigureMonth):
        more = {name: getattr(noun, name) * copies.stop for name in ("cases", "hits", "total")}
        connection.execute(update(noun).where(noun.source.not_in(NOT_COPIED)).values(**more))


def last_ids(engine: Engine) -> Last:
    """The last row of each table that is copied."""
    with engine.connect() as connection:
        return {noun: connection.scalar(select(func.max(noun.id))) or 0 for noun in COPIED}


def grown(engine: Engine, seeded: int, sizes: Sequence[int], counted: int) -> Iterator[int]:
    """A company that grows from size to size: seeded, then multiplied, not counted yet.

    What is larger than `counted` is the size before it, multiplied with its facts and sums.
    """
    migrate.upgrade(engine)
    seed.fill(engine, cases=seeded, today=TODAY)
    first, done = last_ids(engine), 1
    for size in sizes:
        print(f"{size:,} cases are made.", flush=True)
        last, unit = (first, seeded) if size <= counted else (last_ids(engine), done * seeded)
        copies = range(done if size <= counted else 1, size // unit)
        with unchecked(engine).begin() as connection:
            if size > counted:
                multiply_counted(connection, last, copies)
                multiply(connection, last, copies, "+")
            else:
                multiply(connection, last, copies)
                for noun in (FigureFact, FigureDay, FigureMonth, FigureMark):
                    connection.execute(delete(noun))
                touched.mark_all(connection)
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        done = size // seeded
        yield size


def unchecked(engine: Engine) -> Engine:
    """The same database, which takes copies on trust."""
    trusting = make_engine(engine.url.render_as_string(hide_password=False))
    is_sqlite = engine.dialect.name == "sqlite"
    off = "PRAGMA foreign_keys = OFF" if is_sqlite else "SET session_replication_role = replica"

    def trust(connection: Any, _record: Any) -> None:
        connection.cursor().execute(off)
        if not is_sqlite:
            connection.commit()

    event.listen(trusting, "connect", trust)
    return trusting


@contextmanager
def company(database: str, folder: Path) -> Iterator[Engine]:
    """An empty database that is gone afterwards."""
    with ExitStack() as until_end:
        if database == "postgresql":
            server = until_end.enter_context(postgres.running())
            server.execute("CREATE DATABASE kpi")
            engine = make_engine(server.url("kpi"))
        else:
            own = until_end.enter_context(TemporaryDirectory(dir=folder))
            engine = make_engine(f"sqlite:///{own}/kpi.db")
        yield engine
        engine.dispose()
