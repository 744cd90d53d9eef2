"""Cases that were there before: who was told by somebody, and who only had a file judged."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import IntegrityError

from db import migrate
from db.tables import ServiceRequest
from tests.test_db_migration_of_reviews import put, rows, stored

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
# What happened to each case, in order: subject, fact, when.
STORIES = {
    1: (("request", "registered", NOW),),
    2: (("request", "acknowledged", LATER),),
    # In the same instant as the first step of the file: nobody has told anybody.
    3: (("complaint", "judged", LATER), ("request", "acknowledged", LATER)),
    4: (("complaint", "dismissed", NOW), ("request", "acknowledged", NOW))
    + (("request", "answered", LATER),),
    5: (("request", "answered_at_once", NOW),),
}

WHEN_TOLD = {1: None, 2: LATER, 3: None, 4: LATER, 5: NOW}


def add(connection: Connection, into: str, **facts: Any) -> None:
    connection.execute(stored(connection, into).insert().values(facts))


@pytest.fixture
def before(blank: Engine) -> Engine:
    migrate.upgrade(blank, "0006")
    with blank.begin() as connection:
        facts = {"pack": "p", "in_force_on": NOW.date(), "created_at": NOW, "data": {}}
        add(connection, "norm_revisions", **facts, number=1, signed_by="")
        put(connection, "customers", name="李雷", created_at=NOW)
        keys = {"customer_id": 1, "revision_id": 1, "channel": "letter", "priority": "normal"}
        keys |= {"charge": "free", "charge_reason": "rework", "extra": {}}
        keys |= {"received_at": NOW, "registered_at": NOW, "kind": "complaint"}
        for id, story in STORIES.items():
            put(connection, "requests", number=f"T{id}", status="in_progress", **keys)
            for sequence, (subject, fact, at) in enumerate(story, 1):
                where = {"subject": subject, "subject_id": id, "case_id": id, "at": at}
                told = {"sequence": sequence, "action": fact, "note": "", "data": {}}
                add(connection, "history", **where, **told, previous_hash="", hash=f"{id}{fact}")
        put(connection, "people", username="a", name="a", role="agent", password_hash="")
        notice = {"person_id": 1, "kind": "assigned", "source": "s", "data": {}, "at": NOW}
        add(connection, "notices", **notice)
    return blank


def test_who_was_told_by_somebody_is_known(before: Engine) -> None:
    migrate.upgrade(before)
    with before.begin() as connection:
        told = select(ServiceRequest.id, ServiceRequest.acknowledged_at)
        found = connection.execute(told.order_by(ServiceRequest.id)).all()
        assert dict(tuple(row) for row in found) == WHEN_TOLD
        connection.exec_driver_sql("UPDATE notices SET kind = 'withdrawn'")
    with pytest.raises(IntegrityError), before.begin() as connection:
        connection.exec_driver_sql("UPDATE notices SET kind = 'nonsense'")
    migrate.downgrade(before, "0006")
    with before.begin() as connection:
        assert rows(connection, "requests", "id") == [(id,) for id in STORIES]
        assert rows(connection, "notices", "id") == []
