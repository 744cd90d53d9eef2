"""Tables that are filled in, in a browser: the cells are pixels, and listed for readers aloud."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal

from playwright.sync_api import Locator, TimeoutError, expect

# Where a table has its rows and, behind their marks, its first column, in pixels.
FIRST_COLUMN, HEAD_HEIGHT, ROW_HEIGHT = 50, 35, 35
SOON_MS = 1_000
# How long one try of a click or a key may take on a busy machine.
TRY_MS = 5_000
TRIES = 8


class FilledTable:
    """A table of a form: a cell is found by its row and the words at the head of its column."""

    def __init__(self, drawn: Locator) -> None:
        self.drawn = drawn
        self.keyboard = drawn.page.keyboard
        self.editor = drawn.page.locator("[id^=gdg-overlay]")

    def write(self, row: int, cells: Mapping[str, str]) -> "FilledTable":
        """Fill cells of a row, counted from 0, anew; the row after the last one is added."""
        self.drawn.locator("canvas").first.scroll_into_view_if_needed()
        expect(self._heads.first).to_be_attached()
        if row == self._count():
            self._add(row)
        for head, words in cells.items():
            self._fill(self._column(head), row, words)
        return self

    @property
    def _heads(self) -> Locator:
        return self.drawn.get_by_role("columnheader", include_hidden=True)

    def _column(self, head: str) -> int:
        found = self._heads.filter(has_text=head).first
        return int(found.get_attribute("aria-colindex") or 0)

    def _cell(self, column: int, row: int) -> Locator:
        return self.drawn.locator(f"[id=glide-cell-{column}-{row}]")

    def _is_marked(self, column: int, row: int) -> bool:
        """Whether a cell is marked soon: the list for readers follows some moments later."""
        marked = self.drawn.locator(f"[id=glide-cell-{column}-{row}][aria-selected=true]")
        return _comes(marked, "attached")

    def _count(self) -> int:
        # The head is counted as a row, and so is the empty one below the last.
        table = self.drawn.locator("[role=grid]")
        return int(table.get_attribute("aria-rowcount") or 0) - 2

    def _click(self, row: int) -> None:
        # What is too wide for its place scrolls with the mark: back to the first column.
        self.drawn.locator(".dvn-scroller").evaluate("scroller => scroller.scrollLeft = 0")
        y = HEAD_HEIGHT + ROW_HEIGHT * row + ROW_HEIGHT // 2
        self.drawn.click(position={"x": FIRST_COLUMN, "y": y})

    def _add(self, row: int) -> None:
        self._click(row)
        expect(self._cell(1, row)).to_be_attached()
        expect(self.editor).to_be_visible()  # a new row opens its first cell by itself

    def _open(self, column: int, row: int) -> None:
        """Open a cell by mouse and arrows, again if the mark was lost: a closing editor takes it."""
        if column == 1 and self.editor.count():
            return  # of the row that was just added
        for _ in range(TRIES):
            self._leave()
            self._click(row)
            if self._is_marked(1, row):
                self._leave()  # a click on what is marked already opens it
                for _ in range(column - 1):
                    self.keyboard.press("ArrowRight")
                if self._is_marked(column, row):
                    self.keyboard.press("Enter")
                    if _comes(self.editor, "visible"):
                        return
        raise AssertionError(f"the cell {column} of row {row} does not open")

    def _leave(self) -> None:
        if self.editor.count():
            self._press("Escape")
            _comes(self.editor, "detached")

    @property
    def _box(self) -> Locator:
        return self.editor.locator("input, textarea").first

    def _press(self, key: str) -> None:
        """Press a key in the editor itself, whatever has the focus; it may be closing meanwhile."""
        with suppress(TimeoutError):
            self._box.press(key, timeout=TRY_MS)

    def _fill(self, column: int, row: int, words: str) -> None:
        """Fill a cell, again until it holds something new: an editor may close with nothing taken."""
        before = re.escape(self._cell(column, row).inner_text())
        # A form that is sent sooner, within a sixth of a second, goes without it.
        filled = self._cell(column, row).filter(has_not_text=re.compile(f"^{before}$"))
        for _ in range(TRIES):
            self._open(column, row)
            self._type(words)
            if _comes(self.editor, "detached") and _comes(filled, "attached"):
                return
        held = self._cell(column, row).inner_text()
        raise AssertionError(f"the cell {column} of row {row} holds {held!r}, not {words!r}")

    def _type(self, words: str) -> None:
        with suppress(TimeoutError):
            self._box.fill(words, timeout=TRY_MS)
            if self._box.get_attribute("role", timeout=TRY_MS) != "combobox":
                self._press("Enter")
            else:
                option = self.drawn.page.get_by_role("option", name=words, exact=True)
                option.click(timeout=TRY_MS)


def _comes(awaited: Locator, state: Literal["attached", "detached", "visible"]) -> bool:
    try:
        awaited.wait_for(state=state, timeout=SOON_MS)
    except TimeoutError:
        return False
    return True
