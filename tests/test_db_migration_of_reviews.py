"""What was stored before reviews had files of their own survives the migration, up and down."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, MetaData, Table
from sqlalchemy.exc import IntegrityError

from db import migrate
from tests.company_cast import NOW

CASES = {
    1: ("complaint", "registered"),
    2: ("complaint", "resolved"),
    3: ("complaint", "cancelled"),
    4: ("quality_feedback", "in_progress"),
    5: ("suggestion", "closed"),
    6: ("repair", "registered"),
}


def stored(connection: Connection, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection)


def put(connection: Connection, into: str, **facts: Any) -> None:
    table = stored(connection, into)
    required = {
        column.name: "" if column.type.python_type is str else 0
        for column in table.columns
        if not column.nullable and column.name != "id"
    }
    connection.execute(table.insert().values(required | {"version": 1} | facts))


def rows(connection: Connection, name: str, *columns: str) -> list[tuple[Any, ...]]:
    listed = ", ".join(columns)
    found = connection.exec_driver_sql(f"SELECT {listed} FROM {name} ORDER BY id").all()
    return [tuple(row) for row in found]


def fill(connection: Connection) -> None:
    at = {"received_at": NOW, "registered_at": NOW}
    facts = {"pack": "p", "in_force_on": NOW.date(), "created_at": NOW, "data": {}}
    table = stored(connection, "norm_revisions")
    connection.execute(table.insert().values(facts | {"number": 1, "signed_by": ""}))
    put(connection, "customers", name="李雷", created_at=NOW)
    person = {"username": "a", "name": "a", "role": "agent", "password_hash": "", "active": True}
    put(connection, "people", **person)
    charge = {"charge": "free", "charge_reason": "rework", "extra": {}}
    keys = {"customer_id": 1, "revision_id": 1, "channel": "letter", "priority": "normal"}
    for number, (kind, status) in CASES.items():
        resolved = NOW if status in ("resolved", "closed") else None
        case = {"number": f"T{number}", "kind": kind, "status": status, "resolved_at": resolved}
        put(connection, "requests", **case, **at, **charge, **keys)
    call = {"request_id": 2, "due_on": NOW.date()}
    put(connection, "follow_ups", **call, status="answered", ended_at=NOW, score=9)
    answers = stored(connection, "survey_answers")
    connection.execute(answers.insert().values(follow_up_id=1, question="skill", score=9))
    notices = stored(connection, "notices")
    notice = {"person_id": 1, "kind": "escalation", "source": "s", "data": {}, "at": NOW}
    connection.execute(notices.insert().values(notice))


@pytest.fixture
def before(blank: Engine) -> Engine:
    migrate.upgrade(blank, "0003")
    with blank.begin() as connection:
        fill(connection)
    return blank


def test_what_was_registered_gets_its_file(before: Engine) -> None:
    migrate.upgrade(before)
    with before.begin() as connection:
        assert rows(connection, "complaints", "request_id", "status") == [
            (1, "recorded"),
            (2, "closed"),
            (3, "withdrawn"),
        ]
        assert rows(connection, "quality_feedback", "request_id", "status") == [(4, "recorded")]
        assert rows(connection, "suggestions", "request_id", "status") == [(5, "answered")]
        # What refers to a table that was copied still refers to it.
        assert rows(connection, "survey_answers", "follow_up_id", "score") == [(1, 9)]
        assert rows(connection, "people", "department") == [("",)]
    assert migrate.differences(before) == []


def test_a_case_is_called_again_but_once_at_a_time(before: Engine) -> None:
    migrate.upgrade(before)
    call = {"request_id": 2, "due_on": NOW.date(), "status": "due"}
    with before.begin() as connection:
        put(connection, "follow_ups", **call)
    with pytest.raises(IntegrityError), before.begin() as connection:
        put(connection, "follow_ups", **call)


def test_the_new_codes_are_held_by_the_database(before: Engine) -> None:
    migrate.upgrade(before)
    with before.begin() as connection:
        connection.exec_driver_sql("UPDATE follow_ups SET status = 'dropped'")
        connection.exec_driver_sql("UPDATE notices SET kind = 'penalty'")
    for spoilt in ("follow_ups SET status", "notices SET kind"):
        with pytest.raises(IntegrityError), before.begin() as connection:
            connection.exec_driver_sql(f"UPDATE {spoilt} = 'nonsense'")
    for kept in ("score = 11", "attempts = -1", "request_id = 42"):
        with pytest.raises(IntegrityError), before.begin() as connection:
            connection.exec_driver_sql(f"UPDATE follow_ups SET {kept}")


def test_the_way_back_keeps_the_last_call(before: Engine) -> None:
    migrate.upgrade(before)
    with before.begin() as connection:
        put(connection, "follow_ups", request_id=2, due_on=NOW.date(), status="due")
        connection.exec_driver_sql("UPDATE follow_ups SET status = 'dropped' WHERE id = 1")
        connection.exec_driver_sql("UPDATE notices SET kind = 'penalty'")
    migrate.downgrade(before, "0003")
    with before.begin() as connection:
        assert rows(connection, "follow_ups", "id", "status") == [(2, "due")]
        assert rows(connection, "notices", "kind") == []
        assert len(rows(connection, "requests", "id")) == len(CASES)
    with pytest.raises(IntegrityError), before.begin() as connection:
        put(connection, "follow_ups", request_id=2, due_on=NOW.date(), status="due")
