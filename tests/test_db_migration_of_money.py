"""What was paid and who decided a charge, written down before either was stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import migrate
from tests.company_cast import NOW
from tests.test_db_migration_of_reviews import fill, put, rows, stored

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

BEFORE, AFTER = "0035", "0036"


def case(connection: Connection, id: int, reason: str, charge: str = "free") -> None:
    keys = {"customer_id": 1, "revision_id": 1, "channel": "letter", "priority": "normal"}
    at = {"received_at": NOW, "registered_at": NOW, "extra": {}, "named": [], "way": "site"}
    about = {"number": f"M{id}", "kind": "repair", "status": "registered"}
    judged = {"charge": charge, "charge_reason": reason}
    put(connection, "requests", id=id, **keys, **at, **about, **judged)


def charged(connection: Connection, case_id: int, note: str) -> None:
    hashes = {"previous_hash": "", "hash": "h", "data": {}}
    fact = {"subject": "request", "subject_id": case_id, "sequence": 1, "case_id": case_id}
    row = {"action": "charge_set", "at": NOW, "note": note} | fact | hashes
    connection.execute(stored(connection, "history").insert().values(row))


def quoted(connection: Connection, case_id: int, *payments: tuple[str, int]) -> None:
    agreed: dict[str, Any] = {"status": "agreed", "agreed_at": NOW, "agreed_how": "hotline"}
    put(connection, "quotes", id=case_id, request_id=case_id, cents=10_000, **agreed)
    for place, (status, cents) in enumerate(payments):
        taken = {"taken_by_id": 1, "taken_at": NOW, "means": "cash", "cents": cents}
        number = f"RC{case_id}-{place}"
        put(connection, "payments", request_id=case_id, number=number, status=status, **taken)


def test_payments_and_history_tell_what_was_paid_and_who_decided(blank: Engine) -> None:
    migrate.upgrade(blank, "0003")
    with blank.begin() as connection:
        fill(connection)
    migrate.upgrade(blank, BEFORE)
    with blank.begin() as connection:
        case(connection, 11, "goodwill")
        case(connection, 12, "out_of_warranty", "paid")
        case(connection, 13, "in_warranty")
        case(connection, 14, "in_warranty")
        charged(connection, 13, "客户投诉后免费")
        charged(connection, 14, "")
        quoted(connection, 12, ("held", 4_000), ("undone", 6_000), ("counted", 500))
        quoted(connection, 13)
    migrate.upgrade(blank, AFTER)
    with blank.connect() as connection:
        assert rows(connection, "quotes", "request_id", "paid_cents") == [(12, 4_500), (13, 0)]
        judged = rows(connection, "requests", "id", "charge_by_person")
        assert {id: bool(by) for id, by in judged if id > 10} == {
            11: True,
            12: False,
            13: True,
            14: False,
        }
    migrate.downgrade(blank, BEFORE)
    with blank.connect() as connection:
        assert rows(connection, "payments", "cents") == [(4_000,), (6_000,), (500,)]
