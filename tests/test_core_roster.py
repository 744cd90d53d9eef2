"""People and their time: working time, certificates, absences, regions, and what forbids to send."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.jobs import actions as jobs
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import adopt, in_force, norm_of, shipped
from core.process import history, workflow
from core.requests import inputs, sending
from core.roster import absences, fitness, hours, qualifications, regions, shifts, starts
from core.roster.absences import ApproveAbsence, AskAbsence, RefuseAbsence, WithdrawAbsence
from core.roster.fitness import Hindrance, Why
from core.roster.qualifications import Qualify, ScanLost, ScanRefused
from core.roster.regions import EditRegion
from core.roster.shifts import SetWeek
from core.sweep import run
from db import files as stored_files
from db.codes import AbsenceStatus, DayStart, NoticeKind, Role
from db.tables import (
    Absence,
    History,
    Job,
    Notice,
    Person,
    Qualification,
    Region,
    RegionPlace,
    ServiceRequest,
    Shift,
)
from tests.company_cast import NOW, Company, local
from tests.matrix import Cells, check_no_rule_is_left_out

TODAY = date(2026, 3, 2)  # a Monday
SUNDAY = date(2026, 3, 8)
DAY = timedelta(days=1)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def spans(company: Company, day: date, who: str = "technician", by: str = "") -> list[str]:
    """The working time of a day in local clock times."""
    found = company.see(by or who, hours.time_of, person_id=company[who].id, day=day)
    zone = company[who].zone_info
    return [
        f"{span.start.astimezone(zone):%H:%M}-{span.end.astimezone(zone):%H:%M}" for span in found
    ]


def week(
    company: Company, *days: str, since: date = TODAY, by: str = "manager", **owner: Any
) -> None:
    """A week of days like "mon 08:00 17:00 12:00 13:00"."""
    names = ("weekday", "starts", "ends", "break_starts", "break_ends")
    rows = [dict(zip(names, day.split(), strict=False)) for day in days]
    command = parse(SetWeek, {"valid_from": since, "days": rows})
    company.do(by, shifts.set_week, command, **owner)


def away(company: Company, begins: str, ends: str, who: str = "technician", **more: Any) -> int:
    facts = {"begins_at": local(begins), "ends_at": local(ends), "reason": "leave"}
    return company.do(who, absences.ask, parse(AskAbsence, facts | more))


def decide(company: Company, by: str, id: int, command: Action) -> Any:
    version = company.get(Absence, id).version
    about = {"id": id, "command": command, "seen_version": version}
    return company.do(by, workflow.act, absences.PROCESS, **about)


def absent(company: Company, begins: str, ends: str, who: str = "technician") -> int:
    id = away(company, begins, ends, who)
    decide(company, "dispatcher", id, ApproveAbsence())
    return id


def certificate(company: Company, who: str = "technician", **facts: Any) -> int:
    command = parse(Qualify, {"kind": "electrician"} | facts)
    return company.do("manager", qualifications.add, command, person_id=company[who].id)


def without(company: Company, kind: str, who: str = "technician") -> None:
    """Take somebody's certificates of a kind away."""
    for row in company.rows(Qualification, person_id=company[who].id, kind=kind):
        company.do("manager", qualifications.remove, id=row.id, seen_version=row.version)


def told(company: Company, kind: NoticeKind) -> dict[str, dict[str, Any]]:
    names = {actor.id: name for name, actor in company.people.items()}
    return {names[row.person_id]: row.data for row in company.rows(Notice, kind=kind)}


# Working time


def test_without_a_week_the_working_calendar_of_the_rule_book_holds(company: Company) -> None:
    weekly = norm_of(company.see("manager", in_force)).hours.weekly
    assert spans(company, TODAY) == ["-".join(window) for window in weekly["mon"]]


def test_the_most_special_week_wins(company: Company) -> None:
    week(company, "mon 09:00 18:00")
    assert spans(company, TODAY) == ["09:00-18:00"]
    week(company, "mon 08:30 17:30 12:00 13:00", station_id=Company.NORTH)
    assert spans(company, TODAY) == ["08:30-12:00", "13:00-17:30"]
    week(company, "mon 13:00 21:00", "sun 10:00 16:00", person_id=company["technician"].id)
    assert spans(company, TODAY) == ["13:00-21:00"]
    assert spans(company, SUNDAY) == ["10:00-16:00"]
    assert spans(company, TODAY + DAY) == []
    # The others of the station, and another station.
    assert spans(company, TODAY, "technician.colleague") == ["08:30-12:00", "13:00-17:30"]
    assert spans(company, TODAY, "technician.stranger") == ["09:00-18:00"]


