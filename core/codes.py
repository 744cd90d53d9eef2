"""The closed lists of codes, as screens may know them."""

from db.codes import (
    Channel,
    Charge,
    ChargeReason,
    FaultArea,
    FollowUpStatus,
    JobResult,
    JobStatus,
    Language,
    LimitUnit,
    Measure,
    Priority,
    RequestKind,
    RequestStatus,
    Role,
    VisitOutcome,
    WaitReason,
)

__all__ = [
    "Channel",
    "Charge",
    "ChargeReason",
    "FaultArea",
    "FollowUpStatus",
    "JobResult",
    "JobStatus",
    "Language",
    "LimitUnit",
    "Measure",
    "Priority",
    "RequestKind",
    "RequestStatus",
    "Role",
    "VisitOutcome",
    "WaitReason",
]
