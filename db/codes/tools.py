"""Tools and equipment: where they are, what is wrong with them."""

from enum import StrEnum


class ToolStatus(StrEnum):
    """Whether a tool is at hand."""

    IN_STORE = "in_store"
    OUT = "out"
    FAULTY = "faulty"
    RETIRED = "retired"
