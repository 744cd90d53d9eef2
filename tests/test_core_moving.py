"""A company moves to the other database and back: every row, what counts on, and nothing half done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from core.__main__ import main
from core.backups import moving
from core.backups.errors import BackupRefused
from core.customers import joining
from core.customers.joining import JoinDouble
from core.requests import attachments
from db import files as stored
from db.codes import BackupProblem
from db.tables import Base, Customer, ServiceRequest
from tests.company_cast import Company, address, meet
from tests.conftest import BOTH, Databases
from tests.odd_photos import png_of
from tests.test_core_erasing import erase
from tests.test_core_erasing_files import story

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


def rows(engine: Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def lived_in(company: Company, files: Path) -> Company:
    """With two customers who are one, a file, and words to search for."""
    first = company.register(symptom="晚上异响")
    second = company.register(symptom="漏水", phone="13900000002", customer_name="李四")
    earlier, later = (company.get(ServiceRequest, id).customer_id for id in (first, second))
    about = {
        "noun": Customer,
        "id": later,
        "seen_version": company.get(Customer, later).version,
    }
    command = JoinDouble(other_id=earlier, reason="同一人")  # refers to a row that comes later
    company.do("manager", joining.join, command=command, **about)
    company.do("agent", attachments.add, content=png_of(2, 2), name="泵.png", case_id=second)
    return company


def other(company: Company) -> str:
    return BOTH[1 - BOTH.index(company.engine.dialect.name)]


def test_a_company_moves_to_the_other_database_and_back(
    lived_in: Company, databases: Databases, tmp_path: Path
) -> None:
    before, home = rows(lived_in.engine), lived_in.engine.dialect.name
    with databases.blank(other(lived_in)) as there, databases.blank(home) as back:
        moved = moving.move(lived_in.engine, address(there), folder=tmp_path / "there")
        assert (moved.files, moved.lost) == (1, ())
        assert moved.rows > sum(map(len, before.values()))  # the words of the searches
        assert rows(there) == before
        (file,) = (tmp_path / "there" / stored.CONTENT).glob("*/*")
        assert file.read_bytes() == png_of(2, 2)
        company = meet(there)
        third = company.register(symptom="不转", phone="13900000003", customer_name="王五")
        assert third > max(row.id for row in lived_in.rows(ServiceRequest))
        lives = rows(there)
        moving.move(there, address(back))
        assert rows(back) == lives


def test_by_the_command_line(
    lived_in: Company,
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", lived_in.url)
    with databases.blank(other(lived_in)) as there:
        assert main(["move", "--to", address(there)]) == 0
        said = capsys.readouterr().out
        assert "each was read back beside its original" in said and "history is whole" in said
        assert main(["move", "--to", address(there)]) == 1
        assert "There is a database already" in capsys.readouterr().err
        assert main(["move", "--to", lived_in.url]) == 1


def test_what_cannot_move_whole_does_not_move(
    lived_in: Company, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = moving._newest
    asked: list[Any] = []

    def written_to(connection: Any) -> Any:
        asked.append(connection)
        return (newest(connection), len(asked))

    with databases.blank(other(lived_in)) as there:
        with monkeypatch.context() as patch:
            patch.setattr(moving, "_newest", written_to)
            with pytest.raises(BackupRefused) as refused:
                moving.move(lived_in.engine, address(there))
        assert refused.value.problem is BackupProblem.DATABASE
        with there.connect() as connection:
            assert not connection.scalar(select(func.count()).select_from(Customer))
        moving.move(lived_in.engine, address(there))  # the tables that it left are no company
        assert rows(there) == rows(lived_in.engine)


@pytest.mark.parametrize("to", ["nonsense", "mysql://a/b", "postgresql://x@127.0.0.1:1/y"])
def test_a_wrong_address_is_answered_in_words(
    sqlite_company: Company,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    to: str,
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_company.url)
    assert main(["move", "--to", to]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Nothing was done. The database refused: ")
    assert "no address" in said or "port 1 failed" in said


def test_files_that_were_erased_are_not_missed(
    sqlite_company: Company, files: Path, databases: Databases, tmp_path: Path
) -> None:
    story(sqlite_company)
    erase(sqlite_company)
    with databases.blank("sqlite") as there:
        moved = moving.move(sqlite_company.engine, address(there), folder=tmp_path / "there")
    assert (moved.files, moved.lost) == (1, ())
