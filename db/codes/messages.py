"""Messages to customers."""

from enum import StrEnum


class Occasion(StrEnum):
    """Why a customer is written to."""

    REGISTERED = "registered"
    PROGRESS = "progress"
    VISIT_AGREED = "visit_agreed"
    VISIT_MOVED = "visit_moved"
    PROMISED = "promised"
    RESOLVED = "resolved"
    GOODS_SENT = "goods_sent"
    QUOTED = "quoted"
    OWN = "own"


class MessageWay(StrEnum):
    """How a message comes to the customer."""

    EMAIL = "email"
    SMS = "sms"
    WECOM = "wecom"
    BY_HAND = "by_hand"


class MessageStatus(StrEnum):
    """Where a message stands; of an unknown one nobody knows whether it went."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


class Unsent(StrEnum):
    """Why a message did not go, or not yet."""

    NO_ADDRESS = "no_address"
    NOT_SET_UP = "not_set_up"
    DECLINED = "declined"
    ERASED = "erased"
    OVER = "over"
    LATE = "late"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    AWAY = "away"
    BUSY = "busy"
    REFUSED = "refused"
    SILENT = "silent"
    GARBLED = "garbled"
