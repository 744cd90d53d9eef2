"""All tables, imported here so that the metadata is complete."""

from db.base import Base
from db.tables.attachments import Attachment
from db.tables.backups import BackupPlan, BackupRun
from db.tables.billing import HandIn, Payment, Price, Quote, QuoteLine
from db.tables.care import CareCall, KeyCustomer
from db.tables.company import Company, FirstStart
from db.tables.complaints import Complaint, ComplaintMeasure, Penalty, Responsible
from db.tables.contracts import Contract, ContractPiece, Supplement
from db.tables.courses import Course, CourseFile, CourseSeat
from db.tables.customers import Asset, Contact, Customer, Product
from db.tables.emergencies import Emergency, EmergencyResource
from db.tables.figures import FigureDay, FigureFact, FigureMark, FigureMonth, FigureState
from db.tables.followups import FollowUp, SurveyAnswer
from db.tables.guarding import Handover, Reading
from db.tables.imports import ImportMap, ImportRun
from db.tables.improvements import Improvement
from db.tables.jobs import Job, JobSheet, JobTick, Visit
from db.tables.kernel import Counter, Draft, FormKey
from db.tables.knowledge import Article, ArticlePicture, ArticleUse
from db.tables.links import CustomerLink
from db.tables.mail import Mail, MailBox, MailFile
from db.tables.maintenance import MaintenancePiece, MaintenancePlan, MaintenanceRound
from db.tables.meetings import Decision, Meeting, MeetingCases
from db.tables.messages import CustomerMessage, MessageTemplate
from db.tables.norms import NormDraft, NormRevision
from db.tables.notices import Delivery, Escalation, Notice
from db.tables.online import OnlineFile, OnlineRequest, PieceLabel
from db.tables.people import (
    AccessEvent,
    Person,
    RecoveryCode,
    SecondStep,
    SignIn,
    SignInAttempt,
    Station,
)
from db.tables.points import PointEntry
from db.tables.prevention import RepeatFault
from db.tables.printing import PaperTemplate
from db.tables.process import History, HistoryCheck, HistoryOpening, Limit, RecordChange
from db.tables.purchases import Purchase, PurchaseLine
from db.tables.quality import QualityFeedback
from db.tables.recalls import RecallOwner
from db.tables.reports import Report
from db.tables.requests import ServiceRequest
from db.tables.returns import (
    GoodsReturn,
    Replacement,
    ReturnDeduction,
    ReturnLine,
    ReturnLoss,
    ReturnParcel,
    StockMove,
)
from db.tables.roster import Absence, Qualification, Region, RegionPlace, Shift
from db.tables.stock import (
    Part,
    PartBalance,
    PartLot,
    PartMinimum,
    PartMove,
    PartOrder,
    PartOrderLine,
    PartProduct,
    PartSubstitute,
    PartUse,
    StockCount,
    StockCountLine,
    StockPlace,
    Supplier,
)
from db.tables.suggestions import Suggestion
from db.tables.tools import Tool, ToolFault, ToolTrip
from db.tables.workshop import ShopPiece

__all__ = [
    "OnlineFile",
    "OnlineRequest",
    "PieceLabel",
    "Absence",
    "AccessEvent",
    "Article",
    "ArticlePicture",
    "ArticleUse",
    "Asset",
    "Attachment",
    "BackupPlan",
    "BackupRun",
    "Base",
    "CareCall",
    "Company",
    "Complaint",
    "ComplaintMeasure",
    "Contact",
    "Contract",
    "ContractPiece",
    "Counter",
    "Course",
    "CourseFile",
    "CourseSeat",
    "Customer",
    "CustomerLink",
    "CustomerMessage",
    "Decision",
    "Delivery",
    "Draft",
    "Emergency",
    "EmergencyResource",
    "Escalation",
    "FigureDay",
    "FigureFact",
    "FigureMark",
    "FigureMonth",
    "FigureState",
    "FirstStart",
    "FollowUp",
    "FormKey",
    "GoodsReturn",
    "HandIn",
    "Handover",
    "History",
    "HistoryCheck",
    "HistoryOpening",
    "ImportMap",
    "ImportRun",
    "Improvement",
    "Job",
    "JobSheet",
    "JobTick",
    "KeyCustomer",
    "Limit",
    "Mail",
    "MailBox",
    "MailFile",
    "MaintenancePiece",
    "MaintenancePlan",
    "MaintenanceRound",
    "Meeting",
    "MeetingCases",
    "MessageTemplate",
    "NormDraft",
    "NormRevision",
    "Notice",
    "PaperTemplate",
    "Part",
    "PartBalance",
    "PartLot",
    "PartMinimum",
    "PartMove",
    "PartOrder",
    "PartOrderLine",
    "PartProduct",
    "PartSubstitute",
    "PartUse",
    "Payment",
    "Penalty",
    "Person",
    "PointEntry",
    "Price",
    "Product",
    "Purchase",
    "PurchaseLine",
    "Qualification",
    "QualityFeedback",
    "Reading",
    "RecallOwner",
    "RecordChange",
    "RecoveryCode",
    "Quote",
    "QuoteLine",
    "Region",
    "RegionPlace",
    "RepeatFault",
    "Replacement",
    "Report",
    "Responsible",
    "SecondStep",
    "ReturnDeduction",
    "ReturnLine",
    "ReturnLoss",
    "ReturnParcel",
    "ServiceRequest",
    "Shift",
    "ShopPiece",
    "SignIn",
    "SignInAttempt",
    "Station",
    "StockCount",
    "StockCountLine",
    "StockMove",
    "StockPlace",
    "Suggestion",
    "Supplement",
    "Supplier",
    "SurveyAnswer",
    "Tool",
    "ToolFault",
    "ToolTrip",
    "Visit",
]
