"""What a case lacks before somebody can be sent, in words (A14)."""

from collections.abc import Iterable

from core.kernel.errors import Problem
from core.requests.ready import Lack, LackKind
from pages.ui.kit import words
from pages.ui.kit.words import _


def names(lacks: Iterable[Lack]) -> str:
    """What is missing, in a row."""
    return words.listed(_name(each) for each in lacks)


def said(lacks: Iterable[Lack]) -> str:
    """As a sentence."""
    return _("Before somebody can be sent: {names}", names=words.plain(names(lacks)))


def wants_guidance(lacks: Iterable[Lack]) -> bool:
    """Whether remote guidance comes first."""
    return any(each.kind is LackKind.GUIDANCE for each in lacks)


def problem(bad: Problem) -> str:
    """What stands against a step where no field is beside it."""
    if bad.code != "before_sending":
        return words.problem(bad)
    return f"{bad.details['name'] or words.field(bad.field)}: {words.problem(bad)}"


def _name(lack: Lack) -> str:
    if lack.kind is LackKind.PAPER:
        return words.in_domain("Paper", lack.name)
    if lack.kind is LackKind.GUIDANCE:
        return words.action("guide")
    return lack.text.get(words.language()) or words.field(lack.name)
