"""Requests: channels, kinds, statuses, what is charged and why, what is waited for."""

from enum import StrEnum


class Channel(StrEnum):
    """How a contact came in (S5, A14, C4)."""

    HOTLINE = "hotline"
    ONLINE = "online"
    EMAIL = "email"
    LETTER = "letter"
    COUNTER = "counter"
    ON_SITE = "on_site"
    BRANCH = "branch"
    INSPECTION = "inspection"


class RequestKind(StrEnum):
    """What is asked for (A15, C5, E4a)."""

    CONSULTATION = "consultation"
    REPAIR = "repair"
    INSTALLATION = "installation"
    CLEANING = "cleaning"
    PARTS = "parts"
    COMPLAINT = "complaint"
    QUALITY_FEEDBACK = "quality_feedback"
    RETURN = "return"
    SUGGESTION = "suggestion"
    TRAINING = "training"


class RequestStatus(StrEnum):
    """Where a request stands."""

    REGISTERED = "registered"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """How urgent a request is."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"


class ServiceWay(StrEnum):
    """How a case is served: by guidance from afar, at the station, or at the place (E25, D27)."""

    REMOTE = "remote"
    STATION = "station"
    SITE = "site"


class Charge(StrEnum):
    """Free or paid (E5)."""

    FREE = "free"
    PAID = "paid"


class ChargeReason(StrEnum):
    """Why a request is free or paid (E5, A16)."""

    IN_WARRANTY = "in_warranty"
    OUT_OF_WARRANTY = "out_of_warranty"
    NOT_MAKERS_FAULT = "not_makers_fault"
    NO_WARRANTY_DATA = "no_warranty_data"
    NO_CHARGE_KIND = "no_charge_kind"
    REWORK = "rework"
    BY_CONTRACT = "by_contract"
    GOODWILL = "goodwill"


class FaultArea(StrEnum):
    """What the trouble is about; a repeat of the same area on one product is flagged (S8)."""

    POWER = "power"
    NOISE = "noise"
    LEAK = "leak"
    FUNCTION = "function"
    CONTROL = "control"
    APPEARANCE = "appearance"
    INSTALLATION = "installation"
    SERVICE = "service"
    DELIVERY = "delivery"
    OTHER = "other"


class WaitReason(StrEnum):
    """Why the company waits, so that limits pause (norms 1, A30)."""

    CUSTOMER = "customer"
    PART = "part"
    FORCE_MAJEURE = "force_majeure"
