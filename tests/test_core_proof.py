"""The history proves itself: whatever SQL changes behind the tool's back is found and named."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Enum, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import sweep
from core.__main__ import main
from core.codes import Flaw, Role
from core.followups import actions as followups
from core.house import HOUSE
from core.kernel import chain, recorded, sealing
from core.kernel.unit_of_work import UnitOfWork, system_actor
from core.process import adopting, heads, history, proof
from core.process.proof import Finding
from core.requests import inputs
from db.tables import (
    Attachment,
    Customer,
    FollowUp,
    History,
    Limit,
    NormRevision,
    Penalty,
    Person,
    RecordChange,
    ServiceRequest,
    SurveyAnswer,
)
from tests import behind, complaint_steps
from tests.attached_files import PNG
from tests.company_cast import NOW, Company
from tests.test_core_attachments import attach
from tests.test_core_escalation import statements
from tests.test_core_penalties import impose

Change = Callable[[Session], Any]


@pytest.fixture
def lived(company: Company, files: Path) -> Company:
    """A company in which something of everything has happened, with a head over half of it."""
    case_id, call_id = company.finished()
    answers = followups.RecordAnswers(scores={"attitude": 9}, opinion="", other_needs="")
    company.act("agent", FollowUp, call_id, answers)
    attach(company, case_id, "photo.png", PNG)
    company.do("auditor", heads.take)
    complaint_id = company.complaint()
    complaint_steps.take(company, complaint_id, "notified")
    impose(company, complaint_id)
    for note in ("一", "二", "三"):
        company.act("agent", ServiceRequest, company.register(), inputs.Remark(note=note))
    assert proofs(company) == ()
    return company


def proofs(company: Company) -> tuple[Finding, ...]:
    return company.see("auditor", proof.verify)


def found_by(company: Company, change: Change) -> set[Flaw]:
    """What the check says of a change that is undone afterwards."""
    with behind.tried(company.engine) as session:
        change(session)
        session.flush()
        session.expunge_all()
        uow = UnitOfWork(session, company["auditor"], NOW, HOUSE)
        return {each.flaw for each in proof.verify(uow)} - {Flaw.UNLOCKED}


def middle(session: Session) -> History:
    """A row in the middle of a case's history."""
    of_case = (History.subject == "request") & (History.sequence == 2)
    return session.scalars(select(History).where(of_case).order_by(History.id)).first()  # type: ignore[return-value]


def alter(**facts: Any) -> Change:
    def run(session: Session) -> None:
        row = middle(session)
        session.execute(update(History).where(History.id == row.id).values(**facts))

    return run


def cut(session: Session, which: Any) -> None:
    """Rows of history go, with all that lies under them."""
    ids = list(session.scalars(select(History.id).where(which)))
    session.execute(delete(RecordChange).where(RecordChange.history_id.in_(ids)))
    session.execute(delete(History).where(History.id.in_(ids)))


def newest(count: int) -> Change:
    def run(session: Session) -> None:
        ids = session.scalars(select(History.id).order_by(History.id.desc()).limit(count))
        cut(session, History.id.in_(list(ids)))

    return run


def rehashed(change: Change) -> Change:
    """A change after which every chain is reckoned anew, as who reads the source can."""

    def run(session: Session) -> None:
        change(session)
        session.expire_all()
        before: History | None = None
        for row in session.scalars(
            select(History).order_by(History.subject, History.subject_id, History.sequence)
        ):
            same = before and (before.subject, before.subject_id) == (row.subject, row.subject_id)
            row.sequence = before.sequence + 1 if same and before else 1
            row.previous_hash = before.hash if same and before else ""
            row.hash = chain.digest(row)
            before = row
        session.flush()

    return run


def drop_middle(session: Session) -> None:
    cut(session, History.id == middle(session).id)


def drop_first(session: Session) -> None:
    cut(session, (History.subject == "request") & (History.sequence == 1))


def swap(session: Session) -> None:
    """Two rows in the other order."""
    second = middle(session)
    same = (History.subject == second.subject) & (History.subject_id == second.subject_id)
    first = session.scalars(select(History).where(same, History.sequence == 1)).one()
    for row, number in ((first, 9999), (second, 1), (first, 2)):
        session.execute(update(History).where(History.id == row.id).values(sequence=number))


def forge(session: Session) -> None:
    """A row that nobody wrote, at the end of a chain."""
    row = middle(session)
    facts = {each.name: getattr(row, each.name) for each in History.__table__.columns}
    facts |= {"id": 10**6, "sequence": 10**3, "note": "假的", "hash": "0" * 64}
    session.execute(insert(History).values(**facts))


def put(noun: Any, **facts: Any) -> Change:
    """One row of a table, changed as its owner can."""

    def run(session: Session) -> None:
        id = session.scalar(select(func.min(noun.id)))
        assert session.execute(update(noun).where(noun.id == id).values(**facts)).rowcount == 1

    return run


def make_admin(session: Session) -> None:
    mine = Person.username == "technician"
    session.execute(update(Person).where(mine).values(role=Role.ADMIN))


