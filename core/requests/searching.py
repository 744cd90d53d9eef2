"""What a text that somebody types may mean of a case."""

import re

from sqlalchemy import ColumnElement, exists, or_, select, union

from core.customers import finding
from core.kernel import numbers
from core.kernel.unit_of_work import UnitOfWork
from core.requests import wordings
from db.tables import Asset, Customer, ServiceRequest

WHOLE_NUMBER = re.compile(r"SR\d{6}-\d{4,}", re.IGNORECASE | re.ASCII)


def about(uow: UnitOfWork, text: str) -> ColumnElement[bool]:
    """Open cases that a filter's text means: by number, phone, words, customer, serial number."""
    # For the open cases of a pile, which are few: each looks its own words, customer and product
    # up, so that the cost does not grow with all that there ever were.
    ways = [
        wordings.saying(text),
        *_own(uow, text),
        *finding.people_of(uow, text, ServiceRequest.customer_id),
    ]
    if pieces := finding.pieces(text):
        own = (Asset.id == ServiceRequest.asset_id, Asset.joined_into_id == ServiceRequest.asset_id)
        ways.append(exists().where(or_(*own), or_(*pieces)))
    return or_(*ways)


def found(uow: UnitOfWork, text: str) -> ColumnElement[bool]:
    """Cases of all times that a text means: by number, phone, words, customer, serial number."""
    # One narrow index for each way to be found, because all of them at once would read every
    # case. A whole number means one case, and its index gives it at once.
    if WHOLE_NUMBER.fullmatch(text):
        return ServiceRequest.number == text.upper()
    people = [select(finding.now(Customer)).where(way) for way in finding.people(uow, text)]
    pieces = [select(finding.now(Asset)).where(way) for way in finding.pieces(text)]
    ways = [
        wordings.matching(uow, text),
        *_own(uow, text),
        *(ServiceRequest.customer_id.in_(each) for each in people),
        *(ServiceRequest.asset_id.in_(each) for each in pieces),
    ]
    each = [select(ServiceRequest.id).where(way).correlate(None) for way in ways]
    return ServiceRequest.id.in_(union(*each))


def _own(uow: UnitOfWork, text: str) -> list[ColumnElement[bool]]:
    """By the number, the phone and the address of the case itself."""
    ways = finding.numbers(uow, ServiceRequest, text)
    if text.isascii():  # as all numbers are
        ways.append(ServiceRequest.number.startswith(text.upper(), autoescape=True))
    if whole := numbers.read(text):
        ways.append(ServiceRequest.number == whole)
    return [*ways, *finding.at(ServiceRequest.address, text)]
