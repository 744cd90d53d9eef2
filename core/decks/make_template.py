"""Makes the Word template of the minutes.

Run by hand after a change, `python -m core.decks.make_template`, and look at what comes out.
"""

from pathlib import Path

from core.decks.record import TEMPLATE
from core.papers.sheet import PAGE, PAGES, Sheet


def make(path: Path) -> None:
    """Write the template; its labels are words too, so one serves every language."""
    sheet = Sheet(latin="Arial", title="")
    sheet.heading("{{ minutes }}", "{{ deck_title }}")
    sheet.sides("{{ deck_subtitle }}", "")
    sheet.table((28, 150)).wide("{{ people }}", "{{ deck_people }}")
    sheet.gap()
    table = sheet.table((34, 34, 24, 36, 50))
    table.section("{{ figures }}")
    table.head("{{ figure }}", "{{ value }}", "{{ target }}", "{{ previous }}", "{{ note }}")
    counted = ("{{ f.value }} · {{ f.state }}", "{{ f.target }}", "{{ f.previous }}")
    table.rows("f", "figure_lines", "{{ f.name }}", *counted, "{{ f.note }}")
    sheet.gap()
    table = sheet.table((76, 36, 24, 24, 18))
    table.section("{{ decisions }}")
    table.head("{{ decision }}", "{{ figure }}", "{{ owner }}", "{{ due }}", "{{ done }}")
    fields = ("text", "figure", "owner", "due", "done")
    table.repeat("d", "decision_lines", *fields, none="{{ no_decision }}")
    sheet.footer("{{ minutes }}", (PAGE, " / ", PAGES))
    sheet.save(path)


if __name__ == "__main__":
    make(TEMPLATE)
