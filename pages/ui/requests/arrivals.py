"""What has come in and waits for a person: lists of it, and whose it may be."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from core.kernel.paging import Page
from core.requests.whose import Whose
from pages.ui.kit import places, queue, window, words
from pages.ui.kit.lists import case_link, pick
from pages.ui.kit.words import _


def beside(
    page: str,
    found: Page[Any],
    cells: Callable[[Any], dict[str, Any]],
    show: Callable[[int], None],
    *,
    empty: str,
) -> None:
    """A list and the chosen one beside it; on a phone the chosen one has the page."""
    queue.beside(bool(found.rows), lambda: _pick(page, found, cells, empty), show)


def _pick(
    page: str, found: Page[Any], cells: Callable[[Any], dict[str, Any]], empty: str
) -> int | None:
    rows = {row.id: cells(row) for row in found.rows}
    narrow = window.is_narrow()
    if not narrow:
        queue.begin(page)
    chosen = pick(page, found, rows, empty=empty, are_cases=False, once=narrow)
    if not narrow:
        return queue.hold(chosen)
    if chosen:
        places.go(page, id=str(chosen))
    return None


def known(customers: Sequence[Whose]) -> None:
    """Whose it may be, with the open cases."""
    for each in customers:
        label = words.plain(each.said)
        places.link("customer", label, icon=":material/person:", id=str(each.id))
        open_cases(each.cases)


def open_cases(cases: Iterable[tuple[int, str]]) -> None:
    """Open cases to which it may belong."""
    for id, number in cases:
        case_link(id, _("Open case {number}", number=number))
