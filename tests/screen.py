"""A screen under test: the real app.py through AppTest, signed in as somebody of the cast."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from core.kernel import database
from core.kernel.unit_of_work import transaction
from core.people import sign_ins
from db.codes import Language
from pages.ui.kit import gate, words
from tests.company_cast import Company

ROOT = Path(__file__).resolve().parent.parent
WIDGETS = (
    *("text_input", "text_area", "selectbox", "number_input", "date_input", "datetime_input"),
    *("pills", "segmented_control", "checkbox", "radio", "toggle"),
)


class Screen:
    """One browser window."""

    def __init__(self, company: Company, who: str | None, **context: str) -> None:
        self.company = company
        self.app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        self.app.context = {"locale": "zh-CN", "timezone": "Asia/Shanghai", **context}
        if who:
            self.app.session_state[gate.SECRET] = secret(company, who)
        self.app.run()

    def open(self, page: str, **params: str) -> "Screen":
        """Go to a page by its address."""
        self.app.switch_page(f"pages/{page}.py")
        for name, value in params.items():
            self.app.query_params[name] = value
        return self.run()

    def run(self) -> "Screen":
        self.app.run()
        assert not self.app.exception, self.app.exception
        return self

    def field(self, name: str, form: str = "") -> Any:
        """The widget of a form's field; of a form whose name begins so, where there are several."""
        for kind in WIDGETS:
            for widget in self.app.get(kind):
                key = widget.key or ""
                if key.startswith(form) and f"·{name}·" in f"·{key}·":
                    return widget
        raise LookupError(name)

    def fill(self, form: str = "", /, **values: Any) -> "Screen":
        """Type into fields, of one form where it is named. A table takes its rows as a list of what is typed in their cells."""
        for name, value in values.items():
            if isinstance(value, list) and all(isinstance(row, dict) for row in value):
                self._fill_rows(name, value)
            else:
                self.field(name, form).set_value(value)
        return self

    def _fill_rows(self, name: str, rows: list[dict[str, Any]]) -> None:
        # AppTest cannot type into a table: this is what the browser would send. It fills what a
        # new row starts with, and the rows that stand there are taken out.
        (table,) = [t for t in self.app.get("dataframe") if f"·{name}·" in t.proto.id]
        columns = json.loads(table.proto.columns)
        starts = {name: about.get("default") for name, about in columns.items()}
        self.app.session_state[table.proto.id.split("-", 2)[2]] = {
            "edited_rows": {},
            "added_rows": [starts | row for row in rows],
            "deleted_rows": list(range(len(table.value))),
        }

    def press(self, key: str) -> "Screen":
        """Press the button whose key ends so."""
        (button,) = [b for b in self.app.button if b.key and b.key.endswith(key)]
        button.click()
        return self.run()

    def served(self, name: str) -> bool:
        """Whether a component of ours is drawn."""
        drawn = self.app.get("bidi_component")
        return any(each.proto.component_name.split(".")[-1] == name for each in drawn)

    def turn_to(self, action: str) -> "Screen":
        """Tap the pill of an action: after a save none stands open."""
        names = {words.catalogue(each).pgettext("action", action) for each in Language}
        groups = [p for p in self.app.pills if p.key and p.key.endswith("·action")]
        (group,) = [p for p in groups if names & {*p.options}]
        group.set_value(action)
        return self.run()

    def choose_row(self, table: str, row: int) -> "Screen":
        """Click on a row: on its first cell, or on another one where that is marked already."""
        turn = self.app.session_state.get(f"{table}·turn", 0)
        (drawn,) = [t for t in self.app.dataframe if t.proto.id.endswith(f"-{table}_table·{turn}")]
        marked = self.app.session_state.get(f"{table}·marked")
        free = (name for name in drawn.value.columns if (row, name) != marked)
        selection = {"selection": {"rows": [], "columns": [], "cells": [(row, next(free))]}}
        self.app.session_state[f"{table}_table·{turn}"] = selection
        return self.run()

    @property
    def title(self) -> str:
        return self.app.title[0].value if self.app.title else ""

    @property
    def errors(self) -> list[str]:
        return [error.value for error in self.app.error]

    @property
    def texts(self) -> str:
        """Everything that can be read, for asking whether something is there."""
        kinds = ("title", "subheader", "markdown", "caption", "info", "warning", "success", "error")
        return "\n".join(str(element.value) for kind in kinds for element in self.app.get(kind))


def secret(company: Company, who: str) -> str:
    """A sign-in for somebody, as the cookie would hold it."""
    with transaction(company.engine, write=True) as session:
        return sign_ins.open_for(session, who, datetime.now(UTC))


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that the screens send meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine = database.engine()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
