"""Goods in the shop: how far their repair is, and how they came."""

from enum import StrEnum


class ShopStatus(StrEnum):
    """How far the repair of goods in the shop is."""

    RECEIVED = "received"
    DIAGNOSED = "diagnosed"
    QUOTED = "quoted"
    AGREED = "agreed"
    DECLINED = "declined"
    REPAIRED = "repaired"
    TESTED = "tested"
    READY = "ready"
    GIVEN_BACK = "given_back"
    RECYCLED = "recycled"


class ShopPurpose(StrEnum):
    """What goods were taken in for: to be repaired, or for good."""

    REPAIR = "repair"
    RECYCLING = "recycling"


class CameFrom(StrEnum):
    """How goods came into the shop."""

    SITE = "site"
    COUNTER = "counter"
    PARCEL = "parcel"
