"""Tools 工具设备: who has them, checks that are due, faults and their rate."""

from pages.ui.kit import headings, words
from pages.ui.tools import register

headings.title(words.in_domain("page", "tools"))
register.show()
