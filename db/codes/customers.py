"""Codes of the archive: where a piece stands in its life."""

from enum import StrEnum


class PieceStatus(StrEnum):
    """Whose a piece is: the customer's, the company's, or nobody's any more (D29)."""

    BOUGHT = "bought"
    IN_USE = "in_use"
    HELD = "held"
    SCRAPPED = "scrapped"
    RECYCLED = "recycled"
