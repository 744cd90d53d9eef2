"""Escalation: each step at its minute, in the limit's own time, once whatever happens."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text, update

from core import sweep
from core.house import HOUSE
from core.kernel.unit_of_work import system_actor, transaction, unit_of_work
from core.norms import revisions
from core.norms.model import Norm
from core.notices import escalation
from core.process import history
from core.requests import inputs
from db.codes import NoticeKind, Receiver, Role
from db.tables import Escalation, History, Limit, Notice, Person, ServiceRequest
from tests.company_cast import NOW, Company, local

DAY = [["09:00", "17:00"]]
HOURS = {"weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), DAY), "public_holidays": None}
RULE = {
    "clause": "E1",
    "measure": "response",
    "unit": "clock_minutes",
    "amount": 120,
    "starts": "request.registered",
    "met": ["request.answered"],
    "ladder": "help",
}
CLOCK = RULE | {"name": "clock"}
LADDER = [
    {"share": 0.5, "to": "owner"},
    {"share": 1, "to": "station_head"},
    {"after_minutes": 60, "to": "manager"},
    {"after_minutes": 240, "to": "leader"},
]


def adopt(company: Company, *rules: dict[str, Any], ladder: Any = LADDER, **facts: Any) -> None:
    """A rule book with only these limits, all with one ladder."""
    book = {"limits": rules, "ladders": {"help": ladder}, "hours": HOURS, "station_hours": {}}
    norm = Norm.model_validate(revisions.shipped("appliance").dump() | book | facts)
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="测试")


def run(company: Company, at: str) -> list[str]:
    """A sweep at a local time; gives who is newly called, in the ladder's order."""
    known = {row.id for row in company.rows(Escalation)}
    sweep.run(company.engine, now=local(at))
    return [row.receiver.value for row in company.rows(Escalation) if row.id not in known]


def monday(clock: str) -> str:
    return f"2026-03-02 {clock}"


def told(company: Company) -> list[str]:
    """Who has a notice, by user name."""
    names = {actor.id: name for name, actor in company.people.items()}
    return [names[row.person_id] for row in company.rows(Notice)]


def test_each_step_is_taken_at_its_minute_and_not_a_minute_before(company: Company) -> None:
    adopt(company, CLOCK)
    company.register()  # on Monday at 10:00
    steps = [
        ("10:59", "11:00", "owner"),
        ("11:59", "12:00", "station_head"),
        ("12:59", "13:00", "manager"),
        ("15:59", "16:00", "leader"),
    ]
    for before, at, receiver in steps:
        assert run(company, monday(before)) == []
        assert run(company, monday(at)) == [receiver]
        assert run(company, monday(at)) == []
    assert run(company, "2026-03-20 10:00") == []
    assert told(company) == ["agent", "dispatcher", "dispatcher.colleague", "manager", "leader"]


@pytest.mark.parametrize("share", [0.07, 0.29, 0.58])
def test_a_share_is_counted_in_whole_minutes(sqlite_company: Company, share: float) -> None:
    company = sqlite_company
    ladder = [{"share": share, "to": "owner"}]
    adopt(company, CLOCK | {"amount": 100}, ladder=ladder)
    company.register()
    minute = timedelta(minutes=round(share * 100))
    for early, expected in ((timedelta(microseconds=1), 0), (timedelta(0), 1)):
        sweep.run(company.engine, now=NOW + minute - early)
        assert len(company.rows(Escalation)) == expected


@pytest.mark.parametrize(
    ("unit", "amount", "half", "due"),
    [
        # Friday 16:00: one hour is left, then the weekend.
        ("working_minutes", 240, "2026-03-09 10:00", "2026-03-09 12:00"),
        ("working_days", 2, "2026-03-09 16:30", "2026-03-10 17:00"),
        ("clock_minutes", 240, "2026-03-06 18:00", "2026-03-06 20:00"),
    ],
)
def test_shares_are_counted_in_the_limits_own_time(
    company: Company, unit: str, amount: int, half: str, due: str
) -> None:
    adopt(company, RULE | {"name": "work", "unit": unit, "amount": amount})
    company.register(now=local("2026-03-06 16:00"))
    for at, known, receiver in ((half, 0, "owner"), (due, 1, "station_head")):
        sweep.run(company.engine, now=local(at) - timedelta(minutes=1))
        assert len(company.rows(Escalation)) == known
        assert run(company, at) == [receiver]


