"""The closed lists of codes that the tables hold. Words for them belong to the screens."""

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


class ComplaintStatus(StrEnum):
    """Which of the eight steps a complaint waits for (E14)."""

    RECORDED = "recorded"
    JUDGED = "judged"
    ASSIGNED = "assigned"
    INVESTIGATED = "investigated"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    NOTIFIED = "notified"
    PENALISED = "penalised"
    CLOSED = "closed"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class CauseScope(StrEnum):
    """Whose doing the cause was (D15)."""

    COMPANY = "company"
    CUSTOMER = "customer"
    OUTSIDE = "outside"


class CauseKind(StrEnum):
    """Where a cause lies, so that causes can be counted (A26)."""

    DESIGN = "design"
    MATERIAL = "material"
    PRODUCTION = "production"
    INSTALLATION = "installation"
    SERVICE = "service"
    TRANSPORT = "transport"
    USE = "use"
    INFORMATION = "information"
    OTHER = "other"


class MeasureKind(StrEnum):
    """What is offered to the customer (E14)."""

    REPAIR = "repair"
    REPLACE = "replace"
    REFUND = "refund"
    COMPENSATE = "compensate"
    APOLOGISE = "apologise"
    OTHER = "other"


class Reaction(StrEnum):
    """How the customer took the answer (E16)."""

    SATISFIED = "satisfied"
    ACCEPTED = "accepted"
    DISSATISFIED = "dissatisfied"
    NOT_REACHED = "not_reached"


class PenaltyGround(StrEnum):
    """What a penalty is for: the cause, heading the department, or late handling (E14)."""

    PERSON = "person"
    HEAD = "head"
    DELAY = "delay"


class PenaltyBase(StrEnum):
    """Of what a penalty takes its share."""

    BONUS = "bonus"
    WAGE = "wage"


class PenaltyStatus(StrEnum):
    """Where a penalty stands."""

    IMPOSED = "imposed"
    APPEALED = "appealed"
    UPHELD = "upheld"
    REDUCED = "reduced"
    LIFTED = "lifted"


class ImprovementKind(StrEnum):
    """Whether a measure mends what went wrong or keeps it from coming back (C7)."""

    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


class ImprovementStatus(StrEnum):
    """Where a measure of improvement stands (E14)."""

    PLANNED = "planned"
    DONE = "done"
    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"


class QualityStatus(StrEnum):
    """Where quality feedback stands (C7)."""

    RECORDED = "recorded"
    ASSESSED = "assessed"
    SAMPLED = "sampled"
    TESTED = "tested"
    ANALYSED = "analysed"
    SOLVED = "solved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Severity(StrEnum):
    """How grave a quality problem is (C7)."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class SuggestionStatus(StrEnum):
    """Where a suggestion stands (S12, A25)."""

    COLLECTED = "collected"
    PASSED_ON = "passed_on"
    ADOPTED = "adopted"
    DECLINED = "declined"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


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
