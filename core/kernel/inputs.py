"""Input models: what a form may send, cleaned and checked, with all bad fields at once."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_origin

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from core.kernel.errors import InvalidInput, Problem
from db import phones
from db.types import LARGEST_ID
from db.words import is_unseen

# Two numbers may stand in one field.
MOST_DIGITS = 25
# What stands for the digits that are not shown (core/process/masked.py): no number to be kept.
MASK = "****"
EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d-]+(\.[a-z\d-]+)+", re.ASCII | re.I)
PHONE = re.compile(r"[\d\s()+*#\-.,;/、转分机内线extEXT]+")


@dataclass(frozen=True)
class Choice:
    """The field takes one of the options that the capability offers under this name."""

    options: str


@dataclass(frozen=True)
class Shown:
    """How a field is drawn: "line", "text", "money", "score" or "password"."""

    widget: str


class Input(BaseModel):
    """What a form sends. Unknown fields are refused; texts are cleaned before they are measured."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, frozen=True, hide_input_in_errors=True
    )

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """What is wrong between fields, asked of what was typed, whatever single fields hold."""
        return ()


class Action(Input):
    """An input that asks for a change of a record; its rule says who may, and when."""

    name: ClassVar[str] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


InputT = TypeVar("InputT", bound=Input)


def parse(
    model: type[InputT], values: Mapping[str, Any], *, kept: Mapping[str, Any] | None = None
) -> InputT:
    """Check `values` against the model; InvalidInput names every bad field.

    A text that is on file as it is, as `kept` tells, may stay so when something else is changed:
    what came in from elsewhere may be odd.
    """
    between = list(_between(model, values))
    try:
        filled = model.model_validate(dict(values))
    except ValidationError as error:
        if odd := _odd(error, values, kept or {}):
            rest = parse(model, {name: values[name] for name in values if name not in odd})
            return rest.model_copy(update=odd)
        found = [_problem(each) for each in error.errors() if not _is_echo(each)]
        named = {problem.field for problem in found}
        raise InvalidInput(*found, *(bad for bad in between if bad.field not in named)) from None
    if between:
        raise InvalidInput(*between)
    return filled


def _odd(
    error: ValidationError, values: Mapping[str, Any], kept: Mapping[str, Any]
) -> dict[str, str]:
    """What is wrong of these values though it stands on file just so."""
    wrong = {each["loc"][0] for each in error.errors() if each["loc"]}
    return {
        str(name): values[str(name)]
        for name in wrong
        if isinstance(kept.get(str(name)), str) and kept[str(name)] == values.get(str(name)) != ""
    }


def line_of(info: FieldInfo) -> type[Input] | None:
    """The model of a row, for a field that holds rows; None for every other field."""
    return _line(info.annotation)


def choices(model: type[Input]) -> Iterator[tuple[str, Choice]]:
    """Each field that takes one of some options; a field of the rows as "measures.kind"."""
    for name, info in model.model_fields.items():
        yield from ((name, mark) for mark in info.metadata if isinstance(mark, Choice))
        if line := line_of(info):
            yield from ((f"{name}.{inner}", mark) for inner, mark in choices(line))


def chosen(filled: Input) -> Iterator[tuple[str, Choice, Any]]:
    """What was chosen among which options; the first row's choice stands at "measures.0.kind"."""
    for name, info in type(filled).model_fields.items():
        value = getattr(filled, name)
        if value is None:
            continue
        yield from ((name, mark, value) for mark in info.metadata if isinstance(mark, Choice))
        for number, row in enumerate(value if line_of(info) else ()):
            for inner, mark, code in chosen(row):
                yield f"{name}.{number}.{inner}", mark, code


def _line(kind: Any) -> type[Input] | None:
    inner = get_args(kind)
    if get_origin(kind) in (list, tuple) and isinstance(inner[0], type):
        return inner[0] if issubclass(inner[0], Input) else None
    # The rows may stand behind "or None" or behind an annotation.
    return next((line for each in inner if (line := _line(each))), None)


def _between(model: type[Input], values: Mapping[str, Any]) -> Iterator[Problem]:
    yield from model.across(values)
    for name, info in model.model_fields.items():
        line, rows = line_of(info), values.get(name)
        for number, row in enumerate(rows if line and isinstance(rows, list | tuple) else ()):
            if line and isinstance(row, Mapping):  # anything else is refused by the model
                for bad in line.across(row):
                    yield replace(bad, field=f"{name}.{number}.{bad.field}")