def test_after_the_due_time_the_clock_counts_also_at_the_weekend(company: Company) -> None:
    adopt(company, RULE | {"name": "work", "unit": "working_minutes", "amount": 60})
    company.register(now=local("2026-03-06 16:00"))
    assert run(company, "2026-03-06 17:59") == ["owner", "station_head"]
    assert run(company, "2026-03-06 18:00") == ["manager"]
    assert run(company, "2026-03-06 21:00") == ["leader"]


def test_a_stations_own_hours_count(company: Company) -> None:
    late = {"weekly": {"mon": [["12:00", "20:00"]]}, "public_holidays": None}
    rule = RULE | {"name": "work", "unit": "working_minutes", "amount": 60}
    adopt(company, rule, station_hours={"North": late})
    company.register()
    assert run(company, monday("12:29")) == []
    assert run(company, monday("12:30")) == ["owner"]


def test_a_promised_time_is_shared_by_the_clock(company: Company) -> None:
    moment = {"name": "window", "unit": "moment", "amount": 0, "moment": "wanted_to"}
    adopt(company, RULE | moment)
    company.register(wanted_from=local(monday("11:00")), wanted_to=local(monday("14:00")))
    assert run(company, monday("11:59")) == []
    assert run(company, monday("12:00")) == ["owner"]
    assert run(company, monday("14:00")) == ["station_head"]


def act(company: Company, case_id: int, command: Any, at: str) -> None:
    company.act("manager", ServiceRequest, case_id, command, now=local(at))


def test_while_the_company_waits_nothing_is_escalated(company: Company) -> None:
    adopt(company, CLOCK)
    case_id = company.register()
    assert run(company, monday("11:00")) == ["owner"]
    act(company, case_id, inputs.Wait(reason="part", note="等配件"), monday("11:30"))
    assert run(company, monday("12:00")) == []
    assert run(company, "2026-03-04 11:30") == []
    act(company, case_id, inputs.Resume(), "2026-03-04 11:30")
    # Half an hour was left; what was said before the pause is not said again.
    assert run(company, "2026-03-04 11:59") == []
    assert run(company, "2026-03-04 12:00") == ["station_head"]
    assert run(company, "2026-03-04 13:00") == ["manager"]


def test_a_pause_over_lunch_of_a_late_limit_delays_only_itself(company: Company) -> None:
    adopt(company, CLOCK)
    case_id = company.register()
    assert run(company, monday("12:30")) == ["owner", "station_head"]
    act(company, case_id, inputs.Wait(reason="customer", note="等回电"), monday("12:40"))
    assert run(company, monday("13:00")) == []
    act(company, case_id, inputs.Resume(), monday("13:20"))
    assert run(company, monday("13:21")) == ["manager"]


@pytest.mark.parametrize(
    ("due", "steps"),
    [
        # The owner was told at 11:00, whatever becomes of the half of it.
        ("15:00", {"12:00": [], "14:59": [], "15:00": ["station_head"], "16:00": ["manager"]}),
        ("11:20", {"11:19": [], "11:20": ["station_head"], "12:20": ["manager"]}),
        ("10:30", {"11:06": ["station_head"], "11:29": [], "11:30": ["manager"]}),
    ],
)
def test_a_due_time_that_moves_takes_its_steps_along(
    company: Company, due: str, steps: dict[str, list[str]]
) -> None:
    adopt(company, CLOCK)
    company.register()
    assert run(company, monday("11:05")) == ["owner"]
    with transaction(company.engine, write=True) as session:
        session.execute(update(Limit).values(due_at=local(monday(due))))
    assert {clock: run(company, monday(clock)) for clock in steps} == steps


