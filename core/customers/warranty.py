"""The warranty of a piece: how long it runs, and for whom."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from db.codes import PieceStatus
from db.tables import Asset

# While a piece is one of these it is its customer's.
OWNED = frozenset({PieceStatus.BOUGHT, PieceStatus.IN_USE})


def warranty_end(purchased_on: date | None, months: int) -> date | None:
    """The last day of the warranty; None when the purchase date is unknown.

    Where the month of its end lacks the day of the purchase, it is the last day of that month.
    """
    if purchased_on is None:
        return None
    same_day: date = purchased_on + relativedelta(months=months)
    return same_day if same_day.day < purchased_on.day else same_day - timedelta(days=1)


def months_of(asset: Asset) -> int:
    """Its own months of warranty, or those of its product."""
    own = asset.warranty_months
    return asset.product.warranty_months if own is None else own


def until(asset: Asset) -> date | None:
    """The last day of the warranty by the facts of a piece, days in repair added."""
    end = warranty_end(asset.purchased_on, months_of(asset))
    return end and end + timedelta(days=asset.repair_days)


def free_until(asset: Asset | None) -> date | None:
    """Until when service is free for whoever has the piece: it ends with the ownership."""
    if asset is None or asset.warranty_until is None:
        return None
    if asset.left_on is None:
        return asset.warranty_until
    return min(asset.warranty_until, asset.left_on - timedelta(days=1))
