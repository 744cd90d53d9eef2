"""Returns and exchanges (C8): which condition fits, what may come back, what is paid.

The closed lists of codes that its parts share.
"""

from enum import StrEnum


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


class Payer(StrEnum):
    """Who pays the freight, or who has paid it so far."""

    COMPANY = "company"
    CUSTOMER = "customer"


class Fit(StrEnum):
    """Whether a condition holds; open while a fact or the inspection is still to come."""

    FITS = "fits"
    OPEN = "open"
    FAILS = "fails"


class Hurdle(StrEnum):
    """What keeps a condition from holding, for good or for now."""

    TOO_LATE = "too_late"
    TOO_FAR = "too_far"
    WISH_NOT_COVERED = "wish_not_covered"
    GOODS_NOT_FIT = "goods_not_fit"
    WRONG_REASON = "wrong_reason"
    NOT_AT_A_DISTANCE = "not_at_a_distance"
    TOO_FEW_REPAIRS = "too_few_repairs"
    NO_DEFECT = "no_defect"
    NO_PURCHASE_DATE = "no_purchase_date"
    NO_RECEIPT_DATE = "no_receipt_date"
    NO_MILEAGE = "no_mileage"
    DISTANCE_UNKNOWN = "distance_unknown"
    NEEDS_INSPECTION = "needs_inspection"
    NEEDS_NAMING = "needs_naming"


class DeductionKind(StrEnum):
    """For what the company keeps a part of the price."""

    USED = "used"
    DAMAGED = "damaged"
    MISSING_ACCESSORY = "missing_accessory"
    PACKAGING = "packaging"
