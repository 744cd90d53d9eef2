"""The same figures straight from the cases by DuckDB: the limit that the roll-up has to beat."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Connection, Engine, Select, String, func, select, type_coerce

from core import kpi
from core.kpi.figures import DEFINITIONS, Source, Tally, value_of
from db.tables import Customer, FollowUp, Limit, ServiceRequest, SurveyAnswer

# What the figures need of each table; a few columns, as a store by columns likes it.
EXPORTED = {
    "requests": select(
        *(ServiceRequest.id, ServiceRequest.station_id, type_coerce(ServiceRequest.kind, String)),
        *(ServiceRequest.case_class, type_coerce(ServiceRequest.status, String)),
        *(ServiceRequest.received_at, ServiceRequest.resolved_at),
        type_coerce(ServiceRequest.wait_reason, String),
    ),
    "limits": select(
        *(Limit.id, Limit.request_id, type_coerce(Limit.measure, String), Limit.due_at),
        *(Limit.met_at, Limit.dropped_at, Limit.pauses.label("paused_at")),
    ),
    "calls": select(FollowUp.id, FollowUp.request_id, FollowUp.score, FollowUp.ended_at),
    "answers": select(
        SurveyAnswer.id, SurveyAnswer.follow_up_id, SurveyAnswer.question, SurveyAnswer.score
    ),
    "customers": select(Customer.id, Customer.station_id, Customer.created_at),
}
# Whose rows they are, and which of the columns name rows of which table.
ROWS: dict[str, dict[str, type[Any]]] = {
    "requests": {"id": ServiceRequest},
    "limits": {"id": Limit, "request_id": ServiceRequest},
    "calls": {"id": FollowUp, "request_id": ServiceRequest},
    "answers": {"id": SurveyAnswer, "follow_up_id": FollowUp},
    "customers": {"id": Customer},
}
LOOKED_LIKE = {"_at": "TIMESTAMP", "id": "BIGINT", "score": "DOUBLE"}
# One row for each case that counts: which facts, when, which station, whether it is a hit.
FACTS = """
WITH judged AS (
    SELECT l.*, r.station_id, r.kind, l.met_at IS NOT NULL AND l.met_at <= l.due_at AS kept,
        l.met_at > l.due_at OR (l.met_at IS NULL AND l.due_at < $now
            AND (r.wait_reason IS NULL OR l.due_at < l.paused_at)) AS missed
    FROM limits l JOIN requests r ON r.id = l.request_id WHERE l.dropped_at IS NULL
), limited AS (
    SELECT * FROM judged WHERE kept OR missed
    QUALIFY row_number() OVER (PARTITION BY request_id, measure
        ORDER BY coalesce(missed, FALSE) DESC, id DESC) = 1
), asked AS (
    SELECT c.*, r.station_id FROM calls c JOIN requests r ON r.id = c.request_id
    WHERE c.score IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY c.request_id ORDER BY c.id DESC) = 1
), facts AS (
    SELECT measure AS source, due_at AS happened, station_id, kept AS hit, 0 AS total FROM limited
    UNION ALL SELECT 'complaints_due', due_at, station_id, kept, 0 FROM limited
        WHERE measure = 'resolution' AND kind = 'complaint'
    UNION ALL SELECT 'surveys', ended_at, station_id, score < $unhappy,
        CAST(round(score * 100) AS BIGINT) FROM asked
    UNION ALL SELECT 'resolved', resolved_at, station_id, FALSE,
        CAST(epoch(date_trunc('second', resolved_at)) - epoch(date_trunc('second', received_at))
            AS BIGINT) FROM requests WHERE resolved_at IS NOT NULL
    UNION ALL SELECT 'complaints_answered', resolved_at, station_id, FALSE,
        CAST(epoch(date_trunc('second', resolved_at)) - epoch(date_trunc('second', received_at))
            AS BIGINT) FROM requests WHERE resolved_at IS NOT NULL AND kind = 'complaint'
    UNION ALL SELECT 'received', received_at, station_id,
        kind = 'complaint' AND status <> 'cancelled', 0 FROM requests
)
SELECT source, date_trunc('month', happened + INTERVAL 8 HOUR) AS month, coalesce(station_id, 0),
    count(*), sum(hit::INT), sum(total)
