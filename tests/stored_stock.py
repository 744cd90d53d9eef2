"""One row of everything that is stored of parts and tools, and what the database refuses."""

from datetime import date, timedelta
from typing import Any

from db.codes import (
    CountStatus,
    MoveReason,
    OldPart,
    OrderStatus,
    PartUseStatus,
    PlaceKind,
    ToolStatus,
)
from db.tables import (
    Part,
    PartBalance,
    PartLot,
    PartMinimum,
    PartMove,
    PartOrder,
    PartOrderLine,
    PartProduct,
    PartSubstitute,
    PartUse,
    StockCount,
    StockCountLine,
    StockPlace,
    Supplier,
    Tool,
    ToolFault,
    ToolTrip,
)
from tests.company_cast import NOW

DAY = date(2026, 3, 1)


def fill(s: Any) -> None:
    """Rows of each table, with every reference filled, on the stage of the constraint tests."""
    manager = s.company["manager"].id
    s.supplier = s.add(Supplier(name="正泰", is_regular=True))
    s.part, s.other = (s.add(part(number)) for number in ("p1", "p2"))
    s.add(PartSubstitute(part_id=s.part.id, substitute_id=s.other.id))
    s.add(PartProduct(part_id=s.part.id, product_id=s.product.id))
    s.store = s.add(StockPlace(kind=PlaceKind.STORE, key="store:1", station_id=1))
    s.van = s.add(van(s, "van:1", person_id=s.technician))
    s.minimum = s.add(PartMinimum(place_id=s.store.id, part_id=s.part.id, quantity=1))
    s.lot = s.add(PartLot(part_id=s.part.id, batch="A", expires_on=DAY))
    s.balance = s.add(PartBalance(place_id=s.store.id, lot_id=s.lot.id, quantity=1))
    decided = {"decided_by_id": manager, "decided_at": NOW, "ready_at": NOW, "issued_at": NOW}
    of = {"job_id": s.job.id, "case_id": s.case.id}
    who = {"technician_id": s.technician, "station_id": 1, "asked_at": NOW}
    s.order = s.add(PartOrder(status=OrderStatus.ISSUED, **of, **who, **decided))
    s.order_line = s.add(PartOrderLine(order_id=s.order.id, part_id=s.part.id, quantity=1))
    s.use = s.add(
        PartUse(
            status=PartUseStatus.OLD_OWED,
            place_id=s.van.id,
            lot_id=s.lot.id,
            quantity=1,
            old_part=OldPart.TO_MAKER,
            used_by_id=s.technician,
            used_at=NOW,
            **of,
        )
    )
    s.count = s.add(count(s, settled_by_id=manager, settled_at=NOW))
    s.count_line = s.add(count_line(s, counted=1))
    s.part_move = s.add(
        PartMove(
            lot_id=s.lot.id,
            from_id=s.store.id,
            to_id=s.van.id,
            quantity=1,
            reason=MoveReason.MOVED,
            supplier_id=s.supplier.id,
            order_id=s.order.id,
            use_id=s.use.id,
            count_id=s.count.id,
            person_id=s.technician,
            at=NOW,
        )
    )
    s.tool = s.add(tool("t1", ToolStatus.OUT, station_id=1, holder_id=s.technician))
    trip = {"tool_id": s.tool.id, "job_id": s.job.id, "person_id": s.technician}
    s.trip = s.add(ToolTrip(**trip, taken_at=NOW, back_at=NOW))
    s.fault = s.add(ToolFault(tool_id=s.tool.id, found_at=NOW, what="x", repaired_at=NOW))


def part(number: str) -> Part:
    return Part(number=number, key=number, name="皮带", unit="件", price_cents=1, expires=False)


def van(_s: Any, key: str, **facts: Any) -> StockPlace:
    return StockPlace(kind=PlaceKind.VAN, key=key, station_id=1, **facts)


def count(s: Any, **facts: Any) -> StockCount:
    usual = {"status": CountStatus.COUNTED, "place_id": s.store.id, "begun_at": NOW}
    return StockCount(**usual | {"counted_by_id": s.technician} | facts)


