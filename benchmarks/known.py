"""How long it takes to know a customer again among a million: on both databases, with the plans.

python benchmarks/known.py                 (writes benchmarks/known.md)
python benchmarks/known.py --customers 1000

Customers and their pieces are made by SQL, because a million of them through the session would
take an hour; the keys are those that db/known.py would have given.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Engine, event, text

from core.customers import again, customers, likeness
from core.house import HOUSE
from core.kernel.unit_of_work import Actor, UnitOfWork, system_actor, unit_of_work
from db import customer_words, keys, migrate, phones
from db.codes import Role
from db.session import make_engine
from db.tables import Customer
from tests import postgres

ROUNDS = 21
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余"
GIVEN = "小明伟芳娜敏静丽强磊军洋勇艳杰娟涛超秀霞平刚桂英建华文辉玲国荣志新海波云飞"
STREETS = "湖滨文德中山解放人民建设和平胜利光明幸福青年东风红旗长江黄河太湖玄武鼓楼雨花栖霞"
# The customer who is looked for, of a million.
ONE = 777_777


def numbered(count: int) -> str:
    """What each customer is made of, by its number i."""
    phone = "'13' || CAST(100000000 + (CAST(i AS BIGINT) * 7919) % 900000000 AS TEXT)"
    name = (
        f"substr('{SURNAMES}', i % {len(SURNAMES)} + 1, 1)"
        f" || substr('{GIVEN}', (i / 7) % {len(GIVEN)} + 1, 1)"
        f" || substr('{GIVEN}', (i / 331) % {len(GIVEN)} + 1, 1)"
    )
    street = f"substr('{STREETS}', (i % {len(STREETS) // 2}) * 2 + 1, 2)"
    return f"""
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}),
        m AS (SELECT i, {phone} AS phone, {name} AS name,
              {street} || '街' || CAST(i % 997 AS TEXT) || '号' AS address,
              'SN' || CAST(10000000 + i AS TEXT) AS serial FROM n)
    """


def turned(word: str, length: int) -> str:
    """A word turned round, in SQL that both databases know."""
    return " || ".join(f"substr({word}, {at}, 1)" for at in range(length, 0, -1))


def pairs(word: str, length: int) -> str:
    """The pieces of a word (db/words.py), in SQL."""
    return " || ' ' || ".join(f"substr({word}, {at}, 2)" for at in range(1, length + 1))


def fill(engine: Engine, count: int) -> None:
    """Customers with a piece each."""
    made = numbered(count)
    with engine.begin() as connection:
        run: Callable[[str], Any] = lambda sql: connection.execute(text(sql))  # noqa: E731
        run(
            "INSERT INTO products (id, version, brand, model, specification, category,"
            " warranty_months) VALUES (1, 1, '海尔', 'XQG100', '', '', 12)"
        )
        run(
            "INSERT INTO customers (id, version, name, contact, phone, address, region,"
            " name_key, phone_key, phone_end, created_at)"
            f" {made} SELECT i, 1, name, '', phone, address, '', name, '86' || phone,"
            f" {turned('phone', 11)} || '68', '2026-01-05 01:00:00' FROM m"
        )
        run(
            "INSERT INTO customer_words (rowid, pieces)"
            f" {made} SELECT i, {pairs('name', 3)} || ' ' || trim({pairs('address', 7)}) FROM m"
        )
        run(
            "INSERT INTO assets (id, version, customer_id, product_id, serial, serial_key,"
            f" serial_end) {made} SELECT i, 1, i, 1, serial, lower(serial),"
            f" {turned('lower(serial)', 10)} FROM m"
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def check(customer: Customer) -> None:
    """The SQL above gives the keys that the tool gives."""
    assert customer.name_key == keys.name_key(customer.name)
    assert customer.phone_key == phones.key_of(customer.phone)
    assert customer.phone_end == phones.end_of(customer.phone)


def questions(customer: Customer, serial: str) -> Iterator[tuple[str, Callable[[UnitOfWork], Any]]]:
    """What is asked with the telephone at the ear."""

    def find(said: str) -> Callable[[UnitOfWork], Any]:
        return lambda uow: customers.find(uow, text=said)

    phone = customer.phone
    yield "a number with +86", find(f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}")
    yield "the end of a number, 8 digits", find(phone[-8:])
    yield "the end of a number, 4 digits", find(phone[-4:])
    yield "a serial number", find(serial)
    yield "the end of a serial number", find("765432")
    # Every house number with two sevens has the pieces of it: the most that an index leaves over.
    yield "the end of a serial number, six sevens", find(serial[-6:])
    yield "a whole name", find(customer.name)
    yield "a part of a name", find(customer.name[1:])
    yield "a street and the number of a house", find(customer.address)
    yield "nobody", find("13000000000")
    yield "whether a number is known", lambda uow: again.callers(uow, phone)
    yield "who may be the same as one", lambda uow: likeness.pairs_of(uow, customer_id=customer.id)
    yield "whether a piece is known", lambda uow: again.owners(uow, "海尔", "XQG100", serial)


def measure(engine: Engine) -> Iterator[tuple[str, int, float, float, set[str]]]:
    """Each question: how many it finds, its work, its least time, the indexes of its plan."""
    actor = replace(system_actor("Asia/Shanghai"), role=Role.MANAGER)
    with unit_of_work(engine, actor, HOUSE, write=False) as uow:
        one = min(ONE, uow.session.query(Customer).count())
        customer = uow.session.get_one(Customer, one)
        check(customer)
        asked = list(questions(customer, f"SN{10_000_000 + one}"))
    for name, ask in asked:
        worked, waited, found = [], [], 0
        for _ in range(ROUNDS):
            with unit_of_work(engine, actor, HOUSE, write=False) as uow:
                uow.session.connection()
                begun, began = time.process_time(), time.perf_counter()
                found = len(ask(uow))
                worked.append((time.process_time() - begun) * 1000)
                waited.append((time.perf_counter() - began) * 1000)
        yield name, found, statistics.median(worked), min(waited), indexes(engine, actor, ask)


def indexes(engine: Engine, actor: Actor, ask: Callable[[UnitOfWork], Any]) -> set[str]:
    """The indexes by which the first statement of a question is answered."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    with unit_of_work(engine, actor, HOUSE, write=False) as uow:
        ask(uow)
    event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    statement, parameters = next(each for each in sent if "_key" in each[0].partition("WHERE")[2])
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(explain + statement, parameters).all()
    said = " ".join(str(row[-1]) for row in plan)
    known = (*KNOWN, customer_words.INDEX.table.name)
    scanned = {"A WHOLE TABLE" for row in plan if str(row[-1]).strip() in SCANS}
    return {name for name in known if name in said} | scanned