def test_a_week_holds_from_its_day_and_until_the_next_one(company: Company) -> None:
    week(company, "mon 08:00 12:00", "tue 08:00 12:00", since=TODAY)
    week(company, "mon 14:00 24:00", since=TODAY + 7 * DAY)
    assert spans(company, TODAY) == ["08:00-12:00"]
    assert spans(company, TODAY + 7 * DAY) == ["14:00-00:00"]
    assert spans(company, TODAY + 8 * DAY) == []
    company.do("manager", shifts.drop_week, valid_from=TODAY + 7 * DAY)
    assert spans(company, TODAY + 8 * DAY) == ["08:00-12:00"]


def test_public_holidays_are_free_and_make_up_days_are_worked(company: Company) -> None:
    days = [f"{day} 08:00 17:00" for day in ("mon", "tue", "wed", "thu", "fri")]
    week(company, *days, since=date(2026, 1, 1))
    assert spans(company, date(2026, 10, 1)) == []  # National Day, a Thursday
    assert spans(company, date(2026, 10, 10)) == ["08:00-17:00"]  # a Saturday worked for it
    assert spans(company, date(2026, 10, 17)) == []


def test_an_approved_absence_cuts_the_day(company: Company) -> None:
    week(company, "mon 08:00 17:00 12:00 13:00")
    id = away(company, "2026-03-02 11:00", "2026-03-02 14:30")
    assert spans(company, TODAY) == ["08:00-12:00", "13:00-17:00"]
    decide(company, "dispatcher", id, ApproveAbsence())
    assert spans(company, TODAY) == ["08:00-11:00", "14:30-17:00"]
    decide(company, "technician", id, WithdrawAbsence())
    assert spans(company, TODAY) == ["08:00-12:00", "13:00-17:00"]


def test_a_week_is_refused_with_its_mistakes(company: Company) -> None:
    for day, field, code in (
        ("mon 18:00 18:00", "days.0.ends", "window"),
        ("mon 08:00 17:00 16:00 18:00", "days.0.break_ends", "break_outside"),
        ("mon 8 17:00", "days.0.starts", "time_of_day"),
    ):
        with pytest.raises(InvalidInput) as refused:
            week(company, day)
        assert [(bad.field, bad.code) for bad in refused.value.problems] == [(field, code)]
    with pytest.raises(InvalidInput):
        week(company, "mon 08:00 12:00", "mon 11:00 17:00")
    assert company.rows(Shift) == []


@pytest.mark.parametrize(
    ("night", "monday", "tuesday"),
    [
        ("22:00 06:00", ["22:00-00:00"], ["00:00-06:00"]),
        ("22:00 00:00", ["22:00-00:00"], []),
        ("22:00 06:00 02:00 03:00", ["22:00-00:00"], ["00:00-02:00", "03:00-06:00"]),
        ("20:00 04:00 21:00 22:00", ["20:00-21:00", "22:00-00:00"], ["00:00-04:00"]),
        ("20:00 04:00 23:30 00:30", ["20:00-23:30"], ["00:30-04:00"]),
    ],
)
def test_a_night_goes_on_until_the_next_morning(
    company: Company, night: str, monday: list[str], tuesday: list[str]
) -> None:
    week(company, f"mon {night}", person_id=company["technician"].id)
    assert (spans(company, TODAY), spans(company, TODAY + DAY)) == (monday, tuesday)
    assert spans(company, TODAY + 2 * DAY) == []


def test_nights_come_round_the_week_and_overlap_no_morning(company: Company) -> None:
    week(company, "sun 22:00 06:00")
    assert spans(company, TODAY + 7 * DAY) == ["00:00-06:00"]
    for wrong, code in (
        (("mon 22:00 06:00", "tue 05:00 12:00"), "overlaps"),
        (("mon 22:00 06:00 07:00 08:00",), "break_outside"),
    ):
        with pytest.raises(InvalidInput) as refused:
            week(company, *wrong)
        assert {bad.code for bad in refused.value.problems} == {code}


