"""Complaints 投诉: the queue, what is due next first."""

import streamlit as st

from core.codes import RequestKind
from core.requests.lists import COMPLAINTS, Queue
from pages.ui import queues, words
from pages.ui.words import _

st.title(words.in_domain("page", "complaints"))
queues.show(
    Queue.COMPLAINTS,
    columns=("next_due", "number", "kind", "status", "customer", "product", "symptom", "owner"),
    empty=_("No open complaints."),
    kinds=[kind for kind in RequestKind if kind in COMPLAINTS],
)
