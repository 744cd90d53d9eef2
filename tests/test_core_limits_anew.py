"""A case that runs again: what it is to be solved by starts anew, and nothing else does (E17)."""

from datetime import timedelta

import pytest

from core.complaints import inputs
from core.house import HOUSE
from core.kernel.unit_of_work import unit_of_work
from core.norms.revisions import in_force, norm_of
from core.process import limits
from core.requests import inputs as request_inputs
from core.rulebook import replay
from db.codes import Measure
from db.tables import Complaint, Limit, ServiceRequest
from tests.company_cast import NOW, Company, local
from tests.complaint_steps import steps, take

LATER = NOW + timedelta(days=10)


@pytest.fixture
def again(company: Company) -> int:
    """A quality complaint that was told after one day and reopened ten days after it came in."""
    id = company.complaint()
    take(company, id, "judged")
    for step in ("assigned", "investigated", "proposed", "approved", "notified"):
        who, command = steps(company)[step]
        company.act(who, Complaint, id, command, now=NOW + timedelta(days=1))
    company.act("agent", Complaint, id, inputs.Reopen(note="又响了"), now=LATER)
    return int(company.get(Complaint, id).request_id)


def test_only_what_solves_it_starts_anew(company: Company, again: int) -> None:
    rows = [
        (row.name, row.started_at, row.met_at is not None, row.dropped_at is not None)
        for row in company.rows(Limit, request_id=again)
    ]
    assert rows == [
        ("complaint_acknowledged", NOW, True, False),
        ("complaint_solved", NOW, False, True),
        ("quality_complaint_solved", NOW, True, False),
        ("follow_up", NOW + timedelta(days=1), False, True),
        ("quality_complaint_solved", LATER, False, False),
    ]


def test_another_class_counts_from_the_reopening_too(company: Company, again: int) -> None:
    moved = request_inputs.Reclassify(priority="normal", case_class="logistics")
    company.act("agent", ServiceRequest, again, moved, now=LATER + timedelta(hours=1))
    (row,) = [
        row
        for row in company.rows(Limit, request_id=again)
        if row.met_at is None and row.dropped_at is None
    ]
    assert (row.name, row.started_at) == ("logistics_complaint_solved", LATER)
    assert row.due_at == local("2026-03-14 12:00")  # Thursday noon + 2 working days: Saturday


def test_waiting_moves_the_new_limit(company: Company, again: int) -> None:
    wait = request_inputs.Wait(reason="customer", note="等照片")
    company.act("agent", ServiceRequest, again, wait, now=LATER)
    day = timedelta(days=1)
    company.act("agent", ServiceRequest, again, request_inputs.Resume(), now=LATER + 7 * day)
    view = company.see("manager", limits.of_case, request_id=again, now=LATER + 7 * day)
    (current,) = [each for each in view if each.met_at is None and not each.dropped]
    assert current.measure is Measure.RESOLUTION
    assert current.due_at > LATER + 12 * day


def test_the_same_rule_book_gives_the_same_limits(company: Company, again: int) -> None:
    with unit_of_work(company.engine, company["manager"], HOUSE, write=False, now=LATER) as uow:
        outcome = replay.replay(
            uow,
            draft=norm_of(in_force(uow)),
            since=NOW.date(),
            until=LATER.date(),
        )
    assert (outcome.cases, outcome.change_count) == (1, 0)
    for rate in outcome.by_clause:
        assert (rate.due_before, rate.on_time_before) == (rate.due_after, rate.on_time_after)
