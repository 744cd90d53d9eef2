"""Links by which customers come without an account."""

from enum import StrEnum


class LinkStatus(StrEnum):
    """Whether a link still opens; its day may be over all the same."""

    GIVEN = "given"
    REVOKED = "revoked"
