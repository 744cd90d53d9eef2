"""The command line on a database that is not what was meant: words, an exit code, nothing made."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from core.__main__ import main
from core.requests import inputs
from db import migrate
from db.session import make_engine, reading_engine
from db.tables import ServiceRequest
from tests.company_cast import Company, address
from tests.import_files import CARS

COMMANDS = (["verify"], ["import", str(CARS), "--map", "car_complaints"])


def snapshot(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def nothing(folder: Path) -> str:
    return f"sqlite:///{folder / 'not' / 'there' / 'tool.db'}"


def a_folder(folder: Path) -> str:
    (folder / "tool.db").mkdir()
    return f"sqlite:///{folder / 'tool.db'}"


def an_empty_file(folder: Path) -> str:
    (folder / "tool.db").touch()
    return f"sqlite:///{folder / 'tool.db'}"


def another_file(folder: Path) -> str:
    (folder / "tool.db").write_text("Dear customer, " * 100)
    return f"sqlite:///{folder / 'tool.db'}"


def another_database(folder: Path) -> str:
    with sqlite3.connect(folder / "tool.db") as other:
        other.execute("CREATE TABLE songs (name TEXT)")
    other.close()
    return f"sqlite:///{folder / 'tool.db'}"


def migrated(folder: Path) -> str:
    url = f"sqlite:///{folder / '100% our?tool#.db'}"
    engine = make_engine(f"sqlite:///{folder / 'made.db'}")
    migrate.upgrade(engine)
    engine.dispose()
    (folder / "made.db").rename(folder / "100% our.db")
    return url.replace("?tool#", "")


def memory(_folder: Path) -> str:
    return "sqlite://"


def another_product(_folder: Path) -> str:
    return "mysql://office/aftercare"


def no_address(_folder: Path) -> str:
    return "aftercare.db"


def nobody_there(_folder: Path) -> str:
    return "postgresql://tool:secret@127.0.0.1:1/aftercare"


WRONG = [
    (nothing, "There is no such file: the tool is not set up there."),
    (a_folder, "There is no such file: the tool is not set up there."),
    (an_empty_file, "It holds no tables of this tool."),
    (another_file, "It cannot be read as a database."),
    (another_database, "It holds no tables of this tool."),
    (migrated, "It holds no company"),
    (memory, "There is no such file: the tool is not set up there."),
    (another_product, "It is no address of"),
    (no_address, "It is no address of"),
    (nobody_there, "It cannot be read as a database."),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(("place", "words"), WRONG, ids=lambda each: getattr(each, "__name__", ""))
def test_a_wrong_address_is_told_and_nothing_is_made(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    place: Callable[[Path], str],
    words: str,
    command: list[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", place(tmp_path))
    before = snapshot(tmp_path)
    assert main(command) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert told.out == ""
    assert "secret" not in told.err
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_database_without_a_company_is_told(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", address(engine))
    assert main(command) == 1
    assert "It holds no company" in capsys.readouterr().err


@pytest.fixture
def older(blank: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    migrate.upgrade(blank, "0003")
    with blank.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO company (id, name, time_zone, language, hotline, cookie_key, set_up_at,"
                " version) VALUES (1, 'Old', 'UTC', 'en', '', 'k', '2026-01-05 09:00:00+00:00', 1)"
            )
        )
    monkeypatch.setenv("DATABASE_URL", address(blank))
    yield blank


def test_older_tables_are_not_migrated_by_verify(
    older: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify"]) == 1
    assert "python -m core migrate" in capsys.readouterr().err
    assert migrate.tables(older) is migrate.Tables.OLDER
    assert main(["migrate"]) == 0
    assert main(["verify"]) == 0


def test_tables_of_a_later_version_are_told(
    older: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with older.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert main(["verify"]) == 1
    assert "this version of the tool does not know" in capsys.readouterr().err


@pytest.fixture
def copy(sqlite_company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a database with a case in it, alone in its folder."""
    case_id = sqlite_company.register()
    sqlite_company.act("agent", ServiceRequest, case_id, inputs.Remark(note="催"))
    path = tmp_path / "copy.db"
    with sqlite3.connect(str(sqlite_company.engine.url.database)) as source:
        source.execute(f"VACUUM INTO '{path}'")
    source.close()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    return path


def test_verify_writes_nothing(copy: Path) -> None:
    before = snapshot(copy.parent)
    assert main(["verify"]) == 0
    assert snapshot(copy.parent) == before


def test_a_damaged_file_is_told(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(copy) as sound:
        (size,) = sound.execute("PRAGMA page_size").fetchone()
        query = "SELECT rootpage FROM sqlite_schema WHERE name = 'history'"
        (page,) = sound.execute(query).fetchone()
    sound.close()
    content = bytearray(copy.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    copy.write_bytes(content)
    assert main(["verify"]) == 1
    assert "It cannot be read as a database. database disk image is malformed" in (
        capsys.readouterr().err
    )


def test_what_reads_refuses_to_write(company: Company) -> None:
    engine = reading_engine(company.url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM company")) == 1
        with pytest.raises(Exception, match="read-?only"):
            connection.execute(text("DELETE FROM form_keys"))
    engine.dispose()