def test_history_keeps_the_week_before_and_the_new_one(company: Company) -> None:
    week(company, "mon 08:00 17:00", person_id=company["technician"].id)
    week(company, "mon 9:00 17:00 12:00 13:00", person_id=company["technician"].id)
    rows = company.rows(History, subject="person", subject_id=company["technician"].id)
    assert rows[-1].data == {
        "shifts": ["mon 08:00-17:00", "mon 09:00-17:00 (12:00-13:00)"],
        "valid_from": "2026-03-02",
    }
    assert company.see("admin", history.verify) == ()


def test_whose_weeks_may_be_set_by_whom(company: Company) -> None:
    mine, north = company["technician"].id, Company.NORTH
    for by, owner, refused in (
        ("dispatcher", {"person_id": mine}, None),
        ("dispatcher", {"station_id": north}, None),
        ("dispatcher", {"station_id": Company.SOUTH}, NotAllowed),
        ("dispatcher", {}, NotAllowed),
        ("dispatcher.stranger", {"person_id": mine}, NotFound),
        ("manager", {}, None),
        ("technician", {"person_id": mine}, NotAllowed),
        ("leader", {}, NotAllowed),
    ):
        if refused:
            with pytest.raises(refused):
                week(company, "mon 08:00 17:00", by=by, **owner)
        else:
            week(company, "mon 08:00 17:00", by=by, **owner)
    assert {each.owner for each in company.see("dispatcher", shifts.list_of)} == {
        *("", "North", "technician")
    }
    assert [each.owner for each in company.see("technician.stranger", shifts.list_of)] == [""]


def test_a_technician_sees_the_own_time_only(company: Company) -> None:
    assert spans(company, TODAY, "technician.colleague", by="dispatcher")
    with pytest.raises(NotFound):
        spans(company, TODAY, "technician.colleague", by="technician")


# Certificates


def test_a_qualification_is_added_changed_and_removed_with_history(company: Company) -> None:
    id = certificate(company, number="京A-1", valid_until="2027-01-31")
    row = company.get(Qualification, id)
    command = parse(
        Qualify, {"kind": "electrician", "number": "京A-2", "valid_until": "2030-01-31"}
    )
    about = {"id": id, "seen_version": row.version}
    company.do("manager", qualifications.change, command=command, **about)
    with pytest.raises(Stale):
        company.do("manager", qualifications.change, command=command, **about)
    (edit,) = company.see("manager", qualifications.edits, id=id)
    assert edit.fields == {
        "number": ("京A-1", "京A-2"),
        "valid_until": ("2027-01-31", "2030-01-31"),
    }
    company.do("manager", qualifications.remove, id=id, seen_version=row.version + 1)
    assert not company.rows(Qualification, id=id)
    assert [fact for fact, _, _ in company.history("qualification", id)] == [
        *("added", "edited", "removed")
    ]


def test_a_qualification_is_refused_with_its_mistakes(company: Company) -> None:
    with pytest.raises(InvalidInput) as refused:
        certificate(company, kind="juggler")
    assert refused.value.problems[0].field == "kind"
    with pytest.raises(InvalidInput) as refused:
        certificate(company, valid_from="2026-05-01", valid_until="2026-04-01")
    assert refused.value.problems[0].field == "valid_until"


def test_what_ends_first_stands_first_and_only_for_who_may_see_it(company: Company) -> None:
    late = certificate(company, valid_until="2026-09-01")
    soon = certificate(company, "technician.colleague", valid_until="2026-03-20")
    rows = company.see("dispatcher", qualifications.list_of)
    assert [row.id for row in rows[:2]] == [soon, late]
    assert [(row.days_left, row.is_due) for row in rows[:3]] == [
        (18, True),
        (183, False),
        (None, False),
    ]
    assert {row.person for row in company.see("technician", qualifications.list_of)} == {
        "technician"
    }
    others = company.see("dispatcher.stranger", qualifications.list_of)
    assert {row.person for row in others} == {"technician.stranger"}
    for by, refused in (("dispatcher.stranger", NotFound), ("technician", NotAllowed)):
        with pytest.raises(refused):
            company.do(by, qualifications.remove, id=soon, seen_version=1)


