"""Suggestions 建议: collected, passed on, adopted or declined, answered (S12, A25)."""

from core.suggestions.actions import record, withdraw

__all__ = ["record", "withdraw"]
