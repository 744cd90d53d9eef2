"""The import as a command: what it says, what it writes, how it ends."""

import csv
import io
from pathlib import Path

import pytest

from core.__main__ import main
from tests.company_cast import Company
from tests.import_files import CARS, DATA

CAR_TEXT = CARS.read_text("utf-8-sig")


@pytest.fixture
def command(sqlite_company: Company, monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setenv("DATABASE_URL", sqlite_company.url)
    return sqlite_company


def test_the_command_imports_and_says_what_it_did(
    command: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(CARS), "--map", "car_complaints", "--dry-run"]) == 0
    assert "600 would be imported" in capsys.readouterr().out
    assert main(["import", str(CARS), "--map", "car_complaints"]) == 0
    told = capsys.readouterr()
    assert "600 rows: 600 imported, 0 known already, 0 bad" in told.out
    assert "600 of 600 rows" in told.err
    assert main(["import", str(CARS), "--map", "car_complaints"]) == 0
    assert "0 imported, 600 known already" in capsys.readouterr().out


def test_the_command_writes_the_bad_rows(
    command: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, bad = tmp_path / "cars.csv", tmp_path / "bad.csv"
    file.write_text(CAR_TEXT.replace("482026,", "482026,,", 1), "utf-8")
    arguments = ["import", str(file), "--map", "car_complaints", "--rejects", str(bad)]
    assert main(arguments) == 0
    assert "line 4: row_shifted" in capsys.readouterr().out
    found = csv.reader(io.StringIO(bad.read_text("utf-8-sig"), newline=""))
    assert [row[3] for row in found] == ["id", "482026"]


@pytest.mark.parametrize(
    ("file", "map", "words"),
    [
        (CARS, "city_service_requests", "These columns are missing: unique_key"),
        (CARS, "nothing", "There is no map of this name"),
        (DATA / "nothing.csv", "car_complaints", "There is no such file"),
        (Path(__file__), "car_complaints", "Files of the type .py cannot be read"),
    ],
)
def test_the_command_says_why_a_file_is_refused(
    command: Company, capsys: pytest.CaptureFixture[str], file: Path, map: str, words: str
) -> None:
    assert main(["import", str(file), "--map", map]) == 1
    assert words in capsys.readouterr().err


def test_the_command_needs_a_company(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    assert main(["import", str(CARS), "--map", "car_complaints"]) == 1
    assert "not set up" in capsys.readouterr().err
