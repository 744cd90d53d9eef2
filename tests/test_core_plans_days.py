"""Several days planned at once: who can and may on each, what was told, all of it or nothing."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from core.dispatch import board, moves, plans, sites
from core.dispatch.board import Filter
from core.dispatch.plans import Promise, Proposal
from core.jobs import actions as jobs
from core.kernel.errors import Refused
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.planning.check import check
from core.planning.fortnight import solve_days
from core.planning.limit import Limit
from core.planning.problem import Reason
from core.planning.solve import solve
from core.roster import shifts
from core.roster.shifts import SetWeek
from db.codes import JobStatus, RequestKind
from db.tables import History, Job, Person, Qualification, ServiceRequest, Station
from tests.company_cast import NOW, Company, local
from tests.test_core_dispatch import HOUR, MONDAY, card_of, place
from tests.test_core_suggested import away

TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)
FIRST, SECOND = "technician", "technician.colleague"


def proposed(
    company: Company, since: date = TUESDAY, days: int = 1, now: datetime = NOW, **filters: object
) -> Proposal:
    narrowed = Filter(**filters)  # type: ignore[arg-type]
    wanted = {"since": since, "days": days, "filters": narrowed}
    found = company.see("dispatcher", plans.ask, **wanted, now=now)
    look = solve if days == 1 else solve_days
    plan = look(found.question, Limit(rounds=40))
    assert check(found.question, plan) == []
    return plans.told(found, plan)


def take(company: Company, proposal: Proposal, now: datetime = NOW) -> int:
    return company.do("dispatcher", plans.accept, proposal, now=now)


def certified_until(company: Company, who: str, day: date) -> None:
    with transaction(company.engine, write=True) as session:
        mine = Qualification.person_id == company[who].id
        session.execute(update(Qualification).where(mine).values(valid_until=day))


def test_several_days_are_planned_each_with_who_can_and_may(company: Company) -> None:
    many = [company.register(symptom=f"第{n}台") for n in range(14)]
    wish = {"wanted_from": local("2026-03-04 14:00"), "wanted_to": local("2026-03-04 16:00")}
    wanted = company.register(symptom="约周三", **wish)
    later = {"wanted_from": local("2026-03-12 14:00"), "wanted_to": local("2026-03-12 16:00")}
    company.register(symptom="约下周", **later)
    certified_until(company, FIRST, TUESDAY)
    away(company, SECOND, local("2026-03-03 00:00"), local("2026-03-04 00:00"))
    proposal = proposed(company, TUESDAY, 2)
    assert (proposal.since, proposal.until) == (TUESDAY, WEDNESDAY)
    starts = {change.card.case_id: change.start for change in proposal.changes}
    assert set(starts) <= {*many, wanted} and wanted in starts
    assert wish["wanted_from"] <= starts[wanted] <= wish["wanted_to"]
    days = {(change.technician, change.start.day) for change in proposal.changes if change.start}
    assert days == {(FIRST, 3), (SECOND, 4)}
    assert {start.minute % 15 for start in starts.values() if start} == {0}
    assert take(company, proposal) == len(starts)
    assert proposed(company, TUESDAY, 2).told == ()


def test_a_night_is_planned_and_a_visit_may_go_on_after_midnight(company: Company) -> None:
    night = {"weekday": "tue", "starts": "22:00", "ends": "06:00"}
    week = parse(SetWeek, {"valid_from": MONDAY, "days": [night]})
    company.do("manager", shifts.set_week, week, station_id=company.NORTH)
    waiting = [company.register(symptom=f"第{n}台") for n in range(3)]
    place(company, card_of(company, waiting[0]), start=local("2026-03-03 23:30"))
    with pytest.raises(Refused):
        place(company, card_of(company, waiting[1]), start=local("2026-03-04 05:30"))
    proposal = proposed(company, TUESDAY, 2)
    starts = [change.start for change in proposal.changes if change.start]
    # The one over midnight stays, and the others find their time around it.
    assert len(starts) == 2
    assert waiting[0] not in {change.card.case_id for change in proposal.changes}
    assert all(local("2026-03-03 22:00") <= each < local("2026-03-04 06:00") for each in starts)
    take(company, proposal)
    shown = company.see("dispatcher", board.board, since=TUESDAY, days=2)
    assert [(span.start, span.end) for span in shown.rows[0].working] == [
        (local("2026-03-03 22:00"), local("2026-03-04 00:00")),
        (local("2026-03-04 00:00"), local("2026-03-04 06:00")),
    ]


def test_what_was_told_comes_first_with_the_old_time_and_the_new(company: Company) -> None:
    _case, job_id = company.dispatched()
    start = local("2026-03-03 10:00")
    window = jobs.AgreeVisit(agreed_from=start, agreed_to=start + HOUR)
    company.act(FIRST, Job, job_id, window)
    other = company.register(symptom="漏水")
    place(company, card_of(company, other), start=local("2026-03-03 14:00"))
    waits = company.register(symptom="异响")
    away(company, FIRST, local("2026-03-03 00:00"), local("2026-03-04 00:00"))
    proposal = proposed(company)
    told = [(each.promise, each.card.technician, each.technician) for each in proposal.changes]
    assert told == [
        (Promise.AGREED, FIRST, SECOND),
        (Promise.PLANNED, FIRST, SECOND),
        (None, "", SECOND),
    ]
    agreed = proposal.told[0]
    assert agreed.card.start == start and agreed.start is not None
    assert start <= agreed.start < start + HOUR
    assert [change.card.case_id for change in proposal.changes[1:]] == [other, waits]
    assert (proposal.before.planned, proposal.before.left_out) == (2, 1)
    assert (proposal.after.planned, proposal.after.other_technician) == (3, 2)
    take(company, proposal)
    assert company.get(Job, job_id).technician_id == company[SECOND].id
    assert company.get(Job, job_id).status is JobStatus.ASSIGNED


def test_what_is_fixed_is_neither_dropped_nor_planned_over(company: Company) -> None:
    _case, job_id = company.dispatched()
    # Until an hour after the shift, as the customer asked: no plan could make it.
    start = local("2026-03-03 16:30")
    window = jobs.AgreeVisit(agreed_from=start, agreed_to=start + 2 * HOUR)
    company.act(FIRST, Job, job_id, window)
    waiting = [company.register(symptom=f"第{n}台") for n in range(12)]
    proposal = proposed(company)
    assert {change.card.case_id for change in proposal.changes} <= set(waiting)
    mine = [change for change in proposal.changes if change.technician == FIRST]
    assert mine and all(change.end <= start for change in mine if change.end)
    take(company, proposal)


def test_whoever_is_on_site_is_planned_after_it(company: Company) -> None:
    _case, job_id = company.dispatched()
    window = jobs.AgreeVisit(agreed_from=NOW, agreed_to=NOW + HOUR)
    company.act(FIRST, Job, job_id, window)
    company.act(FIRST, Job, job_id, jobs.Arrive(), now=NOW + HOUR / 4)
    for number in range(8):
        company.register(symptom=f"第{number}台")
    now = NOW + HOUR / 2
    proposal = proposed(company, MONDAY, now=now)
    mine = [each.start for each in proposal.changes if each.technician == FIRST and each.start]
    assert min(mine) >= NOW + HOUR
    take(company, proposal, now)
    assert company.get(Job, job_id).status is JobStatus.ON_SITE


def test_a_plan_of_one_kind_leaves_the_time_of_the_others(company: Company) -> None:
    other = company.register(kind="parts", symptom="装机")
    place(company, card_of(company, other), start=local("2026-03-03 10:00"))
    company.register(kind="parts", symptom="再装一台")
    for number in range(8):
        company.register(symptom=f"第{number}台")
    proposal = proposed(company, kind=RequestKind.REPAIR)
    assert {change.card.kind for change in proposal.changes} == {RequestKind.REPAIR}
    take(company, proposal)


def test_a_wish_is_kept_when_what_was_planned_in_it_moves(company: Company) -> None:
    wish = {"wanted_from": local("2026-03-03 09:00"), "wanted_to": local("2026-03-03 10:00")}
    first, second = (company.register(symptom=text, **wish) for text in ("不转", "漏水"))
    place(company, card_of(company, first), start=local("2026-03-03 09:00"))
    place(company, card_of(company, second), SECOND, start=local("2026-03-03 09:15"))
    away(company, FIRST, local("2026-03-03 00:00"), local("2026-03-04 00:00"))
    proposal = proposed(company)
    assert all(
        change.start is None or wish["wanted_from"] <= change.start <= wish["wanted_to"]
        for change in proposal.changes
    )


class Interrupted(RuntimeError):
    """The power fails."""


def test_interrupted_half_way_nothing_is_assigned(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = company.register()
    place(company, card_of(company, moved), start=local("2026-03-03 14:00"))
    for number in range(4):
        company.register(symptom=f"第{number}台")
    away(company, FIRST, local("2026-03-03 00:00"), local("2026-03-04 00:00"))
    proposal = proposed(company)
    assert len(proposal.changes) == 5
    before, place_one, done = len(company.rows(History)), moves.place, []

    def placed(*given: object, **more: object) -> object:
        if len(done) == 3:
            raise Interrupted
        done.append(more["case_id"])
        return place_one(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(moves, "place", placed)
    with pytest.raises(Interrupted):
        take(company, proposal)
    assert len(done) == 3
    assert [(job.request_id, job.planned_from) for job in company.rows(Job)] == [
        (moved, local("2026-03-03 14:00"))
    ]
    assert len(company.rows(History)) == before
    monkeypatch.undo()
    assert take(company, proposal) == 5


def test_five_hundred_cases_and_nobody_on_duty(sqlite_company: Company) -> None:
    company = sqlite_company
    company.register()
    with transaction(company.engine, write=True) as session:
        (first,) = session.query(ServiceRequest).all()
        columns = {c.name: getattr(first, c.name) for c in ServiceRequest.__table__.columns}
        rows = [columns | {"id": first.id + n, "number": f"X{n}"} for n in range(1, 500)]
        session.execute(ServiceRequest.__table__.insert(), rows)
    proposal = proposed(company, date(2026, 3, 8))
    assert proposal.changes == ()
    assert [reason for _card, reason in proposal.left_out] == [Reason.NOBODY_ON_DUTY] * 500


def set_place(company: Company, case_id: int, **facts: object) -> None:
    with transaction(company.engine, write=True) as session:
        session.execute(update(ServiceRequest).where(ServiceRequest.id == case_id).values(**facts))


def test_an_unknown_place_is_the_middle_of_its_district_or_the_station(company: Company) -> None:
    gulou = "南京市鼓楼区"
    for number, (north, east) in enumerate(((32.06, 118.76), (32.08, 118.78))):
        id = company.register(symptom=f"第{number}台", address=f"{gulou}中山路 {number} 号")
        set_place(company, id, latitude=north, longitude=east)
    near = company.register(symptom="漏水", address=f"{gulou}广州路 3 号")
    far = company.register(symptom="异响", address="南京市溧水区大东门街 8 号")
    with transaction(company.engine, write=True) as session:
        here = {"latitude": 31.95, "longitude": 118.8}
        session.execute(update(Station).where(Station.id == company.NORTH).values(**here))
        session.execute(
            update(Person).where(Person.id == company[FIRST].id).values(day_start="home")
        )
    found = company.see("dispatcher", plans.ask, since=TUESDAY)
    tasks = {task.id: task.place for task in found.question.tasks}
    assert (round(tasks[near].latitude, 4), round(tasks[near].longitude, 4)) == (32.07, 118.77)
    assert tasks[near].spread_km == sites.DISTRICT_KM
    assert (tasks[far].latitude, tasks[far].spread_km) == (31.95, sites.STATION_KM)
    assert {task.spread_km for id, task in tasks.items() if id not in (near, far)} == {0.0}
    # Whose home is not on the map sets out from near the station.
    homes = {shift.technician: shift.start_place for shift in found.question.shifts}
    assert homes[company[FIRST].id].spread_km == sites.STATION_KM
    assert homes[company[SECOND].id].is_exact


@pytest.mark.parametrize(
    ("address", "district"),
    [
        ("南京市鼓楼区中山路 1 号", "南京市鼓楼区"),
        ("江苏省南京市鼓楼区", "江苏省南京市鼓楼区"),
        ("广西壮族自治区南宁市青秀区民族大道", "广西壮族自治区南宁市青秀区"),
        ("南京市幸福小区 3 幢", "南京市"),
        ("文德街 12 号", ""),
    ],
)
def test_the_district_of_an_address(address: str, district: str) -> None:
    assert sites.district_of(address) == district


DAYS = st.integers(0, 2)
CLOCK = st.integers(32, 72)  # quarters of an hour


@st.composite
def jobs_of_company(draw: st.DrawFn) -> dict[str, object]:
    found: dict[str, object] = {"kind": draw(st.sampled_from(["repair", "cleaning"]))}
    if draw(st.booleans()):
        start = (
            NOW.replace(hour=0) - 8 * HOUR + timedelta(days=draw(DAYS), minutes=15 * draw(CLOCK))
        )
        found |= {"wanted_from": start, "wanted_to": start + draw(st.integers(1, 4)) * HOUR}
    return found


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cases=st.lists(jobs_of_company(), min_size=1, max_size=8),
    certified=st.none() | DAYS,
    gone=st.none() | st.tuples(DAYS, st.integers(8, 16), st.integers(1, 30)),
    taken=st.lists(st.tuples(CLOCK, st.booleans()), max_size=3),
    length=st.sampled_from([1, 3]),
    places=st.lists(st.tuples(st.floats(0, 0.2), st.floats(0, 0.2)), max_size=8),
)
def test_whatever_is_taken_can_be_kept_by_everybody(
    company: Company,
    cases: list[dict[str, object]],
    certified: int | None,
    gone: tuple[int, int, int] | None,
    taken: list[tuple[int, bool]],
    length: int,
    places: list[tuple[float, float]],
) -> None:
    before = {row.id for row in company.rows(ServiceRequest)}
    ids = [company.register(symptom=f"第{n}台", **case) for n, case in enumerate(cases)]
    midnight = local("2026-03-02 00:00")
    with transaction(company.engine, write=True) as session:
        for id, (north, east) in zip(ids, places, strict=False):
            here = {"latitude": 32 + north, "longitude": 118 + east}
            session.execute(update(ServiceRequest).where(ServiceRequest.id == id).values(**here))
        until = None if certified is None else MONDAY + timedelta(days=certified)
        mine = Qualification.person_id == company[FIRST].id
        session.execute(update(Qualification).where(mine).values(valid_until=until))
    for (at, is_first), id in zip(taken, ids, strict=False):
        start = midnight + timedelta(days=2, minutes=15 * at)
        facts = {"start": start, "note": "客户要求"}
        try:
            place(company, card_of(company, id), FIRST if is_first else SECOND, **facts)
        except Refused:
            continue
    if gone is not None:
        start = midnight + timedelta(days=gone[0], hours=gone[1])
        away(company, SECOND, start, start + gone[2] * HOUR)
    proposal = proposed(company, WEDNESDAY if length == 1 else MONDAY, length)
    take(company, proposal)
    assert {row.id for row in company.rows(ServiceRequest)} == before | set(ids)
    check_kept(company, proposal)


def check_kept(company: Company, proposal: Proposal) -> None:
    """Nobody is in two places, uncertified, absent, off duty, or outside what was wished."""
    changed = {each.card.case_id: each for each in proposal.changes if each.start}
    days = (proposal.until - proposal.since).days + 1
    found = company.see("dispatcher", board.board, since=proposal.since, days=days)
    for row in found.rows:
        mine = [card for card in found.planned if card.technician_id == row.technician_id]
        spans = sorted((card.start, card.end) for card in mine if card.start and card.end)
        assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))
        for card in (card for card in mine if card.case_id in changed):
            assert card.start is not None and card.end is not None
            assert any(span.start <= card.start < span.end for span in row.working)
            assert any(span.start < card.end <= span.end for span in row.working)
            if card.wanted_from and card.wanted_to and not changed[card.case_id].promise:
                is_over = card.wanted_to <= NOW or card.wanted_to <= local(
                    f"{proposal.since} 00:00"
                )
                assert is_over or card.wanted_from <= card.start <= card.wanted_to
            for held in company.rows(Qualification, person_id=row.technician_id):
                lapsed = held.valid_until and held.valid_until < card.start.date()
                assert not (lapsed and held.kind in card.needs)
