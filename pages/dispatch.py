"""Dispatch 派工: what waits for a technician, and what is under way."""

import streamlit as st

from core.codes import RequestKind
from core.requests.lists import SITE_KINDS, Queue
from pages.ui import kept, queues, words
from pages.ui.words import _

st.title(words.in_domain("page", "dispatch"))
piles = {each: words.in_domain("pile", each) for each in (Queue.DISPATCH, Queue.RUNNING)}
queue = kept.segments("dispatch", "queue", _("Which jobs"), piles, usual=Queue.DISPATCH)
empty = _("Nothing waits for a technician.")
columns = ("next_due", "number", "kind", "customer", "address", "product", "symptom", "station")
if queue == Queue.RUNNING:
    columns = ("next_due", "number", "technician", "kind", "customer", "address", "symptom")
    empty = _("No job is under way.")
queues.show(
    queue,
    columns=columns,
    empty=empty,
    kinds=[kind for kind in RequestKind if kind in SITE_KINDS],
)
