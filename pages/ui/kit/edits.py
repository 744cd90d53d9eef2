"""What was changed of a record, with the old and the new values."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.process.changes import Change
from pages.ui.kit import words
from pages.ui.kit.words import _

Names = Mapping[str, Mapping[Any, str]]


def show(found: Sequence[Change], names: Names | None = None, *, key: str) -> None:
    """A row for each fact that was changed; `names` says what the codes of a field mean."""
    rows = [
        {
            words.field("changed_at"): words.moment(change.at, year=True),
            words.field("changed_by"): change.actor or _("the tool"),
            words.field("changed_field"): words.field(name),
            words.field("old_value"): _said(name, old, names or {}),
            words.field("new_value"): _said(name, new, names or {}),
        }
        for change in found
        for name, (old, new) in change.fields.items()
    ]
    if rows:
        with st.expander(_("Changes"), icon=":material/history:"):
            st.dataframe(rows, hide_index=True, key=key)


def _said(name: str, value: Any, names: Names) -> str:
    if value is None or value == "":
        return "—"
    return str(names.get(name, {}).get(value, value))
