"""What a text that somebody types may mean of a customer: name, phone, address, serial number."""

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select, union

from core.kernel.inputs import phone_in, plain_serial
from db.tables import Asset, Customer

# Below this a serial number is not looked for by its end: too many have it.
SHORTEST_END = 3


def people(text: str) -> list[ColumnElement[bool]]:
    """Each way in which a customer may be meant; a single character is a surname."""
    if len(text) < 2:
        return [] if text.isascii() else [Customer.name.startswith(text, autoescape=True)]
    ways = [Customer.name.contains(text, autoescape=True)]
    if number := phone_in(text):
        ways.append(Customer.phone_digits.contains(number, autoescape=True))
    return [*ways, *at(Customer.address, text)]


def at(column: Any, text: str) -> list[ColumnElement[bool]]:
    """An address by its words and numbers, however these are parted; no number alone is one."""
    parts = re.findall(r"\d+|[^\d\s]+", text)
    if phone_in(text) or not any(len(part) > 1 and not part.isascii() for part in parts):
        return []
    escaped = (re.sub(r"([%_/])", r"/\1", part) for part in parts)
    return [column.like("%".join(("", *escaped, "")), escape="/")]


def pieces(text: str) -> ColumnElement[bool]:
    """A piece by the start or the end of its serial or plate number."""
    serial = plain_serial(text)
    if not serial:
        return false()
    starts = Asset.serial.startswith(serial, autoescape=True)
    if len(serial) < SHORTEST_END:
        return starts
    return starts | Asset.serial.endswith(serial, autoescape=True)


def matching(text: str) -> Select[Customer]:
    """The customers that a text may mean."""
    # One narrow index for each way to be found; all of them at once would read whole tables.
    ways = [select(Customer.id).where(way) for way in people(text)]
    if len(text) > 1:
        ways.append(select(Asset.customer_id).where(pieces(text)))
    return select(Customer).where(Customer.id.in_(union(*ways)) if ways else false())
