"""The demo company: everybody is there, everything occurs, and nothing in it is impossible."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import bcrypt
import pytest
from sqlalchemy import Engine, func, select

from core import __main__ as command_line
from core import demo
from core.complaints import rules
from core.followups import actions as followups
from core.house import HOUSE
from core.kernel.errors import NotAllowed
from core.kernel.unit_of_work import (
    Actor,
    UnitOfWork,
    actor_of,
    system_actor,
    transaction,
    unit_of_work,
)
from core.process import history
from core.requests import lists
from core.requests.lists import Filter, Queue, View
from core.workshop import view as workshop
from db import migrate
from db.codes import (
    ChargeReason,
    ComplaintStatus,
    CountStatus,
    FollowUpStatus,
    JobStatus,
    OrderStatus,
    PartUseStatus,
    RequestKind,
    RequestStatus,
    ReturnStatus,
    Role,
    RoundStatus,
    ShopPurpose,
    ShopStatus,
    ToolStatus,
    WaitReason,
)
from db.session import make_engine
from db.tables import (
    Asset,
    Company,
    Complaint,
    Customer,
    FollowUp,
    GoodsReturn,
    History,
    Job,
    Limit,
    MaintenanceRound,
    PartOrder,
    PartUse,
    Person,
    Product,
    ServiceRequest,
    ShopPiece,
    StockCount,
    Tool,
    Visit,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 14, 30, tzinfo=ZONE).astimezone(UTC)
SMALL = {"months": 1, "cases_per_day": 2, "customers": 40}

# The rule book of the demo company asks for no form to be handed in.
QUEUES = set(Queue) - {Queue.MINE, Queue.FORMS, Queue.REVIEW, Queue.LATE_REPORTS}


def founded(path: Path, now: datetime = NOW, **more: float) -> Engine:
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    demo.build(engine, now=now, **{**SMALL, **more})  # type: ignore[arg-type]
    return engine


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = founded(tmp_path_factory.mktemp("demo") / "demo.db")
    yield engine
    engine.dispose()


@pytest.fixture
def uow(made: Engine) -> Iterator[UnitOfWork]:
    with unit_of_work(made, system_actor(ZONE.key), HOUSE, write=False, now=NOW) as opened:
        yield opened


def actor(uow: UnitOfWork, username: str) -> Actor:
    person = uow.session.scalars(select(Person).where(Person.username == username)).one()
    if person.station_id:
        uow.session.refresh(person, ["station"])
    return actor_of(person, uow.session.get_one(Company, 1))


def seen_by(uow: UnitOfWork, username: str) -> UnitOfWork:
    return UnitOfWork(uow.session, actor(uow, username), NOW, HOUSE)


def test_there_is_an_account_for_every_role(made: Engine) -> None:
    accounts = demo.accounts(made)
    roles = Counter(account.role for account in accounts)
    assert set(roles) == set(Role)
    assert roles[Role.AGENT] == 8
    assert roles[Role.TECHNICIAN] == 12
    names = {account.username: account for account in accounts}
    assert names["agent1"].station == "南京站"
    assert names["tech12"].station == "上海站"
    assert names["manager1"].station == ""
    assert len(names) == len(accounts)
    assert len({account.name for account in accounts}) == len(accounts)


def test_everybody_signs_in_with_the_demo_password(uow: UnitOfWork) -> None:
    (shared,) = set(uow.session.scalars(select(Person.password_hash)))
    assert bcrypt.checkpw(demo.PASSWORD.encode(), shared.encode())


def test_every_status_occurs(uow: UnitOfWork) -> None:
    assert set(uow.session.scalars(select(ServiceRequest.status))) == set(RequestStatus)
    assert set(uow.session.scalars(select(Job.status))) == set(JobStatus)
    assert set(uow.session.scalars(select(MaintenanceRound.status))) == set(RoundStatus)
    kinds = Counter(uow.session.scalars(select(ServiceRequest.kind)))
    assert kinds.most_common(1)[0][0] is RequestKind.REPAIR
    assert len(kinds) >= 7
    calls = set(uow.session.scalars(select(FollowUp.status).distinct()))
    assert {FollowUpStatus.DUE, FollowUpStatus.ANSWERED} <= calls


def test_history_is_whole_and_nothing_lies_ahead(uow: UnitOfWork) -> None:
    assert history.verify(uow) == ()
    assert uow.session.scalar(select(func.max(History.at))) == NOW
    for column in (ServiceRequest.received_at, Visit.arrived_at, Limit.met_at, FollowUp.ended_at):
        assert uow.session.scalar(select(func.max(column))) <= NOW


def test_no_limit_is_due_before_it_starts(uow: UnitOfWork) -> None:
    assert uow.session.scalar(select(func.count()).where(Limit.due_at < Limit.started_at)) == 0
    assert uow.session.scalar(select(func.count()).where(Limit.met_at < Limit.started_at)) == 0
    assert uow.session.scalar(select(func.count()).select_from(Limit)) > 100


def test_every_queue_has_work_in_it(uow: UnitOfWork) -> None:
    manager, agent = seen_by(uow, "manager1"), seen_by(uow, "agent1")
    for name in QUEUES:
        assert lists.count(manager, name=name) > 0, name
    assert lists.count(agent, name=Queue.MINE) > 0
    late = lists.queue(manager, name=Queue.DISPATCH, filters=Filter(view=View.LATE))
    new = lists.queue(manager, name=Queue.DISPATCH)
    assert len({row.station for row in late.rows}) == 4
    assert 0 < late.total < new.total


def test_calls_are_due_today_at_every_station(uow: UnitOfWork) -> None:
    calls = [followups.due_calls(seen_by(uow, f"agent{n}")) for n in (1, 3, 5, 7)]
    assert all(calls)
    assert any(call.due_on == NOW.astimezone(ZONE).date() for rows in calls for call in rows)


def test_technicians_have_visits_around_now(uow: UnitOfWork) -> None:
    rows = uow.session.execute(
        select(Person.username, Visit.agreed_from, Visit.agreed_to, Visit.arrived_at)
        .join(Visit, Visit.technician_id == Person.id)
        .where(Visit.ended_at.is_(None))
    ).all()
    upcoming = {name for name, begin, _, _ in rows if NOW < begin < NOW + timedelta(hours=9)}
    assert len(upcoming) == 12
    assert len({name for name, _, _, arrived in rows if arrived}) >= 4
    assert any(end < NOW and arrived is None for _, _, end, arrived in rows)


def test_some_cases_wait_for_parts(uow: UnitOfWork) -> None:
    waits = Counter(uow.session.scalars(select(ServiceRequest.wait_reason)))
    assert waits[WaitReason.PART] >= 4
    assert waits[WaitReason.CUSTOMER] >= 1


def test_the_archive_is_filled(uow: UnitOfWork) -> None:
    counts = [
        uow.session.scalar(select(func.count()).select_from(table))
        for table in (Customer, Asset, Product)
    ]
    assert counts[0] >= 40
    assert counts[1] > counts[0]
    assert counts[2] == 25
    phones = uow.session.scalars(select(Customer.phone_key)).all()
    assert all(len(phone) == 13 and phone[:4] in ("8613", "8615") for phone in phones)
    priced = select(func.count()).where(Job.labour_cents > 0)
    assert uow.session.scalar(priced) > 0


def facts(engine: Engine) -> list[tuple[object, ...]]:
    with transaction(engine, write=False) as session:
        columns = (History.subject, History.subject_id, History.action, History.at, History.note)
        return [tuple(row) for row in session.execute(select(*columns).order_by(History.id))]


def test_the_same_seed_makes_the_same_company(made: Engine, tmp_path: Path) -> None:
    tiny = {"cases_per_day": 0.2, "customers": 10}
    one, two = (founded(tmp_path / f"{name}.db", **tiny) for name in ("one", "two"))
    assert facts(one) == facts(two)
    assert facts(one) != facts(made)
    one.dispose()
    two.dispose()


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 03:10",  # the night to a Sunday
        "2026-10-05 11:45",  # in the middle of the October holidays
        "2027-02-22 08:20",  # the first days after the Spring Festival
    ],
)
def test_the_screens_have_work_at_any_hour(tmp_path: Path, text: str) -> None:
    now = datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)
    engine = founded(tmp_path / "demo.db", now=now, cases_per_day=0.1, customers=10)
    with unit_of_work(engine, system_actor(ZONE.key), HOUSE, write=False, now=now) as uow:
        manager = UnitOfWork(uow.session, actor(uow, "manager1"), now, HOUSE)
        for name in QUEUES:
            assert lists.count(manager, name=name) > 0, name
        assert lists.count(manager, name=Queue.DISPATCH, filters=Filter(view=View.LATE)) > 0
        assert followups.due_calls(manager)
        statuses = set(uow.session.scalars(select(Job.status).distinct()))
        assert {JobStatus.AGREED, JobStatus.ON_SITE, JobStatus.ASSIGNED} <= statuses
        steps = {status for status in ComplaintStatus if status in rules.OPEN}
        steps -= {ComplaintStatus.REFUSED}
        assert steps <= set(uow.session.scalars(select(Complaint.status)))
        assert set(ReturnStatus) == set(uow.session.scalars(select(GoodsReturn.status)))
        assert history.verify(uow) == ()
    engine.dispose()


def test_a_company_is_never_built_over(made: Engine) -> None:
    before = facts(made)
    with pytest.raises(NotAllowed):
        demo.build(made, now=NOW, **SMALL)  # type: ignore[arg-type]
    assert facts(made) == before


def test_a_company_of_one_s_own_shows_no_accounts(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'own.db'}")
    migrate.upgrade(engine)
    assert demo.accounts(engine) == ()
    engine.dispose()


def test_the_command_leaves_a_company_alone(
    made: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", made.url.render_as_string(hide_password=False))
    before = facts(made)
    assert command_line.main(["demo"]) == 0
    assert "nothing was changed" in capsys.readouterr().out
    assert facts(made) == before


def test_the_workshop_is_full_and_a_fault_has_come_back(uow: UnitOfWork) -> None:
    found = uow.session.execute(select(ShopPiece.purpose, ShopPiece.status)).all()
    to_repair = {status for purpose, status in found if purpose is ShopPurpose.REPAIR}
    assert {ShopStatus.RECEIVED, ShopStatus.QUOTED, ShopStatus.READY} <= to_repair
    assert (ShopPurpose.RECYCLING, ShopStatus.RECEIVED) in found
    rows = workshop.listed(seen_by(uow, "agent1"), filters=workshop.Filter()).rows
    assert any(row.unclaimed for row in rows) and any(row.loan_out for row in rows)
    of_rework = ServiceRequest.charge_reason == ChargeReason.REWORK
    assert uow.session.scalars(select(ServiceRequest.id).where(of_rework)).first()


def test_parts_and_tools_are_there_with_work_to_do(uow: UnitOfWork) -> None:
    statuses = set(uow.session.scalars(select(PartOrder.status)))
    assert {OrderStatus.ASKED, OrderStatus.PICKED, OrderStatus.ISSUED} <= statuses
    assert uow.session.scalars(select(PartUse.status)).all() == [PartUseStatus.OLD_OWED]
    assert uow.session.scalars(select(StockCount.status)).all() == [CountStatus.COUNTED]
    assert {ToolStatus.OUT, ToolStatus.FAULTY} <= set(uow.session.scalars(select(Tool.status)))