def soften_rule_book(session: Session) -> None:
    row = session.scalars(select(NormRevision)).first()
    assert row is not None
    data = row.data | {"name": {"zh_CN": "改过", "en": "changed"}}
    session.execute(update(NormRevision).where(NormRevision.id == row.id).values(data=data))


def subject_gone(session: Session) -> None:
    cut(session, (History.subject == "request") & (History.subject_id == 1))


# The changes of the attack, in its order; what it found and what it did not.
CHANGES: dict[str, Change] = {
    "note": alter(note="改过"),
    "time": alter(at=NOW - timedelta(days=1)),
    "actor": alter(actor_id=1),
    "data": alter(data={"x": 1}),
    "case": alter(case_id=None),
    "middle row deleted": drop_middle,
    "first row deleted": drop_first,
    "swapped": swap,
    "forged with a made-up hash": forge,
    "newest row": newest(1),
    "newest three": newest(3),
    "newest 500": newest(500),
    "all rows of a subject": subject_gone,
    "all history": lambda session: cut(session, History.id > 0),
    "note, hashes anew": rehashed(alter(note="改过")),
    "deleted, hashes anew": rehashed(drop_middle),
    "forged, hashes anew": rehashed(forge),
    "order, hashes anew": rehashed(swap),
    "status": put(ServiceRequest, status="cancelled"),
    "symptom": put(ServiceRequest, symptom="别的"),
    "penalty": put(Penalty, percent=1),
    "limit met": put(Limit, met_at=NOW - timedelta(days=3)),
    "due time": put(Limit, due_at=NOW + timedelta(days=300)),
    "score": put(SurveyAnswer, score=10),
    "phone": put(Customer, phone="13900000000"),
    "role made admin": make_admin,
    "rule book in force": soften_rule_book,
    "attachment pointed elsewhere": put(Attachment, digest="0" * 64),
}


def test_every_change_of_the_attack_is_found(lived: Company) -> None:
    found = {name: found_by(lived, change) for name, change in CHANGES.items()}
    assert [name for name, flaws in found.items() if not flaws] == []
    assert found["role made admin"] == {Flaw.ROW_DIFFERS}
    assert Flaw.FORGED in found["note, hashes anew"]
    assert Flaw.HEAD_DIFFERS in found["all rows of a subject"]
    assert {Flaw.FILE_GONE, Flaw.ROW_DIFFERS} == found["attachment pointed elsewhere"]
    assert proofs(lived) == ()


def test_a_wrong_address_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The 29th: it said that an empty new database is whole."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'wrong.db'}")
    assert main(["verify"]) == 1
    assert "no such file" in capsys.readouterr().err
    assert not (tmp_path / "wrong.db").exists()


def other(column: Any, value: Any) -> Any:
    """Another value that a column can hold."""
    kind = column.type
    if isinstance(kind, Boolean):
        return not value
    if isinstance(kind, Enum):
        return next(each for each in kind.enums if each != str(value or ""))
    if value is None:
        plain: dict[type, Any] = {str: "x", int: 7, float: 7.5, bytes: b"x", date: NOW.date()}
        return plain.get(kind.python_type, NOW) if not isinstance(kind, JSON) else [1]
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    if isinstance(value, list | dict):
        return {"x": 1} if value != {"x": 1} else {}
    if isinstance(value, str):
        return ("x" if value[:1] != "x" else "y") + value[1:]
    return value + (b"x" if isinstance(value, bytes) else 1)


def kinds(session: Session) -> Iterator[tuple[Table, Any]]:
    """Every column that is played forward, of every table that has rows; None is the whole row."""
    for table in recorded.kept_tables().values():
        if session.scalar(select(func.count()).select_from(table)):
            yield from ((table, column) for column in (None, *recorded.columns(table)))


def test_whatever_column_of_whatever_table_is_changed_is_found(lived: Company) -> None:
    chance = random.Random(7)
    missed, refused, count = [], [], 0
    with behind.tried(lived.engine) as session:
        for table, column in list(kinds(session)):
            id = chance.choice(session.scalars(select(table.c.id)).all())
            count += 1
            with session.begin_nested() as change:
                try:
                    if column is None:
                        session.execute(delete(table).where(table.c.id == id))
                    else:
                        value = session.scalar(select(column).where(table.c.id == id))
                        new = {column.name: other(column, value)}
                        session.execute(update(table).where(table.c.id == id).values(new))
                except DBAPIError:
                    refused.append(f"{table.name}.{column}")
                else:
                    found = [each[0] for each in proof.differences(session, table)]
                    missed += [] if found == [id] else [f"{table.name}.{column}"]
                change.rollback()
    assert missed == []
    assert count >= 200
    assert len(refused) < count / 10