def test_a_scan_is_kept_and_handed_out_as_it_was(company: Company, files: Path) -> None:
    id = certificate(company)
    put = {"id": id, "seen_version": 1, "name": "C:\\证件\\证书"}
    with pytest.raises(ScanRefused):
        company.do("manager", qualifications.put_scan, content=b"#!/bin/sh", **put)
    company.do("manager", qualifications.put_scan, content=PNG, **put)
    scan = company.see("technician", qualifications.scan, id=id)
    assert (scan.name, scan.mime, scan.content) == ("证书.png", "image/png", PNG)
    with pytest.raises(NotFound):
        company.see("technician.colleague", qualifications.scan, id=id)
    stored_files._place(stored_files.CONTENT, stored_files.sha256(PNG)).write_bytes(b"other")
    with pytest.raises(ScanLost):
        company.see("technician", qualifications.scan, id=id)


def test_person_and_station_head_are_told_ahead_and_once(company: Company) -> None:
    id = certificate(company, valid_until="2026-04-15")
    run(company.engine, now=NOW)
    assert told(company, NoticeKind.RENEWAL) == {}
    run(company.engine, now=local("2026-03-16 08:00"))  # thirty days before
    run(company.engine, now=local("2026-03-16 08:01"))
    data = {"name": "technician", "kind": "electrician", "until": "2026-04-15"}
    receivers = {"technician", "dispatcher", "dispatcher.colleague"}
    assert told(company, NoticeKind.RENEWAL) == dict.fromkeys(receivers, data)
    # Renewed, it is told of again when the new end comes near.
    command = parse(Qualify, {"kind": "electrician", "valid_until": "2026-05-01"})
    version = company.get(Qualification, id).version
    company.do("manager", qualifications.change, id=id, command=command, seen_version=version)
    run(company.engine, now=local("2026-04-02 08:00"))
    assert len(company.rows(Notice, kind=NoticeKind.RENEWAL)) == 2 * len(receivers)


# Absences


def test_an_absence_is_asked_for_and_decided_by_the_station(company: Company) -> None:
    id = away(company, "2026-03-09 00:00", "2026-03-11 00:00", note="回老家")
    heads = told(company, NoticeKind.ABSENCE)
    assert heads.keys() == {"dispatcher", "dispatcher.colleague"}
    assert heads["dispatcher"]["name"] == "technician"
    decide(company, "dispatcher", id, ApproveAbsence(note="可以"))
    row = company.get(Absence, id)
    assert (row.status, row.decided_by_id) == (AbsenceStatus.APPROVED, company["dispatcher"].id)
    assert "technician" in told(company, NoticeKind.ABSENCE)
    assert [fact for fact, _, _ in company.history("absence", id)] == ["asked", "approved"]


def test_an_absence_is_refused_with_its_mistakes(company: Company) -> None:
    with pytest.raises(InvalidInput) as refused:
        away(company, "2026-03-09 10:00", "2026-03-09 10:00")
    assert refused.value.problems[0].field == "ends_at"
    away(company, "2026-03-09 10:00", "2026-03-09 12:00")
    with pytest.raises(InvalidInput) as refused:
        away(company, "2026-03-09 11:00", "2026-03-09 13:00")
    assert refused.value.problems[0].code == "overlaps"


def test_who_may_ask_for_whom(company: Company) -> None:
    facts = {"begins_at": local("2026-03-09 00:00"), "ends_at": local("2026-03-10 00:00")}
    command = parse(AskAbsence, facts | {"reason": "sick"})
    other = {"person_id": company["technician"].id}
    with pytest.raises(NotAllowed):
        company.do("technician.colleague", absences.ask, command, **other)
    with pytest.raises(NotFound):
        company.do("dispatcher.stranger", absences.ask, command, **other)
    with pytest.raises(NotAllowed):
        company.do("auditor", absences.ask, command)
    id = company.do("dispatcher", absences.ask, command, **other)
    assert company.get(Absence, id).asked_by_id == company["dispatcher"].id


