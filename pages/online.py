"""Online requests 在线申请: what customers have written by the company's own pages."""

from pages.ui.kit import headings, places, window, words
from pages.ui.kit.words import _
from pages.ui.online import asked, pile

headings.title(words.in_domain("page", "online"))
if window.is_narrow() and (alone := places.number("id")):
    places.link("online", _("All online requests"), icon=":material/arrow_back:")
    asked.show(alone)
else:
    pile.show()
