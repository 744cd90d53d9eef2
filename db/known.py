"""The keys by which records are known again, worked out from what was typed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from db import customer_words, keys, phones
from db.tables import Asset, Base, Company, Contact, Customer, ServiceRequest

Facts = Mapping[str, Any]
# From which facts a noun's keys come.
KEYED_BY: dict[type[Base], tuple[str, ...]] = {
    Customer: ("name", "phone"),
    Asset: ("serial",),
    ServiceRequest: ("phone",),
    Contact: ("phone",),
}
SAID = ("name", "contact", "address")


def country(connection: Connection) -> str:
    """The company's country: numbers without a country code are taken to be of it."""
    return phones.country_of(connection.scalar(select(Company.time_zone)))


def keys_of(noun: type[Base], facts: Facts, country: str) -> dict[str, str]:
    """The keys of a record with these facts; none for a noun that has no keys."""
    found: dict[str, str] = {}
    named = KEYED_BY.get(noun, ())
    if "name" in named:
        found["name_key"] = keys.name_key(facts["name"])
    if "phone" in named:
        found["phone_key"] = phones.key_of(facts["phone"] or "", country)
        found["phone_end"] = phones.end_of(facts["phone"] or "", country)
    if "serial" in named:
        key = keys.serial_key(facts["serial"])
        found |= {"serial_key": key, "serial_end": key[::-1]}
    return found


def remember(connection: Connection, customers: Mapping[int, Facts]) -> None:
    """Let customers be found by the words of these facts, by id."""
    texts = (
        (id, customer_words.said(*(f[name] or "" for name in SAID))) for id, f in customers.items()
    )
    customer_words.INDEX.write(connection, texts)
