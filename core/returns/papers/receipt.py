"""What the receipt note says: what came, held against what was applied for (C8)."""

from dataclasses import dataclass

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers.placeholders import CaseFacts, made
from core.papers.speech import Speech
from core.process.history import Event
from core.requests import papers as case_papers
from core.returns.papers import application
from core.returns.papers.application import ReturnFile
from core.returns.papers.sending import comes, incoming
from core.returns.view import LineView, ParcelView, ReturnView


@dataclass(frozen=True)
class ReceivedLine:
    """What came of one line, against what was applied for and approved."""

    number: str
    product: str
    specification: str
    serial: str
    batch: str
    quantity: str
    approved: str
    received: str
    missing: str
    specification_ok: str
    goods: str
    appearance: str
    difference: str


@dataclass(frozen=True)
class ArrivalLine:
    """A parcel from the customer, and when it arrived."""

    number: str
    carrier: str
    tracking: str
    label: str
    arrived: str


@dataclass(frozen=True)
class ReceiptLine:
    """One time that goods were received."""

    at: str
    who: str
    note: str


@dataclass(frozen=True)
class ReceiptFacts(CaseFacts):
    """The receipt note of a return."""

    arrived: str
    received_by: str
    total_approved: str
    total_received: str
    total_missing: str

    lines: tuple[ReceivedLine, ...]
    parcels: tuple[ArrivalLine, ...]
    receipts: tuple[ReceiptLine, ...]


def note(uow: UnitOfWork, speech: Speech, *, case_id: int) -> ReceiptFacts:
    """What came; NotFound before anything has."""
    file = application.read(uow, case_id)
    if not is_received(file.view):
        raise NotFound(subject="receipt", id=case_id)
    lines = [line for line in file.view.lines if comes(line) or line.received]
    texts = {
        **case_papers.of_case(uow, file.request, speech),
        **_receipt(file, lines, speech),
    }
    came = (event for event in file.events if event.action in ("received", "received_more"))
    return made(
        ReceiptFacts,
        texts,
        lines=tuple(_line(number, line, speech) for number, line in enumerate(lines, 1)),
        parcels=tuple(
            _parcel(number, each, speech) for number, each in enumerate(incoming(file.view), 1)
        ),
        receipts=tuple(_event(event, speech) for event in came),
    )


def is_received(found: ReturnView) -> bool:
    """Whether any piece has come."""
    return any(line.received for line in found.lines)


def _receipt(file: ReturnFile, lines: list[LineView], speech: Speech) -> dict[str, str]:
    first = next((event for event in file.events if event.action == "received"), None)
    return {
        "arrived": speech.moment(first.at if first else None),
        "received_by": file.view.people["received_by"],
        "total_approved": str(sum(line.approved for line in lines)),
        "total_received": str(sum(line.received for line in lines)),
        "total_missing": str(sum(map(_missing, lines))),
    }


def _line(number: int, line: LineView, speech: Speech) -> ReceivedLine:
    # Nobody has looked at what has not come.
    seen = line.received > 0
    texts = {
        **application.names(line),
        "number": str(number),
        "quantity": str(line.quantity),
        "approved": str(line.approved),
        "received": str(line.received),
        "missing": str(_missing(line)),
        "specification_ok": speech.yes_no(line.specification_ok) if seen else "",
        "goods": speech.code(line.goods),
        "appearance": speech.code(line.appearance) if seen else "",
        "difference": line.difference,
    }
    return made(ReceivedLine, texts)


def _missing(line: LineView) -> int:
    return max(0, line.approved - line.received)


def _parcel(number: int, each: ParcelView, speech: Speech) -> ArrivalLine:
    texts = {name: getattr(each, name) for name in ("carrier", "tracking", "label")}
    more = {"number": str(number), "arrived": speech.moment(each.arrived_at)}
    return made(ArrivalLine, texts | more)


def _event(event: Event, speech: Speech) -> ReceiptLine:
    texts = {"at": speech.moment(event.at), "who": event.actor, "note": event.note}
    return made(ReceiptLine, texts)
