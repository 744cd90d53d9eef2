"""What the customer is told about sending goods in: where, how, what, at whose cost (C8)."""

from dataclasses import dataclass

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers.placeholders import CaseFacts, made
from core.papers.speech import Speech
from core.requests import papers as case_papers
from core.returns.papers import application
from core.returns.papers.application import ReturnFile
from core.returns.view import LineView, ParcelView, ReturnView
from db.codes import Direction, Measure, ReturnStatus, WayBack, Wish

COMING = frozenset({ReturnStatus.AWAITED, ReturnStatus.RECEIVED})


@dataclass(frozen=True)
class SentLine:
    """Pieces that are to come, with who pays their freight and why."""

    number: str
    product: str
    specification: str
    serial: str
    batch: str
    wish: str
    quantity: str
    left: str
    payer: str
    condition: str
    clause: str


@dataclass(frozen=True)
class FreightLine:
    """Who pays the freight, under which condition and clause."""

    payer: str
    condition: str
    clause: str


@dataclass(frozen=True)
class ParcelLine:
    """A parcel by its carrier, its number there and its label here."""

    number: str
    carrier: str
    tracking: str
    label: str
    paid_by: str


@dataclass(frozen=True)
class SendingFacts(CaseFacts):
    """The instructions for a return: for the customer, and nothing from inside."""

    way_back: str
    fetched_from: str
    send_to: str
    due: str

    lines: tuple[SentLine, ...]
    freight: tuple[FreightLine, ...]
    parcels: tuple[ParcelLine, ...]


def instructions(uow: UnitOfWork, speech: Speech, *, case_id: int) -> SendingFacts:
    """How the goods come back; NotFound unless they are awaited."""
    file = application.read(uow, case_id)
    if not is_awaited(file.view):
        raise NotFound(subject="way_back", id=case_id)
    lines = [line for line in file.view.lines if comes(line)]
    texts = {**case_papers.of_case(uow, file.request, speech), **_way(file, speech)}
    return made(
        SendingFacts,
        texts,
        lines=tuple(_line(number, line, speech) for number, line in enumerate(lines, 1)),
        freight=tuple(
            dict.fromkeys(made(FreightLine, application.payer(line, speech)) for line in lines)
        ),
        parcels=tuple(
            _parcel(number, each, speech) for number, each in enumerate(incoming(file.view), 1)
        ),
    )


def is_awaited(found: ReturnView) -> bool:
    """Whether the customer still has goods to send, and knows how."""
    return found.way_back is not None and found.status in COMING


def comes(line: LineView) -> bool:
    """Whether pieces of a line change hands; a repair is a case of its own."""
    return line.approved > 0 and line.wish is not Wish.REPAIR


def incoming(found: ReturnView) -> list[ParcelView]:
    """The parcels from the customer."""
    return [each for each in found.parcels if each.direction is Direction.IN]


def _way(file: ReturnFile, speech: Speech) -> dict[str, str]:
    agreed = file.last("way_agreed")
    # A return knows one address. It begins as the customer's own; goods that are sent in go to
    # the one that was typed when the way was agreed, if any.
    typed = agreed.data.get("address", "") if agreed else ""
    is_fetched = file.view.way_back is WayBack.PICK_UP
    return {
        "way_back": speech.code(file.view.way_back),
        "fetched_from": file.view.address if is_fetched else "",
        "send_to": "" if is_fetched else typed,
        "due": _due(file, speech),
    }


def _due(file: ReturnFile, speech: Speech) -> str:
    if file.view.status is not ReturnStatus.AWAITED:
        return ""
    running = (
        limit.due_at
        for limit in file.request.limits
        if limit.measure is Measure.STEP and not limit.met_at and not limit.dropped
    )
    return speech.day_of(min(running, default=None))


def _line(number: int, line: LineView, speech: Speech) -> SentLine:
    texts = {
        **application.names(line),
        **application.payer(line, speech),
        "number": str(number),
        "wish": speech.code(line.wish),
        "quantity": str(line.approved),
        "left": str(max(0, line.approved - line.received)),
    }
    return made(SentLine, texts)


def _parcel(number: int, each: ParcelView, speech: Speech) -> ParcelLine:
    texts = {
        "number": str(number),
        "carrier": each.carrier,
        "tracking": each.tracking,
        "label": each.label,
        "paid_by": speech.code(each.paid_by),
    }
    return made(ParcelLine, texts)
