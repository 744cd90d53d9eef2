"""How the work is done: at once, again, in time at the door, on file, and what comes back (K5-K12).

Five cases in March and May 2026, told step by step, and what each figure makes of them by hand.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core import kpi
from core.emergencies import actions as emergencies
from core.jobs import actions as jobs
from core.jobs.unfinished import EndVisit
from core.kernel.inputs import parse
from core.kernel.unit_of_work import system_actor, transaction
from core.kpi import DEFINITIONS, Board, Figure, FigureName, Unit, upkeep
from core.kpi.counted import EDITION, Dimension
from core.norms import revisions
from core.norms.model import Norm
from core.requests import inputs
from core.stock import orders
from core.stock.inputs import ApproveParts, AskParts, PickParts, WithdrawParts
from core.tools import register
from core.tools.inputs import AddTool, RepairTool, ReportFault, RetireTool
from db.codes import VisitOutcome
from db.tables import FigureFact, FigureState, Job, PartOrder, ServiceRequest, Tool
from tests import stocked
from tests.company_cast import REPORT, ZONE, Company, local
from tests.import_files import SERVICE, bring, table
from tests.measured_company import NORM, Teller, about, check_behind, scored
from tests.return_steps import buy, refunded

TOOL = system_actor(ZONE.key)
NOW = local("2026-05-20 10:00")
MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)
WANTED = (
    {"clause": "E1", "stage": "closed", "kinds": ["repair"], "fields": ["serial"]},
    {"clause": "E1", "stage": "finished", "kinds": ["repair"], "papers": ["service_report"]},
)
RULES = Norm.model_validate(
    NORM.model_dump(mode="json") | {"repeat_days": 30, "requirements": WANTED}
)
PIECE = {"brand": "海尔", "model": "X1", "serial": "S-1", "fault_area": "noise"}

# In March and in May: numerator and denominator.
BY_HAND = {
    # A came back within thirty days, as B; C took two visits.
    FigureName.FIRST_TIME_FIX: ((1, 2), (1, 2)),
    # B; C comes 42 days after it. E was cancelled.
    FigureName.REPEAT_FAULT: ((1, 2), (0, 2)),
    # A in time, B late; C nobody there, then in time, then too early; D in time.
    FigureName.PUNCTUAL_ARRIVAL: ((1, 2), (2, 4)),
    # The form of B was not handed in; D has no serial number.
    FigureName.RECORD_COMPLETENESS: ((1, 2), (1, 2)),
    # The work on A was done again as B; there was an accident at D.
    FigureName.WORK_ERRORS: ((1, 2), (1, 2)),
}


class Works(Teller):
    """Tells of jobs whose visits do not all go well."""

    def sent(self, at: str, id: int) -> None:
        self.request(at, "dispatcher", id, self.company.dispatch("technician"))

    def agree(self, at: str, id: int, day: str, begins: str, ends: str) -> None:
        window = {"agreed_from": local(f"{day} {begins}"), "agreed_to": local(f"{day} {ends}")}
        self.job(at, "", id, jobs.AgreeVisit(**window))

    def done(self, at: str, id: int, *, closed: str, filed: bool = True) -> None:
        self.job(at, "", id, jobs.Arrive())
        self.company.priced(id, now=local(at))
        self.job(at, "", id, parse(jobs.FinishJob, REPORT))
        self.company.paid(id, now=local(at))
        self.call(closed, "", id, scored(attitude=9))
        if filed:
            (job,) = self.company.rows(Job, request_id=id)
            self.company.act("dispatcher", Job, job.id, jobs.FileForm(), now=local(closed))

    def a_and_b(self) -> None:
        for at, day, came, filed in (
            ("2026-03-03 09:00", "2026-03-03", "14:30", True),
            ("2026-03-20 09:00", "2026-03-20", "16:30", False),
        ):
            id = self.again(at)
            self.sent(at, id)
            self.agree(at, id, day, "14:00", "16:00")
            self.done(f"{day} {came}", id, closed=f"{day} 17:00", filed=filed)
        cancelled = self.again("2026-03-21 10:00")
        self.request("2026-03-21 11:00", "agent", cancelled, inputs.Cancel(note="x"))

    def c(self) -> None:
        id = self.again("2026-05-01 09:00")
        self.sent("2026-05-01 09:00", id)
        self.agree("2026-05-01 09:00", id, "2026-05-01", "14:00", "16:00")
        window = {"agreed_from": local("2026-05-02 09:00"), "agreed_to": local("2026-05-02 11:00")}
        self.job("2026-05-01 17:00", "", id, jobs.MoveVisit(**window, note="late"))
        self.job("2026-05-02 09:30", "", id, jobs.Arrive())
        more = EndVisit(outcome=VisitOutcome.UNFINISHED, note="part")
        self.job("2026-05-02 10:00", "", id, more)
        self.agree("2026-05-02 10:00", id, "2026-05-04", "14:00", "16:00")
        self.done("2026-05-04 13:30", id, closed="2026-05-04 17:00")

    def d(self) -> None:
        id = self.register("2026-05-05 09:00", fault_area="leak")
        self.sent("2026-05-05 09:00", id)
        self.agree("2026-05-05 09:00", id, "2026-05-05", "14:00", "16:00")
        number = self.company.get(ServiceRequest, id).number
        declared = {"number": number, "level": 3, "happened": "漏电"}
        command = emergencies.DeclareEmergency(**declared)
        self.company.do("manager", emergencies.declare, command, now=local("2026-05-05 14:10"))
        self.done("2026-05-05 14:30", id, closed="2026-05-05 17:00")

    def again(self, at: str) -> int:
        """The noise of the one piece, once more."""
        first = next((r for r in self.company.rows(ServiceRequest) if r.asset_id), None)
        known = {"customer_id": first.customer_id, "asset_id": first.asset_id} if first else {}
        return self.register(at, **(known | {"fault_area": "noise"} if first else PIECE))


@pytest.fixture
def told(company: Company) -> Works:
    adopted = {"norm": RULES, "on": date(2026, 1, 6), "signed_by": "admin"}
    company.do("admin", revisions.adopt, **adopted, now=local("2026-01-06 09:00"))
    return Works(company)


@pytest.fixture
def worked(told: Works) -> Company:
    told.a_and_b()
    told.c()
    told.d()
    return told.company


def board(company: Company, now: datetime = NOW, **asked: Any) -> Board:
    return company.see(
        "manager", kpi.board, now=now, **about({"since": MARCH, "until": MAY} | asked)
    )


def figure(company: Company, name: FigureName, now: datetime = NOW) -> Figure:
    return board(company, now).figure(name)


def counted(company: Company, name: FigureName, now: datetime = NOW) -> tuple[float, int]:
    found = figure(company, name, now)
    return found.numerator, found.denominator


def differences(company: Company, now: datetime = NOW) -> list[str]:
    said: list[str] = []
    upkeep.check(company.engine, TOOL, said.append, now=now)
    return said


def test_every_figure_of_the_work_by_hand(worked: Company) -> None:
    for _ in ("looked at", "counted"):
        shown = board(worked)
        for name, months in BY_HAND.items():
            rows = {row.month: row for row in shown.months if row.figure is name}
            found = [(rows[m].numerator, rows[m].denominator) for m in (MARCH, MAY)]
            assert found == [*months], name
            assert shown.figure(name).value == sum(n for n, _ in months) / sum(d for _, d in months)
        upkeep.keep(worked.engine, TOOL, now=NOW)
    assert differences(worked) == []


def test_the_cases_behind_the_work(worked: Company) -> None:
    check_behind(worked, since=MARCH, until=MAY)
    asked = {"figure": FigureName.PUNCTUAL_ARRIVAL, "since": MAY, "until": MAY}
    sides = {
        side: worked.see("manager", kpi.cases_behind, side=side, now=NOW, **about(asked)).total
        for side in kpi.Side
    }
    # Four visits to two cases: C has one that is in time and two that are not.
    assert [*sides.values()] == [2, 2, 1]


def test_a_fault_that_comes_back_makes_a_miss_of_what_was_done_at_once(told: Works) -> None:
    company, early = told.company, local("2026-03-10 10:00")
    id = told.again("2026-03-03 09:00")
    told.sent("2026-03-03 09:00", id)
    told.agree("2026-03-03 09:00", id, "2026-03-03", "14:00", "16:00")
    told.done("2026-03-03 14:30", id, closed="2026-03-03 17:00")
    upkeep.keep(company.engine, TOOL, now=early)
    assert counted(company, FigureName.FIRST_TIME_FIX, early) == (1, 1)
    repeat = told.again("2026-04-02 08:00")
    late = local("2026-04-02 11:00")
    for _ in ("looked at", "counted"):
        assert counted(company, FigureName.FIRST_TIME_FIX, late) == (0, 1)
        assert counted(company, FigureName.WORK_ERRORS, late) == (1, 1)
        assert counted(company, FigureName.REPEAT_FAULT, late) == (1, 2)
        upkeep.keep(company.engine, TOOL, now=late)
    # What was written down wrongly is taken back.
    told.request(
        "2026-04-02 12:00", "agent", repeat, inputs.Correct(symptom="x", fault_area="leak")
    )
    for _ in ("looked at", "counted"):
        assert counted(company, FigureName.FIRST_TIME_FIX, late) == (1, 1)
        assert counted(company, FigureName.REPEAT_FAULT, late) == (0, 2)
        upkeep.keep(company.engine, TOOL, now=late)
    assert differences(company, late) == []


def test_rework_counts_also_where_a_person_found_it(told: Works) -> None:
    company = told.company
    id = told.again("2026-03-03 09:00")
    told.sent("2026-03-03 09:00", id)
    told.agree("2026-03-03 09:00", id, "2026-03-03", "14:00", "16:00")
    told.done("2026-03-03 14:30", id, closed="2026-03-03 17:00")
    piece = company.get(ServiceRequest, id)
    known = {"customer_id": piece.customer_id, "asset_id": piece.asset_id, "fault_area": "leak"}
    other, late = told.register("2026-03-12 08:00", **known), local("2026-03-12 11:00")
    upkeep.keep(company.engine, TOOL, now=late)
    assert counted(company, FigureName.WORK_ERRORS, late) == (0, 1)
    rework = inputs.SetCharge(charge="free", charge_reason="rework", note="软管没接好")
    told.request("2026-03-12 10:00", "agent", other, rework)
    for _ in ("looked at", "counted"):
        assert counted(company, FigureName.WORK_ERRORS, late) == (1, 1)
        assert counted(company, FigureName.FIRST_TIME_FIX, late) == (0, 1)
        assert counted(company, FigureName.REPEAT_FAULT, late) == (0, 2)
        upkeep.keep(company.engine, TOOL, now=late)
    assert differences(company, late) == []


def test_other_days_of_a_repeat_count_all_anew(worked: Company) -> None:
    upkeep.keep(worked.engine, TOOL, now=NOW)
    longer = RULES.model_copy(update={"repeat_days": 60})
    adopted = {"norm": longer, "on": NOW.date(), "signed_by": "admin"}
    worked.do("admin", revisions.adopt, **adopted, now=NOW)
    assert not board(worked).whole
    upkeep.keep(worked.engine, TOOL, now=NOW)
    assert board(worked).whole
    # C follows B by 42 days.
    assert counted(worked, FigureName.REPEAT_FAULT) == (2, 4)
    assert differences(worked) == []


def test_a_time_that_runs_out_with_nobody_there_is_missed_without_any_write(told: Works) -> None:
    company = told.company
    id = told.again("2026-03-03 09:00")
    told.sent("2026-03-03 09:00", id)
    told.agree("2026-03-03 09:00", id, "2026-03-03", "14:00", "16:00")
    ends = local("2026-03-03 16:00")
    for now, missed in ((ends, (0, 0)), (ends + timedelta(microseconds=1), (0, 1))):
        for _ in ("looked at", "counted"):
            assert counted(company, FigureName.PUNCTUAL_ARRIVAL, now) == missed
            upkeep.keep(company.engine, TOOL, now=now)
        assert differences(company, now) == []


def test_work_is_that_of_who_did_it(worked: Company) -> None:
    upkeep.keep(worked.engine, TOOL, now=NOW)
    asked = {"figure": FigureName.WORK_ERRORS, "since": MARCH, "until": MAY}
    found = worked.see(
        "manager", kpi.breakdown, dimension=Dimension.TECHNICIAN, now=NOW, **about(asked)
    )
    (part,) = found.parts
    assert part.value == str(worked["technician"].id)
    assert (part.now.numerator, part.now.denominator) == (2, 4)


def test_a_case_that_was_imported_judges_nobody_here(worked: Company) -> None:
    before = board(worked)
    for number in range(3):
        bring(worked, table({"单号": f"A{number}", "类型": "投诉"}), SERVICE, now=NOW)
    with transaction(worked.engine, write=True) as session:
        session.execute(
            update(ServiceRequest)
            .where(ServiceRequest.source.is_not(None))
            .values(received_at=local("2026-03-05 10:00"), resolved_at=local("2026-03-09 10:00"))
        )
    after = board(worked)
    judging = {"K2", "K4", "K5", "K7", "K8", "K15", "A1"}
    for name, definition in DEFINITIONS.items():
        if definition.id in judging:
            assert after.figure(name) == before.figure(name)
    for name in (FigureName.RECEIVED, FigureName.RESOLVED):
        assert after.figure(name).value == before.figure(name).value + 3


def test_a_drill_counts_in_none(worked: Company) -> None:
    last = worked.rows(ServiceRequest)[-1]
    repeat = Works(worked).again("2026-05-06 09:00")
    assert counted(worked, FigureName.REPEAT_FAULT) == (2, 5)
    upkeep.keep(worked.engine, TOOL, now=NOW)
    number = worked.get(ServiceRequest, repeat).number
    drill = {"number": number, "level": 3, "happened": "演练", "drill": True}
    command = emergencies.DeclareEmergency(**drill)
    worked.do("manager", emergencies.declare, command, now=NOW)
    for _ in ("looked at", "counted"):
        assert counted(worked, FigureName.REPEAT_FAULT) == (1, 4)
        assert counted(worked, FigureName.WORK_ERRORS) == (2, 4)
        upkeep.keep(worked.engine, TOOL, now=NOW)
    assert differences(worked) == []
    assert last.id < repeat


def test_what_came_back_of_what_was_sold(company: Company) -> None:
    asked = {"since": date(2026, 2, 1), "until": MARCH}
    refunded(company)
    buy(company, {"quantity": 5, "model": "XQG200", "unit_cents": 100_00})
    for _ in ("looked at", "counted"):
        shown = company.see("manager", kpi.board, now=NOW, **about(asked))
        rate, loss = shown.figure(FigureName.RETURN_RATE), shown.figure(FigureName.RETURN_LOSS)
        # Two of three machines, and none of five of another model.
        assert (rate.numerator, rate.denominator, rate.value) == (2, 8, 0.25)
        # Two at 500.00 that are worth nothing any more, and 12.00 of freight.
        assert (loss.unit, loss.value) == (Unit.MONEY, 1012.0)
        upkeep.keep(company.engine, TOOL, now=NOW)
    assert differences(company) == []
    by = {"figure": FigureName.RETURN_RATE, "dimension": Dimension.PRODUCT}
    found = company.see("manager", kpi.breakdown, now=NOW, **about(asked | by))
    parts = {part.name: (part.now.numerator, part.now.denominator) for part in found.parts}
    assert parts == {"海尔 XQG100": (2, 3), "海尔 XQG200": (0, 5)}
    for name in (FigureName.RETURN_RATE, FigureName.RETURN_LOSS):
        side = DEFINITIONS[name].sides[0]
        behind = {"figure": name, "side": side, "now": NOW} | asked
        assert company.see("manager", kpi.cases_behind, **about(behind)).total == 1


def test_what_nobody_writes_down_has_no_value_and_says_so(company: Company) -> None:
    shown = board(company)
    missing = {each.name: each.missing for each in shown.figures if each.missing}
    assert missing == {FigureName.BUDGET_USE: "budget"}
    assert {shown.figure(name).value for name in missing} == {None}
    assert not any(shown.figure(name).enough for name in missing)


def parts_by(told: Works, *, put_off: bool = False) -> dict[str, int]:
    """Three orders for one visit of 3 March at 14:00, by when they lay ready, and one for later."""
    company, tell = told.company, {}
    part = stocked.part(company)
    stocked.deliver(company, part, 20)
    id = told.again("2026-03-03 09:00")
    told.sent("2026-03-03 09:00", id)
    (job,) = company.rows(Job, request_id=id)
    told.agree("2026-03-03 09:30", id, "2026-03-03", "14:00", "16:00")
    if put_off:
        window = {"agreed_from": local("2026-03-05 09:00"), "agreed_to": local("2026-03-05 11:00")}
        told.job("2026-03-03 09:45", "", id, jobs.MoveVisit(**window, note="parts"))
    for name, ready in (("early", "2026-03-03 13:00"), ("late", "2026-03-03 14:20"), ("never", "")):
        now = local("2026-03-03 10:00")
        lines = [{"part_id": part, "quantity": 1}] * (2 if name == "early" else 1)
        command = parse(AskParts, {"order_lines": lines, "job_id": job.id})
        tell[name] = company.do("technician", orders.ask, command, now=now)
        company.act("manager", PartOrder, tell[name], ApproveParts(), now=now)
        if ready:
            company.act("warehouse", PartOrder, tell[name], PickParts(), now=local(ready))
    return tell


def test_parts_are_in_time_that_lie_ready_when_the_visit_begins(told: Works) -> None:
    company, begins = told.company, local("2026-03-03 14:00")
    made = parts_by(told)
    name, instant = FigureName.PARTS_ON_TIME, timedelta(microseconds=1)
    # Two lines early, one late, one never; until the visit's time has come nothing is judged.
    for now, seen in ((begins, (0, 0)), (begins + instant, (2, 4))):
        for _ in ("looked at", "counted"):
            assert counted(company, name, now) == seen
            upkeep.keep(company.engine, TOOL, now=now)
        assert differences(company, now) == []
    (case,) = {row.case_id for row in company.rows(PartOrder)}
    # The technician came later than agreed, when one more was ready.
    told.job("2026-03-03 14:30", "", case, jobs.Arrive())
    later = local("2026-03-03 15:00")
    assert counted(company, name, later) == (3, 4)
    company.act("technician", PartOrder, made["never"], WithdrawParts(note="x"), now=later)
    for _ in ("looked at", "counted"):
        assert counted(company, name, later) == (3, 3)
        upkeep.keep(company.engine, TOOL, now=later)
    assert differences(company, later) == []
    asked = {"figure": name, "since": MARCH, "until": MAY, "now": later}
    assert company.see("manager", kpi.cases_behind, **about(asked)).total == 1


def test_parts_of_a_visit_that_was_put_off_in_time_are_judged_by_the_next(told: Works) -> None:
    company = told.company
    parts_by(told, put_off=True)
    assert counted(company, FigureName.PARTS_ON_TIME, local("2026-03-04 10:00")) == (0, 0)
    assert counted(company, FigureName.PARTS_ON_TIME, local("2026-03-06 10:00")) == (3, 4)


def test_faults_by_the_tools_in_use_at_the_end(company: Company) -> None:
    tools = [
        company.do(
            "manager",
            register.add,
            parse(AddTool, {"number": f"T{n}", "tool_name": "x", "station_id": station}),
            now=local("2026-03-02 09:00"),
        )
        for n, station in enumerate((1, 1, 1, 1, 1, 2))
    ]

    def act(at: str, tool: int, command: Any) -> None:
        company.act("manager", Tool, tool, command, now=local(at))

    act("2026-03-10 09:00", tools[0], ReportFault(note="x"))
    act("2026-03-11 09:00", tools[0], RepairTool(note="x"))
    act("2026-05-04 09:00", tools[0], ReportFault(note="x"))
    act("2026-05-05 09:00", tools[0], RetireTool(note="x"))
    act("2026-05-06 09:00", tools[5], ReportFault(note="x"))
    name, shown = FigureName.EQUIPMENT_FAULTS, board(company)
    months = {r.month: (r.numerator, r.denominator) for r in shown.months if r.figure is name}
    assert months == {MARCH: (1, 6), date(2026, 4, 1): (0, 6), MAY: (2, 5)}
    assert counted(company, name) == (3, 5)
    of_station = {
        r.station_id: (r.numerator, r.denominator) for r in shown.stations if r.figure is name
    }
    assert of_station == {1: (2, 4), 2: (1, 1)}
    upkeep.keep(company.engine, TOOL, now=NOW)
    assert counted(company, name) == (3, 5)
    assert differences(company) == []


def test_few_cases_are_not_enough_to_say_anything(worked: Company) -> None:
    shown = board(worked)
    assert shown.figure(FigureName.PUNCTUAL_ARRIVAL).enough
    assert not shown.figure(FigureName.REPEAT_FAULT).enough
    assert shown.figure(FigureName.RETURN_LOSS).enough
    assert shown.figure(FigureName.RECEIVED).enough


def test_figures_of_an_older_edition_are_counted_anew(worked: Company) -> None:
    upkeep.keep(worked.engine, TOOL, now=NOW)
    with transaction(worked.engine, write=True) as session:
        session.execute(update(FigureState).values(edition=EDITION - 1, repeat_days=None))
        old = [fact for fact in session.query(FigureFact) if fact.source == "repeats"]
        for fact in old:
            session.delete(fact)
    assert old
    assert not board(worked).whole
    upkeep.keep(worked.engine, TOOL, now=NOW)
    assert board(worked).whole
    assert len(worked.rows(FigureFact, source="repeats")) == len(old)
