"""Complaints, their causes and measures, and penalties."""

from enum import StrEnum


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
