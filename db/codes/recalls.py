"""Recalls: whether the owners of a batch know of it."""

from enum import StrEnum


class OwnerStatus(StrEnum):
    """Whether an owner of recalled goods was told (A27)."""

    TO_TELL = "to_tell"
    MISSED = "missed"
    TOLD = "told"
