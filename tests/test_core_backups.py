"""Backups: whole or none, checked before they have a name, by a plan, and brought back."""

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from core import sweep
from core.backups import contents, copies, making, plan, restoring
from core.backups.errors import BackupRefused
from core.backups.inputs import EditBackupPlan
from core.house import HOUSE
from core.kernel import sealing
from core.kernel.errors import InvalidInput, NotAllowed, NotFound
from core.kernel.inputs import parse
from core.kernel.unit_of_work import system_actor, unit_of_work
from core.process import heads, history
from core.requests import attachments
from db import files as stored
from db import migrate
from db.codes import BackupOutcome, BackupProblem
from db.session import make_engine
from db.tables import BackupRun, Job, ServiceRequest
from tests import behind
from tests.company_cast import NOW, Company, address
from tests.conftest import BOTH, Databases
from tests.odd_photos import png_of
from tests.test_core_job_sheet import act, done, signature

PNG = png_of(2, 2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "copies"


def planned(company: Company, folder: Path, **said: Any) -> None:
    command = parse(EditBackupPlan, {"folder": str(folder), "hour": 2, "keep": 2} | said)
    company.do("admin", plan.edit, command, seen_version=0)


def kept(company: Company, *, now: Any = NOW) -> list[BackupOutcome | None]:
    """The outcomes of all copies after a sweep at this moment."""
    sweep.run(company.engine, now=now)
    return [each.outcome for each in company.rows(BackupRun)]


def test_a_backup_comes_back_as_it_was(
    company: Company,
    databases: Databases,
    folder: Path,
    files: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = company.register("agent", symptom="不制冷")
    company.do("agent", attachments.add, case_id=case, name="a.png", content=PNG)
    place = making.make(company.engine, folder, now=NOW)
    company.register("agent")
    found = contents.read(place)
    assert (found.cases, len(found.files), found.altered, found.lost) == (1, 1, 0, ())
    assert contents.check(place) == ()
    shutil.rmtree(files)
    with databases.blank(copies.kind(company.engine)) as engine:
        monkeypatch.setenv("DATABASE_URL", address(engine))
        restoring.restore(place, now=NOW)
        with unit_of_work(engine, system_actor(), HOUSE, write=False) as uow:
            assert [row.symptom for row in uow.session.query(ServiceRequest)] == ["不制冷"]
            assert history.verify(uow) == ()
    assert stored.load(found.files[0]) == PNG
    with pytest.raises(BackupRefused) as refused:
        restoring.restore(place, now=NOW)
    assert refused.value.problem is BackupProblem.NOT_EMPTY


@pytest.mark.parametrize("spoilt", ["database", "file", "list", "gone", "newer"])
def test_a_spoilt_backup_is_not_brought_back(
    sqlite_company: Company,
    folder: Path,
    files: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoilt: str,
) -> None:
    case = sqlite_company.register("agent")
    sqlite_company.do("agent", attachments.add, case_id=case, name="a.png", content=PNG)
    place = making.make(sqlite_company.engine, folder, now=NOW)
    (file,) = (folder / "files").glob("*/*")
    if spoilt == "database":
        with (place / "database.sqlite").open("r+b") as copy:
            copy.seek(5000)
            copy.write(b"\0\1\2\3")
    elif spoilt == "file":
        file.write_bytes(b"x")
    elif spoilt == "list":
        (place / contents.CONTENTS).write_text("{")
    elif spoilt == "newer":
        kept_list = contents.read(place).model_copy(update={"tables": "9999_not_written_yet"})
        (place / contents.CONTENTS).write_text(kept_list.model_dump_json())
    else:
        file.unlink()
    target = tmp_path / "new" / "aftercare.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{target}")
    with pytest.raises(BackupRefused):
        restoring.restore(place, now=NOW)
    assert not target.exists()


def test_a_copy_of_the_other_kind_is_named(
    sqlite_company: Company, folder: Path, files: Path
) -> None:
    place = making.make(sqlite_company.engine, folder, now=NOW)
    with pytest.raises(BackupRefused) as refused:
        copies.bring_back(place / "database.sqlite", make_url("postgresql://nobody@/nowhere"))
    assert refused.value.problem is BackupProblem.OTHER_KIND


def test_what_was_lost_or_altered_before_is_said_in_the_list(
    sqlite_company: Company, folder: Path, files: Path
) -> None:
    case = sqlite_company.register("agent")
    sqlite_company.do("agent", attachments.add, case_id=case, name="a.png", content=PNG)
    shutil.rmtree(files)
    with behind.back(sqlite_company.engine) as session:
        session.execute(text("UPDATE history SET note = 'other' WHERE subject = 'request'"))
    found = contents.read(making.make(sqlite_company.engine, folder, now=NOW))
    assert (len(found.lost), found.files) == (1, ())
    assert found.altered > 0


def test_a_folder_that_cannot_hold_it_is_refused(
    sqlite_company: Company, tmp_path: Path, files: Path
) -> None:
    (tmp_path / "file").write_text("")
    places = {
        Path("copies"): BackupProblem.NOT_ABSOLUTE,
        files / "copies": BackupProblem.INSIDE_FILES,
        tmp_path / "file" / "below": BackupProblem.DISK,
    }
    for place, problem in places.items():
        with pytest.raises(BackupRefused) as refused:
            making.make(sqlite_company.engine, place, now=NOW)
        assert refused.value.problem is problem
    with pytest.raises(InvalidInput):
        parse(EditBackupPlan, {"folder": "copies"})


def test_a_copy_made_while_people_work_holds_what_was_acknowledged(
    company: Company, folder: Path, files: Path
) -> None:
    # The customer is known beforehand: of two who register a new one at once, both would.
    told = [company.register()]
    home = threading.Event()

    def work() -> None:
        while not home.is_set():
            told.append(company.register())

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    try:
        while len(told) < 5:
            home.wait(0.01)
        before = len(told)
        found = contents.read(making.make(company.engine, folder, now=NOW))
    finally:
        home.set()
        for worker in workers:
            worker.join()
    assert before <= found.cases <= len(told)
    assert found.altered == 0


def test_the_plan_makes_one_a_day_and_keeps_so_many(
    sqlite_company: Company, folder: Path, files: Path
) -> None:
    company = sqlite_company
    assert kept(company) == []
    assert company.see("admin", plan.is_old)
    planned(company, folder)
    made = [BackupOutcome.MADE]
    assert kept(company) == made
    assert kept(company, now=NOW + HOUR) == made
    assert not company.see("admin", plan.is_old)
    # Twice a sweep after the hour: one copy. Two stay of four.
    for day in (1, 2, 3):
        for minute in (0, 1):
            kept(company, now=NOW + day * DAY + timedelta(minutes=minute))
    assert kept(company, now=NOW + 3 * DAY + HOUR) == made * 4
    assert len(making.kept(folder)) == 2
    assert company.see("admin", plan.newest) == NOW + 3 * DAY


def test_one_that_is_asked_for_comes_at_once(
    sqlite_company: Company, folder: Path, files: Path
) -> None:
    company = sqlite_company
    with pytest.raises(NotFound):
        company.do("admin", plan.ask)
    planned(company, folder)
    kept(company)
    company.do("admin", plan.ask, now=NOW + HOUR)
    assert len(kept(company, now=NOW + HOUR)) == 2
    assert len(kept(company, now=NOW + HOUR + timedelta(minutes=1))) == 2


def test_a_failure_is_kept_with_its_reason_and_tried_again(
    sqlite_company: Company, folder: Path, files: Path
) -> None:
    company = sqlite_company
    folder.write_text("")
    planned(company, folder)
    assert kept(company) == [BackupOutcome.FAILED]
    (row,) = company.rows(BackupRun)
    assert row.problem is BackupProblem.DISK
    assert str(folder) in row.said
    assert len(kept(company, now=NOW + HOUR / 2)) == 1
    folder.unlink()
    assert kept(company, now=NOW + HOUR) == [BackupOutcome.FAILED, BackupOutcome.MADE]


def test_one_that_was_cut_off_is_said_to_be(
    sqlite_company: Company, folder: Path, files: Path
) -> None:
    company = sqlite_company
    planned(company, folder)
    with company.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO backup_runs (began_at, place, size, said) VALUES (:at, '', 0, '')"),
            {"at": NOW.replace(tzinfo=None).isoformat(" ", "microseconds")},
        )
    assert kept(company, now=NOW + HOUR) == [None]
    assert kept(company, now=NOW + 7 * HOUR) == [BackupOutcome.CUT_OFF, BackupOutcome.MADE]


