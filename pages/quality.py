"""Quality feedback 质量反馈: what is due next comes first, and the chosen one beside it (C7)."""

from core.requests import view as case
from pages.ui.kit import gate, headings, places, words
from pages.ui.kit.queue import beside, pick
from pages.ui.kit.words import _
from pages.ui.quality import file

headings.title(words.in_domain("page", "quality"))
found = file.read(file.filters())
rows = {row.case.case_id: file.cells(row) for row in found.rows}
beside(
    bool(rows),
    lambda: pick(file.NAME, found, rows, empty=_("No quality feedback here.")),
    lambda chosen: file.show(gate.read(case.view, id=chosen, with_timeline=False)),
)
places.link("batch", _("Look up a batch"), icon=":material/inventory_2:")
