"""How long a limit is, in the unit in which people say it."""

from core.codes import LimitUnit
from core.norms.lengths import LengthUnit, spoken
from pages.ui.kit import words
from pages.ui.kit.words import _


def said(unit: LimitUnit, amount: int, moment: str | None = None) -> str:
    """A length of a limit; the name of the time that the case itself holds."""
    n, name = spoken(unit, amount, moment)
    match name:
        case LengthUnit.HOURS:
            return words.n_("One hour", "{n} hours", n)
        case LengthUnit.MINUTES:
            return words.n_("One minute", "{n} minutes", n)
        case LengthUnit.WORKING_DAYS if not n:
            return _("the same working day")
        case LengthUnit.WORKING_DAYS:
            return words.n_("One working day", "{n} working days", n)
        case LengthUnit.WORKING_HOURS:
            return words.n_("One working hour", "{n} working hours", n)
        case LengthUnit.WORKING_MINUTES:
            return words.n_("One working minute", "{n} working minutes", n)
    return words.code(name)


def minutes(amount: int) -> str:
    """A length around the clock."""
    return said(LimitUnit.CLOCK_MINUTES, amount)
