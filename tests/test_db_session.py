"""Transactions keep what they read, instants stay instants, folders are made."""

import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from core.kernel.errors import Stale
from core.kernel.unit_of_work import transaction
from db import migrate
from db.session import DEFAULT_URL, database_url, make_engine
from db.tables import Customer, Product
from tests import stored_rows
from tests.company_cast import NOW, Company

WRITERS, ROUNDS = 8, 10


def test_an_instant_comes_back_in_utc_whatever_its_zone(company: Company) -> None:
    noon = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=ZoneInfo("America/New_York"))
    with transaction(company.engine, write=True) as session:
        stored_rows.customer(session, name="时区", created_at=noon)
    (row,) = company.rows(Customer, name="时区")
    assert row.created_at == noon
    assert row.created_at.tzinfo is UTC


def test_a_naive_instant_is_refused(company: Company) -> None:
    with (
        pytest.raises(StatementError, match="naive instant refused"),
        transaction(company.engine, write=True) as session,
    ):
        stored_rows.customer(session, created_at=NOW.replace(tzinfo=None))


def test_reading_then_writing_loses_no_update(engine: Engine) -> None:
    with transaction(engine, write=True) as session:
        session.add(Product(id=1, brand="海尔", model="X", warranty_months=0))

    def add_months(_writer: int) -> int:
        outrun = 0
        for _ in range(ROUNDS):
            while not add_month(engine):
                outrun += 1
        return outrun

    with ThreadPoolExecutor(WRITERS) as pool:
        outrun = sum(pool.map(add_months, range(WRITERS)))
    with transaction(engine, write=False) as session:
        assert session.get_one(Product, 1).warranty_months == WRITERS * ROUNDS
    # SQLite writers queue up before they read; on PostgreSQL the version column tells.
    assert outrun == 0 or engine.dialect.name == "postgresql"


def add_month(engine: Engine) -> bool:
    try:
        with transaction(engine, write=True) as session:
            product = session.get_one(Product, 1)
            product.warranty_months += 1
    except Stale:
        return False
    return True


def test_readers_do_not_wait_for_a_writer(company: Company) -> None:
    with transaction(company.engine, write=True) as writer:
        stored_rows.customer(writer, name="新")
        with transaction(company.engine, write=False) as reader:
            assert reader.scalars(select(Customer).where(Customer.name == "新")).all() == []


def test_an_error_rolls_everything_back(company: Company) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        transaction(company.engine, write=True) as session,
    ):
        stored_rows.customer(session, name="半途")
        _ = 1 / 0
    assert company.rows(Customer, name="半途") == []


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'deep' / 'er' / 'new.db'}")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()


def test_the_address_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://office/aftercare")
    assert database_url() == "postgresql://office/aftercare"
    monkeypatch.delenv("DATABASE_URL")
    assert database_url() == DEFAULT_URL
    assert DEFAULT_URL.endswith("/var/aftercare.db")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people SET username = :name WHERE username IN ('agent', 'manager')",
        "INSERT INTO customers (name, phone) VALUES (:name, :name)",
    ],
)
def test_an_error_tells_no_name_to_the_log(company: Company, statement: str) -> None:
    secret = "李雷 139 0000 0001"
    with pytest.raises(DBAPIError) as caught, transaction(company.engine, write=True) as session:
        session.execute(text(statement), {"name": secret})
    said = "".join(traceback.format_exception(caught.value))
    assert "constraint" in said
    assert "李雷" not in said and "139 0000" not in said
