"""Dispatch 派工: what waits for a technician, and what is under way."""

import streamlit as st

from core.codes import RequestKind
from core.requests.lists import SITE_KINDS, Queue
from pages.ui import queues, words
from pages.ui.words import _

st.title(words.in_domain("page", "dispatch"))
queue = st.segmented_control(
    _("Which jobs"),
    [Queue.DISPATCH, Queue.RUNNING, Queue.FORMS],
    default=Queue.DISPATCH,
    required=True,
    format_func=lambda name: words.in_domain("pile", name),
    key="dispatch_queue",
    label_visibility="collapsed",
)
columns = ("next_due", "number", "kind", "customer", "address", "product", "symptom", "station")
if queue != Queue.DISPATCH:
    columns = ("next_due", "number", "technician", "kind", "customer", "address", "symptom")
queues.show(
    queue,
    columns=columns,
    empty=_("No form is owed.") if queue == Queue.FORMS else _("Nothing waits for a technician."),
    kinds=[kind for kind in RequestKind if kind in SITE_KINDS],
)
