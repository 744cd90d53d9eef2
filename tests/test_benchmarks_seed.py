"""The benchmark's company: what core would have written, in bulk, and the same every time."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, Select, func, select

from benchmarks import contacts, seed
from core import kpi
from core.complaints import lists as complaints
from core.complaints import view as complaint_view
from core.house import HOUSE
from core.kernel.inputs import parse
from core.kernel.unit_of_work import Actor, UnitOfWork, actor_of, transaction, unit_of_work
from core.kpi import FigureName
from core.norms import revisions
from core.people import people
from core.process import history
from core.process.clockwork import due_at
from core.requests import intake, lists
from core.requests import view as case
from core.requests.actions import OPEN
from core.requests.kinds import REVIEWED
from core.returns import lists as returns
from core.returns import view as goods
from core.returns.actions import PROCESS
from core.returns.holding import fit_of
from core.returns.rules import select_visible
from core.returns.settlement import settlement_of
from db.codes import (
    ComplaintStatus,
    FollowUpStatus,
    JobStatus,
    RequestKind,
    RequestStatus,
    ReturnStatus,
    Role,
)
from db.tables import (
    Base,
    Company,
    Complaint,
    FollowUp,
    GoodsReturn,
    History,
    Job,
    Limit,
    Person,
    QualityFeedback,
    ReturnLoss,
    ServiceRequest,
    Suggestion,
    Visit,
)
from tests.conftest import BOTH, Databases

CASES = 400
TODAY = date(2026, 11, 20)
MORNING = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FILES = {
    RequestKind.COMPLAINT: Complaint,
    RequestKind.QUALITY_FEEDBACK: QualityFeedback,
    RequestKind.SUGGESTION: Suggestion,
    RequestKind.RETURN: GoodsReturn,
}
PERIOD = kpi.Asked(date(2026, 6, 1), date(2026, 11, 1))


def fill(engine: Engine) -> None:
    seed.fill(engine, cases=CASES, today=TODAY)


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    with databases.fresh(request.param, "seeded", fill) as engine:
        yield engine


def somebody(engine: Engine, username: str) -> Actor:
    with transaction(engine, write=False) as session:
        person = session.scalars(select(Person).filter_by(username=username)).one()
        session.refresh(person, ["station"])
        return actor_of(person, session.get_one(Company, 1))


def test_a_company_of_sixty_with_all_roles_and_all_kinds(engine: Engine) -> None:
    with transaction(engine, write=False) as session:
        staff = Counter(session.scalars(select(Person.role)))
        kinds = Counter(session.scalars(select(ServiceRequest.kind)))
    assert (set(staff), staff.total()) == (set(Role), 60)
    assert (set(kinds), kinds.total()) == (set(RequestKind), CASES)


def test_about_three_in_a_hundred_are_open_and_none_is_from_tomorrow(engine: Engine) -> None:
    with transaction(engine, write=False) as session:
        states = Counter(session.scalars(select(ServiceRequest.status)))
        first, last = session.execute(
            select(func.min(ServiceRequest.received_at), func.max(ServiceRequest.received_at))
        ).one()
        latest = session.scalar(select(func.max(History.at)))
    opened = sum(states[status] for status in OPEN)
    assert CASES * 0.01 < opened < CASES * 0.06
    assert states[RequestStatus.CLOSED] > CASES * 0.9
    midnight = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
    assert timedelta(days=700) < last - first < timedelta(days=731)
    assert max(last, latest or last) < midnight


def test_no_history_row_is_out_of_its_chain(engine: Engine) -> None:
    with unit_of_work(engine, somebody(engine, "admin"), HOUSE, write=False) as uow:
        assert history.verify(uow) == ()


def test_time_limits_are_those_of_the_rule_book(engine: Engine) -> None:
    norm, zone = revisions.shipped(revisions.DEFAULT_PACK), "Asia/Shanghai"
    rules = {rule.name: rule for rule in norm.limits}
    with transaction(engine, write=False) as session:
        rows = session.scalars(select(Limit)).all()
    moved = [row for row in rows if row.pauses]
    for row in rows:
        rule = rules[row.name]
        due = due_at(norm, zone, "", rule.unit, rule.amount, row.started_at, row.pauses)
        assert row.due_at == due
        assert (row.clause, row.measure, row.amount) == (rule.clause, rule.measure, rule.amount)
    assert moved
    assert {row.measure for row in rows} == {rule.measure for rule in norm.limits}


def test_what_is_open_waits_where_the_screens_look(engine: Engine) -> None:
    manager = somebody(engine, "manager1")
    with unit_of_work(engine, manager, HOUSE, write=False, now=MORNING) as uow:
        piles = [lists.count(uow, name=queue) for queue in lists.Queue if queue != "mine"]
        reviewed = ServiceRequest.kind.in_(REVIEWED) & ServiceRequest.status.in_(OPEN)
        piles.append(uow.session.scalar(select(func.count()).where(reviewed)) or 0)
        board = kpi.board(uow, asked=PERIOD)
        opened = kpi.open_cases_behind(uow).total
    assert sum(piles) == opened == sum(row.cases for row in board.ages_by_kind)
    assert board.figure(FigureName.SATISFACTION).denominator > 0


def test_what_is_reviewed_has_its_file(engine: Engine) -> None:
    with transaction(engine, write=False) as session:
        for kind, table in FILES.items():
            cases = set(session.scalars(select(ServiceRequest.id).filter_by(kind=kind)))
            assert cases == set(session.scalars(select(table.request_id)))
        others = ServiceRequest.kind.not_in(FILES) & (ServiceRequest.case_class != "")
        assert session.scalar(select(func.count()).where(others)) == 0
        judged = select(ServiceRequest.case_class).join(Complaint).where(Complaint.founded)
        assert set(session.scalars(judged)) >= {"service", "product_quality"}


def returns_only(engine: Engine) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contacts, "KINDS", {RequestKind.RETURN: 1})
        # A backlog that reaches far back: every step is met.
        patch.setattr(contacts, "FADING_DAYS", 200)
        seed.fill(engine, cases=CASES, today=TODAY)


@pytest.fixture(params=BOTH)
def returning(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    with databases.fresh(request.param, "givers", returns_only) as engine:
        yield engine


def test_returns_stand_at_every_step_and_go_on(returning: Engine) -> None:
    by_role = {role: somebody(returning, f"{role.value}1") for role in Role if role != "admin"}
    with unit_of_work(returning, by_role[Role.MANAGER], HOUSE, write=False, now=MORNING) as uow:
        assert history.verify(UnitOfWork(uow.session, by_role[Role.AUDITOR], MORNING, HOUSE)) == ()
        files = uow.session.scalars(select_visible(uow.actor)).all()
        statuses = Counter(row.status for row in files)
        assert set(statuses) == set(ReturnStatus) - {ReturnStatus.APPEALED, ReturnStatus.CANCELLED}
        assert returns.count(uow) == statuses.total() - statuses[ReturnStatus.CLOSED]
        for row in files:
            seen = goods.view(uow, case_id=row.request_id)
            staff = [by_role[role] for role in seen.asked]
            assert not staff or any(PROCESS.allowed(each, row) for each in staff), seen.status
            inspected = row.inspected_by_id is not None
            assert seen.lines[0].fit is fit_of(seen.lines[0].judgement, inspected=inspected)


def test_pieces_and_money_of_returns_add_up(returning: Engine) -> None:
    manager = somebody(returning, "manager1")
    with unit_of_work(returning, manager, HOUSE, write=False, now=MORNING) as uow:
        for row in uow.session.scalars(select_visible(uow.actor)):
            (line,) = row.lines
            bought = line.purchase_line
            assert (bought.under_way, bought.returned) == (line.held, int(bool(row.refunded_at)))
            booked = sum(uow.session.scalars(losses_of(line.id)))
            if row.settled_by_id:
                settlement = settlement_of(row)
                assert row.refund_cents == settlement.refund_cents
                assert booked == (settlement.total.loss_cents if row.refunded_at else 0)
            else:
                assert booked == 0


def losses_of(line_id: int) -> Select[tuple[int]]:
    return select(ReturnLoss.loss_cents).filter_by(line_id=line_id)


def complaints_only(engine: Engine) -> None:
    seed.fill(engine, cases=CASES, today=TODAY, only_complaints=True)


@pytest.mark.parametrize("kind", BOTH)
def test_a_company_of_complaints_has_some_at_every_step(databases: Databases, kind: str) -> None:
    with databases.fresh(kind, "complaining", complaints_only) as engine:
        manager, auditor = somebody(engine, "manager1"), somebody(engine, "auditor1")
        with unit_of_work(engine, auditor, HOUSE, write=False, now=MORNING) as uow:
            assert history.verify(uow) == ()
        with unit_of_work(engine, manager, HOUSE, write=False, now=MORNING) as uow:
            statuses = Counter(uow.session.scalars(select(Complaint.status)))
            opened = CASES - statuses[ComplaintStatus.CLOSED]
            assert statuses.total() == CASES
            assert CASES * 0.005 < opened < CASES * 0.05
            queue = complaints.queue(uow)
            assert queue.total == opened
            for row in queue.rows:
                seen = complaint_view.view(uow, case_id=row.case.case_id)
                assert seen.actions or seen.barred, seen.status
            again = set(uow.session.scalars(select(Complaint.request_id).filter_by(level=1)))
            called = select(FollowUp.request_id).group_by(FollowUp.request_id)
            assert again & set(uow.session.scalars(called.having(func.count() > 1)))


def test_records_hang_together(engine: Engine) -> None:
    with transaction(engine, write=False) as session:
        done = session.scalar(select(func.count()).where(Job.status == JobStatus.DONE))
        reports = session.scalar(
            select(func.count()).where(History.subject == "job", History.action == "finished")
        )
        twice = session.scalar(select(func.count()).where(Visit.sequence == 2))
        raised = session.scalars(
            select(ServiceRequest).where(ServiceRequest.origin_id.is_not(None))
        ).all()
        unhappy = session.scalar(select(func.count()).where(FollowUp.score < 6))
        answered = session.scalar(
            select(func.count()).where(FollowUp.status == FollowUpStatus.ANSWERED)
        )
    assert done == reports
    assert twice and answered and unhappy
    assert {row.kind for row in raised} == {RequestKind.COMPLAINT}
    assert 0 < len(raised) <= unhappy


def test_work_goes_on_where_the_seed_ended(engine: Engine) -> None:
    agent = somebody(engine, "agent1")
    form = {
        "kind": "repair",
        "channel": "hotline",
        "customer_name": "新客户",
        "phone": "13800000000",
    }
    command = parse(intake.Register, form | {"symptom": "不通电", "fault_area": "power"})
    for number in (1, 2):
        with unit_of_work(engine, agent, HOUSE, write=True, now=MORNING) as uow:
            registered = intake.register(uow, command)
            assert registered.number == f"SR261120-{number:04d}"
            assert case.view(uow, id=registered.id).status is RequestStatus.REGISTERED
    admin = somebody(engine, "admin")
    with unit_of_work(engine, admin, HOUSE, write=True, now=MORNING) as uow:
        people.add_station(uow, people.AddStation(name="新站"))
        assert history.verify(uow) == ()


def test_the_same_seed_writes_the_same_company_into_both_databases(databases: Databases) -> None:
    written = []
    for kind in BOTH:
        with databases.fresh(kind, "seeded", fill) as engine:
            written.append((_hashes(engine), _board(engine)))
    assert written[0] == written[1]


def test_another_seed_writes_another_company(databases: Databases) -> None:
    with databases.fresh("sqlite", "seeded", fill) as engine:
        first = _hashes(engine)
    with databases.fresh("sqlite", "seeded again", fill) as engine:
        assert _hashes(engine) == first

    def other(engine: Engine) -> None:
        seed.fill(engine, cases=CASES, today=TODAY, number=2)

    with databases.fresh("sqlite", "seeded otherwise", other) as engine:
        assert _hashes(engine) != first


def _hashes(engine: Engine) -> list[str]:
    with transaction(engine, write=False) as session:
        return list(session.scalars(select(History.hash).order_by(History.id)))


def _board(engine: Engine) -> kpi.Board:
    manager = somebody(engine, "manager1")
    with unit_of_work(engine, manager, HOUSE, write=False, now=MORNING) as uow:
        return kpi.board(uow, asked=PERIOD)


def test_it_says_how_many_rows_each_table_got(
    databases: Databases, capsys: pytest.CaptureFixture[str]
) -> None:
    with databases.fresh("sqlite", "migrated", lambda engine: None) as engine:
        arguments = ["--cases", "30", "--today", "2026-11-20", "--database", str(engine.url)]
        assert seed.main(arguments) == 0
        said = dict(line.split()[:2] for line in capsys.readouterr().out.splitlines()[:-1])
        with transaction(engine, write=False) as session:
            for name, rows in said.items():
                table = Base.metadata.tables[name]
                found = session.scalar(select(func.count()).select_from(table)) or 0
                # The set-up wrote the administrator and two lines of history by itself.
                assert 0 <= found - int(rows.replace(",", "")) <= 2
        assert said["requests"] == "30"


@pytest.mark.parametrize("filled", [True, False])
def test_only_an_empty_migrated_database_is_filled(
    databases: Databases, capsys: pytest.CaptureFixture[str], filled: bool
) -> None:
    made = databases.fresh("sqlite", "seeded", fill) if filled else databases.blank("sqlite")
    with made as engine, pytest.raises(SystemExit):
        seed.main(["--cases", "1", "--database", str(engine.url)])
    said = capsys.readouterr().err
    assert ("holds a company" if filled else "has no tables") in said
