"""Suggestions 建议: what is due next comes first, and the chosen one beside it (S12, A25)."""

from core.people import people
from pages.ui.kit import gate, headings, words
from pages.ui.kit.queue import beside, pick
from pages.ui.kit.words import _
from pages.ui.requests.beside import shows
from pages.ui.suggestions import file

headings.title(words.in_domain("page", "suggestions"))
found = file.read(file.filters())
departments = dict(gate.kept(people.department_options)) if found.rows else {}
rows = {row.case.case_id: file.cells(row, departments) for row in found.rows}
beside(
    bool(rows),
    lambda: pick(file.NAME, found, rows, empty=_("No suggestions here.")),
    shows(file.work, otherwise=_("This case is no suggestion.")),
)
