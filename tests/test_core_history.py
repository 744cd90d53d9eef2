"""The one history: each row carries the hash of the row before, so that a change shows."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.__main__ import main
from core.kernel import chain
from core.kernel.errors import NotAllowed
from core.process import history
from core.process.history import Break
from core.requests import inputs
from db.tables import History, ServiceRequest
from tests import behind
from tests.company_cast import NOW, Company


@pytest.fixture
def case_id(company: Company) -> int:
    """A request with four rows of history."""
    request_id = company.register()
    for note in ("一", "二", "三"):
        company.act("agent", ServiceRequest, request_id, inputs.Remark(note=note))
    assert company.see("auditor", history.verify) == ()
    return request_id


def rows(case_id: int) -> Any:
    return (History.subject == "request") & (History.subject_id == case_id)


def alter(**facts: Any) -> Callable[[Session, int], None]:
    def run(session: Session, case_id: int) -> None:
        session.execute(update(History).where(rows(case_id), History.sequence == 2).values(**facts))

    return run


def delete_the_second(session: Session, case_id: int) -> None:
    session.execute(delete(History).where(rows(case_id), History.sequence == 2))


def delete_the_first(session: Session, case_id: int) -> None:
    session.execute(delete(History).where(rows(case_id), History.sequence == 1))


def swap_hashes(session: Session, case_id: int) -> None:
    query = select(History).where(rows(case_id)).order_by(History.sequence)
    _, second, third, _ = session.scalars(query)
    second.hash, third.hash = third.hash, second.hash


def forge(session: Session, case_id: int) -> None:
    """An altered row with a hash that fits it: the next row betrays it."""
    row = session.scalars(select(History).where(rows(case_id), History.sequence == 2)).one()
    row.note = "改过"
    row.hash = chain.digest(row)


def renumber(session: Session, case_id: int) -> None:
    """A row cut out, and the gap in the numbers closed."""
    delete_the_second(session, case_id)
    for number in (3, 4):
        moved = update(History).where(rows(case_id), History.sequence == number)
        session.execute(moved.values(sequence=number - 1))


TAMPERINGS = [
    (alter(note="改过"), {2}),
    (alter(actor_id=1), {2}),
    (alter(actor_id=None), {2}),
    (alter(action="cancelled"), {2}),
    (alter(old="resolved"), {2}),
    (alter(new=None), {2}),
    (alter(at=NOW.replace(microsecond=1)), {2}),
    (alter(data={"x": 1}), {2}),
    (alter(case_id=None), {2}),
    (alter(hash="0" * 64), {2, 3}),
    (alter(previous_hash="0" * 64), {2}),
    (delete_the_second, {3}),
    (delete_the_first, {2}),
    (swap_hashes, {2, 3, 4}),
    (forge, {3}),
    (renumber, {2, 3}),
]


@pytest.mark.parametrize(("tamper", "broken"), TAMPERINGS)
def test_verify_finds(
    company: Company, case_id: int, tamper: Callable[[Session, int], None], broken: set[int]
) -> None:
    with behind.back(company.engine) as session:
        tamper(session, case_id)
    found = company.see("auditor", history.verify)
    assert set(found) == {Break("request", case_id, sequence) for sequence in broken}


def test_each_subject_has_a_chain_of_its_own(company: Company) -> None:
    first, second = company.register(), company.register()
    for case_id in (first, second, first):
        company.act("agent", ServiceRequest, case_id, inputs.Remark(note="催"))
    chains: dict[int, list[tuple[int, bool]]] = {first: [], second: []}
    for row in company.rows(History, subject="request"):
        chains[row.subject_id].append((row.sequence, row.previous_hash == ""))
    assert chains == {
        first: [(1, True), (2, False), (3, False)],
        second: [(1, True), (2, False)],
    }
    assert company.see("auditor", history.verify) == ()


def test_what_is_stored_survives_the_way_through_the_database(company: Company) -> None:
    data = {"text": "中文 🙂 \u202e", "number": 6.67, "whole": 7.0, "nested": {"b": [None], "a": 1}}
    facts = {"subject": "case", "subject_id": 1, "action": "tested", "note": "\t\n", "data": data}
    company.do("agent", history.record, **facts)
    assert company.see("auditor", history.verify) == ()
    (row,) = company.rows(History, action="tested")
    assert row.data == data


def test_the_timeline_tells_the_case_with_its_jobs_and_calls(company: Company) -> None:
    request_id, _ = company.finished()
    company.register()
    events = company.see("agent", history.timeline, case_id=request_id)
    assert {event.subject for event in events} == {"request", "job", "follow_up"}
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert events[0].actor == "agent"
    assert events[0].new == "registered"


@pytest.mark.parametrize("who", ["agent", "manager", "leader"])
def test_verifying_is_for_auditors_and_administrators(company: Company, who: str) -> None:
    with pytest.raises(NotAllowed):
        company.see(who, history.verify)


def test_the_command_line_verifies(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", company.url)
    company.register()
    assert main(["verify"]) == 0
    assert "whole" in capsys.readouterr().out
    with behind.back(company.engine) as session:
        session.execute(update(History).where(History.subject == "request").values(note="别的"))
    assert main(["verify"]) == 1
    assert "request 1: row 1" in capsys.readouterr().out