def test_what_no_backup_names_any_more_goes_with_the_old_ones(
    sqlite_company: Company, folder: Path, files: Path
) -> None:
    engine = sqlite_company.engine
    case = sqlite_company.register("agent")
    sqlite_company.do("agent", attachments.add, case_id=case, name="a.png", content=PNG)
    making.make(engine, folder, now=NOW)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM attachments"))
    newest = making.make(engine, folder, now=NOW + DAY)
    assert len(list((folder / "files").glob("*/*"))) == 1
    assert len(making.drop_old(folder, contents.read(newest).company, 1)) == 1
    assert list((folder / "files").glob("*/*")) == []
    # Those of another company in the same folder stay.
    assert making.drop_old(folder, "another", 1) == ()


@pytest.mark.parametrize("who", ["agent", "manager", "technician", "auditor"])
def test_the_plan_is_for_administrators(sqlite_company: Company, tmp_path: Path, who: str) -> None:
    with pytest.raises(NotAllowed):
        sqlite_company.do(who, plan.ask)
    with pytest.raises(NotAllowed):
        command = EditBackupPlan(folder=str(tmp_path))
        sqlite_company.do(who, plan.edit, command, seen_version=0)
    if who != "auditor":
        with pytest.raises(NotAllowed):
            sqlite_company.see(who, plan.runs)


