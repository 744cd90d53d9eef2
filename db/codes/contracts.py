"""Contracts of customers, and what goes beyond them."""

from enum import StrEnum


class ContractStatus(StrEnum):
    """Whether a contract binds."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    ENDED = "ended"


class SupplementStatus(StrEnum):
    """What became of a supplementary agreement (S7)."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
