"""Prevention 预防: repeat faults, Pareto of causes and faults, measures and their effect (A26)."""

import streamlit as st

from pages.ui import kept, prevention, prevention_causes, prevention_measures, words
from pages.ui.words import _

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

st.title(words.in_domain("page", "prevention"))
part = kept.segments("prevention", "part", _("What to look at"), names, usual="alarms")
PARTS[part]()
