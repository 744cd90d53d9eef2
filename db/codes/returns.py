"""Codes of returns and exchanges."""

from enum import StrEnum


class ReturnStatus(StrEnum):
    """Which step a return or exchange waits for (C8)."""

    APPLIED = "applied"
    SCREENED = "screened"
    INSPECTED = "inspected"
    APPROVED = "approved"
    REFUSED = "refused"
    APPEALED = "appealed"
    AWAITED = "awaited"
    RECEIVED = "received"
    TESTED = "tested"
    STORED = "stored"
    SETTLED = "settled"
    REFUNDED = "refunded"
    TOLD = "told"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ReturnReason(StrEnum):
    """Why the customer brings goods back: a fault, own choice, or another case of the law."""

    QUALITY = "quality"
    OWN = "own"
    LAW = "law"


class Wish(StrEnum):
    """What the customer asks for."""

    RETURN = "return"
    EXCHANGE = "exchange"
    REPAIR = "repair"


class GoodsState(StrEnum):
    """The state of the goods, as the customer says or as quality control found it."""

    UNUSED = "unused"
    FIT_FOR_RESALE = "fit_for_resale"
    USED = "used"
    DAMAGED = "damaged"


class Fit(StrEnum):
    """Whether a condition holds; open while a fact or the inspection is still to come."""

    FITS = "fits"
    OPEN = "open"
    FAILS = "fails"


class Payer(StrEnum):
    """Who pays the freight, or who has paid it so far."""

    COMPANY = "company"
    CUSTOMER = "customer"


class DeductionKind(StrEnum):
    """For what the company keeps a part of the price."""

    USED = "used"
    DAMAGED = "damaged"
    MISSING_ACCESSORY = "missing_accessory"
    PACKAGING = "packaging"


class WayBack(StrEnum):
    """How the goods come back."""

    PICK_UP = "pick_up"
    SENT_IN = "sent_in"


class Direction(StrEnum):
    """Whether a parcel comes from the customer or goes to the customer."""

    IN = "in"
    OUT = "out"


class Destination(StrEnum):
    """Where goods that came back are put."""

    QUARANTINE = "quarantine"
    RESALE = "resale"
    SCRAP = "scrap"
    MAKER = "maker"


class RefundMethod(StrEnum):
    """How a refund is paid."""

    ORIGINAL = "original"
    TRANSFER = "transfer"
    CASH = "cash"
    CREDIT = "credit"
