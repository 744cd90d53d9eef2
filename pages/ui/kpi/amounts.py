"""An amount of a figure in its unit, in the language of this run or another one."""

from core.codes import Language
from core.kpi import Unit
from pages.ui.kit import words
from pages.ui.kit.told import N_


def said(amount: float | None, unit: Unit, speaks: Language | None = None) -> str:
    """An amount; a dash where there is none."""
    if amount is None:
        return "—"
    if unit is Unit.SHARE:
        return words.share(amount, speaks)
    if unit is Unit.MONEY:
        return words.money(round(amount * 100), speaks)
    return plain(amount, unit, speaks)


def plain(amount: float, unit: Unit, speaks: Language | None = None) -> str:
    """A number of hours, points or cases."""
    text = words.number(amount, 0 if unit is Unit.COUNT else 1, speaks)
    if unit is not Unit.HOURS:
        return text
    return words.catalogue(speaks or words.language()).gettext(N_("{n} h")).format(n=text)


def axis(unit: Unit) -> str:
    """How the axis of a chart writes them."""
    return ".0%" if unit is Unit.SHARE else ",.1~f"