KNOWN = (
    *("ix_customers_phone_key", "ix_customers_phone_end", "ix_customers_name_key"),
    *("ix_assets_serial_key", "ix_assets_serial_end", "ix_purchases_invoice"),
)
SCANS = {"SCAN customers", "SCAN assets", "Seq Scan on customers", "Seq Scan on assets"}


def table(engine: Engine, count: int) -> Iterator[str]:
    """The lines of one database."""
    migrate.upgrade(engine)
    fill(engine, count)
    yield f"## {engine.dialect.name}, {count:,} customers"
    yield ""
    yield "| asked | found | processor ms | least ms | indexes of the plan |"
    yield "| --- | ---: | ---: | ---: | --- |"
    for name, found, worked, least, used in measure(engine):
        yield f"| {name} | {found} | {worked:.1f} | {least:.1f} | {', '.join(sorted(used))} |"
    yield ""
    engine.dispose()


def main() -> int:
    """Measure on both databases and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--page", default=str(Path(__file__).with_suffix(".md")))
    told = parser.parse_args()
    lines = [
        "# Known again among a million",
        "",
        f"Made by `python benchmarks/known.py`; do not edit by hand. {ROUNDS} rounds, each with "
        "all that the page reads of who is found: the median of the processor time of the tool "
        "(on SQLite with the database in it), and the least by the clock on the wall.",
        "",
    ]
    with tempfile.TemporaryDirectory() as folder:
        lines += table(make_engine(f"sqlite:///{folder}/known.db"), told.customers)
    with postgres.running() as server:
        server.execute("CREATE DATABASE known")
        lines += table(make_engine(server.url("known")), told.customers)
    Path(told.page).write_text("\n".join(lines), "utf-8")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
