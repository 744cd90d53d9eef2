"""A case as a file tells it, before the company knows it."""

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
