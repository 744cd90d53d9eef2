"""What a field of an input model is, as far as drawing it goes."""

from collections.abc import Mapping
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from core.kernel.inputs import Shown
from pages.ui.kit import words

# What the choices of a form offer: by the name of the options, each code with its text.
Options = Mapping[str, Mapping[Any, str]]


def is_optional(info: FieldInfo) -> bool:
    """Whether the field may hold nothing at all."""
    return get_origin(info.annotation) in (Union, UnionType)


def kind_of(info: FieldInfo) -> Any:
    """The type of what the field holds when it holds something."""
    if not is_optional(info):
        return info.annotation
    inner = next(each for each in get_args(info.annotation) if each is not type(None))
    # Optional[Annotated[...]] keeps the annotation inside the union.
    return get_args(inner)[0] if hasattr(inner, "__metadata__") else inner


def is_said(info: FieldInfo) -> bool:
    """Whether a yes or no is the person's own: a box would say one of them where nobody did."""
    return kind_of(info) is bool and (is_optional(info) or info.default is not False)


def shown_as(info: FieldInfo) -> str:
    """How the field asks to be drawn: "line" unless it says otherwise."""
    return next((mark.widget for mark in info.metadata if isinstance(mark, Shown)), "line")


def word_for(options: Mapping[Any, str], value: Any) -> str:
    """The text of an option; the word of its code where the offer has no text."""
    text = options.get(value, "")
    return text or (words.code(value) if isinstance(value, StrEnum) else str(value))
