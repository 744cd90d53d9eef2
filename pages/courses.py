"""Courses 客户培训: training of customers, trials and demonstrations, on record (C11)."""

from pages.ui.courses import one, planning, several
from pages.ui.kit import headings, places, words
from pages.ui.kit.words import _

headings.title(words.in_domain("page", "courses"))
asked, case, customer = places.number("id"), places.number("case"), places.number("customer")
is_new = case is not None or customer is not None or bool(places.asked("new"))
if asked is not None or is_new:
    places.link("courses", _("All courses"), icon=":material/arrow_back:")
if asked is not None:
    one.show(asked)
elif is_new:
    planning.show(case, customer)
else:
    several.show()
