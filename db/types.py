"""Column types: aware instants, codes with a CHECK, money in cents, JSON."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column


class UtcInstant(TypeDecorator[datetime]):
    """An instant. Stored in UTC; naive values are refused, because they mean nothing."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; ValueError for a naive value."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive instant refused: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        # SQLite has no time zones: what was stored in UTC comes back naive.
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class FileDigest(TypeDecorator[str]):
    """The SHA-256 of a file beside the database; a backup takes along what it names."""

    impl = String(64)
    cache_ok = True


def code(members: type[StrEnum], name: str) -> Enum:
    """A code of a closed list, held by a CHECK.

    `name` is unique in its table: two columns of one list would otherwise get the same CHECK
    name, which SQLite accepts and PostgreSQL refuses.
    """
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda codes: [member.value for member in codes],
    )


LARGEST_ID = 2**31 - 1  # what an INTEGER key holds

Json = JSON().with_variant(JSONB(), "postgresql")

Id = Annotated[int, mapped_column(primary_key=True)]
Instant = Annotated[datetime, mapped_column(UtcInstant())]
Cents = Annotated[int, mapped_column(BigInteger)]
Data = Annotated[dict[str, Any], mapped_column(Json)]
Name = Annotated[str, mapped_column(String(120))]
Line = Annotated[str, mapped_column(String(300))]
Text = Annotated[str, mapped_column(String(4000))]
# What something is known again by (db/keys.py, db/phones.py). Compared sign by sign, so that an
# index finds what begins so; PostgreSQL would sort by the rules of a language.
KeyText = String(120).with_variant(String(120, collation="C"), "postgresql")
Key = Annotated[str, mapped_column(KeyText, default="", server_default="")]
