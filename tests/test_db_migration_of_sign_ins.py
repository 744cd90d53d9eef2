"""People who were stored before wrong passwords had a table of their own keep signing in."""

from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, inspect

from db import migrate
from tests.company_cast import NOW

STORED = {
    "agent": "agent",
    "ｗａｎｇ": "wang",
    # Two that would be the same: the second one stays as it is.
    "ｌｉ": "ｌｉ",
    "li": "li",
}


def people(connection: Connection) -> Table:
    return Table("people", MetaData(), autoload_with=connection)


def put(connection: Connection, username: str, **facts: Any) -> None:
    table = people(connection)
    required = {
        column.name: "" if column.type.python_type is str else 0
        for column in table.columns
        if not column.nullable and column.name != "id"
    }
    facts |= {"username": username, "name": username, "role": "agent", "active": True}
    connection.execute(table.insert().values(required | facts | {"is_head": False}))


def test_locked_people_and_wide_names_come_along(blank: Engine) -> None:
    migrate.upgrade(blank, "0009")
    migrate.downgrade(blank, "-1")
    with blank.begin() as connection:
        for name in STORED:
            put(connection, name, failed_sign_ins=3, locked_until=NOW, version=1)
    migrate.upgrade(blank, "0009")
    with blank.connect() as connection:
        table = people(connection)
        rows = connection.execute(table.select().order_by(table.c.id)).mappings().all()
        checks = inspect(connection).get_check_constraints("people")
    assert [(row["name"], row["username"]) for row in rows] == list(STORED.items())
    assert {"failed_sign_ins", "locked_until"}.isdisjoint(table.columns.keys())
    assert "ck_people_username_lower" in {check["name"] for check in checks}
    migrate.downgrade(blank, "-1")
    with blank.connect() as connection:
        assert "failed_sign_ins" in people(connection).columns
