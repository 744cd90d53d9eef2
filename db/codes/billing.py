"""What work costs: prices, quotes, money that was collected and handed in."""

from enum import StrEnum


class PriceKind(StrEnum):
    """What a price is for."""

    LABOUR = "labour"
    PART = "part"
    TRAVEL = "travel"


class QuoteStatus(StrEnum):
    """How far a quote is."""

    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"


class PayMeans(StrEnum):
    """How money was paid."""

    CASH = "cash"
    TRANSFER = "transfer"
    CODE = "code"


class PaymentStatus(StrEnum):
    """Where the money of a payment is: with who took it, on its way, with finance."""

    HELD = "held"
    HANDED_IN = "handed_in"
    COUNTED = "counted"
    UNDONE = "undone"


class HandInStatus(StrEnum):
    """Whether money that was handed in is counted."""

    HANDED_IN = "handed_in"
    COUNTED = "counted"
    SENT_BACK = "sent_back"
