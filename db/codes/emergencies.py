"""Emergencies and their resources."""

from enum import StrEnum


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