def test_what_is_met_or_dropped_escalates_no_more(company: Company) -> None:
    adopt(company, CLOCK)
    met, dropped = company.register(), company.register()
    assert run(company, monday("11:00")) == ["owner", "owner"]
    act(company, met, inputs.Answer(answer="好了"), monday("11:30"))
    act(company, dropped, inputs.Cancel(note="不修了"), monday("11:30"))
    assert run(company, "2026-03-09 10:00") == []


def test_a_limit_without_a_ladder_escalates_nothing(company: Company) -> None:
    adopt(company, CLOCK | {"ladder": None}, ladder=[])
    company.register()
    assert run(company, "2026-03-09 10:00") == []
    (limit,) = company.rows(Limit)
    assert (limit.next_step_at, limit.planned_due_at) == (None, limit.due_at)


def test_a_limit_that_was_dropped_and_runs_again_does_not_start_over(company: Company) -> None:
    adopt(company, CLOCK)
    company.register()
    assert run(company, monday("11:00")) == ["owner"]
    (limit,) = company.rows(Limit)
    facts = {c.key: getattr(limit, c.key) for c in Limit.__table__.columns if c.key != "id"}
    with transaction(company.engine, write=True) as session:
        session.execute(update(Limit).values(dropped_at=local(monday("11:10"))))
        session.add(Limit(**facts | {"next_step_at": None, "planned_due_at": None}))
    assert run(company, monday("11:30")) == []
    assert run(company, monday("12:00")) == ["station_head"]


def test_after_an_outage_every_step_is_caught_up_once(company: Company) -> None:
    adopt(company, CLOCK)
    company.register()
    assert run(company, "2026-03-05 10:00") == ["owner", "station_head", "manager", "leader"]
    assert run(company, "2026-03-05 10:01") == []


def test_after_an_outage_a_person_hears_of_the_highest_step_only(company: Company) -> None:
    ladder = [
        {"share": 0.5, "to": "manager"},
        {"share": 1, "to": "manager"},
        {"after_minutes": 60, "to": "manager"},
        {"after_minutes": 240, "to": "leader"},
    ]
    adopt(company, CLOCK, ladder=ladder)
    company.register()
    assert run(company, "2026-03-05 10:00") == ["manager", "manager", "manager", "leader"]
    assert told(company) == ["manager", "leader"]
    assert company.rows(Notice)[0].data["after_minutes"] == 60
    steps = [row.data["step"] for row in company.rows(History, action="escalated")]
    assert steps == [0, 1, 2, 3]


def test_a_step_is_in_the_history_and_in_the_inbox(company: Company) -> None:
    adopt(company, CLOCK)
    case_id = company.register()
    run(company, monday("12:00"))
    (first, row) = company.rows(History, action="escalated")
    assert (row.subject, row.subject_id, row.case_id, row.actor_id) == (
        "request",
        case_id,
        case_id,
        None,
    )
    heads = [company[name].id for name in ("dispatcher", "dispatcher.colleague")]
    assert row.data == {
        "limit": "clock",
        "clause": "E1",
        "due_at": local(monday("12:00")).isoformat(),
        "share": 1.0,
        "step": 1,
        "asked": "station_head",
        "receiver": "station_head",
        "to": heads,
    }
    assert (first.data["share"], first.data["to"]) == (0.5, [company["agent"].id])
    notice = company.rows(Notice, person_id=heads[0])[0]
    assert (notice.case_id, notice.kind, notice.read_at) == (case_id, "escalation", None)
    assert notice.data["limit"] == "clock"
    assert company.see("auditor", history.verify) == ()


