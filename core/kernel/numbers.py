"""Readable case numbers: unique however many people register, and read however they are typed."""

import re
import unicodedata
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.kernel.unit_of_work import UnitOfWork
from db.tables import Counter

# What input methods and word processors write for a dash, before and after NFKC.
DASHES = re.compile(r"[\u2010-\u2015\u2212\u2500\u30fc]")
# Digits alone are a phone number: without the letters it takes a dash.
SHAPE = re.compile(r"(?:SR-*)?(\d{6})-+(\d{4,})|SR-*(\d{6})(\d{4,})", re.ASCII)


def next_value(session: Session, series: str, count: int = 1) -> int:
    """The last of `count` numbers taken from a series; the row's lock orders the takers."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    table = Counter.__table__
    assert isinstance(table, Table)
    insert = dialect.insert(table).values(series=series, value=count)
    taken = insert.on_conflict_do_update(
        index_elements=["series"], set_={"value": table.c.value + count}
    ).returning(table.c.value)
    return int(session.execute(taken).scalar_one())


def case_number(uow: UnitOfWork) -> str:
    """The number of a new case: the company's local day and a count, as in SR261122-0007."""
    day = f"SR{uow.today:%y%m%d}"
    return f"{day}-{next_value(uow.session, day):04d}"


def read(text: str) -> str:
    """The case number that was typed, in either case and width of letters; empty if it is none."""
    plain = DASHES.sub("-", unicodedata.normalize("NFKC", text)).upper()
    # Blanks, marks that nobody sees, and quotation marks around come along with what is pasted.
    plain = "".join(sign for sign in plain if unicodedata.category(sign)[0] not in "CZ")
    found = SHAPE.fullmatch(re.sub(r"^[\W_]+|[\W_]+$", "", plain))
    return "SR{}-{}".format(*filter(None, found.groups())) if found else ""


def meant(text: str) -> str:
    """The case number that a form names: read as it was typed, or else taken as it stands."""
    return read(text) or text.upper()
