"""Prevention 预防: repeat faults, Pareto of causes and faults, measures and their effect (A26)."""

from pages.ui.kit import filters, headings, words
from pages.ui.kit.words import _
from pages.ui.prevention import (
    alarms as prevention,
)
from pages.ui.prevention import (
    causes as prevention_causes,
)
from pages.ui.prevention import (
    measures as prevention_measures,
)

PARTS = {
    "alarms": prevention.show,
    "causes": prevention_causes.show,
    "measures": prevention_measures.show,
}
names = {
    "alarms": _("Repeat faults"),
    "causes": _("Causes"),
    "measures": _("Measures"),
}

headings.title(words.in_domain("page", "prevention"))
part = filters.segments("prevention", "part", _("What to look at"), names, usual="alarms")
PARTS[part]()
