"""Desk 待答复: consultations, suggestions and training requests that wait for an answer."""

from core.codes import RequestKind
from core.requests.lists import DESK_KINDS, Queue
from pages.ui.kit import headings, words
from pages.ui.kit.words import _
from pages.ui.requests import pile

headings.title(words.in_domain("page", "desk"))
pile.show(
    Queue.DESK,
    columns=("next_due", "product", "symptom", "customer", "kind", "priority", "owner", "number"),
    empty=_("Nothing waits for an answer."),
    kinds=[kind for kind in RequestKind if kind in DESK_KINDS],
)