def test_the_copy_is_for_nobody_else_on_the_machine(
    sqlite_company: Company, folder: Path, files: Path
) -> None:
    place = making.make(sqlite_company.engine, folder, now=NOW)
    assert [f"{each.stat().st_mode & 0o077:o}" for each in (folder, place)] == ["0", "0"]
    with closing(sqlite3.connect(place / "database.sqlite")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("kind", BOTH)
def test_an_empty_database_makes_no_backup(
    databases: Databases, folder: Path, files: Path, kind: str
) -> None:
    with databases.blank(kind) as blank:
        engine = make_engine(address(blank))
        migrate.upgrade(engine)
        with pytest.raises(BackupRefused) as refused:
            making.make(engine, folder, now=NOW)
        engine.dispose()
    assert refused.value.problem is BackupProblem.NO_COMPANY
    assert [each for each in folder.iterdir() if each.name != "files"] == []


def test_every_kind_of_file_that_a_row_names_is_taken_along(
    sqlite_company: Company, folder: Path, files: Path
) -> None:
    named = {(column.table.name, column.name) for column in making.NAMED}
    assert named == {
        ("article_pictures", "digest"),
        ("attachments", "digest"),
        ("contracts", "paper_digest"),
        ("course_files", "digest"),
        ("jobs", "signature"),
        ("mail_files", "digest"),
        ("online_files", "digest"),
        ("qualifications", "scan_digest"),
        ("quotes", "signature"),
    }
    _, job_id = done(sqlite_company)
    act(sqlite_company, "technician", job_id, signature((100, 100), (300, 200)))
    found = contents.read(making.make(sqlite_company.engine, folder, now=NOW))
    assert found.files == (sqlite_company.get(Job, job_id).signature,)


def test_heads_of_what_came_after_the_copy_are_set_aside(
    company: Company,
    databases: Databases,
    folder: Path,
    files: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    company.register()
    company.do("auditor", heads.take)
    place = making.make(company.engine, folder, now=NOW)
    company.register()
    company.do("auditor", heads.take)
    before = heads.content()
    assert "which key" not in (place / contents.CONTENTS).read_text("utf-8")
    with databases.blank(copies.kind(company.engine)) as engine:
        monkeypatch.setenv("DATABASE_URL", address(engine))
        back = restoring.restore(place, now=NOW)
        assert back.key is restoring.Key.SAME
        assert back.heads_aside == tmp_path / "history.heads.20260302T020000Z"
        assert back.heads_aside.read_bytes() == before
        assert heads.content() == before.splitlines(keepends=True)[0]
        with unit_of_work(engine, system_actor(), HOUSE, write=False) as uow:
            assert list(heads.wrong(uow.session)) == []
            assert heads.set_aside(uow.session, at=NOW) is None
    monkeypatch.setenv("AFTERCARE_KEY", str(tmp_path / "another.key"))
    assert restoring._key(back.contents) is restoring.Key.MISSING
    sealing.ensure()
    assert restoring._key(back.contents) is restoring.Key.OTHER