# Every action in every status by everybody.
KEEPERS = {"dispatcher", "dispatcher.colleague", "manager", "leader"}
MAY = {
    ("approve_absence", "asked"): KEEPERS,
    ("refuse_absence", "asked"): KEEPERS,
    ("withdraw_absence", "asked"): {"technician"},
    ("withdraw_absence", "approved"): {"technician"},
}
STEPS = {"asked": None, "approved": ApproveAbsence(), "refused": RefuseAbsence(note="人手不够")}


CELLS = (
    Cells("approve_absence", "approved", "asked", "approved", "dispatcher manager leader"),
    Cells("refuse_absence", "refused", "asked", "refused", "dispatcher manager leader"),
    Cells("withdraw_absence", "withdrawn", "asked approved", "withdrawn", "", own="technician"),
)


def test_no_rule_is_left_out() -> None:
    samples = (ApproveAbsence(), RefuseAbsence(note="人手不够"), WithdrawAbsence())
    check_no_rule_is_left_out(absences.PROCESS, samples, CELLS)
    told = {(cell.action, state) for cell in CELLS for state in cell.states.split()}
    assert told == set(MAY)


@pytest.mark.parametrize("status", AbsenceStatus)
def test_absences_move_as_the_table_says(sqlite_company: Company, status: AbsenceStatus) -> None:
    company = sqlite_company
    id = away(company, "2026-03-09 00:00", "2026-03-10 00:00")
    if status is AbsenceStatus.WITHDRAWN:
        decide(company, "technician", id, WithdrawAbsence())
    elif step := STEPS[status.value]:
        decide(company, "manager", id, step)
    offered: dict[str, set[str]] = {}
    for name in company.people:
        for row in company.see(name, absences.list_of):
            for rule in row.actions:
                assert rule.action
                offered.setdefault(rule.action.name, set()).add(name)
    assert offered == {action: who for (action, at), who in MAY.items() if at == status}


def test_nobody_decides_on_the_own_absence(company: Company) -> None:
    id = away(company, "2026-03-09 00:00", "2026-03-10 00:00", who="dispatcher")
    with pytest.raises(NotAllowed) as refused:
        decide(company, "dispatcher", id, ApproveAbsence())
    assert refused.value.details["reason"] == "own_absence"
    assert "dispatcher.colleague" in refused.value.details["who"]
    assert company.see("dispatcher.colleague", absences.list_of)[0].actions


# Regions


def region(company: Company, name: str = "浦东", by: str = "manager", **facts: Any) -> int:
    usual = {"station_id": Company.NORTH, "places": "浦东新区\n张江路"}
    command = parse(EditRegion, {"name": name} | usual | facts)
    return company.do(by, regions.add, command)


def found(company: Company, address: str) -> str:
    view = company.see("agent", regions.region_of, address=address)
    return view.name if view else ""


def test_the_longest_piece_of_an_address_leads_to_its_region(company: Company) -> None:
    region(company)
    region(company, "川沙", places="浦东新区 川沙镇、合庆镇")
    assert found(company, "上海市浦东新区世纪大道 1 号") == "浦东"
    assert found(company, "上海市浦东新区川沙镇 5 号") == "川沙"
    assert found(company, "上海市徐汇区 1 号") == ""


def test_a_region_keeps_its_places_apart_from_others(company: Company) -> None:
    id = region(company, places="浦东新区，张江路")
    with pytest.raises(InvalidInput) as refused:
        region(company, "张江", places="张江路")
    assert refused.value.problems[0].code == "place_taken"
    command = parse(
        EditRegion, {"name": "浦东", "station_id": Company.NORTH, "places": "张江路\n唐镇"}
    )
    company.do("manager", regions.change, id=id, command=command, seen_version=1)
    assert [place.text for place in company.rows(RegionPlace)] == ["张江路", "唐镇"]
    with pytest.raises(Stale):
        company.do("manager", regions.change, id=id, command=command, seen_version=1)
    (edit,) = company.see("manager", regions.edits, id=id)
    assert edit.fields == {"places": ("浦东新区、张江路", "张江路、唐镇")}
    company.do("manager", regions.remove, id=id, seen_version=2)
    assert (company.rows(Region), company.rows(RegionPlace)) == ([], [])


