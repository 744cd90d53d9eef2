"""Why a Word file of people is not taken, and the place in it."""

from enum import StrEnum
from typing import Any

from core.kernel.errors import Refused


class WordPlace(StrEnum):
    """Where in a Word file something stands, as people call it."""

    BODY = "body"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTES = "footnotes"
    ENDNOTES = "endnotes"
    COMMENTS = "comments"
    SETTINGS = "settings"
    BLOCKS = "blocks"
    ELSEWHERE = "elsewhere"


class TemplateRefused(Refused):
    """A Word template that cannot become a paper; `reason` and, where known, what and where."""

    code = "template_refused"


class UnsafeTemplate(TemplateRefused):
    """One that is not printed from: it would fetch or run something, or keep the server busy."""


def refusal(is_unsafe: bool, details: dict[str, Any]) -> TemplateRefused:
    """The refusal that another process gave, from its plain details."""
    if "place" in details:
        details = {**details, "place": WordPlace(details["place"])}
    return (UnsafeTemplate if is_unsafe else TemplateRefused)(**details)
