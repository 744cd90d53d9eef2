"""The closed lists of codes that the tables hold. Words for them belong to the screens."""

from db.codes.complaints import (
    CauseKind,
    CauseScope,
    ComplaintStatus,
    MeasureKind,
    PenaltyBase,
    PenaltyGround,
    PenaltyStatus,
    Reaction,
)
from db.codes.emergencies import EmergencyStatus, ResourceStatus
from db.codes.followups import FollowUpStatus
from db.codes.improvements import ImprovementKind, ImprovementStatus
from db.codes.jobs import JobResult, JobStatus, VisitOutcome
from db.codes.limits import LimitUnit, Measure
from db.codes.maintenance import (
    CountedFrom,
    IntervalUnit,
    MaintenanceStatus,
    NextRound,
    RoundStatus,
)
from db.codes.notices import NoticeKind, Receiver
from db.codes.people import Language, Role
from db.codes.prevention import AlarmStatus
from db.codes.quality import QualityStatus, Severity
from db.codes.requests import (
    Channel,
    Charge,
    ChargeReason,
    FaultArea,
    Priority,
    RequestKind,
    RequestStatus,
    ServiceWay,
    WaitReason,
)
from db.codes.returns import (
    DeductionKind,
    Destination,
    Direction,
    Fit,
    GoodsState,
    Payer,
    RefundMethod,
    ReturnReason,
    ReturnStatus,
    WayBack,
    Wish,
)
from db.codes.roster import AbsenceReason, AbsenceStatus, DayStart, Weekday
from db.codes.suggestions import SuggestionStatus
from db.codes.workshop import CameFrom, ShopStatus

__all__ = [
    "AbsenceReason",
    "AbsenceStatus",
    "AlarmStatus",
    "CameFrom",
    "CauseKind",
    "CauseScope",
    "Channel",
    "Charge",
    "ChargeReason",
    "ComplaintStatus",
    "CountedFrom",
    "DayStart",
    "DeductionKind",
    "Destination",
    "Direction",
    "EmergencyStatus",
    "FaultArea",
    "Fit",
    "FollowUpStatus",
    "GoodsState",
    "ImprovementKind",
    "ImprovementStatus",
    "IntervalUnit",
    "JobResult",
    "JobStatus",
    "Language",
    "LimitUnit",
    "MaintenanceStatus",
    "Measure",
    "MeasureKind",
    "NextRound",
    "NoticeKind",
    "Payer",
    "PenaltyBase",
    "PenaltyGround",
    "PenaltyStatus",
    "Priority",
    "QualityStatus",
    "Reaction",
    "Receiver",
    "RefundMethod",
    "RequestKind",
    "RequestStatus",
    "ResourceStatus",
    "ReturnReason",
    "ReturnStatus",
    "Role",
    "RoundStatus",
    "ServiceWay",
    "Severity",
    "ShopStatus",
    "SuggestionStatus",
    "VisitOutcome",
    "WaitReason",
    "WayBack",
    "Weekday",
    "Wish",
]
