"""The roll-up is what the cases say, whatever happens to them, and whoever counts meanwhile."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject
from sqlalchemy import delete, func, select, update

from core import kpi, sweep
from core.__main__ import main
from core.followups import actions as followups
from core.house import HOUSE
from core.jobs import actions as jobs
from core.kernel.errors import Refused
from core.kernel.inputs import parse
from core.kernel.unit_of_work import system_actor, transaction, unit_of_work
from core.kpi import Asked, Board, FigureName, Side, upkeep
from core.kpi.counted import Dimension
from core.norms import revisions
from core.requests import inputs
from db.codes import (
    EmergencyStatus,
    FollowUpStatus,
    JobStatus,
    OrderStatus,
    RequestKind,
    RequestStatus,
    WaitReason,
)
from db.session import ROOT
from db.tables import (
    Asset,
    Customer,
    Emergency,
    FigureDay,
    FigureFact,
    FigureMark,
    FigureMonth,
    FollowUp,
    Job,
    Limit,
    Part,
    PartOrder,
    PartOrderLine,
    Product,
    ServiceRequest,
)
from tests.company_cast import NOW, REPORT, ZONE, Company, local, meet
from tests.conftest import BOTH, Databases
from tests.import_files import SERVICE, bring, table
from tests.measured_company import APRIL, MARCH, PERIOD, about, check_behind, tell
from tests.measured_company import NOW as MEASURED

TOOL = system_actor(ZONE.key)
HOUR = timedelta(hours=1)
STEPS, EXAMPLES = 12, 6


@pytest.fixture(params=BOTH)
def measured(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Company]:
    with databases.fresh(request.param, "measured", tell) as engine:
        yield meet(engine)


def differences(company: Company, now: datetime = MEASURED) -> list[str]:
    said: list[str] = []
    wrong = upkeep.check(company.engine, TOOL, said.append, now=now)
    assert bool(wrong) == bool(said)
    return said


def count(company: Company, now: datetime = MEASURED) -> None:
    upkeep.keep(company.engine, TOOL, now=now)
    assert company.rows(FigureMark) == []


def shown(company: Company, now: datetime = MEASURED, **asked: Any) -> Board:
    return company.see("manager", kpi.board, now=now, **about(PERIOD | asked))


def test_a_board_is_the_same_before_and_after_the_count(measured: Company) -> None:
    before = shown(measured), shown(measured, station_id=Company.SOUTH)
    assert measured.rows(FigureDay) == []
    count(measured)
    assert (shown(measured), shown(measured, station_id=Company.SOUTH)) == before
    assert differences(measured) == []
    check_behind(measured)


def test_a_look_at_counted_figures_reads_no_case(measured: Company) -> None:
    count(measured)
    before = shown(measured)
    with transaction(measured.engine, write=True) as session:
        session.execute(update(ServiceRequest).values(station_id=Company.NORTH))  # unseen
    assert shown(measured).series == before.series


def test_a_limit_that_falls_due_is_missed_without_any_write(measured: Company) -> None:
    count(measured)
    due = local("2026-04-20 20:00")
    for now, missed in ((due, 3), (due + timedelta(microseconds=1), 4)):
        for _ in ("looked at", "counted"):
            figure = shown(measured, now=now).figure(FigureName.RESPONSE_ON_TIME)
            assert figure.denominator - figure.numerator == missed
            count(measured, now)
        assert differences(measured, now) == []


def test_the_sweep_counts(measured: Company) -> None:
    sweep.run(measured.engine, now=MEASURED)
    assert measured.rows(FigureMark) == []
    assert len(measured.rows(FigureFact)) > 60
    assert differences(measured) == []


def test_another_rule_book_calls_other_scores_unhappy(measured: Company) -> None:
    count(measured)
    norm = measured.see("admin", lambda uow: revisions.norm_of(revisions.in_force(uow)))
    stricter = norm.model_copy(update={"unhappy_below": 8.5})
    adopted = {"norm": stricter, "on": MEASURED.date(), "signed_by": "admin"}
    measured.do("admin", revisions.adopt, **adopted, now=MEASURED)
    for _ in ("looked at", "counted"):
        unhappy = shown(measured).figure(FigureName.UNHAPPY)
        assert (unhappy.numerator, unhappy.denominator) == (2, 3)
        count(measured)
    assert differences(measured) == []


def test_another_zone_moves_every_day(measured: Company) -> None:
    count(measured)
    west = system_actor("America/New_York")
    upkeep.keep(measured.engine, west, now=MEASURED)
    april_first = select(FigureFact.day).where(FigureFact.source == "received")
    with transaction(measured.engine, write=False) as session:
        days = sorted(session.scalars(april_first))
    # Case 8, the first instant of April in Shanghai.
    assert date(2026, 4, 1) not in days
    assert upkeep.check(measured.engine, west, print, now=MEASURED) == 0


def test_a_piece_that_is_another_product_is_one_in_its_cases(measured: Company) -> None:
    case = measured.register(now=MEASURED)
    count(measured)
    with transaction(measured.engine, write=True) as session:
        other = Product(brand="x", model="y")
        session.add(other)
        session.flush()
        for piece in session.scalars(select(Asset)):
            piece.product_id = other.id
    assert [row.request_id for row in measured.rows(FigureMark)] == [case]
    count(measured)
    (fact,) = measured.rows(FigureFact, source="received", subject_id=case)
    assert fact.product_id == other.id
    assert differences(measured) == []


def test_what_is_wrong_is_named_and_mended(
    measured: Company, capsys: Any, monkeypatch: Any
) -> None:
    monkeypatch.setenv("DATABASE_URL", measured.url)
    assert main(["rollup"]) == 0
    assert main(["rollup", "--check"]) == 0
    with transaction(measured.engine, write=True) as session:
        session.execute(update(FigureDay).where(FigureDay.dimension == "channel").values(cases=9))
        session.execute(update(FigureFact).where(FigureFact.source == "received").values(hit=True))
    capsys.readouterr()
    assert main(["rollup", "--check"]) == 1
    said = capsys.readouterr().out
    assert "counted, and not so: Fact(source='received'" in said
    assert "dimension='channel'" in said
    assert main(["rollup", "--rebuild"]) == 0
    assert main(["rollup", "--check"]) == 0
    with transaction(measured.engine, write=True) as session:
        session.execute(delete(FigureMonth).where(FigureMonth.dimension == "channel"))
    assert main(["rollup", "--check"]) == 1
    assert "dimension='channel'" in capsys.readouterr().out
    assert main(["rollup", "--rebuild"]) == 0
    assert main(["rollup", "--check"]) == 0


def test_a_rebuild_that_is_killed_is_finished_by_the_next(measured: Company) -> None:
    count(measured)
    with transaction(measured.engine, write=True) as session:
        session.execute(update(FigureDay).values(hits=7))

    def die(text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upkeep.rebuild(measured.engine, TOOL, die, now=MEASURED)
    assert differences(measured) != []
    upkeep.rebuild(measured.engine, TOOL, lambda text: None, now=MEASURED)
    assert differences(measured) == []


# Ends as by a power cut, when it has done what begins so, for the third time: the first batch stays.
KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
from core.__main__ import main
from core.kpi import Asked, upkeep

seen = []

def die(_connection, _cursor, text, *_):
    seen.append(text.startswith(sys.argv[1]))
    if sum(seen) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

upkeep.BATCH = 5
event.listen(Engine, "after_cursor_execute", die)
main(["rollup", *sys.argv[2:]])
"""


