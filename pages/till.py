"""Till 收款交款: money that was collected, handed in to finance, and counted."""

from pages.ui.billing import till
from pages.ui.kit import headings, words

headings.title(words.in_domain("page", "till"))
till.show()
