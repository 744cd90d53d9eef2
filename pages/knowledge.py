"""Knowledge 知识库: articles grown from answers, and what is asked often without one."""

from pages.ui.kit import headings, places, words
from pages.ui.kit.words import _
from pages.ui.knowledge import article, several, writing

headings.title(words.in_domain("page", "knowledge"))
asked, case = places.number("id"), places.number("case")
if asked is not None or case is not None or places.asked("new"):
    places.link("knowledge", _("All articles"), icon=":material/arrow_back:")
if asked is not None:
    article.show(asked)
elif case is not None or places.asked("new"):
    writing.show(case)
else:
    several.show()