def count_line(s: Any, **facts: Any) -> StockCountLine:
    return StockCountLine(count_id=s.count.id, lot_id=s.lot.id, expected=1, **facts)


def tool(key: str, status: ToolStatus, **facts: Any) -> Tool:
    return Tool(number=key, key=key, name="万用表", status=status, **facts)


SPOILERS: dict[str, Any] = {
    "uq_suppliers_name": lambda s: s.add(Supplier(name="正泰", is_regular=False)),
    "uq_parts_key": lambda s: s.add(part("p1")),
    "ck_parts_price_not_negative": lambda s: s.change(s.part, price_cents=-1),
    "ck_parts_warranty_not_negative": lambda s: s.change(s.part, warranty_months=-1),
    "uq_part_substitutes_part_id_substitute_id": lambda s: s.add(
        PartSubstitute(part_id=s.part.id, substitute_id=s.other.id)
    ),
    "ck_part_substitutes_of_another": lambda s: s.add(
        PartSubstitute(part_id=s.part.id, substitute_id=s.part.id)
    ),
    "uq_part_products_part_id_product_id": lambda s: s.add(
        PartProduct(part_id=s.part.id, product_id=s.product.id)
    ),
    "uq_stock_places_key": lambda s: s.add(van(s, "van:1", person_id=s.technician)),
    "ck_stock_places_van_of_somebody": lambda s: s.add(van(s, "van:2")),
    "uq_part_minimums_place_id_part_id": lambda s: s.add(
        PartMinimum(place_id=s.store.id, part_id=s.part.id, quantity=2)
    ),
    "ck_part_minimums_quantity_positive": lambda s: s.change(s.minimum, quantity=0),
    "uq_part_lots_part_id_batch": lambda s: s.add(PartLot(part_id=s.part.id, batch="A")),
    "uq_part_balances_place_id_lot_id": lambda s: s.add(
        PartBalance(place_id=s.store.id, lot_id=s.lot.id, quantity=1)
    ),
    "ck_part_balances_quantity_not_negative": lambda s: s.change(s.balance, quantity=-1),
    "ck_part_orders_decided_when": lambda s: s.change(s.order, decided_at=None),
    "ck_part_orders_ready_when": lambda s: s.change(s.order, ready_at=None),
    "ck_part_orders_issued_when": lambda s: s.change(s.order, issued_at=None),
    "ck_part_orders_job_of_case": lambda s: s.change(s.order, job_id=None),
    "ck_part_order_lines_quantity_positive": lambda s: s.change(s.order_line, quantity=0),
    "ck_part_uses_quantity_positive": lambda s: s.change(s.use, quantity=0),
    "ck_part_uses_old_to_maker": lambda s: s.change(s.use, old_part=OldPart.LEFT),
    "ck_stock_counts_settled_by_another": lambda s: s.change(s.count, settled_by_id=s.technician),
    "ck_stock_counts_settled_when": lambda s: s.change(s.count, settled_at=None),
    "uq_stock_counts_open_place": lambda s: s.add(count(s)),
    "uq_stock_count_lines_count_id_lot_id": lambda s: s.add(count_line(s)),
    "ck_stock_count_lines_counted_not_negative": lambda s: s.change(s.count_line, counted=-1),
    "ck_part_moves_quantity_positive": lambda s: s.change(s.part_move, quantity=0),
    "ck_part_moves_somewhere": lambda s: s.change(s.part_move, from_id=None, to_id=None),
    "ck_part_moves_elsewhere": lambda s: s.change(s.part_move, to_id=s.store.id),
    "ck_part_moves_has_source": lambda s: s.change(
        s.part_move, reason=MoveReason.RECEIVED, supplier_id=None
    ),
    "uq_tools_key": lambda s: s.add(tool("t1", ToolStatus.IN_STORE)),
    "ck_tools_check_months_positive": lambda s: s.change(s.tool, check_months=0),
    "ck_tools_out_to_somebody": lambda s: s.change(s.tool, holder_id=None),
    "ck_tool_trips_back_after": lambda s: s.change(s.trip, back_at=NOW - timedelta(days=1)),
    "ck_tool_faults_repaired_after": lambda s: s.change(
        s.fault, repaired_at=NOW - timedelta(days=1)
    ),
}