def test_two_processes_at_once_take_a_step_once(company: Company) -> None:
    adopt(company, CLOCK)
    for _ in range(4):
        company.register()
    gate = threading.Barrier(2)

    def process() -> None:
        for clock in ("11:00", "12:00", "13:00"):
            gate.wait(10)
            sweep.run(company.engine, now=local(monday(clock)))

    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(process) for _ in range(2)]:
            done.result()
    run(company, monday("13:00"))  # what one found held by the other is done by the next
    taken = sorted((row.limit_id, row.step) for row in company.rows(Escalation))
    assert taken == [(row.id, step) for row in company.rows(Limit) for step in range(3)]
    assert len(company.rows(History, action="escalated")) == 12
    assert len(company.rows(Notice, kind=NoticeKind.ESCALATION)) == 4 * (1 + 2 + 1)
    assert company.see("auditor", history.verify) == ()


def test_the_sweep_waits_for_nobody(company: Company) -> None:
    if company.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time: the sweep stands in the queue like everybody")
    adopt(company, CLOCK)
    busy, free = company.register(), company.register()
    with transaction(company.engine, write=True) as session:
        session.get_one(ServiceRequest, busy, with_for_update=True)
        assert run(company, monday("11:00")) == ["owner"]
    assert company.rows(History, action="escalated")[0].case_id == free
    assert run(company, monday("11:01")) == ["owner"]


@contextmanager
def broken_inboxes(company: Company) -> Iterator[None]:
    """The database refuses every notice meanwhile."""
    postgres = company.engine.dialect.name == "postgresql"
    make = (
        "CREATE FUNCTION refuse() RETURNS trigger AS "
        "$$ BEGIN RAISE EXCEPTION 'no notices today'; END $$ LANGUAGE plpgsql;"
        "CREATE TRIGGER broken BEFORE INSERT ON notices EXECUTE FUNCTION refuse()"
        if postgres
        else "CREATE TRIGGER broken BEFORE INSERT ON notices "
        "BEGIN SELECT RAISE(ABORT, 'no notices today'); END"
    )
    drop = "DROP TRIGGER broken ON notices; DROP FUNCTION refuse()"
    with company.engine.begin() as connection:
        connection.execute(text(make))
    try:
        yield
    finally:
        with company.engine.begin() as connection:
            connection.execute(text(drop if postgres else "DROP TRIGGER broken"))


