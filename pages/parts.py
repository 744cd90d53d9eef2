"""Catalogue of parts 配件目录: numbers, what does in their place, what they fit, who delivers."""

from pages.ui.kit import filters, headings, words
from pages.ui.kit.words import _
from pages.ui.stock import catalogue, sources

headings.title(words.in_domain("page", "parts"))
parts = {"parts": (_("Parts"), catalogue.show), "sources": (_("Sources"), sources.show)}
labels = {name: label for name, (label, _show) in parts.items()}
part = filters.segments("parts", "part", _("Parts or sources"), labels, usual="parts")
parts[part][1]()
