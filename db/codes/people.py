"""Roles, languages, and what is kept on record of sign-ins."""

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


class AccessKind(StrEnum):
    """What is kept on record of who came in, who did not, and what was refused."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    # A wrong password, and a try that had to wait.
    FAILED = "failed"
    HELD_BACK = "held_back"
    CODE_FAILED = "code_failed"
    # Many wrong passwords from one address, or for one name.
    ATTACKED = "attacked"
    # The password was given once more.
    CONFIRMED = "confirmed"
    NOT_ALLOWED = "not_allowed"
    UNLOCKED = "unlocked"
    PASSWORD_CHANGED = "password_changed"
    ENDED_ELSEWHERE = "ended_elsewhere"
    CODES_ON = "codes_on"
    CODES_OFF = "codes_off"
