"""What if: the same rule book gives the same limits; another one changes sides, and nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import demo
from core.house import HOUSE
from core.kernel.unit_of_work import system_actor, unit_of_work
from core.norms import revisions
from core.norms.model import Norm
from core.requests import inputs
from core.rulebook import replay
from core.rulebook.replay import Outcome
from db.tables import History, Limit, ServiceRequest
from tests.company_cast import NOW, Company, local

FACTS = ("name", "clause", "measure", "unit", "amount", "started_at", "due_at", "met_at")


def ask(company: Company, draft: Norm, **more: Any) -> Outcome:
    asked = {
        "since": date(2026, 1, 1),
        "until": date(2026, 12, 31),
        "now": local("2026-04-01 10:00"),
    }
    return company.see("manager", replay.replay, draft=draft, **asked | more)


def shipped(**limits: int) -> Norm:
    """The default pack with other amounts."""
    data = revisions.shipped("appliance").dump()
    for rule in data["limits"]:
        rule["amount"] = limits.get(rule["name"], rule.get("amount", 0))
    return Norm.model_validate(data)


def life(company: Company) -> int:
    """A case with everything that moves limits."""
    case_id = company.register()
    steps = (
        (inputs.Wait(reason="customer", note="等回电"), "2026-03-02 11:00"),
        (inputs.Resume(), "2026-03-02 15:00"),
        (inputs.Reclassify(priority="urgent"), "2026-03-02 16:00"),
        (
            inputs.Promise(promised_at=local("2026-03-06 10:00"), customer_told=True),
            "2026-03-02 16:10",
        ),
        (inputs.SetCharge(charge="paid", charge_reason="not_makers_fault"), "2026-03-02 16:20"),
    )
    for command, at in steps:
        company.act("agent", ServiceRequest, case_id, command, now=local(at))
    return case_id


def stored(company: Company, case_id: int) -> list[tuple[Any, ...]]:
    rows = company.rows(Limit, request_id=case_id)
    return sorted((*(getattr(row, f) for f in FACTS), row.dropped_at is None) for row in rows)


def again(company: Company, case_id: int) -> list[tuple[Any, ...]]:
    with unit_of_work(company.engine, company["manager"], HOUSE, write=False, now=NOW) as uow:
        judge = replay._Replay(
            uow, revisions.judged_by(uow, uow.session.get_one(ServiceRequest, case_id))
        )
        case = next(replay._chunks(uow, [ServiceRequest.id == case_id]))[0]
        clocks = judge.again(case, judge.events([case_id])[case_id])
    return sorted((*(getattr(c, f) for f in FACTS), c.dropped_at is None) for c in clocks)


def test_under_the_same_rule_book_nothing_changes(company: Company) -> None:
    case_id = life(company)
    assert again(company, case_id) == stored(company, case_id)
    other, _call = company.finished(now=local("2026-03-03 10:00"))
    assert again(company, other) == stored(company, other)
    outcome = ask(company, shipped())
    assert (outcome.cases, outcome.change_count) == (2, 0)
    assert all(rate.before == rate.after for rate in outcome.by_clause)


def test_the_whole_demo_is_judged_as_it_was(databases: Any) -> None:
    with databases.fresh("sqlite", "migrated", lambda engine: None) as engine:
        demo.build(engine, now=NOW, months=1, cases_per_day=2, customers=30)
        with unit_of_work(
            engine, system_actor("Asia/Shanghai"), HOUSE, write=False, now=NOW
        ) as uow:
            draft = revisions.norm_of(revisions.in_force(uow))
            outcome = replay.replay(uow, draft=draft, since=date(2025, 1, 1), until=NOW.date())
    assert outcome.cases > 40
    assert outcome.change_count == 0


def test_a_shorter_limit_makes_cases_late_by_clause_and_station(company: Company) -> None:
    case_id = company.register()
    sent = company.dispatch()
    company.act("dispatcher", ServiceRequest, case_id, sent, now=NOW + timedelta(hours=1))
    before = len(company.rows(History))
    outcome = ask(company, shipped(repair_response=1))
    (change,) = [c for c in outcome.changes if c.measure.value == "response"]
    assert (change.late_before, change.late_after, change.station) == (False, True, "North")
    clause = next(rate for rate in outcome.by_clause if rate.name == "A2")
    assert (clause.before, clause.after) == (1.0, 0.0)
    assert len(company.rows(History)) == before


def test_both_ledgers_of_a_case(company: Company) -> None:
    case_id = company.register(kind="complaint")
    old, new = company.see(
        "manager", replay.ledgers, draft=shipped(complaint_solved=5), case_id=case_id
    )
    name = "complaint_solved"
    before = next(view for view in old if view.name == name)
    after = next(view for view in new if view.name == name)
    assert after.due_at > before.due_at
    assert sum(e.minutes for e in after.ledger) > sum(e.minutes for e in before.ledger)


def test_it_can_be_stopped(company: Company) -> None:
    company.register()
    with pytest.raises(replay.ReplayStopped):
        ask(company, shipped(), progress=lambda done, total: False)
