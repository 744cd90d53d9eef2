"""Changes of tables that hold rows, on SQLite and PostgreSQL: closed lists and unique columns.

SQLite alters no constraint. Alembic's batch mode copies such a table without its CHECKs, which
SQLite does not report; so the table's own words are taken, changed and run.
"""

import re

import sqlalchemy as sa
from alembic import op


def allow(table: str, column: str, *members: str) -> None:
    """Let a code column hold these members."""
    name = f"ck_{table}_{column}"
    listed = ", ".join(f"'{member}'" for member in members)
    check = f"{column} IN ({listed})"
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(table, rf"CONSTRAINT {name} CHECK \(.*?\)\)", f"CONSTRAINT {name} CHECK ({check})")
    else:
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, check)


def drop_unique(table: str, column: str) -> None:
    """Let several rows have the same value."""
    name = f"uq_{table}_{column}"
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(table, rf"CONSTRAINT {name} UNIQUE \({column}\), ", "")
    else:
        op.drop_constraint(op.f(name), table, type_="unique")


def add_unique(table: str, column: str) -> None:
    """Let a value stand in one row only."""
    name = f"uq_{table}_{column}"
    if op.get_bind().dialect.name == "sqlite":
        key = rf"CONSTRAINT pk_{table}"
        _rebuild(table, key, f"CONSTRAINT {name} UNIQUE ({column}), CONSTRAINT pk_{table}")
    else:
        op.create_unique_constraint(op.f(name), table, [column])


def _rebuild(table: str, old: str, new: str) -> None:
    run = op.get_bind().execute
    kept = run(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL"),
        {"name": table},
    ).all()
    words = re.sub(r"\s+", " ", next(sql for kind, sql in kept if kind == "table"))
    changed, count = re.subn(old, new, words)
    if count != 1:
        raise RuntimeError(f"{table} is not as expected: {words}")
    head = re.compile(rf'^CREATE TABLE "?{table}"?')
    run(sa.text(head.sub(f"CREATE TABLE {table}_new", changed)))
    run(sa.text(f"INSERT INTO {table}_new SELECT * FROM {table}"))
    run(sa.text(f"DROP TABLE {table}"))
    run(sa.text(f"ALTER TABLE {table}_new RENAME TO {table}"))
    for kind, sql in kept:
        if kind == "index":
            run(sa.text(sql))
