"""What customers ask for online, and the labels of pieces."""

from enum import StrEnum


class OnlineStatus(StrEnum):
    """What became of what a customer sent by the form of the company's pages."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    ATTACHED = "attached"
    SET_ASIDE = "set_aside"


class LabelStatus(StrEnum):
    """Whether the label of a piece still opens its page."""

    GIVEN = "given"
    REVOKED = "revoked"
