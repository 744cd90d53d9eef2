"""Places, load and the next day's route: the day on a map, two weeks ahead, confirmed as one."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.dispatch import board, load, places, routes
from core.dispatch.board import Filter
from core.dispatch.places import Map
from core.jobs import actions as jobs
from core.jobs import worksheet
from core.kernel.errors import InvalidInput, NotAllowed
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.planning.travel import Place
from core.requests import inputs
from core.roster import roads
from db.codes import AbsenceReason, AbsenceStatus, DayStart, NoticeKind, Role
from db.tables import Absence, Job, Notice, Person, ServiceRequest, Station
from tests.company_cast import NOW, Company, local
from tests.screen import counted
from tests.test_core_dispatch import HOUR, MONDAY, TEN, card_of, place
from tests.test_core_suggested import change

TUESDAY, NINE = date(2026, 3, 3), local("2026-03-03 09:00")
CENTRE = {"latitude": 32.05, "longitude": 118.78}
EAST = {"latitude": 32.05, "longitude": 118.88}


def planned(
    company: Company,
    start: datetime = TEN,
    who: str = "technician",
    customer: str = "王小明",
    **where: float,
) -> int:
    """A case that is planned for somebody; gives its id."""
    told = {} if customer == "王小明" else {"customer_name": customer, "phone": "025-52345678"}
    case_id = company.register(**told)
    if where:
        change(company, ServiceRequest, case_id, **where)
    place(company, card_of(company, case_id), who, start)
    return case_id


def on_map(company: Company, who: str = "dispatcher", **asked: Any) -> Map:
    def ask(uow: Any) -> Map:
        return places.on_map(uow, found=board.board(uow, **({"since": MONDAY} | asked)))

    return company.see(who, ask)


def test_the_day_on_a_map_is_a_way_in_order_from_its_start(company: Company) -> None:
    change(company, Station, company.NORTH, **CENTRE)
    home = {"latitude": 32.01, "longitude": 118.7, "day_start": DayStart.HOME}
    change(company, Person, company["technician.colleague"].id or 0, **home)
    second = planned(company, TEN + HOUR, **EAST)
    first = planned(company, TEN, **CENTRE)
    theirs = planned(company, TEN, "technician.colleague", **EAST)
    nowhere = planned(company, TEN + 2 * HOUR, customer="不知何处")
    waiting = company.register()
    change(company, ServiceRequest, waiting, **EAST)
    found = on_map(company)
    assert [
        (route.name, route.start, [(s.card.case_id, s.place) for s in route.stops])
        for route in found.routes
    ] == [
        ("technician", Place(32.05, 118.78), [(first, Place(**CENTRE)), (second, Place(**EAST))]),
        ("technician.colleague", Place(32.01, 118.7), [(theirs, Place(**EAST))]),
    ]
    assert [stop.card.case_id for stop in found.waiting] == [waiting]
    assert [card.case_id for card in found.missing] == [nowhere]
    assert found.stations == (("North", Place(**CENTRE)),)
    assert on_map(company, "dispatcher.stranger").routes == ()


def test_a_new_case_is_where_an_earlier_one_at_the_same_address_was(company: Company) -> None:
    known = company.register(address="中山路 8 号", symptom="漏水")
    change(company, ServiceRequest, known, **EAST)
    (row,) = company.rows(ServiceRequest)
    again = {"customer_id": row.customer_id}
    same = company.register(**again, address="中山路 8 号", symptom="不制冷")
    moved = company.register(**again, address="中山路 9 号", symptom="噪音")
    other = company.register(address="中山路 8 号", phone="13900000009", symptom="异响")
    at = {row.id: (row.latitude, row.longitude) for row in company.rows(ServiceRequest)}
    assert at[same] == at[known] == (32.05, 118.88)
    assert at[moved] == at[other] == (None, None)


def test_a_case_is_put_on_the_map_and_another_address_takes_it_off(company: Company) -> None:
    case_id = planned(company)
    facts = {"symptom": "漏水", "address": "中山路 1 号"}
    with pytest.raises(InvalidInput) as refused:
        parse(inputs.Correct, facts | {"latitude": 32.05})
    assert [bad.field for bad in refused.value.problems] == ["longitude"]
    company.act("agent", ServiceRequest, case_id, parse(inputs.Correct, facts | CENTRE))
    assert on_map(company).missing == ()
    # The same place again, though the address is another one: it was that of the old address.
    moved = parse(inputs.Correct, facts | CENTRE | {"address": "北京路 9 号"})
    company.act("agent", ServiceRequest, case_id, moved)
    assert [card.case_id for card in on_map(company).missing] == [case_id]


def cells(company: Company, who: str = "dispatcher", **asked: Any) -> dict[str, load.Line]:
    found = company.see(who, load.load, **({"since": MONDAY} | asked))
    return {line.name: line for line in found}


def absent(company: Company, who: str, since: str, until: str) -> None:
    row = {
        "begins_at": local(since),
        "ends_at": local(until),
        "reason": AbsenceReason.LEAVE,
        "status": AbsenceStatus.APPROVED,
        "asked_by_id": company[who].id,
        "decided_by_id": company["manager"].id,
    }
    with transaction(company.engine, write=True) as session:
        session.add(Absence(person_id=company[who].id, asked_at=NOW, **row))


def test_the_load_holds_what_is_planned_against_the_hours_there_are(company: Company) -> None:
    planned(company, TEN)
    planned(company, TEN + HOUR)
    card = card_of(company, planned(company, NINE))
    place(company, card, start=NINE, length=10 * HOUR, note="加班")
    absent(company, "technician.colleague", "2026-03-03 00:00", "2026-03-04 00:00")
    found = cells(company)
    assert list(found) == ["technician", "technician.colleague"]
    monday, tuesday, *_rest, saturday, sunday = found["technician"].cells[:7]
    hours_a_day = monday.working
    assert (monday.planned, monday.share) == (2 * HOUR, 2 * HOUR / hours_a_day)
    assert (tuesday.planned, tuesday.is_over) == (10 * HOUR, True)
    assert (sunday.planned, sunday.share) == (timedelta(), None)
    away = found["technician.colleague"].cells[1]
    assert (away.working, away.away, away.is_over) == (timedelta(), 1, False)
    assert len(found["technician"].cells) == load.DAYS
    (north,) = load.by_station(found.values())
    assert (north.name, north.cells[1].away, north.cells[0].planned) == ("North", 1, 2 * HOUR)
    assert north.cells[0].working == 2 * hours_a_day


def test_the_load_shows_whom_the_actor_may_send(company: Company) -> None:
    assert list(cells(company, "manager")) == [
        *("technician", "technician.colleague", "technician.stranger"),
    ]
    south = Filter(station_id=company.SOUTH)
    assert list(cells(company, "manager", filters=south)) == ["technician.stranger"]
    assert list(cells(company, filters=south)) == []
    for who in ("agent", "technician", "auditor"):
        with pytest.raises(NotAllowed):
            cells(company, who)


def test_the_load_of_many_costs_as_many_questions(served: Company) -> None:
    planned(served)

    def cost(days: int) -> int:
        with counted() as statements:
            cells(served, days=days)
        return len(statements)

    few = cost(1)
    with transaction(served.engine, write=True) as session:
        for n in range(48):
            person = {"username": f"t{n}", "name": f"师傅{n:02}", "role": Role.TECHNICIAN}
            session.add(Person(**person, station_id=served.NORTH, password_hash="-"))
    assert len(cells(served)) == 50
    assert (few, cost(load.DAYS)) == (few, few)
    assert few <= 8


def my_route(company: Company, who: str = "technician", **more: Any) -> routes.DayRoute:
    def ask(uow: Any) -> routes.DayRoute:
        return routes.ahead(uow, cards=worksheet.mine(uow))

    return company.see(who, ask, **more)


def test_tomorrows_route_says_when_where_and_how_far(company: Company) -> None:
    change(company, Station, company.NORTH, **CENTRE)
    assert (my_route(company).day, my_route(company).legs) == (TUESDAY, ())
    planned(company, TEN)
    last, first = planned(company, NINE + 5 * HOUR), planned(company, NINE, **EAST)
    middle = planned(company, NINE + 2 * HOUR, **CENTRE)
    found = my_route(company)
    assert found.day == TUESDAY
    drive = roads.minutes((32.05, 118.78), (32.05, 118.88))
    assert drive
    assert [(leg.job.case_id, leg.start, leg.minutes) for leg in found.legs] == [
        (first, NINE, drive),
        (middle, NINE + 2 * HOUR, drive),
        (last, NINE + 5 * HOUR, None),
    ]
    # On a Friday it is the Monday after.
    friday = my_route(company, now=local("2026-02-27 17:00"))
    assert (friday.day, len(friday.legs)) == (MONDAY, 1)


def confirm(company: Company, seen: dict[int, int], who: str = "technician") -> list[int]:
    return company.do(who, routes.confirm, seen=seen)


def test_a_route_is_confirmed_as_one_but_for_what_has_changed_since(company: Company) -> None:
    cases = [planned(company, NINE + n * HOUR) for n in (0, 2, 5)]
    seen = dict(my_route(company).open)
    assert len(seen) == 3
    place(company, card_of(company, cases[1]), start=NINE + 7 * HOUR)
    place(company, card_of(company, cases[2]), "technician.colleague", NINE)
    changed = confirm(company, seen)
    ids = {case: company.rows(Job, request_id=case)[0].id for case in cases}
    assert changed == [ids[cases[1]], ids[cases[2]]]
    assert [card_of(company, case).confirmed for case in cases] == [True, False, False]
    assert list(my_route(company).open) == [ids[cases[1]]]
    # Sent again, nothing more is confirmed.
    assert len(confirm(company, seen)) == 3
    assert not confirm(company, dict(my_route(company).open))
    assert my_route(company).open == {}
    assert company.history("job", ids[cases[0]])[-1][0] == "confirmed"


CHANGES: dict[str, Any] = {
    "moved": {"start": NINE + 5 * HOUR},
    "taken off": {"start": None},
    "sent instead": {"technician": "technician.colleague", "start": NINE},
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_plan_that_changes_is_not_confirmed_any_more(company: Company, how: str) -> None:
    case_id = planned(company, NINE)
    confirm(company, dict(my_route(company).open))
    assert card_of(company, case_id).confirmed
    place(company, card_of(company, case_id), **CHANGES[how])
    assert not card_of(company, case_id).confirmed


def test_who_has_not_confirmed_is_reminded_once_a_day_and_not_after(company: Company) -> None:
    planned(company, NINE)
    planned(company, NINE + 2 * HOUR)
    everybody = [company[f"technician{n}"].id or 0 for n in ("", ".colleague", ".stranger")]

    def remind(who: str = "dispatcher") -> int:
        return company.do(who, routes.remind, day=TUESDAY, people=everybody)

    assert (remind("dispatcher.stranger"), remind(), remind()) == (0, 1, 1)
    (notice,) = company.rows(Notice, kind=NoticeKind.YOUR_TURN)
    assert (notice.person_id, notice.data["jobs"], notice.read_at) == (everybody[0], 2, None)
    confirm(company, dict(my_route(company).open))
    assert (remind(), company.rows(Notice, kind=NoticeKind.YOUR_TURN)[0].read_at) == (0, NOW)
    with pytest.raises(NotAllowed):
        remind("technician")


# What a dispatcher does on the board, and who is told of it at once: by kind and fact.
BEFORE = {"start": NINE}
TOLD: dict[str, tuple[Any, dict[str, Any], list[tuple[str, str, str]]]] = {
    "sent with a time": (None, {"start": NINE}, [("technician", "assigned", "job.assigned")]),
    "moved to another time": (
        BEFORE,
        {"start": NINE + 2 * HOUR},
        [("technician", "assigned", "job.planned")],
    ),
    "taken off the board": (BEFORE, {"start": None}, [("technician", "assigned", "job.planned")]),
    "moved to somebody else": (
        BEFORE,
        {"technician": "technician.colleague", "start": NINE},
        [
            ("technician", "withdrawn", "job.reassigned"),
            ("technician.colleague", "assigned", "job.reassigned"),
        ],
    ),
}


def notices(company: Company, since: int) -> list[tuple[str, str, str]]:
    names = {actor.id: name for name, actor in company.people.items()}
    rows = [row for row in company.rows(Notice) if row.id > since]
    return sorted((names[r.person_id], r.kind.value, r.data["fact"]) for r in rows)


@pytest.mark.parametrize("how", TOLD)
def test_whoever_is_sent_moved_or_taken_off_is_told_at_once(company: Company, how: str) -> None:
    before, after, told = TOLD[how]
    case_id = company.register()
    if before:
        place(company, card_of(company, case_id), **before)
    last = max((row.id for row in company.rows(Notice)), default=0)
    place(company, card_of(company, case_id), **after)
    assert notices(company, last) == told


def act(company: Company, job_id: int, command: Any) -> list[tuple[str, str, str]]:
    last = max((row.id for row in company.rows(Notice)), default=0)
    company.act("dispatcher", Job, job_id, command)
    return notices(company, last)


def test_an_agreed_time_that_is_planned_anew_and_a_job_taken_back_are_told(
    company: Company,
) -> None:
    _, job_id = company.dispatched()
    window = jobs.AgreeVisit(agreed_from=NINE, agreed_to=NINE + HOUR)
    company.act("technician", Job, job_id, window)
    span = {"planned_from": NINE + 5 * HOUR, "planned_to": NINE + 6 * HOUR}
    again = jobs.ReplanJob(**span, note="客户改期")
    assert act(company, job_id, again) == [("technician", "assigned", "job.replanned")]
    back = jobs.WithdrawJob(note="另行安排")
    assert act(company, job_id, back) == [("technician", "withdrawn", "job.withdrawn")]


def test_two_that_are_swapped_are_both_told(company: Company) -> None:
    mine, theirs = planned(company, NINE), planned(company, NINE, "technician.colleague")
    last = max(row.id for row in company.rows(Notice))
    place(company, card_of(company, mine), start=None)
    place(company, card_of(company, theirs), "technician", NINE)
    place(company, card_of(company, mine), "technician.colleague", NINE)
    told = set(notices(company, last))
    for who in ("technician", "technician.colleague"):
        assert {(who, "assigned", "job.reassigned"), (who, "withdrawn", "job.reassigned")} <= told
