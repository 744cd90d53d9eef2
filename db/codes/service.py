"""Codes of people, requests, jobs, calls, limits, notices and emergencies."""

from enum import StrEnum


class Role(StrEnum):
    """Who does what (norms 14)."""

    AGENT = "agent"
    DISPATCHER = "dispatcher"
    TECHNICIAN = "technician"
    SUPPORT = "support"
    QUALITY = "quality"
    WAREHOUSE = "warehouse"
    FINANCE = "finance"
    HANDLER = "handler"
    MANAGER = "manager"
    LEADER = "leader"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Language(StrEnum):
    """The languages of the screens."""

    ZH = "zh_CN"
    EN = "en"


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


class JobStatus(StrEnum):
    """Where a job stands."""

    ASSIGNED = "assigned"
    AGREED = "agreed"
    ON_SITE = "on_site"
    UNFINISHED = "unfinished"
    DONE = "done"
    CANCELLED = "cancelled"


class VisitOutcome(StrEnum):
    """How a visit ended."""

    DONE = "done"
    UNFINISHED = "unfinished"
    NO_ACCESS = "no_access"
    MOVED = "moved"
    CANCELLED = "cancelled"


class JobResult(StrEnum):
    """What a job came to (E9)."""

    FIXED = "fixed"
    INSTALLED = "installed"
    ADVISED = "advised"
    NO_FAULT_FOUND = "no_fault_found"
    NOT_REPAIRABLE = "not_repairable"


class FollowUpStatus(StrEnum):
    """Where a follow-up call stands (E3)."""

    DUE = "due"
    ANSWERED = "answered"
    UNREACHABLE = "unreachable"
    DROPPED = "dropped"


class LimitUnit(StrEnum):
    """In what a time limit is counted (norms 1)."""

    WORKING_MINUTES = "working_minutes"
    WORKING_DAYS = "working_days"
    CLOCK_MINUTES = "clock_minutes"
    MOMENT = "moment"


class Measure(StrEnum):
    """What a time limit measures, so that figures can be drawn from it."""

    RESPONSE = "response"
    APPOINTMENT = "appointment"
    RESOLUTION = "resolution"
    FOLLOW_UP = "follow_up"
    # A step inside a case that its own figures do not judge by.
    STEP = "step"


class Receiver(StrEnum):
    """Who an escalation calls for help, the higher one last (norms 8)."""

    OWNER = "owner"
    STATION_HEAD = "station_head"
    MANAGER = "manager"
    LEADER = "leader"


class NoticeKind(StrEnum):
    """What a notice in a person's inbox is about."""

    ESCALATION = "escalation"
    EMERGENCY = "emergency"
    RESOURCE_ASKED = "resource_asked"
    RESOURCE_DECIDED = "resource_decided"
    ASSIGNED = "assigned"
    APPROVAL = "approval"
    PLAN_DECIDED = "plan_decided"
    REOPENED = "reopened"
    PENALTY = "penalty"
    APPEAL = "appeal"
    APPEAL_DECIDED = "appeal_decided"
    IMPROVEMENT = "improvement"
    REPEAT_FAULT = "repeat_fault"
    YOUR_TURN = "your_turn"
    WITHDRAWN = "withdrawn"
    IMPORTED_LATE = "imported_late"


class EmergencyStatus(StrEnum):
    """Where an emergency stands (D6, D7)."""

    DECLARED = "declared"
    RESPONDED = "responded"
    HANDLED = "handled"
    CLOSED = "closed"


class ResourceStatus(StrEnum):
    """Where a resource of an emergency stands (D20)."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    USED = "used"
    RETURNED = "returned"
