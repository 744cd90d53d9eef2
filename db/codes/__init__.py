"""The closed lists of codes that the tables hold. Words for them belong to the screens."""

from db.codes.backups import BackupOutcome, BackupProblem
from db.codes.billing import HandInStatus, PayMeans, PaymentStatus, PriceKind, QuoteStatus
from db.codes.care import CareMeans, CareStatus, CareWhom, KeyStatus
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
from db.codes.contracts import ContractStatus, SupplementStatus
from db.codes.courses import CourseKind, CoursePlace, CourseStatus, SeatStatus
from db.codes.customers import HandoverStatus, PieceStatus, PurchaseStatus, ReadingStatus
from db.codes.emergencies import EmergencyStatus, ResourceStatus
from db.codes.followups import FollowUpStatus
from db.codes.improvements import ImprovementKind, ImprovementStatus
from db.codes.jobs import (
    JobResult,
    JobStatus,
    PhotoMoment,
    SheetStatus,
    SymptomFound,
    VisitOutcome,
)
from db.codes.knowledge import ArticleKind, ArticleStatus
from db.codes.limits import LimitUnit, Measure
from db.codes.links import LinkStatus, WishKind
from db.codes.mail import MailFault, MailFlaw, MailMachine, MailStatus
from db.codes.maintenance import (
    CountedFrom,
    IntervalUnit,
    MaintenanceStatus,
    NextRound,
    RoundStatus,
)
from db.codes.meetings import DecisionStatus, MeetingStatus
from db.codes.messages import MessageStatus, MessageWay, Occasion, Unsent
from db.codes.notices import NoticeKind, Receiver
from db.codes.online import LabelStatus, OnlineStatus
from db.codes.people import AccessKind, Language, Role
from db.codes.points import EntryStatus
from db.codes.prevention import AlarmStatus
from db.codes.process import Flaw
from db.codes.quality import QualityStatus, Severity
from db.codes.recalls import OwnerStatus
from db.codes.reports import ReportContent, ReportEvery
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
from db.codes.stock import (
    CountStatus,
    MoveReason,
    OldPart,
    OrderStatus,
    PartUseStatus,
    PlaceKind,
)
from db.codes.suggestions import SuggestionStatus
from db.codes.tools import ToolStatus
from db.codes.workshop import CameFrom, ShopPurpose, ShopStatus

__all__ = [
    "LabelStatus",
    "OnlineStatus",
    "AbsenceReason",
    "AbsenceStatus",
    "AccessKind",
    "AlarmStatus",
    "ArticleKind",
    "ArticleStatus",
    "BackupOutcome",
    "BackupProblem",
    "CameFrom",
    "CareMeans",
    "CareStatus",
    "CareWhom",
    "CauseKind",
    "CauseScope",
    "Channel",
    "Charge",
    "ChargeReason",
    "ComplaintStatus",
    "ContractStatus",
    "CourseKind",
    "CoursePlace",
    "CourseStatus",
    "CountStatus",
    "CountedFrom",
    "DayStart",
    "DecisionStatus",
    "DeductionKind",
    "Destination",
    "Direction",
    "EmergencyStatus",
    "EntryStatus",
    "FaultArea",
    "Fit",
    "Flaw",
    "FollowUpStatus",
    "GoodsState",
    "HandInStatus",
    "HandoverStatus",
    "ImprovementKind",
    "ImprovementStatus",
    "IntervalUnit",
    "JobResult",
    "JobStatus",
    "KeyStatus",
    "Language",
    "LimitUnit",
    "LinkStatus",
    "MailFault",
    "MailFlaw",
    "MailMachine",
    "MailStatus",
    "MaintenanceStatus",
    "Measure",
    "MeasureKind",
    "MeetingStatus",
    "MessageStatus",
    "MessageWay",
    "MoveReason",
    "NextRound",
    "NoticeKind",
    "Occasion",
    "OldPart",
    "OrderStatus",
    "OwnerStatus",
    "PartUseStatus",
    "PayMeans",
    "Payer",
    "PaymentStatus",
    "PenaltyBase",
    "PenaltyGround",
    "PenaltyStatus",
    "PhotoMoment",
    "PieceStatus",
    "PlaceKind",
    "PriceKind",
    "Priority",
    "PurchaseStatus",
    "QualityStatus",
    "QuoteStatus",
    "Reaction",
    "ReadingStatus",
    "Receiver",
    "RefundMethod",
    "ReportContent",
    "ReportEvery",
    "RequestKind",
    "RequestStatus",
    "ResourceStatus",
    "ReturnReason",
    "ReturnStatus",
    "Role",
    "RoundStatus",
    "ServiceWay",
    "Severity",
    "SeatStatus",
    "SheetStatus",
    "ShopPurpose",
    "ShopStatus",
    "SuggestionStatus",
    "SupplementStatus",
    "SymptomFound",
    "ToolStatus",
    "Unsent",
    "VisitOutcome",
    "WaitReason",
    "WayBack",
    "Weekday",
    "Wish",
    "WishKind",
]
