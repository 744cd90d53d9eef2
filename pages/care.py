"""Care 客户走访: calls and visits that the rule book plans, and the key customers (E19, S14)."""

from core.care.lists import CareState
from pages.ui.care import calls, keys
from pages.ui.kit import filters, headings, places, words
from pages.ui.kit.words import _

KEYS = "keys"
headings.title(words.in_domain("page", "care"))
names = {state.value: words.code(state) for state in CareState} | {KEYS: _("Key customers")}
is_late = places.asked("care_late") == filters.ON
usual = CareState.LATE.value if is_late else CareState.NOW.value
part = filters.segments("care", "part", _("Which calls"), names, usual=usual)
if part == KEYS:
    keys.listed()
else:
    calls.listed(CareState(part))
