"""Mail 邮件: what has come in and waits for somebody, and what became of the rest."""

from pages.ui.kit import headings, places, window, words
from pages.ui.kit.words import _
from pages.ui.mail import letter, pile

headings.title(words.in_domain("page", "mail"))
if window.is_narrow() and (alone := places.number("id")):
    places.link("mail", _("All mail"), icon=":material/arrow_back:")
    letter.show(alone)
else:
    pile.show()
