"""Meetings 例会: one figure a screen as it stood, and what is decided on account of it."""

from core.meetings import lists
from pages.ui.kit import gate, headings, places, words
from pages.ui.meetings import all as meetings
from pages.ui.meetings import one

if id := places.number("id"):
    one.show(gate.read(lists.show, id=id))
else:
    headings.title(words.in_domain("page", "meeting"))
    meetings.show()
