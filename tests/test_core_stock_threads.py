"""The books of parts: what lies there is the sum of its moves, whatever is done, and by however
many at once; nowhere less than none."""

import random
from collections.abc import Callable

from core.kernel.errors import Refused
from core.kernel.inputs import parse
from core.stock import inputs, lists, receiving, uses
from db.tables import PartOrder, PartUse
from tests import stocked
from tests.company_cast import Company
from tests.test_core_dispatch_threads import at_once

THREADS, STOCK = 32, 10


def test_32_who_build_in_the_last_parts_take_what_there_is(company: Company) -> None:
    stocked.deliver(company, stocked.part(company), STOCK)
    _, job_id = company.dispatched()
    (balance,) = company.see("technician", uses.bench, job_id=job_id).in_reach
    command = parse(inputs.UsePart, {"balance_id": balance.id})

    def attempt(_number: int) -> None:
        company.do("technician", uses.use, command, job_id=job_id)

    said = at_once(THREADS, attempt)
    assert (said["done"], said.total()) == (STOCK, THREADS)
    assert set(said) <= {"done", "InvalidInput", "Stale"}
    assert len(company.rows(PartUse)) == STOCK
    assert stocked.lying(company) == {}
    stocked.check_books(company)


def test_32_who_bring_put_aside_and_build_in_leave_no_hole(company: Company) -> None:
    belt = stocked.part(company)
    stocked.deliver(company, belt, STOCK)
    _, job_id = company.dispatched()
    (balance,) = company.see("technician", uses.bench, job_id=job_id).in_reach
    waiting = [stocked.ask(company, (belt, 2)) for _ in range(THREADS // 4)]
    for order_id in waiting:
        company.act("warehouse", PartOrder, order_id, inputs.ApproveParts())
    to_van = {"balance_id": balance.id, "quantity": 3, "to_place": f"van:{_id(company)}"}
    ways: tuple[Callable[[int], object], ...] = (
        lambda n: company.act("warehouse", PartOrder, waiting[n // 4], inputs.PickParts()),
        lambda _n: company.do("warehouse", receiving.bring, parse(inputs.MoveParts, to_van)),
        lambda _n: company.do(
            "technician",
            uses.use,
            parse(inputs.UsePart, {"balance_id": balance.id}),
            job_id=job_id,
        ),
        lambda _n: stocked.deliver(company, belt, 1),
    )
    stocked.source(company)
    said = at_once(THREADS, lambda number: ways[number % 4](number))
    assert said["done"] >= THREADS // 4
    assert set(said) <= {"done", "InvalidInput", "Stale"}
    stocked.check_books(company)


def test_whatever_is_done_the_books_are_the_sum_of_the_moves(company: Company) -> None:
    dice = random.Random(7)
    parts = [stocked.part(company), stocked.part(company, number="B2")]
    _, job_id = company.dispatched()
    for part_id in parts:
        stocked.deliver(company, part_id, 6, batch="A")

    def receive() -> None:
        stocked.deliver(company, dice.choice(parts), dice.randint(1, 4), batch=dice.choice("AB"))

    def bring() -> None:
        row = dice.choice(company.see("warehouse", lists.balances))
        target = dice.choice((f"van:{_id(company)}", "store:1", "store:2", "store:0"))
        facts = {"balance_id": row.id, "quantity": dice.randint(1, 5), "to_place": target}
        company.do("warehouse", receiving.bring, parse(inputs.MoveParts, facts))

    def use() -> None:
        stocked.use(company, job_id, quantity=dice.randint(1, 3))

    def undo() -> None:
        used = dice.choice(company.rows(PartUse))
        company.act("technician", PartUse, used.id, inputs.UndoUse(note="x"))

    def order() -> None:
        order_id = stocked.ask(company, (dice.choice(parts), dice.randint(1, 4)))
        steps = (inputs.ApproveParts(), inputs.PickParts(), inputs.IssueParts())
        for step in steps[: dice.randint(1, 3)]:
            company.act("warehouse", PartOrder, order_id, step)
        company.act("technician", PartOrder, order_id, inputs.WithdrawParts())

    done = 0
    for _ in range(60):
        try:
            dice.choice((receive, bring, use, undo, order))()
            done += 1
        except (Refused, IndexError):
            pass
        stocked.check_books(company)
    assert done > 20


def _id(company: Company) -> int:
    return company["technician"].id or 0