def test_who_stands_in_is_in_charge_while_the_first_is_away(company: Company) -> None:
    first, second = company["technician"].id, company["technician.colleague"].id
    region(company, responsible_id=first, stand_in_id=second)
    view = company.see("dispatcher", regions.region_of, address="浦东新区")
    absent(company, "2026-03-02 00:00", "2026-03-03 00:00")
    asked = [
        company.see("dispatcher", regions.in_charge, region=view, day=day)
        for day in (TODAY, TODAY + DAY)
    ]
    assert asked == [second, first]
    with pytest.raises(InvalidInput):
        region(company, "川沙", places="川沙镇", responsible_id=first, stand_in_id=first)


def test_a_dispatcher_keeps_the_regions_of_the_own_station(company: Company) -> None:
    region(company, by="dispatcher")
    with pytest.raises(NotAllowed):
        region(company, "南", by="dispatcher", station_id=Company.SOUTH, places="南汇")
    with pytest.raises(NotAllowed):
        region(company, "南", by="technician", places="南汇")


# Where the day begins


def test_a_day_begins_at_the_station_or_at_home(company: Company) -> None:
    id = company["technician"].id
    home = {
        "day_start": "home",
        "address": "浦东新区唐镇 8 号",
        "latitude": 31.2,
        "longitude": 121.6,
    }
    set_start = {"person_id": id, "seen_version": company.get(Person, id).version}
    command = parse(starts.SetDayStart, home)
    company.do("technician", starts.set_start, command, **set_start)
    (view,) = company.see("technician", starts.list_of)
    assert (view.day_start, view.address, view.latitude) == (DayStart.HOME, home["address"], 31.2)
    with pytest.raises(NotAllowed):
        other = {"person_id": company["technician.colleague"].id, "seen_version": 1}
        company.do("technician", starts.set_start, command, **other)
    with pytest.raises(InvalidInput):
        parse(starts.SetDayStart, home | {"latitude": 91})


# Who may be sent


def why_not(company: Company, who: str = "technician", day: date = TODAY) -> tuple[Hindrance, ...]:
    work = shipped("appliance").work[1]
    person = company[who].id
    return company.see("dispatcher", fitness.may_do, person_id=person, work=work, day=day)


def test_why_somebody_may_not_do_a_work(company: Company) -> None:
    assert why_not(company) == ()
    without(company, "repairer")
    assert why_not(company) == (Hindrance(Why.MISSING, "repairer"),)
    certificate(company, kind="repairer", valid_from="2026-01-01", valid_until="2026-03-02")
    assert why_not(company) == ()
    ended = Hindrance(Why.EXPIRED, "repairer", TODAY)
    assert why_not(company, day=TODAY + DAY) == (ended,)
    certificate(company, kind="repairer", valid_from="2026-03-04")
    assert why_not(company, day=TODAY + DAY) == (ended,)
    assert why_not(company, day=TODAY + 2 * DAY) == ()


def test_somebody_who_is_away_or_off_shift_is_not_there(company: Company) -> None:
    week(company, "mon 08:00 17:00")
    absent(company, "2026-03-02 00:00", "2026-03-02 12:00")
    assert why_not(company) == ()  # away in the morning, there after noon
    absent(company, "2026-03-02 12:00", "2026-03-05 00:00")
    away_until = Hindrance(Why.ABSENT, until=date(2026, 3, 5))
    assert why_not(company) == (away_until,)
    assert why_not(company, day=TODAY + DAY) == (away_until, Hindrance(Why.OFF_SHIFT))
    assert why_not(company, day=TODAY + 6 * DAY) == (Hindrance(Why.OFF_SHIFT),)


def refusal(
    company: Company, by: str, table: type, id: int, command: Action
) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        company.act(by, table, id, command)
    return [(bad.field, bad.code) for bad in refused.value.problems]


@pytest.mark.parametrize("by", ["dispatcher", "manager"])
def test_nobody_is_sent_without_the_certificate(company: Company, by: str) -> None:
    without(company, "repairer")
    id = company.register()
    assert refusal(company, by, ServiceRequest, id, company.dispatch()) == [
        ("technician_id", "no_certificate")
    ]
    certificate(company, kind="repairer", valid_until="2026-03-01")
    assert refusal(company, by, ServiceRequest, id, company.dispatch()) == [
        ("technician_id", "certificate_over")
    ]
    assert company.rows(Job) == []
    # An installation asks for another one, a cleaning for none.
    for kind in ("installation", "cleaning"):
        company.dispatched(kind=kind, wanted_from=local("2026-03-02 14:00"))


