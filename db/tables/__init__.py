"""All tables, imported here so that the metadata is complete."""

from db.base import Base
from db.tables.attachments import Attachment
from db.tables.catalogue import Asset, Customer, Product
from db.tables.company import Company, NormDraft, NormRevision, PaperTemplate
from db.tables.complaints import Complaint, ComplaintMeasure, Penalty, Responsible
from db.tables.emergencies import Emergency, EmergencyResource
from db.tables.escalations import Delivery, Escalation, Notice
from db.tables.followups import FollowUp, SurveyAnswer
from db.tables.imports import ImportMap, ImportRun
from db.tables.improvements import Improvement, RepeatFault
from db.tables.jobs import Job, Visit
from db.tables.ledger import Counter, FormKey, History, Limit
from db.tables.people import Person, SignIn, SignInAttempt, Station
from db.tables.purchases import Purchase, PurchaseLine
from db.tables.quality import QualityFeedback, Suggestion
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

__all__ = [
    "GoodsReturn",
    "Purchase",
    "PurchaseLine",
    "Replacement",
    "ReturnDeduction",
    "ReturnLine",
    "ReturnLoss",
    "ReturnParcel",
    "StockMove",
    "Suggestion",
    "QualityFeedback",
    "RepeatFault",
    "Improvement",
    "Responsible",
    "Penalty",
    "ComplaintMeasure",
    "Complaint",
    "Attachment",
    "Asset",
    "Base",
    "Company",
    "Counter",
    "Customer",
    "Delivery",
    "Emergency",
    "EmergencyResource",
    "Escalation",
    "FollowUp",
    "FormKey",
    "History",
    "ImportMap",
    "ImportRun",
    "Job",
    "Limit",
    "NormDraft",
    "NormRevision",
    "Notice",
    "PaperTemplate",
    "Person",
    "Product",
    "ServiceRequest",
    "SignIn",
    "SignInAttempt",
    "Station",
    "SurveyAnswer",
    "Visit",
]
