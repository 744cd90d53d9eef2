"""The commands for whoever lost the way in: unlock a name, make a new password."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from core.__main__ import main
from core.kernel.unit_of_work import transaction
from core.people import sign_ins
from db.codes import AccessKind
from db.migrate import upgrade
from db.session import make_engine
from db.tables import AccessEvent, History, Person, SignInAttempt
from tests.company_cast import Company

MADE = re.compile(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b")


@pytest.fixture
def command(company: Company, monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setenv("DATABASE_URL", company.url)
    return company


def attempt(company: Company, who: str, place: str = "203.0.113.7") -> sign_ins.Attempt:
    with transaction(company.engine, write=True) as session:
        return sign_ins.attempt(session, who, datetime.now(UTC), address=place)


def lock(company: Company, *names: str) -> None:
    for name in names:
        for _ in range(5):
            attempt(company, name)
        assert attempt(company, name).reserved.id is None


def test_a_name_is_unlocked(command: Company, capsys: pytest.CaptureFixture[str]) -> None:
    lock(command, "admin", "agent")
    assert main(["unlock", " ADMIN "]) == 0
    assert "5 wrong tries were forgotten" in capsys.readouterr().out
    (event,) = command.rows(AccessEvent, kind=AccessKind.UNLOCKED)
    assert (event.by_id, event.about) == (None, "admin")
    assert attempt(command, "admin").reserved.id
    assert attempt(command, "agent").reserved.id is None


def test_everybody_is_unlocked_and_every_address(command: Company) -> None:
    lock(command, "admin", "agent", "manager", "auditor")
    assert attempt(command, "finance").reserved.id is None
    assert main(["unlock", "--all"]) == 0
    assert command.rows(SignInAttempt) == []
    assert attempt(command, "finance").reserved.id


def test_a_new_password_opens_a_way_in(
    command: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction(command.engine, write=True) as session:
        held = sign_ins.open_for(session, "admin", datetime.now(UTC))
        session.execute(update(Person).where(Person.username == "admin").values(active=False))
    lock(command, "admin")
    assert main(["password", "Admin"]) == 0
    (made,) = MADE.findall(capsys.readouterr().out)
    assert sign_ins.is_right(attempt(command, "admin"), made)
    with transaction(command.engine, write=True) as session:
        assert sign_ins.holder(session, held, datetime.now(UTC)) is None
        assert sign_ins.open_for(session, "admin", datetime.now(UTC))
    rows = command.rows(History, subject="person", subject_id=command["admin"].id)
    assert (rows[-1].action, rows[-1].actor_id) == ("password_changed", None)
    assert rows[-1].data == {"active": [False, True]}
    assert made not in str([vars(row) for row in rows])


@pytest.mark.parametrize("arguments", [["unlock", "nobody"], ["password", "nobody"]])
def test_a_name_that_nobody_has_is_said(
    command: Company, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    before = {person.id: person.password_hash for person in command.rows(Person)}
    assert main(arguments) == 1
    assert "Nobody here has the user name 'nobody'" in capsys.readouterr().out
    assert {person.id: person.password_hash for person in command.rows(Person)} == before


@pytest.mark.parametrize("arguments", [["unlock", "--all"], ["password", "admin"]])
@pytest.mark.parametrize("tables", [False, True])
def test_a_database_without_a_company_is_refused_and_none_is_made(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    tables: bool,
) -> None:
    file = tmp_path / "folder" / "wrong.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    if tables:
        engine = make_engine()
        upgrade(engine)
        engine.dispose()
    assert main(arguments) == 1
    assert "Nothing was done with" in capsys.readouterr().err
    assert file.is_file() == tables


@pytest.mark.parametrize("arguments", [["unlock"], ["password"], ["unlock", "admin", "--all"]])
def test_whose_must_be_said(command: Company, arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
