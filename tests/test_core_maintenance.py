"""Maintenance plans: due days, cases made ahead of time and once, reminders, what is refused."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core.customers.inputs import ScrapPiece
from core.kernel.errors import InvalidInput, NotAllowed, NotFound
from core.kernel.inputs import parse
from core.maintenance import days, lists, rounds
from core.maintenance.inputs import (
    EditContractMaintenance,
    EditMaintenance,
    EndMaintenance,
    PauseMaintenance,
    ResumeMaintenance,
    SkipRound,
)
from core.maintenance.lists import PlanPart, RoundFilter, RoundState
from core.people import people
from core.process import history
from core.requests.inputs import Answer, Cancel
from db.codes import IntervalUnit, Measure, NoticeKind
from db.tables import (
    Asset,
    History,
    Limit,
    MaintenancePlan,
    MaintenanceRound,
    Notice,
    ServiceRequest,
    Station,
)
from tests import maintained
from tests.company_cast import Company
from tests.maintained import DAY, TERMS, TODAY, at, make, of_one_piece, run

DUE = date(2026, 3, 10)  # a month after the purchase, and a day more than a week from now


def stands(company: Company) -> list[tuple[date, str]]:
    rows = company.rows(MaintenanceRound)
    return sorted((row.due_on, row.status.value) for row in rows)


def resolve(company: Company, row: MaintenanceRound, day: date) -> None:
    answer = Answer(answer="已保养")
    company.act("dispatcher", ServiceRequest, row.request_id, answer, now=at(day))


@pytest.mark.parametrize(
    ("base", "length", "unit", "first", "earliest", "due"),
    [
        ("2026-01-31", 1, "months", 1, "2026-02-01", "2026-02-28"),
        ("2026-01-31", 1, "months", 1, "2026-03-01", "2026-03-31"),
        ("2020-05-10", 12, "months", 1, "2026-03-02", "2026-05-10"),
        ("2026-03-02", 6, "months", 0, "2026-03-02", "2026-03-02"),
        ("2026-03-02", 2, "weeks", 1, "2026-03-02", "2026-03-16"),
        ("2027-01-01", 2, "weeks", 0, "2026-03-02", "2027-01-01"),
    ],
)
def test_due_days_are_counted_from_their_base(
    base: str, length: int, unit: str, first: int, earliest: str, due: str
) -> None:
    found = days.due(
        date.fromisoformat(base),
        length,
        IntervalUnit(unit),
        first=first,
        earliest=date.fromisoformat(earliest),
    )
    assert found == date.fromisoformat(due)


def test_a_case_is_made_ahead_of_time_and_is_done_with_its_case(company: Company) -> None:
    plan_id, piece_id = of_one_piece(company)
    run(company)
    (row,) = company.rows(MaintenanceRound)
    assert (row.due_on, row.make_on, row.status) == (date(2026, 3, 10), date(2026, 3, 3), "planned")
    assert company.rows(ServiceRequest) == []

    run(company, TODAY + DAY)
    case = company.rows(ServiceRequest)[0]
    assert (case.kind, case.station_id, case.owner_id) == ("cleaning", Company.NORTH, None)
    assert (case.asset_id, case.symptom) == (piece_id, TERMS["task"])
    assert case.address == "南京市鼓楼区中山路 1 号"
    zone = company["manager"].zone_info
    window = [each.astimezone(zone) for each in (case.wanted_from, case.wanted_to)]
    assert [each.date() for each in window] == [DUE, DUE]
    # It is due on its day: made a week ahead, it is not late after two.
    (due,) = company.rows(Limit, request_id=case.id, measure=Measure.RESOLUTION, met_at=None)
    assert (due.due_at, case.promised_at) == (case.wanted_to, case.wanted_to)
    # The next one is planned from its due day.
    run(company, TODAY + 2 * DAY)
    assert stands(company) == [(DUE, "made"), (date(2026, 4, 10), "planned")]

    resolve(company, company.rows(MaintenanceRound)[0], DUE - DAY)
    row = company.rows(MaintenanceRound)[0]
    assert (row.status, row.done_on) == ("done", DUE - DAY)
    assert company.history("maintenance_round", row.id) == [
        ("made", "planned", "made"),
        ("done", "made", "done"),
    ]
    assert company.see("agent", lists.of_case, case_id=case.id).plan_id == plan_id
    assert company.see("auditor", history.verify) == ()


def test_the_case_stands_in_dispatch_like_any_other(company: Company) -> None:
    of_one_piece(company)
    run(company)
    run(company, TODAY + DAY)
    (case,) = company.rows(ServiceRequest)
    company.act("dispatcher", ServiceRequest, case.id, company.dispatch(), now=at(TODAY + DAY))
    assert company.rows(ServiceRequest)[0].status == "in_progress"


def test_the_next_round_may_count_from_when_the_last_was_done(company: Company) -> None:
    of_one_piece(company, next_round="floating")
    for day in range(3):
        run(company, TODAY + day * DAY)
    assert stands(company) == [(DUE, "made")]
    resolve(company, company.rows(MaintenanceRound)[0], DUE + 5 * DAY)
    run(company, DUE + 5 * DAY)
    assert stands(company) == [(DUE, "done"), (date(2026, 4, 15), "planned")]


def test_a_cancelled_case_skips_its_round_for_the_same_reason(company: Company) -> None:
    of_one_piece(company)
    run(company)
    run(company, TODAY + DAY)
    (case,) = company.rows(ServiceRequest)
    cancel = Cancel(note="客户已搬走")
    company.act("dispatcher", ServiceRequest, case.id, cancel, now=at(TODAY + DAY))
    row = company.rows(MaintenanceRound)[0]
    assert (row.status, row.note) == ("skipped", "客户已搬走")


def test_a_round_is_skipped_by_hand_with_a_reason(company: Company) -> None:
    of_one_piece(company)
    run(company)
    (row,) = company.rows(MaintenanceRound)
    company.act("dispatcher", MaintenanceRound, row.id, SkipRound(note="刚修过"))
    run(company, TODAY + DAY)
    assert stands(company) == [(DUE, "skipped"), (date(2026, 4, 10), "planned")]
    with pytest.raises(NotFound):
        company.act("dispatcher.stranger", MaintenanceRound, row.id + 1, SkipRound(note="x"))


def test_a_piece_that_its_customer_has_no_more_is_looked_after_no_more(company: Company) -> None:
    of_one_piece(company)
    run(company)
    company.act("agent", Asset, 1, ScrapPiece(note="客户已更换新机"))
    run(company, TODAY + DAY)
    assert company.rows(ServiceRequest) == []
    # No other round is planned for it.
    (row,) = company.rows(MaintenanceRound)
    assert (row.status, row.note) == ("skipped", "客户已更换新机")


def test_a_newly_bought_piece_joins_by_itself(company: Company) -> None:
    product_id = maintained.product(company)
    owner = maintained.customer(company)
    maintained.piece(company, product_id, owner)
    make(company, product_id=product_id)
    run(company)
    maintained.piece(company, product_id, owner, purchased_on=date(2024, 1, 31))
    maintained.piece(company, maintained.product(company, "other"), owner)
    run(company)
    # No round is made up for the years in which nobody knew of it.
    assert stands(company) == [(DUE, "planned"), (date(2026, 3, 31), "planned")]


def test_a_contract_covers_the_pieces_that_it_names_or_all(company: Company) -> None:
    product_id, owner = maintained.product(company), maintained.customer(company)
    first, second = (maintained.piece(company, product_id, owner) for _ in range(2))
    contract = {"customer_id": owner, "contract": "HT-2026-7"}
    plan_id = make(company, "dispatcher", station_id=1, pieces=[{"asset_id": first}], **contract)
    run(company)
    assert [row.asset_id for row in company.rows(MaintenanceRound)] == [first]

    plan = company.get(MaintenancePlan, plan_id)
    terms = TERMS | {"contract": "HT-2026-7", "pieces": [], "station_id": 1}
    company.act("dispatcher", MaintenancePlan, plan_id, parse(EditContractMaintenance, terms))
    run(company)
    assert sorted(row.asset_id for row in company.rows(MaintenanceRound)) == [first, second]
    (edit,) = company.see("manager", lists.edits, id=plan.id)
    old, new = edit.fields["pieces"]
    assert (old, new) == (f"蓝石 LS-H80 #{first}", "")


def test_a_change_of_days_plans_the_rounds_anew_and_history_keeps_both(company: Company) -> None:
    plan_id, _piece = of_one_piece(company)
    run(company)
    terms = TERMS | {"interval_length": 2, "interval_unit": "weeks", "station_id": Company.SOUTH}
    company.act("manager", MaintenancePlan, plan_id, parse(EditMaintenance, terms))
    run(company)
    (row,) = company.rows(MaintenanceRound)
    assert (row.due_on, row.station_id) == (date(2026, 3, 10), Company.SOUTH)
    (edit,) = company.see("manager", lists.edits, id=plan_id)
    assert edit.fields["interval_length"] == (1, 2)
    assert edit.fields["interval_unit"] == ("months", "weeks")


def test_what_falls_due_while_it_rests_is_not_made_up_for(company: Company) -> None:
    plan_id, _piece = of_one_piece(company)
    run(company)
    company.act("manager", MaintenancePlan, plan_id, PauseMaintenance(note="客户停产"))
    run(company, TODAY + 60 * DAY)
    assert stands(company) == []
    later = TODAY + 60 * DAY
    company.act("manager", MaintenancePlan, plan_id, ResumeMaintenance(), now=at(later))
    run(company, later)
    assert stands(company) == [(date(2026, 5, 10), "planned")]
    company.act("manager", MaintenancePlan, plan_id, EndMaintenance(), now=at(later))
    run(company, later + 30 * DAY)
    assert company.rows(ServiceRequest) == []


def test_nothing_is_due_after_the_plan_is_over(company: Company) -> None:
    of_one_piece(company, valid_until=date(2026, 3, 31))
    for day in range(60):
        run(company, TODAY + day * DAY)
    assert len(company.rows(ServiceRequest)) == 1
    found = company.see("manager", lists.listed_rounds, filters=RoundFilter(), now=at(TODAY))
    assert [row.due_on for row in found.rows] == [DUE]


def test_the_sweep_twice_and_two_processes_at_once_make_one_case(company: Company) -> None:
    product_id, owner = maintained.product(company), maintained.customer(company)
    for _ in range(5):
        maintained.piece(company, product_id, owner)
    make(company, product_id=product_id)
    gate = threading.Barrier(2)

    def process() -> None:
        for day in (0, 1, 1, 40):
            gate.wait(30)
            run(company, TODAY + day * DAY)

    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(process) for _ in range(2)]:
            done.result()
    run(company, TODAY + 40 * DAY)  # what one found held by the other is done by the next
    rows = [row for row in company.rows(MaintenanceRound) if row.request_id]
    assert len({(row.asset_id, row.due_on) for row in rows}) == len(rows) == 10
    assert len(company.rows(ServiceRequest)) == 10
    assert len(company.rows(History, subject="maintenance_round", action="made")) == 10
    told = company.rows(Notice, kind=NoticeKind.MAINTENANCE, person_id=company["dispatcher"].id)
    made = [row.data["count"] for row in told if row.data["fact"].endswith("made")]
    assert sum(made) == 10
    assert company.see("auditor", history.verify) == ()


def test_many_pieces_take_several_sweeps(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    monkeypatch.setattr(rounds, "PIECES", 2)
    monkeypatch.setattr(rounds, "CASES", 2)
    product_id, owner = maintained.product(company), maintained.customer(company)
    for _ in range(5):
        maintained.piece(company, product_id, owner, purchased_on=date(2026, 2, 3))
    make(company, product_id=product_id)
    made = [0]
    for _minute in range(8):
        run(company)
        made.append(len(company.rows(ServiceRequest)))
    assert all(now - before <= 2 for before, now in zip(made, made[1:], strict=False))
    assert made[-1] == 5
    # Told once, when the last one was made.
    told = company.rows(Notice, person_id=company["dispatcher"].id)
    assert [row.data["count"] for row in told] == [5]


def test_the_team_is_told_in_one_line_of_what_is_made_and_once_of_what_is_overdue(
    company: Company,
) -> None:
    product_id, owner = maintained.product(company), maintained.customer(company)
    for _ in range(3):
        maintained.piece(company, product_id, owner)
    make(company, product_id=product_id, interval_length=6)
    heads = {company[name].id for name in ("dispatcher", "dispatcher.colleague")}
    for day in (*range(160, 170), 190, 191):
        run(company, TODAY + day * DAY)
    told = company.rows(Notice, kind=NoticeKind.MAINTENANCE)
    assert {row.person_id for row in told} == heads
    of_one = [row.data for row in told if row.person_id == company["dispatcher"].id]
    assert [(data["fact"], data["count"]) for data in of_one] == [
        ("maintenance_round.made", 3),
        ("maintenance_round.overdue", 3),
    ]


def test_lists_count_what_is_overdue_and_due_this_month(company: Company) -> None:
    plan_id, _piece = of_one_piece(company)
    run(company)
    run(company, TODAY + DAY)
    run(company, TODAY + DAY)
    late = at(DUE + DAY)
    (row,) = company.see("dispatcher", lists.listed, now=late)
    assert (row.next_due, row.overdue, row.this_month) == (DUE, 1, 1)
    assert row.is_in(PlanPart.OVERDUE) and not row.is_in(PlanPart.ENDED)
    states: dict[RoundState | None, list[date]] = {}
    for state in (None, *RoundState):
        asked = {"filters": RoundFilter(state, plan_id=plan_id), "now": late}
        found = company.see("agent", lists.listed_rounds, **asked)
        states[state] = [each.due_on for each in found.rows]
    april = date(2026, 4, 10)
    assert states.pop(None) == [DUE, april]
    assert {state: due for state, due in states.items() if due} == {
        RoundState.OVERDUE: [DUE],
        RoundState.PLANNED: [april],
    }
    far = company.see("dispatcher.stranger", lists.listed_rounds, filters=RoundFilter(), now=late)
    assert far.total == 0


def problems(company: Company, who: str = "manager", **facts: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        make(company, who, **facts)
    return [(bad.field, bad.code) for bad in refused.value.problems]


def bad_terms() -> Iterator[tuple[dict[str, Any], tuple[str, str]]]:
    yield {"interval_length": 0}, ("interval_length", "greater_than_equal")
    yield {"valid_until": TODAY - DAY}, ("valid_until", "before_valid_from")
    yield {"counted_from": "first_day"}, ("first_on", "missing")
    yield {"interval_length": 1, "days_ahead": 28}, ("days_ahead", "ahead_of_last_round")
    yield {"kind": "complaint"}, ("kind", "not_an_option")
    yield {"station_id": 99}, ("station_id", "not_an_option")


@pytest.mark.parametrize(("facts", "problem"), [*bad_terms()])
def test_terms_that_cannot_be_are_named(
    sqlite_company: Company, facts: dict[str, Any], problem: tuple[str, str]
) -> None:
    product_id = maintained.product(sqlite_company)
    maintained.piece(sqlite_company, product_id, maintained.customer(sqlite_company))
    assert problems(sqlite_company, product_id=product_id, **facts) == [problem]


def test_whom_it_is_for_must_own_something_and_have_an_address(sqlite_company: Company) -> None:
    company = sqlite_company
    product_id = maintained.product(company)
    assert problems(company, product_id=product_id) == [("product_id", "no_pieces")]
    bare = maintained.customer(company, address="")
    contract = {"contract": "HT", "customer_id": bare}
    expected = [("customer_id", "no_address"), ("customer_id", "owns_nothing")]
    assert problems(company, **contract) == expected
    owner, other = maintained.customer(company), maintained.customer(company)
    maintained.piece(company, product_id, owner)
    foreign = maintained.piece(company, product_id, other)
    contract = {"contract": "HT", "customer_id": owner, "pieces": [{"asset_id": foreign}]}
    assert problems(company, **contract) == [("pieces.0.asset_id", "not_an_option")]
    with pytest.raises(NotFound):
        make(company, contract="HT", customer_id=9999)


def test_a_station_keeps_contracts_of_its_own_customers_only(sqlite_company: Company) -> None:
    company = sqlite_company
    product_id, owner = maintained.product(company), maintained.customer(company)
    maintained.piece(company, product_id, owner)
    for who, facts in (
        ("dispatcher", {"product_id": product_id}),
        ("agent", {"contract": "HT", "customer_id": owner}),
    ):
        with pytest.raises(NotAllowed):
            make(company, who, station_id=1, **facts)
    contract = {"contract": "HT", "customer_id": owner}
    assert problems(company, "dispatcher", **contract) == [("station_id", "missing")]
    far = problems(company, "dispatcher.stranger", station_id=2, **contract)
    assert far == [("customer_id", "of_other_station")]
    plan_id = make(company, "dispatcher", station_id=1, **contract)
    with pytest.raises(NotFound):
        company.act("dispatcher.stranger", MaintenancePlan, plan_id, EndMaintenance())


def test_a_closed_station_gets_no_case(sqlite_company: Company) -> None:
    company = sqlite_company
    of_one_piece(company, station_id=Company.SOUTH)
    shut = people.EditStation(name="South", active=False)
    seen = {"id": Company.SOUTH, "seen_version": company.get(Station, Company.SOUTH).version}
    company.do("admin", people.edit_station, command=shut, **seen)
    run(company, TODAY)
    run(company, TODAY + DAY)
    assert company.rows(ServiceRequest)[0].station_id == Company.NORTH


STEPS = some.lists(
    some.sampled_from(("days", "days", "resolve", "cancel", "skip", "piece", "double")),
    max_size=14,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, floating=some.booleans(), length=some.integers(1, 3))
def test_whatever_happens_no_round_is_missed_and_none_has_two_cases(
    sqlite_company: Company, steps: list[str], floating: bool, length: int
) -> None:
    company = sqlite_company
    model = f"M{len(company.rows(MaintenancePlan))}"
    product_id, owner = maintained.product(company, model), maintained.customer(company)
    maintained.piece(company, product_id, owner)
    next_round = "floating" if floating else "fixed"
    plan_id = make(company, product_id=product_id, interval_length=length, next_round=next_round)
    day = TODAY
    run(company, day)
    for step in steps:
        if step == "days":
            for _ in range(3):
                day += 4 * DAY
                run(company, day)
        elif step == "piece":
            maintained.piece(company, product_id, owner, purchased_on=day)
        elif step == "double":
            run(company, day)
        else:
            _touch(company, plan_id, step, day)
    run(company, day)
    run(company, day)
    _check_rounds(company, plan_id, day, length, floating)
    company.act("manager", MaintenancePlan, plan_id, EndMaintenance(), now=at(day))


def _touch(company: Company, plan_id: int, step: str, day: date) -> None:
    status = "planned" if step == "skip" else "made"
    rows = company.rows(MaintenanceRound, plan_id=plan_id, status=status)
    if not rows:
        return
    if step == "skip":
        company.act("manager", MaintenanceRound, rows[0].id, SkipRound(note="x"), now=at(day))
    elif step == "cancel":
        cancel = Cancel(note="x")
        company.act("dispatcher", ServiceRequest, rows[0].request_id, cancel, now=at(day))
    else:
        resolve(company, rows[0], day)


def _check_rounds(company: Company, plan_id: int, day: date, length: int, floating: bool) -> None:
    rows = company.rows(MaintenanceRound, plan_id=plan_id)
    cases = [row.request_id for row in rows if row.request_id]
    assert len(set(cases)) == len(cases)
    for asset_id in {row.asset_id for row in rows}:
        mine = sorted((r for r in rows if r.asset_id == asset_id), key=lambda r: r.due_on)
        open_ones = [row for row in mine if row.status == "planned"]
        # Due within a week: its case was made, or it was skipped.
        assert all(row.due_on > day + timedelta(days=7) for row in open_ones)
        if floating:
            assert sum(row.status in ("planned", "made") for row in mine) == 1
            continue
        assert len(open_ones) == 1
        base = mine[0].due_on
        expected = [days.step(base, length, IntervalUnit.MONTHS, n) for n in range(len(mine))]
        assert [row.due_on for row in mine] == expected
