"""The import itself: every good row of a file in one transaction, or nothing of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from core.house import HOUSE
from core.imports import arrears
from core.imports.archive_writer import ArchiveWriter
from core.imports.check_rows import Progress, RowChecker, go_on, silent
from core.imports.entries import CaseWriter
from core.imports.errors import RowProblem
from core.imports.files import SourceFile
from core.imports.mapping import ColumnMap
from core.imports.reading import Table, open_table
from core.imports.saved_maps import PERMISSION
from core.imports.subjects import MOST, Subject
from core.imports.tallies import Difference, Tally
from core.kernel import numbers
from core.kernel.errors import NotAllowed
from core.kernel.unit_of_work import Actor, UnitOfWork, unit_of_work
from core.prevention.watch import newest_case, watch_imported
from core.process import history
from core.process.permissions import require
from db.tables import ImportRun, NormRevision, Person


@dataclass(frozen=True)
class Outcome:
    """What an import did."""

    run_id: int
    subject: Subject
    total: int
    added: int
    known: int
    # Of the known ones, how many told what was not on file.
    completed: int
    bad: int
    new_customers: int
    new_products: int
    problems: tuple[RowProblem, ...]
    problem_count: int
    # What is on file otherwise, and stayed so.
    differences: tuple[Difference, ...]
    difference_count: int
    unknown_stations: tuple[str, ...]


@dataclass(frozen=True)
class RunRow:
    """One import of the list of imports."""

    id: int
    map_name: str
    file_name: str
    added: int
    known: int
    bad: int
    at: datetime
    # Who brought it in; empty when the tool itself did.
    by: str


def run(
    engine: Engine,
    actor: Actor,
    *,
    file: SourceFile,
    map: ColumnMap,
    map_name: str,
    keeps_late: bool = True,
    progress: Progress = silent,
    now: datetime | None = None,
) -> Outcome:
    """Bring a file in. Bad rows stay out and are named; on any error nothing has come in.

    Limits of open cases that were late before they came here stay late, or are dropped unless
    `keeps_late`; what is due later runs on either way.

    FileRefused when nothing of the file can be taken, ImportStopped when `progress` answers False.
    On SQLite nobody else can save meanwhile, about half a second for each thousand rows.
    """
    map.check_complete()
    # The file is opened, decoded and counted before the transaction holds anybody up.
    with open_table(file, map.options()) as table:
        total = table.count(MOST[map.subject])
        digest = file.digest()
        with unit_of_work(engine, actor, HOUSE, write=True, now=now) as uow:
            _prepare(uow, map)
            row = _begin(uow, file, map_name, digest)
            last = newest_case(uow)
            writer = _writer(uow, map, row, keeps_late=keeps_late)
            tally, unknown = _bring_in(uow, table, map, writer, total, progress)
            watch_imported(uow, after=last)
            arrears.tell(uow, row, after=last)
            _finish(uow, row, map, tally, keeps_late=keeps_late)
            return _outcome(row, map, tally, unknown)


def recent(uow: UnitOfWork, *, limit: int = 20) -> tuple[RunRow, ...]:
    """The last imports, the newest first."""
    require(uow, PERMISSION)
    r = ImportRun
    columns = (r.id, r.map_name, r.file_name, r.added, r.known, r.refused, r.at)
    query = select(*columns, func.coalesce(Person.name, "")).outerjoin(Person)
    rows = uow.session.execute(query.order_by(r.id.desc()).limit(limit))
    return tuple(RunRow(*row) for row in rows)


def _prepare(uow: UnitOfWork, map: ColumnMap) -> None:
    require(uow, PERMISSION)
    if uow.session.scalar(select(NormRevision.id).limit(1)) is None:
        raise NotAllowed(reason="not_set_up")
    # Two imports of one source wait for each other: the second finds what the first brought.
    numbers.next_value(uow.session, f"import {map.source}"[:40])


def _begin(uow: UnitOfWork, file: SourceFile, map_name: str, digest: str) -> ImportRun:
    row = ImportRun(
        map_name=map_name[:60],
        file_name=file.name[-200:],
        digest=digest,
        added=0,
        known=0,
        refused=0,
        actor_id=uow.actor.id,
        at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def _writer(
    uow: UnitOfWork, map: ColumnMap, row: ImportRun, *, keeps_late: bool
) -> CaseWriter | ArchiveWriter:
    if map.subject is Subject.CASES:
        return CaseWriter(uow, source=map.source, run_id=row.id, keeps_late=keeps_late)
    return ArchiveWriter(uow, source=map.source, run_id=row.id, file_name=row.file_name)


def _bring_in(
    uow: UnitOfWork,
    table: Table,
    map: ColumnMap,
    writer: CaseWriter | ArchiveWriter,
    total: int,
    progress: Progress,
) -> tuple[Tally, tuple[str, ...]]:
    rows, tally = RowChecker(uow, table, map), Tally()
    go_on(progress, 0, total)
    for batch in rows.batches():
        writer.write(batch)
        tally.add(batch)
        go_on(progress, tally.rows, total)
    return tally, tuple(rows.judge.unknown_stations)


def _finish(
    uow: UnitOfWork, row: ImportRun, map: ColumnMap, tally: Tally, *, keeps_late: bool
) -> None:
    row.added, row.known, row.refused = tally.new, tally.known, tally.bad
    history.record(
        uow,
        subject="import",
        subject_id=row.id,
        action="imported",
        data={"map": row.map_name, "file": row.file_name, "added": tally.new}
        | {"known": tally.known, "bad": tally.bad}
        | ({} if map.subject is Subject.CASES else {"subject": map.subject.value})
        | ({"completed": tally.completed} if tally.completed else {})
        | ({} if keeps_late else {"late_limits": "dropped"}),
    )


def _outcome(
    row: ImportRun, map: ColumnMap, tally: Tally, unknown_stations: tuple[str, ...]
) -> Outcome:
    return Outcome(
        run_id=row.id,
        subject=map.subject,
        total=tally.rows,
        added=tally.new,
        known=tally.known,
        completed=tally.completed,
        bad=tally.bad,
        new_customers=tally.customers,
        new_products=tally.products,
        problems=tuple(tally.problems),
        problem_count=tally.problem_count,
        differences=tuple(tally.differences),
        difference_count=tally.difference_count,
        unknown_stations=unknown_stations,
    )
