"""Notices and who receives them."""

from enum import StrEnum


class Receiver(StrEnum):
    """Who an escalation calls for help, the higher one last (norms 8)."""

    OWNER = "owner"
    STATION_HEAD = "station_head"
    MANAGER = "manager"
    LEADER = "leader"


class NoticeKind(StrEnum):
    """What a notice in a person's inbox is about."""

    ESCALATION = "escalation"
    EMERGENCY = "emergency"
    RESOURCE_ASKED = "resource_asked"
    RESOURCE_DECIDED = "resource_decided"
    ASSIGNED = "assigned"
    APPROVAL = "approval"
    PLAN_DECIDED = "plan_decided"
    REOPENED = "reopened"
    PENALTY = "penalty"
    APPEAL = "appeal"
    APPEAL_DECIDED = "appeal_decided"
    IMPROVEMENT = "improvement"
    REPEAT_FAULT = "repeat_fault"
    YOUR_TURN = "your_turn"
    WITHDRAWN = "withdrawn"
    IMPORTED_LATE = "imported_late"
    ABSENCE = "absence"
    RENEWAL = "renewal"
    MAINTENANCE = "maintenance"
    DECISION = "decision"
    REPORT = "report"
    STOCK = "stock"
    TOOL = "tool"
    WORKSHOP = "workshop"
    ACCESS = "access"
    CARE = "care"
