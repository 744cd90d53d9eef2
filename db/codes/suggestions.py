"""Suggestions."""

from enum import StrEnum


class SuggestionStatus(StrEnum):
    """Where a suggestion stands (S12, A25)."""

    COLLECTED = "collected"
    PASSED_ON = "passed_on"
    ADOPTED = "adopted"
    DECLINED = "declined"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
