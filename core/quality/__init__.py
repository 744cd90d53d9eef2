"""Quality feedback 质量反馈: assessed, sampled, tested, explained, solved, reported (C7, S11)."""

from core.quality.actions import record, withdraw

__all__ = ["record", "withdraw"]
