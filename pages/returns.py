"""Returns and exchanges 退换货: the queue of applications."""

import streamlit as st

from core.codes import RequestKind
from core.requests.lists import RETURNS, Queue
from pages.ui import queues, words
from pages.ui.words import _

st.title(words.in_domain("page", "returns"))
queues.show(
    Queue.RETURNS,
    columns=("next_due", "number", "kind", "status", "customer", "product", "symptom", "owner"),
    empty=_("No open returns or exchanges."),
    kinds=[kind for kind in RequestKind if kind in RETURNS],
)