def test_the_day_of_the_wanted_window_counts(company: Company) -> None:
    without(company, "repairer")
    certificate(company, kind="repairer", valid_until="2026-03-03")
    wanted = {"wanted_from": local("2026-03-04 09:00"), "wanted_to": local("2026-03-04 11:00")}
    id = company.register(**wanted)
    assert refusal(company, "dispatcher", ServiceRequest, id, company.dispatch()) == [
        ("technician_id", "certificate_over")
    ]
    company.dispatched()


def test_nobody_is_sent_who_is_away(company: Company) -> None:
    absent(company, "2026-03-02 00:00", "2026-03-04 00:00")
    id = company.register()
    assert refusal(company, "dispatcher", ServiceRequest, id, company.dispatch()) == [
        ("technician_id", "away")
    ]
    _, job_id = company.dispatched("technician.colleague")
    instead = jobs.Reassign(technician_id=company["technician"].id or 0)
    assert refusal(company, "dispatcher", Job, job_id, instead) == [("technician_id", "away")]


def test_a_manager_sends_all_the_same_with_a_reason(company: Company) -> None:
    without(company, "repairer")
    id = company.register()
    facts = {
        "technician_id": company["technician"].id,
        "exception_reason": "证书在换发，带徒弟同去",
    }
    command = parse(inputs.DispatchAnyway, facts)
    with pytest.raises(NotAllowed):
        company.act("dispatcher", ServiceRequest, id, command)
    company.act("manager", ServiceRequest, id, command)
    (job,) = company.rows(Job, request_id=id)
    assert job.technician_id == company["technician"].id
    row = company.rows(History, subject="request", subject_id=id, action="dispatched")[0]
    kept = {
        "exception": facts["exception_reason"],
        "clause": "A17",
        "against": ["missing repairer"],
    }
    assert kept.items() <= row.data.items()
    instead = {"technician_id": company["technician.colleague"].id}
    company.act("manager", Job, job.id, parse(jobs.Reassign, instead))
    company.act("manager", Job, job.id, parse(jobs.ReassignAnyway, facts))
    row = company.rows(History, subject="job", subject_id=job.id, action="reassigned")[-1]
    assert kept.items() <= row.data.items()


def test_who_may_not_be_sent_is_marked_and_stands_last(company: Company) -> None:
    without(company, "repairer")
    id = company.register()

    def offered(uow: UnitOfWork) -> list[str]:
        return list(sending.technicians(uow, uow.session.get_one(ServiceRequest, id)).values())

    labels = company.see("dispatcher", offered)
    assert [label.startswith(sending.BARRED) for label in labels] == [False, False, True]
    assert labels[-1].endswith("technician · North · 0")


def test_a_rule_book_that_ties_nothing_refuses_nobody(company: Company) -> None:
    without(company, "repairer")

    def untie(uow: UnitOfWork) -> None:
        free = shipped("appliance").model_copy(update={"work": ()})
        adopt(uow, norm=free, on=uow.today, signed_by="经理")

    company.do("manager", untie)
    company.dispatched()


def test_the_station_head_finds_what_waits_and_nobody_else(company: Company) -> None:
    away(company, "2026-03-09 00:00", "2026-03-10 00:00")

    def waiting(uow: UnitOfWork) -> int:
        return int(uow.session.execute(absences.how_many(uow)).one()[0])

    counts = {name: company.see(name, waiting) for name in ("dispatcher", "manager")}
    assert counts == {"dispatcher": 1, "manager": 1}
    assert company.see("dispatcher.stranger", waiting) == 0
    assert {role for role in Role if company.see(role.value, waiting)} <= {
        *(Role.DISPATCHER, Role.MANAGER, Role.LEADER, Role.AUDITOR, Role.ADMIN)
    }


def test_an_instant_of_the_roster_is_aware(company: Company) -> None:
    span = company.see("technician", hours.time_of, person_id=company["technician"].id, day=TODAY)[
        0
    ]
    assert span.start.utcoffset() == timedelta() and span.start < span.end
    assert isinstance(span.start, datetime)
