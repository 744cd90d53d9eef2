"""Sums of days of before: added up by month, without those of what says nothing, and back again."""

from datetime import date
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from core.kpi import sums
from db import migrate
from tests.test_db_migration_of_reviews import stored

BEFORE, AFTER = "0025", "0026"
MARCH_2, MARCH_9, APRIL = date(2026, 3, 2), date(2026, 3, 9), date(2026, 4, 1)
# Three cases of a station, of which one is imported and two name a product.
DAYS: list[tuple[Any, ...]] = [
    ("", "received", MARCH_2, "", 1, "", 2, 1, 0),
    ("", "received", MARCH_9, "", 1, "", 1, 0, 0),
    ("", "received", APRIL, "", 2, "", 1, 0, 0),
    ("imported", "received", MARCH_2, "0", 1, "", 1, 1, 0),
    ("imported", "received", MARCH_2, "1", 1, "", 1, 0, 0),
    ("imported", "received", MARCH_9, "0", 1, "", 1, 0, 0),
    ("product", "received", MARCH_2, "7", 1, "", 2, 1, 0),
    ("", "customers", MARCH_2, "", 1, "", 5, 0, 0),
]
NAMES = ("dimension", "source", "day", "value", "station_id", "part", "cases", "hits", "total")


def read(engine: Engine, table: str, where: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        found = stored(connection, table)
        query = found.select().where(text(where)).order_by(*found.c)
        return [tuple(row) for row in connection.execute(query)]


def test_months_are_the_days_and_what_says_nothing_is_the_rest(blank: Engine) -> None:
    migrate.upgrade(blank, BEFORE)
    with blank.begin() as connection:
        rows = [dict(zip(NAMES, row, strict=True)) for row in DAYS]
        connection.execute(stored(connection, "figure_days").insert(), rows)
    migrate.upgrade(blank, AFTER)
    kept = [row for row in DAYS if (row[0], row[3]) != ("imported", "0")]
    assert read(blank, "figure_days", "1 = 1") == sorted(kept)
    march = date(2026, 3, 1)
    assert read(blank, "figure_months", "source = 'received'") == [
        ("", "received", march, "", 1, "", 3, 1, 0),
        ("", "received", APRIL, "", 2, "", 1, 0, 0),
        ("imported", "received", march, "1", 1, "", 1, 0, 0),
        ("product", "received", march, "7", 1, "", 2, 1, 0),
    ]
    migrate.downgrade(blank, BEFORE)
    assert read(blank, "figure_days", "dimension IN ('', 'product') AND value <> '0'") == [
        row for row in sorted(kept) if row[0] != "imported"
    ]
    assert read(blank, "figure_days", "dimension = 'imported' AND station_id = 1") == sorted(
        row for row in DAYS if row[0] == "imported"
    )
    # The others have no product.
    assert read(blank, "figure_days", "dimension = 'product' AND value = '0'") == [
        ("product", "received", MARCH_9, "0", 1, "", 1, 0, 0),
        ("product", "received", APRIL, "0", 2, "", 1, 0, 0),
    ]


FACTS: list[dict[str, Any]] = [
    {"subject_id": 1, "source": "received", "kind": "repair", "product_id": 7, "hit": True},
    {"subject_id": 2, "source": "received", "kind": "complaint", "cancelled": True},
    {"subject_id": 3, "source": "received", "kind": "repair", "day": APRIL, "imported": True},
    {"subject_id": 3, "source": "answers", "part": "attitude", "kind": "repair", "total": 900},
    {"subject_id": 3, "source": "sold", "row_id": 5, "product_id": 7, "total": 2},
]


def test_sums_are_told_apart_by_kind_and_back(blank: Engine) -> None:
    migrate.upgrade(blank, "0032")
    text_facts = dict.fromkeys(("part", "kind", "channel", "case_class", "fault_area"), "")
    ids = dict.fromkeys(("row_id", "total", "product_id", "technician_id"), 0) | {"station_id": 1}
    usual = text_facts | ids | dict.fromkeys(("hit", "imported", "cancelled"), False)
    with blank.begin() as connection:
        rows = [usual | {"day": MARCH_2} | each for each in FACTS]
        connection.execute(stored(connection, "figure_facts").insert(), rows)
    migrate.upgrade(blank)
    whole = "source = 'received' AND dimension = ''"
    assert read(blank, "figure_months", whole) == [
        ("", "received", date(2026, 3, 1), "", 1, "complaint", "", 1, 0, 0),
        ("", "received", date(2026, 3, 1), "", 1, "repair", "", 1, 1, 0),
        ("", "received", APRIL, "", 1, "repair", "", 1, 0, 0),
    ]
    with Session(blank) as session:
        for missing in (sums.missing, sums.missing_of_months):
            assert session.execute(missing(date(2026, 3, 1), date(2026, 4, 30))).all() == []
    migrate.downgrade(blank, "0032")
    assert read(blank, "figure_days", f"{whole} AND day < '2026-04-01'") == [
        ("", "received", MARCH_2, "", 1, "", 2, 1, 0)
    ]
    assert read(blank, "figure_days", "source = 'answers'") == [
        ("", "answers", MARCH_2, "", 1, "attitude", 1, 0, 900),
        ("kind", "answers", MARCH_2, "repair", 1, "attitude", 1, 0, 900),
    ]
    assert len(read(blank, "figure_days", "source = 'sold'")) == 2
