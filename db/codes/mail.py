"""Mail that comes in."""

from enum import StrEnum


class MailStatus(StrEnum):
    """What became of a mail that came in."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    ATTACHED = "attached"
    SET_ASIDE = "set_aside"
    LEFT = "left"


class MailMachine(StrEnum):
    """Why nobody has to answer a mail: no person wrote it to us."""

    OWN = "own"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    LIST = "list"
    FLOOD = "flood"


class MailFault(StrEnum):
    """Why a mailbox could not be read."""

    ADDRESS = "address"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    NO_FOLDER = "no_folder"
    NOT_SAFE = "not_safe"
    BROKEN = "broken"


class MailFlaw(StrEnum):
    """Why a file of a mail was not kept, or only the head of a mail was read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_TYPE = "unknown_type"
    TOO_MANY = "too_many"
