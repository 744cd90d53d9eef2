"""What a row of a file tells, before the company knows it: a case, or something of the archive."""

from dataclasses import dataclass
from datetime import date, datetime

from db.codes import Channel, FaultArea, Priority, RequestKind, RequestStatus

ENDED = frozenset({RequestStatus.RESOLVED, RequestStatus.CLOSED, RequestStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Draft:
    """One row of a file, read and checked. Texts are empty, other facts None, when unknown."""

    line: int
    ref: str
    kind: RequestKind
    status: RequestStatus
    # The word for the status in the file.
    status_word: str
    channel: Channel
    priority: Priority
    customer_name: str
    customer_ref: str
    contact: str
    phone: str
    address: str
    region: str
    station: str
    latitude: float | None
    longitude: float | None
    brand: str
    model: str
    specification: str
    serial: str
    purchased_on: date | None
    symptom: str
    # Separated by commas.
    fault_codes: str
    fault_area: FaultArea | None
    # A class of the rule book, by name; one that it does not know is left out.
    case_class: str
    received_at: datetime
    acknowledged_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class ArchiveDraft:
    """A row that tells of a customer, a piece or a purchase, read and checked."""

    line: int
    ref: str = ""
    customer_name: str = ""
    customer_ref: str = ""
    contact: str = ""
    phone: str = ""
    other_contact: str = ""
    other_phone: str = ""
    address: str = ""
    region: str = ""
    station: str = ""
    invoice_no: str = ""
    brand: str = ""
    model: str = ""
    specification: str = ""
    serial: str = ""
    batch: str = ""
    purchased_on: date | None = None
    received_on: date | None = None
    warranty_until: date | None = None
    quantity: int = 1
    unit_cents: int = 0
    # What was paid for all pieces of the line.
    total_cents: int = 0
    # Taken off the whole invoice; every row of it may say so.
    invoice_discount_cents: int | None = None
