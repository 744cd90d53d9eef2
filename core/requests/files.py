"""What the files of cases have in common: opened with the case, taken up, answered, withdrawn.

Each gives a row for the card of the room whose kind of case has a file of its own.
"""

from collections.abc import Callable
from typing import Any

from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import After, Done, Happening, after, first_line
from core.requests import actions as requests
from core.requests import putting_right
from db.codes import RequestKind
from db.tables import ServiceRequest


def opens_file(
    kind: RequestKind, record: Callable[[UnitOfWork, ServiceRequest, Done], Any]
) -> After:
    """A case of the kind was registered, or turned out to be one: its file is opened with it."""
    return after(
        "request.registered",
        "request.kind_changed",
        do=lambda uow, h: record(uow, h.record, h.done),
        when=lambda h: h.record.kind is kind,
        says=first_line(record),
    )


def goes_with_case(
    kind: RequestKind, withdraw: Callable[[UnitOfWork, ServiceRequest, str], None]
) -> After:
    """A case of the kind was cancelled, or is none: its file goes with it, or refuses."""
    return after(
        "request.cancelled",
        "request.kind_changed",
        do=lambda uow, h: withdraw(uow, h.record, h.done.note),
        when=lambda h: _was(h) is kind,
        says=first_line(withdraw),
    )


def _was(ended: Happening) -> RequestKind:
    """The kind of a case that its file was opened for."""
    if ended.fact == "request.kind_changed":
        return putting_right.was(ended.done)
    kind: RequestKind = ended.record.kind
    return kind


def takes_up(*facts: str) -> After:
    """The first step of the file: the company has taken the case on."""
    return after(
        *facts,
        do=lambda uow, h: requests.take_up(uow, h.record.request),
        says=first_line(requests.take_up),
    )


def answers(*facts: str) -> After:
    """The customer has the answer: it resolves the case."""
    return after(*facts, do=_answer)


def _answer(uow: UnitOfWork, told: Happening) -> None:
    """The customer has the answer: it resolves the case."""
    request = told.record.request
    requests.resolve(uow, request, "answered", Done(note=request.answer))
