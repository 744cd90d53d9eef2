"""How places and lots are called on screen."""

from collections.abc import Callable, Mapping

from core.codes import PlaceKind
from core.stock.lists import Balance
from core.stock.sight import HEAD_OFFICE, Place
from pages.ui.kit import words
from pages.ui.kit.words import _


def place(of: Place) -> str:
    """A store by its station, a van by its driver."""
    if of.kind is PlaceKind.VAN:
        return _("Van of {name}", name=of.person)
    station = of.station or _("Head office")
    return f"{station} · {words.code(of.kind)}"


def stores(known: Mapping[int, str]) -> Mapping[int, str]:
    """Stores by the name of their station."""
    return {id: name if id != HEAD_OFFICE else _("Head office") for id, name in known.items()}


def lot(row: Balance, *, where: Callable[[Place], str] = place) -> str:
    """A lot with where it lies, how many are left, and until when."""
    batch = _("batch {batch}", batch=row.batch) if row.batch else ""
    until = _("until {day}", day=words.day(row.expires_on)) if row.expires_on else ""
    left = words.n_("one left", "{n} left", row.quantity)
    return " · ".join(filter(None, (row.part, where(row.place), left, batch, until)))
