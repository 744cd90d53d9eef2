"""Roles and languages."""

from enum import StrEnum


class Role(StrEnum):
    """Who does what (norms 14)."""

    AGENT = "agent"
    DISPATCHER = "dispatcher"
    TECHNICIAN = "technician"
    SUPPORT = "support"
    QUALITY = "quality"
    WAREHOUSE = "warehouse"
    FINANCE = "finance"
    HANDLER = "handler"
    MANAGER = "manager"
    LEADER = "leader"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Language(StrEnum):
    """The languages of the screens."""

    ZH = "zh_CN"
    EN = "en"
