"""Purchases and returns that were doubled before come up; the first of each keeps its number."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from db import migrate
from tests.company_cast import NOW
from tests.test_db_migration_of_reviews import fill, put, rows, stored

TODAY = NOW.date()
BEFORE = "0006"


def bought(
    connection: Connection, id: int, customer_id: int, no: str, asset_id: int | None
) -> None:
    put(
        connection,
        "purchases",
        id=id,
        customer_id=customer_id,
        invoice_no=no,
        purchased_on=TODAY,
        added_at=NOW,
    )
    line = {"purchase_id": id, "product_id": 1, "asset_id": asset_id, "quantity": 1}
    put(connection, "purchase_lines", id=id, **line, unit_cents=100)


def returned(connection: Connection, id: int, **facts: Any) -> None:
    """A return of the purchase line with the same number as itself, unless it is said."""
    case = {"customer_id": 1, "revision_id": 1, "channel": "letter", "priority": "normal"}
    case |= {"number": f"R{id}", "kind": "return", "status": "in_progress", "extra": {}}
    case |= {"charge": "free", "charge_reason": "rework", "received_at": NOW, "registered_at": NOW}
    put(connection, "requests", id=100 + id, **case)
    file = {"request_id": 100 + id, "asked_on": TODAY, "approvers": []}
    put(connection, "returns", id=id, status="stored", without_goods=False, **file)
    line = {"return_id": id, "purchase_line_id": id, "quantity": 1, "approved": 1, "received": 1}
    line |= {"reason": "quality", "wish": "return", "goods": "used", "fit": "fits", "held": 1}
    table = {"id": id} | line | facts
    lines = stored(connection, "return_lines")
    required = {
        column.name: "" if column.type.python_type is str else 0
        for column in lines.columns
        if not column.nullable
    }
    connection.execute(lines.insert().values(required | table))


def old_doubles(connection: Connection) -> None:
    fill(connection)
    put(connection, "customers", name="韩梅梅", created_at=NOW)
    put(connection, "products", brand="海尔", model="XQG100")
    for id, serial in ((1, "SN-1"), (2, "SN1"), (3, "N-1")):
        put(connection, "assets", id=id, customer_id=1, product_id=1, serial=serial)
    bought(connection, 1, 1, "FP-9", 1)
    bought(connection, 2, 1, "fp 9", 2)
    bought(connection, 3, 2, "FP9", None)
    bought(connection, 4, 1, "无", None)
    returned(connection, 1)
    returned(connection, 2, held=0, accepted=1)
    returned(connection, 3, serial="S7", held=0)


def test_old_doubles_come_up_and_new_ones_do_not(blank: Engine) -> None:
    migrate.upgrade(blank, BEFORE)
    with blank.begin() as connection:
        old_doubles(connection)
    migrate.upgrade(blank)
    with blank.connect() as connection:
        keys = [key for (key,) in rows(connection, "purchases", "invoice_key")]
        assert keys == ["fp9", "", "fp9", ""]
        assert [bool(key) for (key,) in rows(connection, "purchase_lines", "piece")] == [
            *(True, False, False, False)
        ]
        lines = rows(connection, "return_lines", "serial", "piece")
        assert [serial for serial, _ in lines] == ["SN-1", "SN1", "S7"]
        # Not held and not taken back: the third keeps nothing.
        assert [bool(piece) for _, piece in lines] == [True, False, False]
    with pytest.raises(IntegrityError), blank.begin() as connection:
        connection.exec_driver_sql("UPDATE purchases SET invoice_key = 'fp9' WHERE id = 2")
    migrate.downgrade(blank, BEFORE)
    with blank.connect() as connection:
        assert len(rows(connection, "purchases", "invoice_no")) == 4


def test_a_purchase_stands_for_what_was_sent_in_exchange(blank: Engine) -> None:
    migrate.upgrade(blank, BEFORE)
    with blank.begin() as connection:
        old_doubles(connection)
        connection.exec_driver_sql(
            "INSERT INTO return_parcels (id, return_id, direction, label, carrier, tracking,"
            " paid_by, freight_cents, after_refund)"
            " VALUES (1, 1, 'out', 'a', '', '', 'company', 0, false)"
        )
        connection.exec_driver_sql(
            "INSERT INTO replacements (line_id, parcel_id, quantity, asset_id) VALUES (1, 1, 1, 3)"
        )
    migrate.upgrade(blank)
    with blank.connect() as connection:
        (first, *_) = rows(connection, "purchase_lines", "asset_id", "piece")
        assert first[0] == 3 and first[1].startswith("n1 ")
        (line, *_) = rows(connection, "return_lines", "serial", "piece")
        assert line[0] == "SN-1" and line[1].startswith("sn1 ")