FROM facts WHERE CAST(happened + INTERVAL 8 HOUR AS DATE) BETWEEN $since AND $until GROUP BY ALL
"""
ANSWERED = """
SELECT question, date_trunc('month', c.ended_at + INTERVAL 8 HOUR), count(*), sum(a.score * 100)
FROM answers a JOIN calls c ON c.id = a.follow_up_id
WHERE CAST(c.ended_at + INTERVAL 8 HOUR AS DATE) BETWEEN $since AND $until
    AND NOT EXISTS (FROM calls o
        WHERE o.request_id = c.request_id AND o.id > c.id AND o.score IS NOT NULL)
GROUP BY ALL
"""
ON_FILE = """
SELECT count(*) FROM customers WHERE CAST(created_at + INTERVAL 8 HOUR AS DATE) <= $until
"""
Tallies = dict[str, Tally]


def loaded(engine: Engine, folder: Path, times: int = 1) -> Any:
    """The rows of a company in DuckDB's memory; of one that was multiplied, multiplied there."""
    store = duckdb.connect()
    store.execute("SET TimeZone = 'UTC'")
    with engine.connect() as connection:
        nouns = {noun for names in ROWS.values() for noun in names.values()}
        last = {noun: (connection.scalar(func.max(noun.id)) or 0) // times for noun in nouns}
        for name, query in EXPORTED.items():
            noun = ROWS[name]["id"]
            _load(store, folder / f"{name}.csv", connection, query.where(noun.id <= last[noun]))
            shifts = (f"{c} + copy * {last[each]} AS {c}" for c, each in ROWS[name].items())
            store.execute(
                f"INSERT INTO {name} SELECT {name}.* REPLACE ({', '.join(shifts)}) "
                f"FROM {name}, range(1, {times}) AS copies(copy)"
            )
    return store


def _load(store: Any, path: Path, connection: Connection, query: Select[Any]) -> None:
    with path.open("w", newline="") as file:
        rows = connection.execution_options(yield_per=10_000).execute(query)
        columns = [*rows.keys()]
        csv.writer(file).writerows([_plain(value) for value in row] for row in rows)
    types = {
        column: next((t for end, t in LOOKED_LIKE.items() if column.endswith(end)), "VARCHAR")
        for column in columns
    }
    store.execute(
        f"CREATE TABLE {path.stem} AS FROM read_csv($path, header = false, columns = {types})",
        {"path": str(path)},
    )
    path.unlink()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    if isinstance(value, list):  # the pauses of a limit: when the last one began, to the second
        return value[-1][0][:19] if value else None
    return value


def tallies(store: Any, *, since: date, until: date, now: datetime, unhappy: float) -> Tallies:
    """The sums of a period by source; by month and station they are read as well."""
    days = {"since": since, "until": until}
    given = days | {"now": now.astimezone(UTC).replace(tzinfo=None), "unhappy": unhappy}
    found: Tallies = {}
    for source, _month, _station, *sums in store.execute(FACTS, given).fetchall():
        found[source] = found.get(source, Tally()) + Tally(*map(int, sums))
    store.execute(ANSWERED, days).fetchall()
    (customers,) = store.execute(ON_FILE, {"until": until}).fetchone()
    return found | {Source.CUSTOMERS.value: Tally(customers, 0, 0)}


def unlike(board: kpi.Board, found: Tallies) -> tuple[int, list[str]]:
    """How many of the board's figures are counted here as well, and those that differ."""
    both, differ = 0, []
    for figure in board.figures:
        about = DEFINITIONS[figure.name]
        below = about.below or about.source
        if {about.source.value, below.value} <= found.keys():
            both += 1
            value = value_of(figure.name, found[about.source.value], found[below.value])
            if (value.numerator, value.denominator) != (figure.numerator, figure.denominator):
                differ.append(f"{figure.name}: {figure.numerator}/{figure.denominator}, {value}")
    return both, differ
