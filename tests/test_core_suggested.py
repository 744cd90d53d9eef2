"""Who suits a case: the order, the reasons, the first free time, and that it can be had."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, update

from core.dispatch import moves, suggestions
from core.dispatch.moves import Place
from core.dispatch.suggestions import Merit, Suggestion
from core.house import HOUSE
from core.jobs.actions import PlanJob
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.inputs import parse
from core.kernel.unit_of_work import UnitOfWork, transaction, unit_of_work
from core.norms import revisions
from core.norms.revisions import shipped
from core.roster import regions, shifts
from core.roster.regions import EditRegion
from core.roster.shifts import SetWeek
from db.codes import AbsenceReason, AbsenceStatus, DayStart, JobStatus, RequestStatus, Role
from db.tables import Absence, Asset, Job, Person, Qualification, ServiceRequest, Station
from tests import stored_rows
from tests.company_cast import NOW, Company, certify, local

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FIRST, SECOND = "technician", "technician.colleague"


def asked(company: Company, case_id: int, who: str = "dispatcher", **more: Any) -> list[Suggestion]:
    return list(company.see(who, suggestions.suggest, case_id=case_id, **more))


def change(company: Company, table: type, id: int | None, **facts: Any) -> None:
    with transaction(company.engine, write=True) as session:
        session.execute(update(table).where(table.id == id).values(**facts))


def busy(company: Company, who: str, start: datetime, end: datetime, **facts: Any) -> int:
    """A job that is planned for somebody."""
    with transaction(company.engine, write=True) as session:
        case = stored_rows.request(session, company, RequestStatus.IN_PROGRESS, **facts)
        plan = {"planned_from": start, "planned_to": end}
        return stored_rows.job(session, case, company[who].id, JobStatus.ASSIGNED, **plan).id


def away(company: Company, who: str, start: datetime, end: datetime) -> None:
    with transaction(company.engine, write=True) as session:
        session.add(
            Absence(
                person_id=company[who].id,
                begins_at=start,
                ends_at=end,
                reason=AbsenceReason.LEAVE,
                status=AbsenceStatus.APPROVED,
                asked_by_id=company[who].id,
                asked_at=NOW,
                decided_by_id=company["manager"].id,
            )
        )


def names(found: list[Suggestion]) -> list[str]:
    return [each.name for each in found]


def starts(found: list[Suggestion]) -> list[datetime | None]:
    return [each.slot and each.slot.start for each in found]


def test_the_first_free_time_is_on_a_quarter_after_breaks_and_what_is_planned(
    company: Company,
) -> None:
    case_id = company.register()
    found = asked(company, case_id, now=NOW + 7 * MINUTE)
    assert names(found) == [FIRST, SECOND]
    # A repair takes 75 minutes.
    assert starts(found) == [local("2026-03-02 10:15")] * 2
    assert found[0].slot.end == local("2026-03-02 11:30")
    busy(company, FIRST, local("2026-03-02 10:20"), local("2026-03-02 15:50"))
    busy(company, SECOND, local("2026-03-02 11:00"), local("2026-03-02 11:50"))
    row = {"weekday": "mon", "starts": "08:30", "ends": "17:30"}
    lunch = row | {"break_starts": "12:00", "break_ends": "13:00"}
    week = parse(SetWeek, {"valid_from": date(2026, 3, 2), "days": [lunch]})
    company.do("manager", shifts.set_week, week, station_id=company.NORTH)
    found = asked(company, case_id)
    # Before the job nothing fits, and before lunch neither.
    assert names(found) == [SECOND, FIRST]
    assert starts(found) == [local("2026-03-02 13:00"), local("2026-03-02 16:00")]
    assert found[1].merits[Merit.LOAD] == 330
    evening = asked(company, case_id, now=local("2026-03-02 17:00"))
    assert starts(evening) == [local("2026-03-09 08:30")] * 2  # they work on Mondays only


def test_a_slot_lies_within_the_time_that_the_customer_wants(company: Company) -> None:
    wish = {"wanted_from": local("2026-03-03 14:00"), "wanted_to": local("2026-03-03 16:00")}
    case_id = company.register(**wish)
    busy(company, FIRST, local("2026-03-03 14:00"), local("2026-03-03 15:00"))
    found = asked(company, case_id)
    assert names(found) == [SECOND, FIRST]
    assert starts(found) == [wish["wanted_from"], local("2026-03-04 08:30")]
    assert (Merit.AS_WISHED in found[0].merits, Merit.AS_WISHED in found[1].merits) == (True, False)
    assert found[1].merits[Merit.DAYS_LATER] == 1
    # Less time than the work takes: it begins as the window opens.
    short = company.register(symptom="漏水", **wish | {"wanted_to": wish["wanted_from"] + HOUR})
    assert starts(asked(company, short))[0] == wish["wanted_from"]
    # What was wanted is over: as soon as may be.
    assert starts(asked(company, case_id, now=local("2026-03-04 10:00")))[0] >= local(
        "2026-03-04 10:00"
    )
    assert starts(asked(company, case_id, day=date(2026, 3, 5)))[0] == local("2026-03-05 08:30")


def test_who_is_in_charge_and_knows_customer_and_product_comes_first(company: Company) -> None:
    company.finished(now=NOW - 3 * HOUR - timedelta(days=3))
    (before,) = company.rows(ServiceRequest)
    case_id = company.register(customer_id=before.customer_id, address="文德街 12 号")
    found = asked(company, case_id)
    assert names(found) == [FIRST, SECOND]
    assert {Merit.SAME_CUSTOMER: 1, Merit.SAME_MODEL: 1}.items() <= found[0].merits.items()
    assert not {Merit.SAME_CUSTOMER, Merit.SAME_MODEL} & {*found[1].merits}
    facts = {"name": "老城", "station_id": company.NORTH, "places": "文德街"}
    people = {"responsible_id": company[SECOND].id, "stand_in_id": company[FIRST].id}
    company.do("manager", regions.add, parse(EditRegion, facts | people))
    found = asked(company, case_id)
    assert names(found) == [SECOND, FIRST]
    assert found[0].merits[Merit.IN_CHARGE] == 1
    away(company, SECOND, local("2026-03-02 00:00"), local("2026-03-03 00:00"))
    found = asked(company, case_id)
    assert (names(found), found[0].merits[Merit.IN_CHARGE]) == ([FIRST, SECOND], 1)
    assert starts(found)[1] == local("2026-03-03 08:30")
    year = asked(company, case_id, now=NOW + timedelta(days=366))
    assert not any(Merit.SAME_MODEL in each.merits for each in year)


def test_who_may_not_do_it_comes_last_with_the_reason(company: Company) -> None:
    case_id = company.register()
    with transaction(company.engine, write=True) as session:
        for row in session.query(Qualification).filter_by(person_id=company[FIRST].id):
            row.valid_until = date(2026, 3, 1)
    found = asked(company, case_id)
    assert names(found) == [SECOND, FIRST]
    (bad,) = found[1].against
    assert (found[1].slot, bad.code) == (None, "certificate_over")
    assert bad.details["day"] == "2026-03-01"
    # Who has no time left is told before.
    busy(company, SECOND, NOW - HOUR, NOW + timedelta(days=14))
    found = asked(company, case_id)
    assert (names(found), starts(found)) == ([SECOND, FIRST], [None, None])
    assert (len(found[0].against), len(asked(company, case_id, most=1))) == (0, 1)


def test_the_road_is_told_and_left_free_before_and_after(company: Company) -> None:
    case_id = company.register()
    change(company, ServiceRequest, case_id, latitude=32.05, longitude=118.78)
    found = asked(company, case_id)
    assert all(Merit.ROAD not in each.merits for each in found)
    change(company, Station, company.NORTH, latitude=32.05, longitude=118.78)
    home = {"latitude": 32.05, "longitude": 118.88, "day_start": DayStart.HOME}
    change(company, Person, company[FIRST].id, **home)
    found = asked(company, case_id)
    # About nine kilometres, 25 minutes as one drives.
    assert names(found) == [SECOND, FIRST]
    assert [each.merits[Merit.ROAD] for each in found] == [0, 29]
    place = {"latitude": 32.05, "longitude": 118.88}
    busy(company, FIRST, local("2026-03-02 13:30"), local("2026-03-02 14:00"), **place)
    later = asked(company, case_id, now=local("2026-03-02 13:20"))
    mine = next(each for each in later if each.name == FIRST)
    assert (mine.slot.start, mine.merits[Merit.ROAD]) == (local("2026-03-02 14:30"), 29)


def test_only_who_dispatches_is_told_and_of_what_waits_only(company: Company) -> None:
    case_id, job_id = company.dispatched()
    plan = {"planned_from": local("2026-03-03 10:00"), "planned_to": local("2026-03-03 11:00")}
    company.act("dispatcher", Job, job_id, parse(PlanJob, plan))
    assert asked(company, case_id) == []
    waits = company.register(symptom="漏水")
    for who in ("agent", "technician", "auditor"):
        with pytest.raises(NotAllowed):
            asked(company, waits, who)
    with pytest.raises(NotFound):
        asked(company, waits, "dispatcher.stranger")
    # The station of the case, though a manager sends everybody.
    assert names(asked(company, waits, "manager", most=9)) == [FIRST, SECOND]
    change(company, ServiceRequest, waits, station_id=None)
    assert len(asked(company, waits, "manager", most=9)) == 3


def test_whoever_is_sent_without_a_time_is_offered_three_before_the_others(
    company: Company,
) -> None:
    case_id, job_id = company.dispatched(SECOND)
    busy(company, SECOND, local("2026-03-02 10:00"), local("2026-03-02 12:00"))
    found = asked(company, case_id)
    assert names(found) == [SECOND] * 3 + [FIRST]
    # The times before and after lunch, of one day and of the next.
    assert starts(found) == [
        *(local("2026-03-02 13:30"), local("2026-03-03 08:30"), local("2026-03-03 13:30")),
        local("2026-03-02 10:00"),
    ]
    assert {each.job_id for each in found} == {job_id}
    # Taken, it is planned with whom was sent.
    first = asked(company, case_id)[0]
    assert first.slot is not None
    facts = {"planned_from": first.slot.start, "planned_to": first.slot.end}
    version = company.get(Job, job_id).version
    company.do(
        *("dispatcher", moves.place, parse(Place, facts | {"technician_id": company[SECOND].id})),
        case_id=case_id,
        job_id=job_id,
        seen_version=version,
    )
    assert company.history("job", job_id)[-1][0] == "planned"
    assert asked(company, case_id) == []


def test_a_technician_of_another_station_who_is_sent_is_offered_too(company: Company) -> None:
    case_id, _job = company.dispatched()
    change(company, Job, _job, technician_id=company["technician.stranger"].id)
    assert names(asked(company, case_id, "manager"))[:3] == ["technician.stranger"] * 3


def test_that_the_certificates_are_valid_on_the_day_is_said(company: Company) -> None:
    case_id, cleaning = company.register(), company.register(kind="cleaning", symptom="清洗")
    assert [each.merits[Merit.QUALIFIED] for each in asked(company, case_id)] == [1, 1]
    assert all(Merit.QUALIFIED not in each.merits for each in asked(company, cleaning))
    with transaction(company.engine, write=True) as session:
        for row in session.query(Qualification).filter_by(person_id=company[FIRST].id):
            row.valid_until = date(2026, 3, 2)
    busy(company, FIRST, local("2026-03-02 10:00"), local("2026-03-02 17:30"))
    found = asked(company, case_id)
    assert (names(found), found[1].slot) == ([SECOND, FIRST], None)
    assert [bad.code for bad in found[1].against] == ["certificate_over"]


def statements(company: Company, case_id: int) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(company.engine, "before_cursor_execute", note)
    try:
        assert asked(company, case_id)
    finally:
        event.remove(company.engine, "before_cursor_execute", note)
    return len(seen)


def test_many_technicians_cost_no_more_queries_than_few(company: Company) -> None:
    company.finished(now=NOW - timedelta(days=3))
    case_id = company.register()
    busy(company, FIRST, NOW, NOW + HOUR)
    few = statements(company, case_id)
    with transaction(company.engine, write=True) as session:
        for n in range(20):
            more = {"role": Role.TECHNICIAN, "station_id": company.NORTH}
            certify(session, stored_rows.person(session, f"t{n:02}", **more).id)
    assert len(asked(company, case_id, most=99)) == 22
    assert statements(company, case_id) == few


@pytest.mark.parametrize("seed", range(4))
def test_what_is_suggested_can_be_had_at_that_instant(company: Company, seed: int) -> None:
    dice = Random(seed)
    _crowd(company, dice)
    cases = [company.register(symptom=f"第{n}台", **_wish(dice)) for n in range(3)]
    for id in cases:
        change(company, ServiceRequest, id, latitude=32 + dice.random() / 5, longitude=118.8)
    tried = 0
    for case_id in cases:
        at = NOW + dice.randrange(10_000) * MINUTE
        with unit_of_work(company.engine, company["manager"], HOUSE, write=True, now=at) as uow:
            for each in suggestions.suggest(uow, case_id=case_id, most=9):
                if each.slot:
                    _try(uow, case_id, each)
                    tried += 1
    assert tried


def _crowd(company: Company, dice: Random) -> None:
    midnight = local("2026-03-02 00:00")
    for who in (FIRST, SECOND):
        for day in range(8):
            start = midnight + timedelta(days=day, minutes=dice.randrange(8 * 60, 17 * 60))
            place = {"latitude": 32 + dice.random() / 5, "longitude": 118.8}
            busy(company, who, start, start + dice.randrange(10, 240) * MINUTE, **place)
        gone = midnight + dice.randrange(10_000) * MINUTE
        away(company, who, gone, gone + dice.randrange(60, 3_000) * MINUTE)
    with transaction(company.engine, write=True) as session:
        for row in session.query(Qualification).filter_by(person_id=company[FIRST].id):
            row.valid_until = date(2026, 3, 2) + timedelta(days=dice.randrange(8))


def _wish(dice: Random) -> dict[str, datetime]:
    if dice.random() < 0.3:
        return {}
    start = NOW + dice.randrange(8_000) * MINUTE
    return {"wanted_from": start, "wanted_to": start + dice.randrange(30, 600) * MINUTE}


def _try(uow: UnitOfWork, case_id: int, each: Suggestion) -> None:
    assert each.slot and each.slot.start >= uow.clock
    facts = {"planned_from": each.slot.start, "planned_to": each.slot.end}
    command = parse(Place, facts | {"technician_id": each.technician_id})
    version = uow.session.get_one(ServiceRequest, case_id).version
    savepoint = uow.session.begin_nested()
    moves.place(uow, command, case_id=case_id, job_id=None, seen_version=version)
    (job,) = uow.session.query(Job).filter_by(request_id=case_id)
    assert (job.technician_id, job.planned_from) == (each.technician_id, each.slot.start)
    savepoint.rollback()
    uow.session.expire_all()


@pytest.mark.parametrize("by", ["same", "other"])
def test_rework_is_for_whom_the_rule_book_says(sqlite_company: Company, by: str) -> None:
    company = sqlite_company
    norm = shipped("appliance").model_copy(update={"rework_by": by})
    adopted = {"norm": norm, "on": NOW.date(), "signed_by": "admin"}
    company.do("admin", revisions.adopt, **adopted)
    company.finished()
    (asset,) = company.rows(Asset)
    known = {"customer_id": asset.customer_id, "asset_id": asset.id}
    later = NOW + timedelta(days=1)
    found = asked(company, company.register(**known, now=later), now=later)
    merit, order = {
        "same": (Merit.SAME_HANDS, [FIRST, SECOND]),
        "other": (Merit.OTHER_HANDS, [SECOND, FIRST]),
    }[by]
    assert names(found) == order
    assert [each.name for each in found if merit in each.merits] == [FIRST]
    # Another fault is no rework: who was there before goes first.
    other = company.register(**known, fault_area="noise", now=later)
    assert {said for each in asked(company, other, now=later) for said in each.merits} & {
        Merit.SAME_HANDS,
        Merit.OTHER_HANDS,
    } == set()
