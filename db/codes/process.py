"""Codes of the history that proves itself."""

from enum import StrEnum


class Flaw(StrEnum):
    """What a check of the history finds wrong with a place."""

    NO_KEY = "no_key"
    UNLOCKED = "unlocked"
    ALTERED = "altered"
    CUT = "cut"
    FORGED = "forged"
    ROW_DIFFERS = "row_differs"
    ROW_ADDED = "row_added"
    ROW_GONE = "row_gone"
    FILE_GONE = "file_gone"
    FILE_DIFFERS = "file_differs"
    HEAD_DIFFERS = "head_differs"
