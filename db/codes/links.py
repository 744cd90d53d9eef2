"""Links by which customers come without an account."""

from enum import StrEnum


class WishKind(StrEnum):
    """What a customer asks for by a link, until somebody has decided on it."""

    TIME = "time"
    CANCEL = "cancel"


class LinkStatus(StrEnum):
    """Whether a link still opens; its day may be over all the same."""

    GIVEN = "given"
    REVOKED = "revoked"
