"""Parts in the stores of the test company: a catalogue, sources, deliveries."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.stock import catalogue, orders, receiving, uses
from core.stock.catalogue import EditPart, EditSupplier
from core.stock.inputs import AskParts, ReceiveParts, UsePart
from db.tables import PartBalance, PartLot, PartMove, StockPlace
from tests.company_cast import Company

BELT = {"number": "WM-B10", "part_name": "皮带"}
PASTE = {"number": "TP-1", "part_name": "导热膏", "unit": "支", "expires": True}


def part(company: Company, **facts: Any) -> int:
    command = parse(EditPart, BELT | facts)
    return company.do("warehouse", catalogue.add_part, command)


def source(company: Company, name: str = "正泰配件", *, is_regular: bool = True) -> int:
    known = {row.supplier_name: row.id for row in company.see("warehouse", catalogue.suppliers)}
    if name in known:
        return known[name]
    command = EditSupplier(supplier_name=name, is_regular=is_regular)
    return company.do("warehouse", catalogue.add_supplier, command)


def deliver(company: Company, part_id: int, quantity: int, **facts: Any) -> int:
    """Parts come into the store of station North; gives their lot."""
    usual = {"station_id": Company.NORTH, "supplier_id": source(company), "part_id": part_id}
    command = parse(ReceiveParts, usual | {"quantity": quantity} | facts)
    return company.do("warehouse", receiving.receive, command)


def ask(company: Company, *lines: tuple[int, int], who: str = "technician", **facts: Any) -> int:
    asked = [{"part_id": part_id, "quantity": quantity} for part_id, quantity in lines]
    command = parse(AskParts, {"order_lines": asked} | facts)
    return company.do(who, orders.ask, command)


def use(company: Company, job_id: int, who: str = "technician", **facts: Any) -> int:
    """Build in what lies first in reach."""
    first = company.see(who, uses.bench, job_id=job_id).in_reach[0]
    command = parse(UsePart, {"balance_id": first.id} | facts)
    return company.do(who, uses.use, command, job_id=job_id)


def lying(company: Company) -> dict[tuple[str, str], int]:
    """How many of each lot lie at each place, by the key of the place and the batch."""
    with transaction(company.engine, write=False) as session:
        rows = session.execute(
            select(StockPlace.key, PartLot.batch, PartBalance.quantity)
            .join(StockPlace, StockPlace.id == PartBalance.place_id)
            .join(PartLot, PartLot.id == PartBalance.lot_id)
        )
        return {(key, batch): quantity for key, batch, quantity in rows if quantity}


def check_books(company: Company) -> None:
    """What lies at each place is the sum of the moves there, and nowhere less than none."""
    with transaction(company.engine, write=False) as session:
        summed: dict[tuple[int, int], int] = {}
        for place, sign in ((PartMove.to_id, 1), (PartMove.from_id, -1)):
            sums = select(place, PartMove.lot_id, func.sum(PartMove.quantity))
            for at, lot, total in session.execute(
                sums.where(place.is_not(None)).group_by(place, PartMove.lot_id)
            ):
                summed[at, lot] = summed.get((at, lot), 0) + sign * total
        rows = session.execute(
            select(PartBalance.place_id, PartBalance.lot_id, PartBalance.quantity)
        )
        kept = {(place, lot): quantity for place, lot, quantity in rows}
    assert kept == summed
    assert all(quantity >= 0 for quantity in kept.values())


DAY = date(2026, 3, 20)
