"""Migrations run up and down on both databases and bring exactly the tables as declared."""

import pytest
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError

from db import migrate, words
from db.tables import Base, Station
from tests.company_cast import Company

NAMES = {*Base.metadata.tables, *words.NAMES, "alembic_version"}


def tables(engine: Engine) -> set[str]:
    found = set(inspect(engine).get_table_names())
    # What FTS5 keeps an index of words in: case_words_data and so on.
    parts = tuple(f"{name}_" for name in words.NAMES)
    return {name for name in found if not name.startswith(parts)}


def test_up_down_and_up_again(blank: Engine) -> None:
    migrate.upgrade(blank)
    assert tables(blank) == NAMES
    migrate.downgrade(blank)
    assert tables(blank) == {"alembic_version"}
    migrate.upgrade(blank)
    assert tables(blank) == NAMES
    assert migrate.differences(blank) == []


def test_a_second_upgrade_changes_nothing(company: Company) -> None:
    before = company.rows(Station)
    migrate.upgrade(company.engine)
    assert [row.name for row in company.rows(Station)] == [row.name for row in before]
    assert len(before) == 2


def test_the_migrated_database_is_the_declared_one(engine: Engine) -> None:
    assert migrate.differences(engine) == []


def test_a_difference_would_be_seen(blank: Engine) -> None:
    migrate.upgrade(blank)
    with blank.begin() as connection:
        connection.exec_driver_sql("DROP TABLE paper_templates")
        connection.exec_driver_sql("DROP INDEX ix_requests_queue")
    kinds = {difference[0] for difference in migrate.differences(blank)}
    assert kinds >= {"add_table", "add_index"}


def test_a_failed_migration_leaves_the_old_tables(blank: Engine) -> None:
    with blank.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE visits (id INTEGER)")  # in the migration's way
    with pytest.raises(DBAPIError, match="visits"):
        migrate.upgrade(blank)
    assert tables(blank) == {"visits"}
