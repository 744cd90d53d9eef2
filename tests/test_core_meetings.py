"""Meetings: numbers that stay as they were, decisions that go on until they are settled."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from core import sweep
from core.kernel import touched
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongStatus
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.kpi.figures import DEFINITIONS, FigureName, Side
from core.kpi.look import MARKS
from core.meetings import decisions, lists, meetings
from core.meetings.inputs import (
    ChangeDecision,
    CloseMeeting,
    DropDecision,
    FinishDecision,
    StartMeeting,
    TakeDecision,
)
from core.process import workflow
from core.requests.inputs import Cancel
from db.codes import DecisionStatus, NoticeKind
from db.tables import Decision, FigureMark, Meeting, MeetingCases, Notice, ServiceRequest
from tests.company_cast import Company, meet
from tests.conftest import BOTH, Databases
from tests.measured_company import APRIL, MARCH, NOW, PERIOD, board, tell

RECEIVED, TIMELY = FigureName.RECEIVED, FigureName.TIMELY_RESOLUTION
TODAY, DAY = date(2026, 4, 20), timedelta(days=1)
LATER = NOW + timedelta(hours=1)
ABOUT = {"topic": "四月例会", "since": MARCH, "until": date(2026, 4, 30)}
ALL = tuple(name.value for name in FigureName)


@pytest.fixture(params=BOTH)
def company(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Company]:
    with databases.fresh(request.param, "measured", tell) as engine:
        yield meet(engine)


def start(company: Company, who: str = "manager", **facts: Any) -> int:
    command = parse(StartMeeting, {**ABOUT, "figures": ALL} | facts)
    return company.do(who, meetings.start, command, now=NOW)


def decide(company: Company, meeting: int, who: str = "manager", **facts: Any) -> int:
    usual = {
        "text": "南京站加一名技师",
        "owner_id": company["technician"].id,
        "due_on": TODAY + DAY,
    }
    given = {"meeting_id": meeting, "figure": "timely_resolution"} | usual | facts
    return company.do(who, decisions.take, parse(TakeDecision, given), now=NOW)


def show(company: Company, id: int, who: str = "manager") -> lists.MeetingView:
    return company.see(who, lists.show, id=id, now=LATER)


def moved(company: Company, id: int, figure: FigureName) -> lists.Moved:
    return company.see("manager", lists.moved, id=id, figure=figure, now=LATER)


def test_a_meeting_keeps_the_figures_in_its_order_with_their_cases(company: Company) -> None:
    id = start(company, figures=("received", "timely_resolution"))
    shown, then = show(company, id).frozen, board(company)
    assert [each.name for each in shown.figures] == [RECEIVED, TIMELY]
    assert shown.figure(TIMELY).value == then.figure(TIMELY).value
    assert {row.figure for row in company.rows(MeetingCases)} == {"received", "timely_resolution"}
    for name in (RECEIVED, TIMELY):
        for side in DEFINITIONS[name].sides:
            facts = {"figure": name, "side": side}
            was = company.see("manager", lists.cases, id=id, now=LATER, **facts)
            figure = then.figure(name)
            counted = {Side.DENOMINATOR: figure.denominator, Side.NUMERATOR: figure.numerator}
            counted[Side.REST] = figure.denominator - figure.numerator
            assert was.total == counted[side]


def test_no_meeting_begins_while_figures_are_still_counted(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        touched.mark_all(session.connection())
        session.add_all(FigureMark(request_id=1) for _ in range(MARKS))
    with pytest.raises(InvalidInput) as refused:
        start(company)
    assert [bad.code for bad in refused.value.details["problems"]] == ["still_counted"]
    sweep.run(company.engine, now=NOW)
    assert start(company)


def test_the_months_that_led_there_are_kept_too(company: Company) -> None:
    id = start(company, since=APRIL)
    months = show(company, id).frozen.figure(RECEIVED).months
    assert [point.month for point in months][-2:] == [MARCH, APRIL]
    assert len(months) == meetings.COURSE


def test_a_case_corrected_afterwards_leaves_the_numbers_and_is_told(company: Company) -> None:
    id = start(company)
    before = show(company, id).frozen
    assert not moved(company, id, RECEIVED)
    (row, *_) = (each for each in company.rows(ServiceRequest) if each.status.value == "registered")
    company.act("manager", ServiceRequest, row.id, Cancel(note="重复登记"), now=LATER)
    assert show(company, id).frozen == before
    now = {each.name: each for each in company.see("manager", lists.now, id=id, now=LATER)}
    was = before.figure(TIMELY)
    assert (now[TIMELY].denominator, was.denominator) == (was.denominator - 1, was.denominator)
    assert moved(company, id, TIMELY).gone == 1
    assert moved(company, id, RECEIVED) == lists.Moved()


def test_what_is_open_is_carried_to_the_next_meeting_of_the_same_scope(company: Company) -> None:
    first = start(company)
    done, dropped, open_one = (decide(company, first, text=each) for each in ("甲", "乙", "丙"))
    company.act("manager", Decision, done, FinishDecision(note="好了"), now=NOW)
    company.act("manager", Decision, dropped, DropDecision(note="不用了"), now=NOW)
    elsewhere = start(company, station_id=Company.NORTH)
    second = company.do(
        "manager", meetings.start, parse(StartMeeting, {**ABOUT, "figures": ALL}), now=LATER
    )
    assert [each.text for each in show(company, second).decisions] == ["丙"]
    assert show(company, elsewhere).decisions == ()
    # What the second meeting took over stays in its minutes once it is done.
    company.act("technician", Decision, open_one, FinishDecision(note="好了"), now=LATER)
    (taken_over,) = show(company, second).decisions
    assert (taken_over.status, taken_over.meeting_id) == (DecisionStatus.DONE, first)
    assert len(show(company, first).decisions) == 3


def test_those_of_the_figure_come_first(company: Company) -> None:
    id = start(company)
    decide(company, id, figure="received", text="甲")
    decide(company, id, text="乙")
    shown = show(company, id)
    assert [each.text for each in shown.about(TIMELY)] == ["乙", "甲"]
    assert [each.text for each in shown.about(RECEIVED)] == ["甲", "乙"]


def test_two_people_decide_at_once_and_both_are_kept(company: Company) -> None:
    id = start(company, station_id=Company.NORTH)
    seen = show(company, id).version
    decide(company, id, "manager", text="甲")
    decide(company, id, "dispatcher", text="乙")
    assert [each.text for each in show(company, id).decisions] == ["甲", "乙"]
    assert show(company, id).version == seen
    # The same decision is not changed twice unseen.
    row = show(company, id).decisions[0]
    change = ChangeDecision(text="丙", owner_id=company["agent"].id, due_on=TODAY + DAY)
    facts = {"id": row.id, "command": change, "seen_version": row.version}
    company.do("manager", workflow.act, decisions.PROCESS, now=LATER, **facts)
    with pytest.raises(Stale):
        company.do("dispatcher", workflow.act, decisions.PROCESS, now=LATER, **facts)


def test_a_closed_meeting_decides_nothing_more(company: Company) -> None:
    id = start(company)
    kept = decide(company, id)
    company.act("manager", Meeting, id, CloseMeeting(), now=LATER)
    with pytest.raises(WrongStatus):
        decide(company, id)
    company.act("technician", Decision, kept, FinishDecision(note="好了"), now=LATER)
    assert company.history("meeting", id)[-1][0] == "closed"


def test_the_owner_is_told_once_and_reminded_once(company: Company) -> None:
    id = decide(company, start(company))

    def told() -> list[str]:
        rows = company.rows(Notice, person_id=company["technician"].id)
        return [each.data["fact"] for each in rows if each.kind is NoticeKind.DECISION]

    assert told() == ["decision.taken"]
    assert [each.id for each in company.see("technician", lists.mine, now=NOW)] == [id]
    sweep.run(company.engine, now=NOW)
    assert told() == ["decision.taken"]
    for _ in range(2):
        sweep.run(company.engine, now=NOW + DAY)
    assert told() == ["decision.taken", "decision.due"]
    (late,) = company.see("technician", lists.mine, now=NOW + 2 * DAY)
    assert late.late
    company.act("technician", Decision, id, FinishDecision(note="好了"), now=NOW + 2 * DAY)
    assert company.see("technician", lists.mine, now=NOW + 2 * DAY) == ()


def test_whoever_loses_a_decision_is_told_and_a_new_day_is_reminded_anew(
    company: Company,
) -> None:
    id = decide(company, start(company))
    sweep.run(company.engine, now=NOW + DAY)
    change = {"text": "南京站加一名技师", "owner_id": company["agent"].id}
    company.act(
        "manager", Decision, id, ChangeDecision(**change, due_on=TODAY + 5 * DAY), now=NOW + DAY
    )
    before = company.rows(Notice, person_id=company["technician"].id)
    assert before[-1].kind is NoticeKind.WITHDRAWN
    sweep.run(company.engine, now=NOW + 5 * DAY)
    facts = [
        each.data["fact"]
        for each in company.rows(Notice, person_id=company["agent"].id)
        if each.kind is NoticeKind.DECISION
    ]
    assert facts == ["decision.changed", "decision.due"]


def test_a_station_sees_its_own_meetings_and_no_others(company: Company) -> None:
    everywhere = start(company)
    north = start(company, "dispatcher")
    assert [each.id for each in company.see("dispatcher", lists.listed, now=NOW)] == [north]
    assert len(company.see("manager", lists.listed, now=NOW)) == 2
    for who, id in (("dispatcher.stranger", north), ("dispatcher", everywhere)):
        with pytest.raises(NotFound):
            show(company, id, who)
        with pytest.raises(NotFound):
            decide(company, id, who)
        with pytest.raises(NotFound):
            facts = {"figure": RECEIVED, "side": Side.DENOMINATOR}
            company.see(who, lists.cases, id=id, now=LATER, **facts)
    with pytest.raises(NotAllowed):
        show(company, everywhere, "agent")
    with pytest.raises(InvalidInput):
        start(company, "dispatcher", station_id=Company.SOUTH)
    assert show(company, north).frozen.station_id == Company.NORTH


@pytest.mark.parametrize(
    ("who", "facts", "field"),
    [
        ("manager", {"figures": ()}, "figures"),
        ("manager", {"until": MARCH - DAY}, "until"),
        ("manager", {"since": TODAY + DAY, "until": TODAY + DAY}, "since"),
        ("manager", {"station_id": 99}, "station_id"),
        ("manager", {"topic": " "}, "topic"),
    ],
)
def test_a_meeting_about_nothing_is_refused(
    company: Company, who: str, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        start(company, who, **facts)
    assert [bad.field for bad in refused.value.problems] == [field]
    assert company.rows(Meeting) == []


def test_a_decision_has_an_owner_and_a_day_to_come(company: Company) -> None:
    id = start(company)
    for facts in ({"owner_id": company["auditor"].id}, {"due_on": TODAY - DAY}, {"text": ""}):
        with pytest.raises(InvalidInput):
            decide(company, id, **facts)
    with pytest.raises(NotAllowed):
        decide(company, id, "finance")


def test_of_too_many_cases_only_some_are_kept(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meetings, "MOST_CASES", 3)
    id = start(company)
    assert company.see("manager", lists.is_cut, id=id, figure=RECEIVED)
    rows = company.rows(MeetingCases, figure="received", side="denominator")
    assert (len(rows[0].ids), rows[0].total) == (3, int(board(company).figure(RECEIVED).value or 0))
    assert not moved(company, id, RECEIVED)


def test_the_period_stands_as_it_was_asked(company: Company) -> None:
    id = start(company, since=date(2026, 3, 5), until=date(2026, 3, 20))
    frozen = show(company, id).frozen
    assert (frozen.since, frozen.until) == (date(2026, 3, 5), date(2026, 3, 20))
    assert PERIOD["since"] == MARCH  # whole months are asked as such
    assert not meetings.asked(company.get(Meeting, id)).whole_months
