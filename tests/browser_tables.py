"""Tables that are filled in, in a browser: the cells are pixels, and listed for readers aloud."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, expect

# Where a table has its rows and, behind their marks, its first column, in pixels.
FIRST_COLUMN, HEAD_HEIGHT, ROW_HEIGHT = 50, 35, 35
# More turns of the loop than a table has columns.
TURNS = 40
# Which cell is marked, as column and row; nothing where none is.
MARKED = """table => {
    const cell = table.querySelector('[role=gridcell][aria-selected=true]');
    return cell ? cell.id.split('-').slice(2).map(Number) : null;
}"""


class FilledTable:
    """A table of a form: a cell is found by its row and the words at the head of its column."""

    def __init__(self, drawn: Locator) -> None:
        self.drawn = drawn
        self.keyboard = drawn.page.keyboard
        self.editor = drawn.page.locator("[id^=gdg-overlay]")

    def write(self, row: int, cells: Mapping[str, str]) -> "FilledTable":
        """Fill cells of a row, counted from 0; the row after the last one is added."""
        self.drawn.locator("canvas").first.scroll_into_view_if_needed()
        expect(self._heads.first).to_be_attached()
        if row == self._count():
            self._add(row)
        for head, words in cells.items():
            self._mark(self._column(head), row)
            self._type(words)
        return self

    def shows(self, row: int, head: str, value: str) -> "FilledTable":
        """Wait until a cell has a value: of a choice its code, of a figure its digits."""
        expect(self._cell(self._column(head), row)).to_have_text(value)
        return self

    @property
    def _heads(self) -> Locator:
        return self.drawn.get_by_role("columnheader", include_hidden=True)

    def _column(self, head: str) -> int:
        found = self._heads.filter(has_text=head).first
        return int(found.get_attribute("aria-colindex") or 0)

    def _cell(self, column: int, row: int) -> Locator:
        return self.drawn.locator(f"[id=glide-cell-{column}-{row}]")

    def _count(self) -> int:
        # The head is counted as a row, the empty one below the last is not.
        table = self.drawn.locator("[role=grid]")
        return int(table.get_attribute("aria-rowcount") or 0) - 2

    def _add(self, row: int) -> None:
        self._click(row)
        expect(self._cell(1, row)).to_be_attached()
        expect(self.editor).to_be_visible()  # a new row opens its first cell by itself

    def _click(self, row: int) -> None:
        y = HEAD_HEIGHT + ROW_HEIGHT * row + ROW_HEIGHT // 2
        self.drawn.locator("canvas").first.click(position={"x": FIRST_COLUMN, "y": y})

    def _mark(self, column: int, row: int) -> None:
        """Go to a cell by mouse and arrows; the mark is lost whenever an editor closes."""
        for _ in range(TURNS):
            if self.editor.count():
                self.keyboard.press("Escape")
                self.editor.wait_for(state="detached")
            at: Any = self.drawn.evaluate(MARKED)
            if at == [column, row]:
                return
            if at is None or at[1] != row:
                self._click(row)
            else:
                self.keyboard.press("ArrowRight" if at[0] < column else "ArrowLeft")
            self.drawn.page.wait_for_timeout(50)
        raise AssertionError(f"the cell {column}, {row} cannot be reached")

    def _type(self, words: str) -> None:
        self.keyboard.press("Enter")
        box = self.editor.locator("input, textarea").first
        box.fill(words)
        if box.get_attribute("role") == "combobox":
            self.drawn.page.get_by_role("option", name=words).first.wait_for()
        self.keyboard.press("Enter")
        self.editor.wait_for(state="detached")
