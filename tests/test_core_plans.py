"""The day planned by the engine: asked from the board, told as changes, taken whole or not."""

from datetime import date, timedelta

import pytest

from core.dispatch import board, plans
from core.dispatch.figures import Figures
from core.dispatch.plans import Proposal
from core.jobs import actions as jobs
from core.kernel.errors import InvalidInput, NotAllowed
from core.planning.check import check
from core.planning.limit import Limit
from core.planning.problem import Reason
from core.planning.solve import solve
from db.codes import JobStatus
from db.tables import History, Job, Qualification
from tests.company_cast import Company, local
from tests.test_core_dispatch import HOUR, MONDAY, TEN, card_of, place

TUESDAY = date(2026, 3, 3)


def proposed(company: Company, day: date = TUESDAY) -> Proposal:
    asked = company.see("dispatcher", plans.ask, since=day)
    plan = solve(asked.question, Limit(rounds=60))
    assert check(asked.question, plan) == []
    return plans.told(asked, plan)


def take(company: Company, proposal: Proposal) -> int:
    return company.do("dispatcher", plans.accept, proposal)


def test_what_waits_is_planned_onto_the_day_and_taken_whole(company: Company) -> None:
    cases = [company.register(symptom=f"第{n}台") for n in range(5)]
    proposal = proposed(company)
    assert {change.card.case_id for change in proposal.changes} == set(cases)
    assert (proposal.before.planned, proposal.after.planned) == (0, 5)
    assert company.rows(Job) == []
    assert take(company, proposal) == 5
    found = company.see("dispatcher", board.board, since=TUESDAY)
    assert (found.total, {card.case_id for card in found.planned}) == (0, set(cases))
    for row in found.rows:
        spans = sorted(
            (card.start, card.end)
            for card in found.planned
            if card.technician_id == row.technician_id
        )
        assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))
        assert all(any(w.start <= s and e <= w.end for w in row.working) for s, e in spans)
    # As good as it gets: nothing is disturbed by planning once more.
    assert proposed(company).changes == ()


def test_what_is_agreed_stays_and_who_lacks_the_certificate_gets_nothing(company: Company) -> None:
    case_id, job_id = company.dispatched()
    start = local("2026-03-03 10:00")
    window = jobs.AgreeVisit(agreed_from=start, agreed_to=start + HOUR)
    company.act("technician", Job, job_id, window)
    waiting = [company.register(symptom=f"第{n}台") for n in range(2)]
    colleague = company["technician.colleague"].id
    with company.engine.begin() as rows:
        rows.execute(Qualification.__table__.delete().where(Qualification.person_id == colleague))
    proposal = proposed(company)
    assert {change.technician for change in proposal.changes} == {"technician"}
    assert case_id not in {change.card.case_id for change in proposal.changes}
    take(company, proposal)
    assert company.get(Job, job_id).status is JobStatus.AGREED
    assert {card_of(company, id).technician for id in waiting} == {"technician"}


def test_a_plan_of_what_somebody_has_changed_meanwhile_changes_nothing(company: Company) -> None:
    first, second = company.register(), company.register(symptom="漏水")
    proposal = proposed(company)
    place(company, card_of(company, second), start=TEN)
    before = len(company.rows(History))
    with pytest.raises(InvalidInput) as refused:
        take(company, proposal)
    assert refused.value.problems[0].code == "plan_stale"
    assert company.rows(Job, request_id=first) == []
    assert len(company.rows(History)) == before


def test_nobody_on_duty_leaves_all_out_with_the_reason(company: Company) -> None:
    company.register()
    proposal = proposed(company, date(2026, 3, 1))
    assert proposal.changes == ()
    assert [reason for _card, reason in proposal.left_out] == [Reason.NOBODY_ON_DUTY]


def test_moved_jobs_may_change_places(company: Company) -> None:
    cases = [company.register(symptom=f"第{n}台") for n in range(2)]
    for number, id in enumerate(cases):
        place(company, card_of(company, id), start=TEN + number * 2 * HOUR, length=HOUR)
    asked = company.see("dispatcher", plans.ask, since=MONDAY)
    cards = [asked.cards[id] for id in cases]
    swapped = tuple(
        plans.Change(card, card.technician_id or 0, card.technician, other.start, other.end)
        for card, other in zip(cards, reversed(cards), strict=True)
    )
    assert take(company, Proposal(MONDAY, MONDAY, swapped, (), Figures(), Figures())) == 2
    assert [card_of(company, id).start for id in cases] == [TEN + 2 * HOUR, TEN]


def test_whoever_sends_nobody_plans_nothing(company: Company) -> None:
    with pytest.raises(NotAllowed):
        company.see("technician", plans.ask, since=TUESDAY)
    with pytest.raises(NotAllowed):
        company.do("agent", plans.accept, Proposal(TUESDAY, TUESDAY, (), (), Figures(), Figures()))


def test_today_is_planned_from_now_on(company: Company) -> None:
    company.register()
    (change,) = proposed(company, MONDAY).changes
    assert change.start is not None
    assert change.start >= local("2026-03-02 10:00")
    assert change.end is not None and change.end - change.start <= timedelta(hours=2)
