"""What is old goes as the company says, with a look before; what is stored about whom is told."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, String

from core import sweep
from core.__main__ import main
from core.erasing import register, retention
from core.erasing.register import What, Whom
from core.erasing.retention import Aged, EditRetention
from core.kernel.errors import InvalidInput, NotAllowed
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.people import sign_ins
from db.codes import AccessKind, NoticeKind
from db.tables import AccessEvent, Base, Draft, FormKey, History, Notice, SignIn
from tests.company_cast import NOW, Company

DAYS = {"notices": 90, "access_events": 90, "sign_ins": 30, "form_keys": 7, "drafts": 2}
AGES = (1, 5, 40, 100)


def fill(company: Company) -> None:
    """One of each kind for each age."""
    id = company["agent"].id
    with transaction(company.engine, write=True) as session:
        for age in AGES:
            at, name = NOW - timedelta(days=age), f"of {age} days"
            sign_in = SignIn(digest=name, person_id=id, started_at=at, seen_at=at, confirmed_at=at)
            sign_in.expires_at, sign_in.address, sign_in.agent = at, "", ""
            told = {"person_id": id, "kind": NoticeKind.ACCESS, "data": {}, "at": at}
            session.add_all(
                [
                    sign_in,
                    Notice(source=f"{name} read", read_at=at, **told),
                    Notice(source=f"{name} unread", **told),
                    FormKey(key=name, at=at, result=None),
                    Draft(person_id=id, form=name, data={}, saved_at=at),
                    AccessEvent(kind=AccessKind.FAILED, at=at, person_id=id),
                ]
            )


def edit(company: Company, who: str = "admin", **days: int) -> None:
    _days, version = company.see("admin", retention.view)
    command = parse(EditRetention, DAYS | days)
    company.do(who, retention.edit, command, seen_version=version)


def test_what_would_go_is_what_goes(company: Company) -> None:
    fill(company)
    before = {each.kind: each for each in company.see("auditor", retention.preview, days=DAYS)}
    assert {kind: each.goes for kind, each in before.items()} == {
        Aged.NOTICES: 1,  # what nobody has read stays
        Aged.ACCESS_EVENTS: 1,
        Aged.SIGN_INS: 2,
        Aged.FORM_KEYS: 2,
        Aged.DRAFTS: 3,
    }
    assert before[Aged.NOTICES].there == 8
    edit(company)
    sweep.run(company.engine, now=NOW)
    assert len(company.rows(Notice)) == 7
    assert len(company.rows(AccessEvent)) == 3
    assert [row.digest for row in company.rows(SignIn)] == ["of 1 days", "of 5 days"]
    assert {row.key for row in company.rows(FormKey)} >= {"of 1 days", "of 5 days"}
    assert [row.form for row in company.rows(Draft)] == ["of 1 days"]
    after = company.see("auditor", retention.preview, days=DAYS)
    assert [each.goes for each in after] == [0] * 5
    (fact,) = company.rows(History, subject="company", action="edited")
    assert fact.data == {"retention": [{}, DAYS]}


def test_where_nothing_is_said_the_usual_days_hold(sqlite_company: Company) -> None:
    fill(sqlite_company)
    usual, _version = sqlite_company.see("auditor", retention.view)
    assert usual == {
        "notices": 730,
        "access_events": 400,
        "sign_ins": 180,
        "form_keys": 30,
        "drafts": 14,
    }
    sweep.run(sqlite_company.engine, now=NOW)
    assert len(sqlite_company.rows(SignIn)) == 4
    assert len(sqlite_company.rows(Draft)) == 2


@pytest.mark.parametrize("who", ["agent", "manager", "auditor"])
def test_the_days_are_the_administrators(sqlite_company: Company, who: str) -> None:
    with pytest.raises(NotAllowed):
        edit(sqlite_company, who)


@pytest.mark.parametrize(("kind", "days"), [("sign_ins", sign_ins.DAYS), ("notices", 89)])
def test_what_is_still_needed_does_not_go(kind: str, days: int) -> None:
    with pytest.raises(InvalidInput):
        parse(EditRetention, DAYS | {kind: days})


# What is stored about whom


def test_every_column_that_may_name_somebody_is_classified() -> None:
    told = {
        str(column): register.what(column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
    }
    assert len(told) > 1000
    with pytest.raises(KeyError):
        register.what(Column("nickname", String(20)))
    names = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    assert not set(register.KNOWN) - names
    assert not set(register.OWN) - set(told)
    for column in ("customers.phone", "requests.address", "stations.phone"):
        assert told[column] is What.REACH
    assert told["people.password_hash"] is told["second_steps.secret"] is What.SECRET


def test_tables_tell_of_whom_they_hang_on() -> None:
    whom = {each.table: each.whom for each in register.rows()}
    assert whom["contacts"] in (Whom.CUSTOMERS, Whom.BOTH)
    assert whom["requests"] is Whom.BOTH
    assert whom["second_steps"] is Whom.STAFF
    assert whom["suppliers"] is Whom.SUPPLIERS
    assert whom["backup_runs"] is Whom.NOBODY


def test_the_document_is_what_the_tables_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stored"]) == 0
    kept = Path(__file__).parent.parent / "docs" / "stored.md"
    assert capsys.readouterr().out == kept.read_text("utf-8")
