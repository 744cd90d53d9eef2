"""Training of customers: what a course is, where it is held, and where it and its people stand."""

from enum import StrEnum


class CourseKind(StrEnum):
    """What is trained, or shown on the product itself (C11)."""

    OPERATION = "operation"
    SAFETY = "safety"
    APPLICATION = "application"
    MAINTENANCE = "maintenance"
    TRIAL = "trial"
    DEMONSTRATION = "demonstration"


class CoursePlace(StrEnum):
    """Where a course is held."""

    HERE = "here"
    AT_CUSTOMER = "at_customer"
    ONLINE = "online"


class CourseStatus(StrEnum):
    """Where a course stands."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class SeatStatus(StrEnum):
    """Where somebody who was invited to a course stands."""

    INVITED = "invited"
    ATTENDED = "attended"
    ABSENT = "absent"
    EXCUSED = "excused"
    CERTIFIED = "certified"
    REVOKED = "revoked"
