"""Returns and exchanges (C8): which condition fits, what may come back, what is paid."""

from enum import StrEnum

from db.codes import DeductionKind, Fit, GoodsState, Payer, ReturnReason, Wish

__all__ = ["DeductionKind", "Fit", "GoodsState", "Hurdle", "Payer", "ReturnReason", "Wish"]


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
