"""The database of this process: one engine per address, and what is found at the address."""

import logging
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from core.kernel.errors import Hindered
from core.kernel.unit_of_work import transaction
from db import migrate
from db.session import database_url, make_engine, reading_engine

log = logging.getLogger("aftercare")

# Seconds.
PATIENCE = 5
T = TypeVar("T")

KINDS = ("sqlite", "postgresql")


class Standing(StrEnum):
    """What is found where DATABASE_URL points."""

    READY = "ready"
    OLD_TABLES = "old_tables"
    NEW_TABLES = "new_tables"
    NO_COMPANY = "no_company"
    NO_TABLES = "no_tables"
    NO_FILE = "no_file"
    UNREADABLE = "unreadable"
    NO_ADDRESS = "no_address"


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    return make_engine(url)


def engine() -> Engine:
    """The engine for DATABASE_URL as it is now."""
    return _engine(database_url())


def patient() -> Engine:
    """The same for a write that waits some seconds only: nobody stands at the door for minutes."""
    return engine().execution_options(patience=PATIENCE)


def write_or(write: Callable[[Session], T], instead: Callable[[Session], T]) -> T:
    """What comes of a short write; while nothing can be written, what is done instead."""
    try:
        with transaction(patient(), write=True) as session:
            return write(session)
    except Hindered as error:
        log.warning("not written down: hindered by %s", error.details["reason"])
        with transaction(engine(), write=False) as session:
            return instead(session)


def place(url: str | None = None) -> str:
    """Where an address, or DATABASE_URL, points, without the password."""
    try:
        address = make_url(url or database_url())
    except ArgumentError:
        return url or database_url()
    if address.get_backend_name() == "sqlite":
        return address.database or ":memory:"
    return address.render_as_string(hide_password=True)


def standing(url: str | None = None) -> tuple[Standing, str]:
    """What is found there, and what the database says against it; nothing is made or written."""
    try:
        kind = make_url(url or database_url()).get_backend_name()
    except ArgumentError:
        return Standing.NO_ADDRESS, ""
    if kind not in KINDS:
        return Standing.NO_ADDRESS, ""
    if kind == "sqlite" and not Path(place(url)).is_file():
        return Standing.NO_FILE, ""
    try:
        return _inside(reading_engine(url)), ""
    except DBAPIError as error:
        return Standing.UNREADABLE, str(error.orig).strip()


def _inside(engine: Engine) -> Standing:
    try:
        found = migrate.tables(engine)
        if found is migrate.Tables.NONE:
            return Standing.NO_TABLES
        if found is migrate.Tables.UNKNOWN:
            return Standing.NEW_TABLES
        with engine.connect() as connection:
            if not connection.scalar(text("SELECT count(*) FROM company")):
                return Standing.NO_COMPANY
        return Standing.READY if found is migrate.Tables.NEWEST else Standing.OLD_TABLES
    finally:
        engine.dispose()
