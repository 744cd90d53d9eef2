"""Reviews of the demo company: complaints at every step, feedback of a batch, suggestions."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select

from core import demo, improvements
from core.complaints import lists, penalties, review
from core.complaints.lists import Filter
from core.quality import batches
from core.sign_ins import actor_of
from core.unit_of_work import UnitOfWork, system_actor, unit_of_work
from db import migrate
from db.codes import (
    ComplaintStatus,
    ImprovementStatus,
    PenaltyStatus,
    QualityStatus,
    Role,
    SuggestionStatus,
)
from db.session import make_engine
from db.tables import (
    Company,
    Complaint,
    ComplaintMeasure,
    Improvement,
    Penalty,
    Person,
    QualityFeedback,
    RepeatFault,
    Responsible,
    ServiceRequest,
    Suggestion,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 14, 30, tzinfo=ZONE).astimezone(UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path: Path = tmp_path_factory.mktemp("demo") / "reviews.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    demo.build(engine, now=NOW, months=2, cases_per_day=2, customers=40)
    yield engine
    engine.dispose()


@pytest.fixture
def uow(made: Engine) -> Iterator[UnitOfWork]:
    with unit_of_work(made, system_actor(ZONE.key), write=False, now=NOW) as opened:
        yield opened


def seen_by(uow: UnitOfWork, username: str) -> UnitOfWork:
    person = uow.session.scalars(select(Person).where(Person.username == username)).one()
    if person.station_id:
        uow.session.refresh(person, ["station"])
    actor = actor_of(person, uow.session.get_one(Company, 1))
    return UnitOfWork(uow.session, actor, NOW)


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
    assert any(row.late for row in queue.rows)
    assert any(not row.late for row in queue.rows)
    for row in queue.rows:
        seen = review.view(manager, case_id=row.case_id)
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
    (appealed,) = [row for row in rows if row.status is PenaltyStatus.APPEALED]
    assert {rule.action.name for rule in appealed.actions if rule.action} == {
        "uphold",
        "reduce",
        "lift",
    }


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
    assert all("漏水" in row.symptom for row in found.rows)
