"""What the history tells of a person is blanked: its facts, and the old and new values below them.

Hashes and seals stay as they were, and with them the chain and the heads; the fact that the person
was erased vouches for what each blanked row says now.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from core.erasing import reach
from core.kernel import chain, recorded
from core.kernel.recorded import Noted, Values
from core.kernel.traces import Traces
from core.kernel.unit_of_work import UnitOfWork
from core.process import history, proof
from db.base import Base
from db.tables import History, HistoryOpening, RecordChange

# Of a table by its name: the columns in which a person may be named, and what stands there once
# the person is erased; TRACES where only what names the person is blanked.
Blanks = dict[str, dict[str, Any]]
TRACES = object()


@contextmanager
def opened(uow: UnitOfWork) -> Iterator[None]:
    """What the history says may be blanked, by this transaction and until then."""
    opening = HistoryOpening(id=1)
    uow.session.add(opening)
    uow.session.flush()
    yield
    uow.session.delete(opening)
    uow.session.flush()


def blank_facts(uow: UnitOfWork, told: Sequence[History], traces: Traces) -> dict[str, str]:
    """Blank the facts; gives what each blanked one says now, by its digest."""
    changed = []
    for row in told:
        if row.action == history.ERASED:  # digests, by which earlier rows are vouched for
            continue
        note, data = traces.blanked(row.note), traces.blanked(row.data)
        if (note, data) != (row.note, row.data):
            row.note, row.data = note, data
            flag_modified(row, "data")
            changed.append(row)
    uow.session.flush()
    return {str(row.id): chain.digest(row) for row in changed}


def blank_changes(
    uow: UnitOfWork, rows: Sequence[Base], blanks: Blanks, traces: Traces
) -> dict[str, str]:
    """Blank old and new values of rows; gives the seal of each blanked change as it is now."""
    found: dict[str, str] = {}
    for change, fact in _changes(uow, rows):
        blank = blanks[change.noun]
        old, new = _blanked(change.old, blank, traces), _blanked(change.new, blank, traces)
        if (old, new) != (change.old, change.new):
            change.old, change.new = old, new
            found[str(change.id)] = proof.seal_now(fact, change)
    uow.session.flush()
    return found


def blank_own(uow: UnitOfWork, blanks: Blanks, traces: Traces) -> None:
    """What this transaction itself would keep: the values of before, which it has just blanked."""

    def said(noted: Noted) -> Noted:
        blank = blanks.get(noted.noun)
        return replace(noted, old=_blanked(noted.old, blank, traces)) if blank else noted

    recorded.reword(uow.session, said)


def blanked(value: Any, blank: Any, traces: Traces) -> Any:
    """What is left of a value of a column; nothing is written where nothing stood."""
    if value is None or value == "":
        return value
    return traces.blanked(value) if blank is TRACES else blank


def _blanked(values: Values, blank: dict[str, Any], traces: Traces) -> Values:
    return {
        name: blanked(value, blank[name], traces) if name in blank else value
        for name, value in values.items()
    }


def _changes(uow: UnitOfWork, rows: Sequence[Base]) -> Iterator[tuple[RecordChange, History]]:
    for table, ids in reach.ids_of(rows):
        for some in reach.batched(ids):
            query = (
                select(RecordChange, History)
                .join(History, History.id == RecordChange.history_id)
                .where(RecordChange.noun == table.__tablename__, RecordChange.row_id.in_(some))
            )
            yield from ((change, fact) for change, fact in uow.session.execute(query))
