"""Why a file is refused as a whole, and what is wrong with a single row. Codes, not words."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.kernel.errors import Refused


class FileReason(StrEnum):
    """Why nothing of a file is taken."""

    EMPTY = "empty"
    UNKNOWN_TYPE = "unknown_type"
    MISNAMED = "misnamed"
    NOT_A_TABLE = "not_a_table"
    ENCODING = "encoding"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    COLUMNS_MISSING = "columns_missing"
    COLUMNS_DOUBLE = "columns_double"
    NO_ROWS = "no_rows"
    LOOKS_SHIFTED = "looks_shifted"
    PASSWORD = "password"
    SHEET_MISSING = "sheet_missing"
    UNREADABLE = "unreadable"


class RowCode(StrEnum):
    """What is wrong with a row."""

    MISSING = "missing"
    NOT_A_DATE = "not_a_date"
    DATE_ORDER = "date_order"
    DATE_NO_YEAR = "date_no_year"
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_OPTION = "not_an_option"
    TOO_LONG = "too_long"
    OUT_OF_RANGE = "out_of_range"
    IN_THE_FUTURE = "in_the_future"
    CLOSED_BEFORE_CREATED = "closed_before_created"
    DUE_BEFORE_CREATED = "due_before_created"
    DUPLICATE_IN_FILE = "duplicate_in_file"
    SERIAL_TAKEN = "serial_taken"
    PIECE_HELD = "piece_held"
    PIECE_SCRAPPED = "piece_scrapped"
    PIECE_RECYCLED = "piece_recycled"
    DIGITS_LOST = "digits_lost"
    FORMULA_EMPTY = "formula_empty"
    FORMULA_ERROR = "formula_error"
    ROW_SHIFTED = "row_shifted"
    LOST_CHARACTER = "lost_character"
    NOT_A_PHONE = "not_a_phone"
    NOT_AN_AMOUNT = "not_an_amount"
    SUM_WRONG = "sum_wrong"
    RECEIVED_BEFORE = "received_before"
    WARRANTY_ODD = "warranty_odd"
    CUSTOMER_UNKNOWN = "customer_unknown"
    CUSTOMER_DOUBLE = "customer_double"
    CUSTOMER_ERASED = "customer_erased"
    INVOICE_PART_BAD = "invoice_part_bad"
    INVOICE_DIFFERS = "invoice_differs"


class Unusable(Exception):
    """A cell that cannot be the value that it should be."""

    def __init__(self, code: RowCode, **details: object) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


class FileRefused(Refused):
    """Nothing of the file was taken; `details["reason"]` says why, the rest is for the words."""

    code = "file_refused"

    def __init__(self, reason: FileReason, **details: Any) -> None:
        super().__init__(reason=reason.value, **details)
        self.reason = reason


class ImportStopped(Refused):
    """The person stopped the import: nothing of the file was taken."""

    code = "import_stopped"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One bad cell: the line of the file where its row begins, its column, and what it holds."""

    line: int
    column: str
    # Its own code, or that of a problem of the form by which people write the same down.
    code: str
    value: str = ""
    details: dict[str, Any] = field(default_factory=dict)