@pytest.mark.parametrize(
    ("how", "when"),
    [
        ([], "INSERT INTO figure_facts"),
        (["--rebuild"], "INSERT INTO figure_facts"),
        (["--rebuild"], "WITH facts"),
    ],
)
def test_a_process_killed_half_way_is_finished_by_the_next(
    measured: Company, monkeypatch: Any, how: list[str], when: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", measured.url)
    if when == "WITH facts":
        count(measured)
        with transaction(measured.engine, write=True) as session:
            session.execute(update(FigureDay).values(hits=7))
    killed = subprocess.run([sys.executable, "-c", KILLED, when, *how], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    left, facts = measured.rows(FigureMark), measured.rows(FigureFact)
    assert facts and (left or when == "WITH facts")
    # What the killed one left is right as far as it goes, but for the days nobody added up.
    assert main(["rollup", "--check"]) == int(when == "WITH facts")
    assert main(["rollup", *how]) == 0
    assert measured.rows(FigureMark) == []
    assert main(["rollup", "--check"]) == 0


def test_two_who_count_at_once_count_once(measured: Company) -> None:
    """And a third one writes all the time."""

    def work(verb: Callable[[], object]) -> None:
        start.wait()
        for _ in range(6):
            verb()

    def write() -> None:
        facts = {"kind": "consultation", "answer": "yes", "fault_area": None}
        measured.register("manager", **facts, phone="13900000001", now=MEASURED)

    verbs = (*(lambda: upkeep.keep(measured.engine, TOOL, now=MEASURED),) * 2, write)
    start = threading.Barrier(len(verbs))
    threads = [threading.Thread(target=work, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    count(measured)
    assert shown(measured).figure(FigureName.RECEIVED).denominator == 14 + 6
    assert differences(measured) == []


def test_an_import_is_marked_and_told_apart(measured: Company) -> None:
    count(measured)
    bring(measured, table({"类型": "报修"}), SERVICE)
    assert measured.rows(FigureMark) != []
    asked = {"dimension": Dimension.IMPORTED, "figure": FigureName.RECEIVED}
    for _ in ("looked at", "counted"):
        parts = measured.see(
            "manager", kpi.breakdown, **about(asked | _around(measured)), now=MEASURED
        ).parts
        assert {part.value: part.now.denominator for part in parts}["1"] == 1
        count(measured)
    assert differences(measured) == []


def _around(company: Company) -> dict[str, date]:
    newest = company.rows(ServiceRequest)[-1].received_at.date()
    return {"since": newest, "until": newest}


def test_days_instead_of_months(measured: Company) -> None:
    count(measured)
    asked = {"since": date(2026, 3, 10), "until": date(2026, 4, 1), "whole_months": False}
    board = measured.see("manager", kpi.board, now=MEASURED, **about(asked))
    assert (board.since, board.until) == (asked["since"], asked["until"])
    received = board.figure(FigureName.RECEIVED)
    # 2, 3, 5, 6, 7, 8; before them, from 15 February, 1 and 4; nothing last year.
    assert (received.value, received.previous, received.year_before) == (6, 2, 0)
    rows = [row for row in board.months if row.figure is FigureName.RECEIVED]
    assert [(row.month, row.denominator) for row in rows] == [(MARCH, 5), (APRIL, 1)]
    found = measured.see(
        "manager", kpi.cases_behind, figure=FigureName.RECEIVED, now=MEASURED, **about(asked)
    )
    assert found.total == 6
    march = measured.see(
        "manager",
        kpi.cases_behind,
        figure=FigureName.RECEIVED,
        month=MARCH,
        now=MEASURED,
        **about(asked),
    )
    assert march.total == 5


@pytest.mark.parametrize("figure", FigureName)
@pytest.mark.parametrize("dimension", Dimension)
def test_parts_of_a_breakdown_are_the_whole_and_its_change(
    measured: Company, figure: FigureName, dimension: Dimension
) -> None:
    asked: dict[str, Any] = {"figure": figure, "since": APRIL, "until": APRIL}
    for who in ("manager", "dispatcher"):
        found = measured.see(who, kpi.breakdown, dimension=dimension, now=MEASURED, **about(asked))
        whole = measured.see(who, kpi.board, asked=Asked(APRIL, APRIL), now=MEASURED).figure(figure)
        assert (found.now.value, found.now.numerator) == (whole.value, whole.numerator)
        assert found.before.value == whole.previous
        assert sum(part.now.numerator for part in found.parts) == pytest.approx(whole.numerator)
        if found.change is not None:
            moved = sum(part.contribution or 0 for part in found.parts)
            assert moved == pytest.approx(found.change)
        for part in found.parts:
            side = kpi.DEFINITIONS[figure].sides[0]
            cases = measured.see(
                who,
                kpi.cases_behind,
                side=side,
                dimension=dimension,
                value=part.value,
                now=MEASURED,
                **about(asked),
            )
            counted = {Side.NUMERATOR: part.now.numerator, Side.DENOMINATOR: part.now.denominator}
            assert cases.total == counted[side]


def test_a_breakdown_by_hand(measured: Company) -> None:
    """Kept limits of April by kind: a better share of all cases is told from better work."""
    count(measured)
    asked = {"figure": FigureName.RESPONSE_ON_TIME, "since": APRIL, "until": APRIL}
    found = measured.see(
        "manager", kpi.breakdown, dimension=Dimension.KIND, now=MEASURED, **about(asked)
    )
    parts = {part.value: part for part in found.parts}
    # March: 4 of 6, April: 3 of 4.
    assert (found.before.numerator, found.before.denominator) == (4, 6)
    assert (found.now.numerator, found.now.denominator) == (3, 4)
    assert found.change == pytest.approx(1 / 12)
    # Consultations: 1 of 2, then 3 of 3; repairs 2 of 3, then none of one.
    consultation = parts["consultation"]
    assert (consultation.before.numerator, consultation.before.denominator) == (1, 2)
    assert (consultation.now.numerator, consultation.now.denominator) == (3, 3)
    assert consultation.by_value == pytest.approx((2 / 6 + 3 / 4) / 2 * (1 - 1 / 2))
    mean = (4 / 6 + 3 / 4) / 2
    assert consultation.by_share == pytest.approx((3 / 4 - 2 / 6) * (3 / 4 - mean))
    assert {part.name for part in found.parts} == {""}
    by_station = {**asked, "dimension": Dimension.STATION}
    named = measured.see("manager", kpi.breakdown, now=MEASURED, **about(by_station)).parts
    assert {part.name for part in named} == {"North", "South"}


class Walker:
    """Does one thing after another to the cases of a company, as chance wants it."""

    def __init__(self, company: Company, data: DataObject) -> None:
        self.company = company
        self.data = data
        self.now = max([NOW, *(row.registered_at for row in company.rows(ServiceRequest))])

    def one_of(self, items: Any) -> Any:
        return self.data.draw(st.sampled_from(list(items)))

    def step(self) -> None:
        self.now += self.one_of((HOUR / 60, HOUR, 9 * HOUR, 50 * HOUR, 400 * HOUR))
        verb = self.one_of(VERBS)
        with suppress(Refused):  # not now: another step
            verb(self)

    def case(self) -> ServiceRequest:
        return self.one_of(self.company.rows(ServiceRequest)[-6:])

    def request(self, who: str, command: Any) -> None:
        self.company.act(who, ServiceRequest, self.case().id, command, now=self.now)

    def register(self) -> None:
        kind = self.one_of(("repair", "consultation", "complaint", "cleaning"))
        place = self.one_of(("", ".stranger"))
        early = self.now - self.one_of((0, 1, 30)) * HOUR
        facts: dict[str, Any] = {"kind": kind, "received_at": early}
        if kind == "consultation":
            facts |= {"answer": self.one_of(("", "yes")), "fault_area": None}
        self.company.register(f"agent{place}", now=self.now, **facts)

    def dispatch(self) -> None:
        self.request("manager", self.company.dispatch(self.one_of(TECHNICIANS)))

    def job(self) -> None:
        running = [j for j in self.company.rows(Job) if j.status is not JobStatus.CANCELLED]
        job = self.one_of(running[-3:] or [None])
        if job is None:
            return
        window = {"agreed_from": self.now, "agreed_to": self.now + 2 * HOUR}
        step = self.one_of(
            (jobs.AgreeVisit(**window), jobs.Arrive(), parse(jobs.FinishJob, REPORT))
        )
        who = next(a for a in self.company.people if self.company[a].id == job.technician_id)
        self.company.act(who, Job, job.id, step, now=self.now)

    def call(self) -> None:
        calls = self.company.rows(FollowUp, status=FollowUpStatus.DUE)
        if calls:
            scores = {"attitude": self.one_of((1, 5, 10))}
            step = self.one_of((followups.NotReached(), followups.RecordAnswers(scores=scores)))
            self.company.act("agent", FollowUp, calls[-1].id, step, now=self.now)

    def answered_again(self) -> None:
        call = self.one_of([*self.company.rows(FollowUp, status=FollowUpStatus.ANSWERED), None])
        if call:
            with transaction(self.company.engine, write=True) as session:
                row = session.get_one(FollowUp, call.id)
                row.score = self.one_of((2.5, 9.0))

    def drill(self) -> None:
        case = self.case()
        if not self.company.rows(Emergency, request_id=case.id):
            facts = {"level": 1, "status": EmergencyStatus.DECLARED, "happened": "演练"}
            with transaction(self.company.engine, write=True) as session:
                drill = self.data.draw(st.booleans())
                facts |= {"declared_at": self.now, "told": [], "drill": drill}
                session.add(Emergency(request_id=case.id, **facts))

    def norm(self) -> None:
        norm = self.company.see("admin", lambda uow: revisions.norm_of(revisions.in_force(uow)))
        changed = norm.model_copy(update={"unhappy_below": self.one_of((2.0, 6.0, 10.0))})
        adopted = {"norm": changed, "on": self.now.date(), "signed_by": "admin"}
        self.company.do("admin", revisions.adopt, **adopted, now=self.now)

    def imported(self) -> None:
        number = len(self.company.rows(ServiceRequest))
        row = {"单号": f"A{number}", "类型": self.one_of(("报修", "投诉"))}
        bring(self.company, table(row), SERVICE)

    def customer(self) -> None:
        with transaction(self.company.engine, write=True) as session:
            row = session.get_one(Customer, self.case().customer_id)
            row.station_id = self.one_of((None, 1, 2))

    def written(self, noun: Any, id: int | None, **facts: Any) -> None:
        if id is None:
            return
        with transaction(self.company.engine, write=True) as session:
            for name, value in facts.items():
                setattr(session.get_one(noun, id), name, value)

    def reopened(self) -> None:
        facts = {"status": RequestStatus.IN_PROGRESS, "resolved_at": None}
        closed = [row for row in self.company.rows(ServiceRequest) if row.resolved_at]
        self.written(ServiceRequest, closed[-1].id if closed else None, **facts)

    def merged(self) -> None:
        """A caller was two: their cases are those of one, and one piece is another's."""
        first, case = self.company.rows(ServiceRequest)[0], self.case()
        facts = {"customer_id": first.customer_id, "asset_id": first.asset_id}
        self.written(ServiceRequest, case.id, **facts)

    def corrected(self) -> None:
        case = self.case()
        late = {"received_at": case.received_at - self.one_of((1, 24, 700)) * HOUR}
        facts = self.one_of(({"kind": RequestKind.REPAIR}, {"station_id": 1}, late))
        self.written(ServiceRequest, case.id, **facts)

    def moved_limit(self) -> None:
        """As when limits of the rule book change."""
        rows = self.company.rows(Limit)
        if rows:
            limit = self.one_of(rows[-6:])
            due = limit.due_at + self.one_of((-90, 90)) * HOUR
            self.written(Limit, limit.id, due_at=max(due, limit.started_at))

    def parts(self) -> None:
        """A technician asks for parts, or they lie ready."""
        jobs_now = [j for j in self.company.rows(Job) if j.status is not JobStatus.CANCELLED]
        job = self.one_of(jobs_now[-3:] or [None])
        asked = self.company.rows(PartOrder)
        if asked and self.data.draw(st.booleans()):
            self.written(PartOrder, asked[-1].id, ready_at=self.one_of((None, self.now)))
        elif job:
            with transaction(self.company.engine, write=True) as session:
                part = Part(number="x", key=f"x{self.now}", name="x", unit="x", expires=False)
                order = PartOrder(
                    status=self.one_of((OrderStatus.ASKED, OrderStatus.WITHDRAWN)),
                    technician_id=job.technician_id,
                    job_id=job.id,
                    case_id=job.request_id,
                    asked_at=self.now,
                )
                order.lines = [PartOrderLine(part=part, quantity=1)]
                session.add(order)

    def another_product(self) -> None:
        with transaction(self.company.engine, write=True) as session:
            other = Product(brand="x", model=f"y{len(self.company.rows(Product))}")
            session.add(other)
            session.flush()
            for piece in session.scalars(select(Asset).limit(1)):
                piece.product_id = other.id


TECHNICIANS = ("technician", "technician.colleague", "technician.stranger")


def act(who: str, command: Any) -> Callable[[Walker], None]:
    return lambda walker: walker.request(who, command)


VERBS: tuple[Callable[[Walker], None], ...] = (
    *(Walker.register,) * 3,
    *(Walker.dispatch,) * 2,
    *(Walker.job,) * 4,
    *(Walker.call,) * 3,
    Walker.answered_again,
    Walker.drill,
    Walker.norm,
    Walker.imported,
    Walker.customer,
    Walker.reopened,
    Walker.merged,
    Walker.corrected,
    Walker.moved_limit,
    Walker.another_product,
    *(Walker.parts,) * 3,
    act("manager", inputs.Cancel(note="x")),
    act("agent", inputs.Wait(reason=WaitReason.PART, note="x")),
    act("agent", inputs.Resume()),
    act("agent", inputs.Answer(answer="x")),
    act("manager", inputs.MoveStation(station_id=Company.SOUTH, note="x")),
    act("manager", inputs.Reclassify(priority="urgent", case_class=None)),
    act("agent", inputs.Correct(symptom="x", fault_area="noise")),
)


@given(data=st.data())
@settings(max_examples=EXAMPLES)
def test_the_roll_up_is_what_the_cases_say(company: Company, data: DataObject) -> None:
    walker = Walker(company, data)
    for _ in range(STEPS):
        walker.step()
        now = walker.now
        asked = {"since": date(2026, 1, 1), "until": date(2027, 12, 1)}
        look = company.see("manager", kpi.board, now=now, **about(asked))
        assert look.whole
        upkeep.keep(company.engine, TOOL, now=now)
        assert differences(company, now) == []
        after = company.see("manager", kpi.board, now=now, **about(asked))
        assert look == after
        received = after.figure(FigureName.RECEIVED)
        with unit_of_work(company.engine, TOOL, HOUSE, write=False, now=now) as uow:
            drills = select(Emergency.request_id).where(Emergency.drill)
            real = select(func.count()).where(ServiceRequest.id.not_in(drills))
            inside = ServiceRequest.received_at >= local("2026-01-01 00:00")
            assert received.value == uow.session.scalar(real.where(inside))
