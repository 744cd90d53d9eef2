"""Price list 价目表: what work, ways and parts cost, each price for its period."""

from pages.ui.billing import prices
from pages.ui.kit import headings, words

headings.title(words.in_domain("page", "prices"))
prices.show()
