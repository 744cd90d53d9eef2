"""Dispatch 派工: what waits for a technician, and what is under way."""

from core.codes import RequestKind
from core.requests.kinds import SITE_KINDS
from core.requests.lists import Queue
from pages.ui.kit import filters, headings, words
from pages.ui.kit.words import _
from pages.ui.requests import pile

PILES = (Queue.DISPATCH, Queue.RUNNING, Queue.FORMS, Queue.REVIEW, Queue.LATE_REPORTS)

headings.title(words.in_domain("page", "dispatch"))
piles = {each: words.in_domain("pile", each) for each in PILES}
queue = filters.segments("dispatch", "queue", _("Which jobs"), piles, usual=Queue.DISPATCH)
empties = {
    Queue.DISPATCH: _("Nothing waits for a technician."),
    Queue.RUNNING: _("No job is under way."),
    Queue.FORMS: _("No form is owed."),
    Queue.REVIEW: _("No form waits for review."),
    Queue.LATE_REPORTS: _("No report waits for a decision."),
}
columns: tuple[str, ...] = ("next_due", "lacks", "address", "category", "symptom", "customer")
if queue != Queue.DISPATCH:
    columns += ("technician",)
columns += ("wanted", "priority", "kind", "station", "number")
pile.show(
    queue,
    columns=columns,
    empty=empties[queue],
    kinds=[kind for kind in RequestKind if kind in SITE_KINDS],
)