def test_a_crash_between_history_and_notice_leaves_neither(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    adopt(company, CLOCK)
    company.register()
    with broken_inboxes(company), caplog.at_level(logging.ERROR):
        assert run(company, monday("11:00")) == []
    assert "no notices today" in caplog.text
    assert company.rows(History, action="escalated") == []
    assert run(company, monday("11:01")) == ["owner"]
    assert len(company.rows(History, action="escalated")) == 1
    assert len(company.rows(Notice)) == 1


def test_a_case_that_cannot_be_escalated_keeps_no_other_one_waiting(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    adopt(company, CLOCK)
    company.register()
    adopt(company, CLOCK)
    second = company.register()
    with transaction(company.engine, write=True) as session:
        case = session.get_one(ServiceRequest, second)
        session.execute(
            text("UPDATE norm_revisions SET data = '{}' WHERE id <> :id"), {"id": case.revision_id}
        )
    with caplog.at_level(logging.ERROR):
        assert run(company, monday("11:00")) == ["owner"]
    assert "cannot be planned" in caplog.text
    assert company.rows(History, action="escalated")[0].case_id == second


def leave(company: Company, *names: str) -> None:
    with transaction(company.engine, write=True) as session:
        session.execute(update(Person).where(Person.username.in_(names)).values(active=False))


def test_where_nobody_is_there_the_next_higher_one_is_called(company: Company) -> None:
    adopt(company, CLOCK, ladder=[{"share": 0.5, "to": "owner"}])
    gone: list[str] = []
    steps = [
        (("agent",), Receiver.STATION_HEAD, ["dispatcher", "dispatcher.colleague"]),
        (("dispatcher", "dispatcher.colleague"), Receiver.MANAGER, ["manager"]),
        (("manager",), Receiver.LEADER, ["leader"]),
        (("leader",), Receiver.LEADER, []),
    ]
    for leaving, receiver, expected in steps:
        company.register("agent")
        gone += leaving
        leave(company, *gone)
        before = len(told(company))
        assert run(company, monday("11:00")) == [receiver]
        assert told(company)[before:] == expected
    row = company.rows(History, action="escalated")[-1]
    assert (row.data["to"], row.data["nobody"], row.data["asked"]) == ([], True, "owner")


def test_the_heads_of_a_station_are_its_own(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        for name, station in (("boss.north", 1), ("boss.south", 2)):
            session.add(
                Person(
                    username=name,
                    name=name,
                    role=Role.MANAGER,
                    station_id=station,
                    password_hash="",
                )
            )
    ladder = [{"share": 0.5, "to": "station_head"}, {"share": 1, "to": "manager"}]
    adopt(company, CLOCK, ladder=ladder)
    company.register("agent.stranger")
    names = {row.id: row.username for row in company.rows(Person)}
    for clock, expected in (
        ("11:00", ["dispatcher.stranger", "boss.south"]),
        ("12:00", ["manager", "boss.south"]),
    ):
        known = {row.id for row in company.rows(Notice)}
        run(company, monday(clock))
        new = [row for row in company.rows(Notice) if row.id not in known]
        assert [names[row.person_id] for row in new] == expected


def test_a_case_without_a_station_is_head_offices(company: Company) -> None:
    adopt(company, CLOCK, ladder=[{"share": 0.5, "to": "station_head"}])
    company.register()
    with transaction(company.engine, write=True) as session:
        session.execute(update(ServiceRequest).values(station_id=None))
    assert run(company, monday("11:00")) == ["station_head"]
    assert told(company) == ["manager"]


@contextmanager
def statements(company: Company) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        seen.append((statement, given))

    event.listen(company.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(company.engine, "before_cursor_execute", note)


def test_a_quiet_minute_costs_the_same_whatever_runs(company: Company) -> None:
    adopt(company, CLOCK)
    costs = []
    for _ in range(2):
        for _ in range(4):
            company.register()
        run(company, monday("10:30"))
        with statements(company) as seen:
            sweep.run(company.engine, now=local(monday("10:31")))
        costs.append(len([one for one, _ in seen if not one.startswith("BEGIN")]))
    # Six of them forget what is old: forms, drafts, notices, messages, tries, sign-ins. Two look
    # for certificates that end as soon as the rule book says. Six count the figures, six look
    # after plans of maintenance, three calls on a plan, one contracts that end, one articles that
    # do, two for parts that are short and tools to be checked, one after what meetings decided,
    # two after goods in the shop, five ask which reports are due, one whether a copy of
    # everything is, one for later owners of a recall, one for waits that end, one for messages to
    # customers, one for mail, five whether the history knows all tables and has its head, and the
    # rest for what sign-ins leave behind.
    assert costs == [49, 49]


@pytest.mark.parametrize(
    ("query", "index"),
    [(escalation.moved, "ix_limits_to_plan"), (escalation.due, "ix_limits_next_step")],
)
def test_a_sweep_finds_what_is_due_by_an_index(company: Company, query: Any, index: str) -> None:
    # Thousands of limits that were met, and statistics: a company that has worked for years.
    adopt(company, CLOCK)
    met = {"request_id": company.register(), "name": "old", "clause": "E1", "pauses": []}
    met |= {"unit": "clock_minutes", "amount": 1, "measure": "response"}
    met |= {"started_at": NOW, "due_at": NOW, "met_at": NOW}
    explain = "EXPLAIN" if company.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    with unit_of_work(company.engine, system_actor(), HOUSE, write=True, now=NOW) as uow:
        uow.session.execute(Limit.__table__.insert(), [met] * 3000)
        uow.session.execute(text("ANALYZE"))
        with statements(company) as seen:
            query(uow)
        statement, given = seen[-1]
        plan = uow.session.connection().exec_driver_sql(f"{explain} {statement}", given)
        assert index in "\n".join(row[-1] for row in plan)


def test_before_the_company_is_set_up_the_sweep_does_nothing(engine: Any) -> None:
    sweep.run(engine, now=NOW)
