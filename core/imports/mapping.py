"""The map of a file: where each fact of a row stands in its columns."""

import codecs
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Self
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from core.imports.days import Order
from core.imports.reading import Options
from core.imports.subjects import REQUIRED, Fact, Subject
from core.imports.values import is_format
from core.kernel.errors import InvalidInput, Problem
from db.codes import Channel, FaultArea, Language, Priority, RequestKind, RequestStatus

CHOICES: dict[Fact, type[StrEnum]] = {
    Fact.KIND: RequestKind,
    Fact.STATUS: RequestStatus,
    Fact.CHANNEL: Channel,
    Fact.PRIORITY: Priority,
    Fact.FAULT_AREA: FaultArea,
}
# What a fact is when the map says nothing about it.
USUAL: dict[Fact, StrEnum] = {
    Fact.KIND: RequestKind.REPAIR,
    Fact.STATUS: RequestStatus.REGISTERED,
    Fact.CHANNEL: Channel.ONLINE,
    Fact.PRIORITY: Priority.NORMAL,
}
_OF_PRODUCTS = {Fact.BRAND, Fact.MODEL, Fact.SERIAL, Fact.PURCHASED_ON, Fact.SPECIFICATION}
Short = Annotated[str, Field(max_length=120)]


class FactRule(BaseModel):
    """Where a fact comes from: a column, several joined, or one value for every row."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)

    column: Short = ""
    columns: tuple[Short, ...] = ()
    join: Annotated[str, Field(max_length=10)] = " "
    # Nothing is found unless every one of the columns holds something.
    whole: bool = False
    constant: Short = ""
    prefix: Annotated[str, Field(max_length=40)] = ""
    # Words of the file to codes of this tool; a list of codes goes by its first one.
    translate: dict[str, str] = {}
    # For an empty cell, and for a word that `translate` does not know.
    default: Short = ""
    # The file may lack the column altogether, or leave a cell empty that should not be.
    optional: bool = False
    # What to use where this rule finds nothing.
    otherwise: "FactRule | None" = None

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if sum(map(bool, (self.column, self.columns, self.constant))) != 1:
            raise PydanticCustomError("one_source", "one of column, columns and constant")
        return self

    def names(self) -> Iterator[str]:
        """Every column that the rule reads, those of its fall-back too."""
        yield from (self.column,) if self.column else self.columns
        if self.otherwise:
            yield from self.otherwise.names()

    def needed(self) -> Iterator[str]:
        """The columns without which a file is not the one that the map was made for."""
        if not self.optional:
            yield from (self.column,) if self.column else self.columns
        if self.otherwise:
            yield from self.otherwise.needed()


class ColumnMap(BaseModel):
    """How one kind of file is read, and where each fact comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: dict[Language, Short] = {}
    # Names the other system: its ids are known by it, so that nothing comes in twice.
    source: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\S+$")]
    # What a row of the file tells of.
    subject: Subject = Subject.CASES
    # Of times that name none; the company's own zone when empty.
    zone: str = ""
    # Patterns that are tried before the usual ways of writing a day.
    formats: tuple[Short, ...] = ()
    # Which number of a short date comes first; without a word, only what can mean one day is taken.
    order: Order = Order.ASKED
    # Words that mean an empty cell.
    empty: tuple[Short, ...] = ()
    encoding: Annotated[str, Field(max_length=20)] = ""
    delimiter: Annotated[str, Field(max_length=1)] = ""
    sheet: Short = ""
    # How many rows stand above the names of the columns; looked for where nothing is said.
    skip_rows: Annotated[int | None, Field(ge=0, le=50)] = None
    facts: dict[Fact, FactRule]

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone and zone not in available_timezones():
            raise PydanticCustomError("time_zone", "unknown time zone")
        return zone

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str) -> str:
        try:
            known = not encoding or bool(codecs.lookup(encoding)._is_text_encoding)
        except LookupError:
            known = False
        if not known:
            raise PydanticCustomError("encoding", "unknown encoding")
        return encoding

    @field_validator("formats")
    @classmethod
    def _working_formats(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in formats:
            if not is_format(pattern):
                raise PydanticCustomError("date_format", "not a date format")
        return formats

    @model_validator(mode="after")
    def _translates_to_codes(self) -> Self:
        for fact, codes in CHOICES.items():
            rule = self.facts.get(fact)
            while rule:
                words = [*rule.translate.values(), rule.default, rule.constant]
                if wrong := [word for word in words if word and word not in list(codes)]:
                    raise PydanticCustomError(
                        "not_an_option", "unknown code", {"fact": fact.value, "value": wrong[0]}
                    )
                rule = rule.otherwise
        return self

    def options(self) -> Options:
        """How the file is to be read."""
        return Options(
            self.encoding or None, self.delimiter or None, self.sheet or None, self.skip_rows
        )

    def needed(self) -> tuple[str, ...]:
        """The columns without which a file is not the one that the map was made for."""
        return tuple(dict.fromkeys(name for rule in self.facts.values() for name in rule.needed()))

    def check_complete(self) -> None:
        """InvalidInput when something is wrong, or a fact is missing that every case needs."""
        facts = set(self.facts)
        missing = [fact for fact in REQUIRED[self.subject] if fact not in facts]
        if self.subject is Subject.CASES and facts & _OF_PRODUCTS:
            missing += [fact for fact in (Fact.BRAND, Fact.MODEL) if fact not in facts]
        if missing:
            raise InvalidInput(*(Problem(fact.value, "missing") for fact in missing))
        # A map that a person changed on a screen was not checked as a whole.
        parse_map(self.dump())

    def dump(self) -> dict[str, Any]:
        """The map as plain data."""
        return self.model_dump(mode="json", exclude_defaults=True)


def parse_map(data: Mapping[str, Any]) -> ColumnMap:
    """A map from plain data; InvalidInput names what is wrong with it."""
    try:
        return ColumnMap.model_validate(dict(data))
    except ValidationError as error:
        raise InvalidInput(
            *(Problem(".".join(map(str, e["loc"])) or "map", e["type"]) for e in error.errors())
        ) from None
