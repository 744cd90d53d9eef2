"""Calls and visits on a plan, and who is a key customer."""

from enum import StrEnum


class KeyStatus(StrEnum):
    """Whether a customer is a key customer (S14)."""

    KEY = "key"
    FORMER = "former"


class CareWhom(StrEnum):
    """Who is called on a plan: who bought something, or who is a key customer."""

    BUYER = "buyer"
    KEY = "key"


class CareMeans(StrEnum):
    """How a customer is looked after: by a call, or by a visit."""

    CALL = "call"
    VISIT = "visit"


class CareStatus(StrEnum):
    """What became of a call on a plan."""

    DUE = "due"
    DONE = "done"
    UNREACHABLE = "unreachable"
    SKIPPED = "skipped"
    DROPPED = "dropped"
