"""The demo company's reviews: complaints and returns at every step, feedback, suggestions."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select

from core import demo
from core.complaints import lists, penalties
from core.complaints import view as complaint_view
from core.complaints.lists import Filter
from core.customers import purchases
from core.house import HOUSE
from core.improvements import actions as improvements
from core.kernel.unit_of_work import UnitOfWork, actor_of, system_actor, unit_of_work
from core.quality import batches
from core.returns import lists as returns
from core.returns import rules
from core.returns import view as goods
from core.returns.actions import PROCESS
from core.returns.settlement import settlement_of
from db import migrate
from db.codes import (
    ComplaintStatus,
    Direction,
    Fit,
    ImprovementStatus,
    Payer,
    PenaltyStatus,
    QualityStatus,
    RequestKind,
    ReturnReason,
    ReturnStatus,
    Role,
    SuggestionStatus,
)
from db.session import make_engine
from db.tables import (
    Company,
    Complaint,
    ComplaintMeasure,
    GoodsReturn,
    Improvement,
    Penalty,
    Person,
    Purchase,
    QualityFeedback,
    RepeatFault,
    Responsible,
    ReturnLine,
    ReturnLoss,
    ServiceRequest,
    Suggestion,
)

ZONE = ZoneInfo("Asia/Shanghai")
RETURNERS = (
    Role.AGENT,
    Role.QUALITY,
    Role.MANAGER,
    Role.LEADER,
    Role.WAREHOUSE,
    Role.FINANCE,
)
NOW = datetime(2026, 11, 24, 14, 30, tzinfo=ZONE).astimezone(UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path: Path = tmp_path_factory.mktemp("demo") / "reviews.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    # Few customers: the same products are told of again and again.
    demo.build(engine, now=NOW, months=2, cases_per_day=2, customers=12)
    yield engine
    engine.dispose()


@pytest.fixture
def uow(made: Engine) -> Iterator[UnitOfWork]:
    with unit_of_work(made, system_actor(ZONE.key), HOUSE, write=False, now=NOW) as opened:
        yield opened


def seen_by(uow: UnitOfWork, username: str) -> UnitOfWork:
    person = uow.session.scalars(select(Person).where(Person.username == username)).one()
    if person.station_id:
        uow.session.refresh(person, ["station"])
    actor = actor_of(person, uow.session.get_one(Company, 1))
    return UnitOfWork(uow.session, actor, NOW, HOUSE)


def test_every_department_has_people_and_most_a_head(uow: UnitOfWork) -> None:
    rows = uow.session.execute(select(Person.department, Person.is_head, Person.role)).all()
    heads = {department for department, is_head, _ in rows if department and is_head}
    assert heads == {"after_sales", "quality_control", "freight", "leaders", "technical"}
    assert sum(is_head and not department for department, is_head, _ in rows) == 4
    assert all(role is Role.DISPATCHER for name, is_head, role in rows if is_head and not name)


def test_complaints_stand_at_every_step(uow: UnitOfWork) -> None:
    manager = seen_by(uow, "manager1")
    statuses = Counter(uow.session.scalars(select(Complaint.status)))
    steps = set(ComplaintStatus) - {ComplaintStatus.REFUSED, ComplaintStatus.WITHDRAWN}
    assert steps <= set(statuses)
    assert statuses[ComplaintStatus.CLOSED] > 5
    queue = lists.queue(manager)
    assert queue.total >= 12
    assert any(row.case.late for row in queue.rows)
    assert any(not row.case.late for row in queue.rows)
    for row in queue.rows:
        seen = complaint_view.view(manager, case_id=row.case.case_id)
        assert seen.actions or seen.barred, row.status


def test_one_is_unfounded_one_reopened_and_one_merged(uow: UnitOfWork) -> None:
    complaints = uow.session.scalars(select(Complaint)).all()
    assert any(row.founded is False and row.closed_at for row in complaints)
    assert any(row.level == 1 and row.status is ComplaintStatus.ASSIGNED for row in complaints)
    (merged,) = [row for row in complaints if row.merged_into_id]
    assert merged.status is ComplaintStatus.MERGED


def test_responsibles_hold_shares_and_plans_go_to_two_levels(uow: UnitOfWork) -> None:
    shares = uow.session.execute(
        select(Responsible.complaint_id, func.sum(Responsible.share_percent)).group_by(
            Responsible.complaint_id
        )
    ).all()
    assert {total for _, total in shares} == {100}
    persons = set(uow.session.scalars(select(Responsible.person_id)))
    assert None in persons
    assert len(persons) > 3
    proposed = select(Complaint.approvers).where(Complaint.status == ComplaintStatus.PROPOSED)
    levels = {tuple(roles) for roles in uow.session.scalars(proposed)}
    assert levels == {("leader",), ("manager", "leader")}
    assert uow.session.scalar(select(func.max(ComplaintMeasure.cost_cents))) == 4600_00


def test_a_penalty_waits_for_the_decision_on_its_appeal(uow: UnitOfWork) -> None:
    statuses = set(uow.session.scalars(select(Penalty.status)))
    assert PenaltyStatus.APPEALED in statuses
    rows = penalties.list_of(seen_by(uow, "leader1"))
    for row in rows:
        if row.status is PenaltyStatus.APPEALED:
            may = {rule.action.name for rule in row.actions if rule.action}
            assert may == {"uphold", "reduce", "lift"}


def test_improvements_are_planned_late_and_effective(uow: UnitOfWork) -> None:
    rows = uow.session.scalars(select(Improvement)).all()
    assert {ImprovementStatus.PLANNED, ImprovementStatus.EFFECTIVE} <= {row.status for row in rows}
    planned = [row.due_on for row in rows if row.status is ImprovementStatus.PLANNED]
    today = NOW.astimezone(ZONE).date()
    assert min(planned) < today < max(planned)
    manager = seen_by(uow, "manager1")
    views = [each for row in rows for each in improvements.of_case(manager, case_id=row.request_id)]
    assert any(view.late for view in views)


def test_quality_feedback_stands_at_every_step_and_shares_a_batch(uow: UnitOfWork) -> None:
    statuses = set(uow.session.scalars(select(QualityFeedback.status)))
    assert set(QualityStatus) - {QualityStatus.CLOSED, QualityStatus.WITHDRAWN} <= statuses
    batch = uow.session.execute(
        select(ServiceRequest.batch, func.count())
        .where(ServiceRequest.batch != "")
        .group_by(ServiceRequest.batch)
        .order_by(func.count().desc())
    ).first()
    assert batch is not None
    assert batch[1] >= 3
    assert batches.view(seen_by(uow, "quality1"), batch=batch[0]).cases.total == batch[1]


def test_suggestions_are_adopted_and_declined(uow: UnitOfWork) -> None:
    statuses = set(uow.session.scalars(select(Suggestion.status)))
    assert set(SuggestionStatus) - {SuggestionStatus.WITHDRAWN} <= statuses
    assert {True, False} <= set(uow.session.scalars(select(Suggestion.adopted)))


def test_repeats_raise_an_alarm_by_themselves(uow: UnitOfWork) -> None:
    assert uow.session.scalar(select(func.count()).select_from(RepeatFault))


def test_the_queue_is_searched_in_chinese(uow: UnitOfWork) -> None:
    found = lists.queue(seen_by(uow, "manager1"), filters=Filter(text="漏水"))
    assert found.total > 0
    assert all("漏水" in row.case.symptom for row in found.rows)


def returned(uow: UnitOfWork) -> list[GoodsReturn]:
    return list(uow.session.scalars(rules.select_visible(seen_by(uow, "manager1").actor)))


def test_returns_stand_at_every_step(uow: UnitOfWork) -> None:
    manager = seen_by(uow, "manager1")
    staff = {role: seen_by(uow, f"{role.value}1").actor for role in RETURNERS}
    rows = returned(uow)
    assert {row.status for row in rows} == set(ReturnStatus)
    queue = returns.queue(manager)
    assert queue.total >= 20
    assert {row.late for row in (each.case for each in queue.rows)} == {True, False}
    for row in rows:
        seen = goods.view(manager, case_id=row.request_id)
        asked = [staff[role] for role in seen.asked]
        assert not asked or any(PROCESS.allowed(each, row) for each in asked), seen.status


def test_each_waits_for_whoever_may_decide(uow: UnitOfWork) -> None:
    rows = returned(uow)
    decided = {tuple(row.approvers) for row in rows if row.status is ReturnStatus.INSPECTED}
    assert decided == {("leader",), ("manager", "leader")}
    applied = [row for row in rows if row.status is ReturnStatus.APPLIED]
    assert any(not row.lines for row in applied)
    assert any(rules.is_hopeless(row) for row in applied)
    assert any({line.fit for line in row.lines} == {Fit.OPEN, Fit.FAILS} for row in applied)
    assert any(row.request.wait_reason for row in applied)
    refused = [row for row in rows if row.status is ReturnStatus.REFUSED]
    assert all(row.decision for row in refused)
    appealed = [row for row in rows if row.status is ReturnStatus.APPEALED]
    assert all(row.appeal and row.decision for row in appealed)


def test_goods_come_back_in_parcels_and_partly(uow: UnitOfWork) -> None:
    rows = returned(uow)
    awaited = [row for row in rows if row.status is ReturnStatus.AWAITED]
    assert all(row.parcels[0].tracking and not row.parcels[0].arrived_at for row in awaited)
    short = [
        line
        for row in rows
        if row.status is ReturnStatus.RECEIVED
        for line in row.lines
        if line.received < line.approved
    ]
    assert short
    assert all(line.difference for line in short)
    serials = {
        each.asset.serial for row in rows for line in row.lines for each in line.replacements
    }
    assert len(serials) >= 3
    assert None not in serials
    sent = [each for row in rows for each in row.parcels if each.direction is Direction.OUT]
    assert len(sent) == len(serials)


def test_refunds_and_losses_are_those_of_the_settlement(uow: UnitOfWork) -> None:
    rows = [row for row in returned(uow) if row.settled_by_id]
    assert len(rows) >= 5
    booked = dict(
        uow.session.execute(
            select(ReturnLine.return_id, func.sum(ReturnLoss.loss_cents))
            .join(ReturnLoss, ReturnLoss.line_id == ReturnLine.id)
            .group_by(ReturnLine.return_id)
        ).all()
    )
    own = [row for row in rows if row.lines[0].reason is ReturnReason.OWN]
    assert own
    for row in rows:
        settlement = settlement_of(row)
        assert (row.refund_cents, row.owed_cents) == (
            settlement.refund_cents,
            settlement.owed_cents,
        )
        if row.refunded_at:
            assert booked.get(row.id, 0) == settlement.total.loss_cents
    for row in own:
        assert row.lines[0].payer is Payer.CUSTOMER
        borne = settlement_of(row).total
        assert borne.freight_charged_cents or borne.freight_own_cents
    assert sum(booked.values()) > 0


def test_a_confirmed_defect_has_opened_quality_feedback(uow: UnitOfWork) -> None:
    for row in returned(uow):
        opened = uow.session.scalar(
            select(func.count()).where(
                ServiceRequest.origin_id == row.request_id,
                ServiceRequest.kind == RequestKind.QUALITY_FEEDBACK,
            )
        )
        assert opened == any(line.defect for line in row.lines)


def test_customers_have_purchases_that_may_come_back(uow: UnitOfWork) -> None:
    rows = uow.session.scalars(select(Purchase)).all()
    assert all(row.invoice_no and row.received_on for row in rows)
    today = NOW.astimezone(ZONE).date()
    lately = {row.customer_id for row in rows if (today - row.purchased_on).days < 7}
    agent = seen_by(uow, "agent1")
    lines = [
        line
        for id in lately
        for purchase in purchases.of_customer(agent, customer_id=id)
        for line in purchase.lines
    ]
    assert any(line.returnable and line.unit_cents for line in lines)
    assert {row.at_a_distance for row in rows} == {True, False}