def test_nobody_changes_or_deletes_history_by_the_way(company: Company) -> None:
    company.register()
    for table in ("history", "record_changes"):
        for way in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            refused = pytest.raises(DBAPIError, match="history is not altered")
            with refused, company.engine.begin() as connection:
                connection.execute(text(way))
    lock = "history_no_update" if company.engine.dialect.name == "sqlite" else "history_no_change"
    on = "" if company.engine.dialect.name == "sqlite" else " ON history"
    with behind.tried(company.engine) as session:
        if on:
            session.execute(text(f"DROP TRIGGER {lock}{on}"))
        uow = UnitOfWork(session, company["auditor"], NOW, HOUSE)
        assert [each.flaw for each in proof.verify(uow)] == [Flaw.UNLOCKED]


def test_old_and_new_values_lie_under_the_row_of_history(company: Company) -> None:
    case_id = company.register()
    company.act("agent", ServiceRequest, case_id, inputs.Answer(answer="已修好"))
    (row,) = company.rows(History, subject="request", subject_id=case_id, sequence=2)
    (change,) = company.rows(RecordChange, history_id=row.id, noun="requests")
    assert (change.row_id, change.fact) == (case_id, "changed")
    assert change.new["status"] == company.get(ServiceRequest, case_id).status
    assert (change.old["status"], change.new["version"]) == ("registered", 2)
    (limit,) = company.rows(RecordChange, history_id=row.id, noun="limits", fact="changed")[:1]
    assert limit.new["met_at"] == NOW.timestamp() * 1_000_000


def test_secrets_are_kept_as_seals_only(company: Company) -> None:
    people = company.rows(RecordChange, noun="people")
    assert {tuple(each.new["password_hash"]) for each in people} == {("seal",)}
    (founded,) = company.rows(RecordChange, noun="company")
    assert list(founded.new["cookie_key"]) == ["seal"]


def test_the_key_is_private_and_without_it_the_check_says_so(
    lived: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert sealing.key_file().stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("AFTERCARE_KEY", str(tmp_path / "none.key"))
    assert {each.flaw for each in proofs(lived)} == {Flaw.NO_KEY}
    assert not (tmp_path / "none.key").exists()


def kept(uow: Any) -> tuple[heads.Head, ...]:
    return heads.kept(uow.session)


def test_heads_are_taken_once_a_day_and_follow_each_other(company: Company) -> None:
    for now in (NOW, NOW + timedelta(hours=23), NOW + timedelta(hours=25)):
        sweep.run(company.engine, now=now)
    first, second = company.see("auditor", kept)
    assert (second.number, second.previous) == (2, first.signature)
    assert second.rows >= first.rows > 0
    assert heads.file().stat().st_mode & 0o777 == 0o600
    # Those of another company may lie in the same file.
    other = json.dumps(vars(first) | {"company": "2020-01-01T00:00:00+00:00"})
    heads.file().write_text(f"{other}\n{heads.file().read_text('utf-8')}", "utf-8")
    assert proofs(company) == ()
    # However many there are, the company is asked for once.
    with statements(company) as asked:
        assert len(company.see("auditor", kept)) == 2
    assert len([text for text, _ in asked if "company.set_up_at" in text]) == 1
    lines = heads.file().read_text("utf-8")
    heads.file().write_text(lines.replace(f'"rows": {first.rows}', '"rows": 1'), "utf-8")
    assert [(each.flaw, each.where) for each in proofs(company)] == [(Flaw.HEAD_DIFFERS, "1")]


def test_a_place_that_takes_no_heads_keeps_the_rest_of_the_minute_going(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    (tmp_path / "taken").write_text("no folder")
    monkeypatch.setenv("AFTERCARE_HEADS", str(tmp_path / "taken" / "history.heads"))
    sweep.run(company.engine, now=NOW)
    assert "the head of the history could not be written" in caplog.text


def test_a_company_older_than_the_seals_is_taken_up_once(company: Company) -> None:
    case_id = company.register()
    with behind.back(company.engine) as session:
        session.execute(delete(RecordChange))
        founded = History.action == history.SET_UP
        session.execute(update(History).where(founded).values(data={}))
        row = session.scalars(select(History).where(founded)).one()
        session.execute(update(History).where(founded).values(hash=chain.digest(row)))
    everybody = system_actor("UTC", "x")
    assert adopting.adopt(company.engine, everybody, HOUSE) > 20
    assert adopting.adopt(company.engine, everybody, HOUSE) == 0
    assert proofs(company) == ()
    assert len(company.see("auditor", kept)) == 1
    with behind.back(company.engine) as session:
        session.execute(update(ServiceRequest).values(symptom="别的"))
    (found,) = proofs(company)
    assert (found.subject, found.id, found.where, found.found) == (
        "requests",
        case_id,
        "symptom",
        "别的",
    )


def test_the_command_line_names_the_place_and_takes_heads(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", company.url)
    case_id = company.register()
    assert main(["heads"]) == 0
    assert main(["verify"]) == 0
    with behind.back(company.engine) as session:
        session.execute(update(ServiceRequest).values(symptom="别的"))
    capsys.readouterr()
    assert main(["verify"]) == 1
    said = capsys.readouterr().out
    assert f"requests {case_id}: symptom is '别的', the history says '洗衣机不转了'" in said
