"""One row of goods in the shop, and what the database refuses about it."""

from typing import Any

from db.codes import CameFrom, ShopPurpose, ShopStatus
from db.tables import ShopPiece
from tests.company_cast import NOW


def fill(s: Any) -> None:
    """A piece that was given back, with every reference filled, and one in the shop."""
    given = {"given_to": "王小明", "given_by_id": 1, "given_at": NOW, "ready_at": NOW}
    loan = {"lent": "备用机", "lent_back_at": NOW}
    s.piece = s.add(piece(s, ShopStatus.GIVEN_BACK, "SR-1-1", **given, **loan))
    old = {"purpose": ShopPurpose.RECYCLING, "recycled_to": "回收站", "recycled_at": NOW}
    s.add(piece(s, ShopStatus.RECYCLED, "SR-1-0", **old))
    s.in_shop = s.add(piece(s, ShopStatus.RECEIVED, "SR-1-2"))


def piece(s: Any, status: ShopStatus, number: str, **facts: Any) -> ShopPiece:
    usual = {"request_id": s.case.id, "asset_id": s.asset.id, "station_id": 1, "number": number}
    about = {"came_from": CameFrom.COUNTER, "condition": "完好", "handed_over_by": "王小明"}
    people = {"taken_in_by_id": 1, "technician_id": 1, "taken_in_at": NOW}
    return ShopPiece(**usual | about | people | {"status": status} | facts)


SPOILERS: dict[str, Any] = {
    "uq_shop_pieces_number": lambda s: s.change(s.in_shop, number="SR-1-1"),
    "uq_shop_pieces_in_shop": lambda s: s.add(piece(s, ShopStatus.RECEIVED, "SR-1-3")),
    "ck_shop_pieces_quote_not_negative": lambda s: s.change(s.piece, quote_cents=-1),
    "ck_shop_pieces_given_to_whom": lambda s: s.change(s.piece, given_to=""),
    "ck_shop_pieces_given_when": lambda s: s.change(s.in_shop, given_to="王", given_at=NOW),
    "ck_shop_pieces_recycled_when": lambda s: s.change(s.in_shop, recycled_at=NOW),
    "ck_shop_pieces_ready_when": lambda s: s.change(s.piece, ready_at=None),
    "ck_shop_pieces_lent_before_back": lambda s: s.change(s.piece, lent=""),
}
