"""Quality feedback 质量反馈: what is due next comes first, and the chosen one beside it (C7)."""

from pages.ui.kit import headings, places, words
from pages.ui.kit.queue import beside, pick
from pages.ui.kit.words import _
from pages.ui.quality import file
from pages.ui.requests.beside import shows

headings.title(words.in_domain("page", "quality"))
found = file.read(file.filters())
rows = {row.case.case_id: file.cells(row) for row in found.rows}
beside(
    bool(rows),
    lambda: pick(file.NAME, found, rows, empty=_("No quality feedback here.")),
    shows(file.work, otherwise=_("This case is no quality feedback.")),
)
places.link("batch", _("Look up a batch"), icon=":material/inventory_2:")
