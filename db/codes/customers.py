"""Codes of the archive: where a piece stands in its life, and a purchase on file."""

from enum import StrEnum


class PieceStatus(StrEnum):
    """Whose a piece is: the customer's, the company's, or nobody's any more (D29)."""

    BOUGHT = "bought"
    IN_USE = "in_use"
    HELD = "held"
    SCRAPPED = "scrapped"
    RECYCLED = "recycled"


class PurchaseStatus(StrEnum):
    """Whether a purchase is on file, or was written down by mistake (C9)."""

    ON_FILE = "on_file"
    WITHDRAWN = "withdrawn"


class HandoverStatus(StrEnum):
    """What became of the proposal that a customer goes to another station (C15)."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReadingStatus(StrEnum):
    """Where the application to read an archive stands (C10)."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    ENDED = "ended"
