"""Parts in stock 配件库存: what lies where, orders, old parts on their way, counts."""

from core.stock.sight import KEEP
from pages.ui.kit import filters, gate, headings, words
from pages.ui.kit.words import _
from pages.ui.stock import counting, lying, old, ordering

headings.title(words.in_domain("page", "stock"))
parts = {"lying": (_("Stock"), lying.show), "orders": (_("Orders"), ordering.show)}
if gate.allowed(KEEP):
    parts |= {"old": (_("Old parts"), old.show), "counts": (_("Counts"), counting.show)}
labels = {name: label for name, (label, _show) in parts.items()}
part = filters.segments("stock", "part", _("Which part of the stock"), labels, usual="lying")
parts[part][1]()
