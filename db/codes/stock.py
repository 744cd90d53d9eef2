"""Parts: where they lie, why they move, what becomes of an order, a used part and a count."""

from enum import StrEnum


class PlaceKind(StrEnum):
    """Where parts lie: in a store, put aside for somebody, in a technician's van."""

    STORE = "store"
    ASIDE = "aside"
    VAN = "van"


class MoveReason(StrEnum):
    """Why parts came, went, or went from one place to another."""

    RECEIVED = "received"
    MOVED = "moved"
    PICKED = "picked"
    PUT_BACK = "put_back"
    ISSUED = "issued"
    GIVEN_BACK = "given_back"
    USED = "used"
    UNDONE = "undone"
    COUNTED = "counted"
    SENT_BACK = "sent_back"
    SCRAPPED = "scrapped"


class OrderStatus(StrEnum):
    """What became of the parts that a technician asked for."""

    ASKED = "asked"
    APPROVED = "approved"
    PICKED = "picked"
    ISSUED = "issued"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class OldPart(StrEnum):
    """What becomes of the part that was taken out."""

    NONE = "none"
    LEFT = "left"
    SCRAPPED = "scrapped"
    TO_MAKER = "to_maker"


class PartUseStatus(StrEnum):
    """A part in a piece, and its old one on the way to the maker."""

    USED = "used"
    OLD_OWED = "old_owed"
    OLD_IN_STORE = "old_in_store"
    OLD_SENT = "old_sent"
    UNDONE = "undone"


class CountStatus(StrEnum):
    """How far the count of a place is."""

    COUNTING = "counting"
    COUNTED = "counted"
    SETTLED = "settled"
    DROPPED = "dropped"