def _is_echo(error: Any) -> bool:
    # Rows that are wrong themselves are not counted, and then there seem to be too few.
    given = error.get("input")
    is_of_rows = error["type"] == "too_short" and isinstance(given, list | tuple)
    return is_of_rows and len(given) >= error["ctx"]["min_length"]


def _problem(error: Any) -> Problem:
    place = ".".join(str(part) for part in error["loc"]) or "form"
    kind, given = error["type"], error.get("input")
    if isinstance(given, str) and kind in ("too_short", "too_long"):
        kind = f"string_{kind}"  # a text that was cleaned before it was measured
    no_rows = kind == "too_short" and not given
    if kind in ("missing", "string_too_short") or given in (None, "") or no_rows:
        return Problem(place, "missing")
    details = {k: v for k, v in error.get("ctx", {}).items() if isinstance(v, str | int | float)}
    return Problem(place, kind, details)


def _clean(value: Any, keep: str) -> Any:
    # Control characters break printed papers, exports and PostgreSQL (NUL); a paste brings them.
    if not isinstance(value, str):
        return value
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in value if c in keep or unicodedata.category(c) not in ("Cc", "Cs"))


def clean_line(value: Any) -> Any:
    """One line: no control characters, line breaks become blanks."""
    if isinstance(value, str):
        value = re.sub(r"[\n\r\t\u2028\u2029]+", " ", value)
    return _clean(value, "")


def clean_text(value: Any) -> Any:
    """Several lines: no control characters but line breaks and tabs."""
    return _clean(value, "\n\t")


def clean_search(text: str) -> str:
    """What is looked for: one line, no longer than any name (SQLite refuses endless patterns)."""
    return str(clean_line(text)).strip()[:120]


def digits(text: str) -> str:
    """The digits of a phone number, in half width."""
    return re.sub(r"\D", "", phones.plain(text))


def phone_in(text: str) -> str:
    """The digits of what may be part of a phone number; empty for an address or a serial number."""
    number = digits(text)
    return number if len(number) >= 3 and PHONE.fullmatch(phones.plain(text)) else ""


def plain_serial(text: str) -> str:
    """A serial or plate number as it is shown: upper case, half width, no blanks, all seen."""
    seen = "".join(sign for sign in text if not is_unseen(sign))
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", seen)).upper()


def _phone(value: str) -> str:
    # What is pasted brings marks along that nobody sees and no telephone dials.
    value = phones.plain(value)
    is_whole = MASK not in value and 5 <= len(digits(value)) <= MOST_DIGITS
    if value and not (is_whole and PHONE.fullmatch(value)):
        raise PydanticCustomError("phone", "not a phone number")
    return value


def is_email(text: str) -> bool:
    """Whether a text is the address of one mailbox."""
    return bool(EMAIL.fullmatch(text)) and ".." not in text and not text.startswith((".", "-"))


def _email(value: str) -> str:
    if value and not is_email(value):
        raise PydanticCustomError("email", "not an e-mail address")
    return value.lower()


def _serial(value: str) -> str:
    # One sign may stand for a whole word at full length, and only the plain form is stored.
    if len(plain_serial(value)) > 60:
        raise PydanticCustomError("string_too_long", "too long", {"max_length": 60})
    return value


def _sensible_day(value: date) -> date:
    if not 1970 <= value.year <= 2100:
        raise PydanticCustomError("year", "year out of range")
    return value


LineText = Annotated[str, BeforeValidator(clean_line), Field(max_length=120)]
RequiredLine = Annotated[str, BeforeValidator(clean_line), Field(min_length=1, max_length=120)]
WideLine = Annotated[str, BeforeValidator(clean_line), Field(max_length=300)]
AddressLine = WideLine
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
LongText = Annotated[str, BeforeValidator(clean_text), Field(max_length=2000), Shown("text")]
RequiredText = Annotated[
    str, BeforeValidator(clean_text), Field(min_length=1, max_length=2000), Shown("text")
]
Phone = Annotated[str, BeforeValidator(clean_line), Field(max_length=40), AfterValidator(_phone)]
Email = Annotated[str, BeforeValidator(clean_line), Field(max_length=254), AfterValidator(_email)]
Serial = Annotated[LineText, Field(max_length=60), AfterValidator(_serial)]
Money = Annotated[int, Field(ge=0, le=100_000_000_00), Shown("money")]
MaybeMoney = Annotated[int | None, Field(ge=0, le=100_000_000_00), Shown("money")]
RecordId = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Score = Annotated[int, Field(ge=0, le=10), Shown("score")]
Day = Annotated[date, AfterValidator(_sensible_day)]
Moment = Annotated[AwareDatetime, AfterValidator(lambda value: _sensible_day(value) and value)]
