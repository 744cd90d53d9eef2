"""Prevention 预防: repeat faults, Pareto of causes and faults, measures and their effect (A26)."""

import streamlit as st

from pages.ui import prevention, prevention_causes, prevention_measures, words
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
part = st.segmented_control(
    _("What to look at"),
    list(names),
    default="alarms",
    required=True,
    format_func=names.__getitem__,
    key="prevention_part",
    bind="query-params",
    label_visibility="collapsed",
)
PARTS[part]()
