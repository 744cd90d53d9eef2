"""The rule book as a person reads it: clause by clause, part by part."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.codes import Language
from core.norms.model import Norm
from pages.ui.kit import headings, words
from pages.ui.kit.words import _
from pages.ui.rulebook import parts

# In these, whom a rule is for is read in one column.
SCOPED = ("limits", "routes")


def book(norm: Norm) -> None:
    """Limits first, because they are asked for most; then the other parts, then every clause."""
    speaks = words.language()
    st.caption(words.plain(norm.title[speaks]))
    for part in parts.PARTS:
        _part(words.in_domain("norm", part), rows(norm, part))
    _part(_("Repeat faults"), [{_("Days"): norm.repeat_days, _("Alarm at"): norm.repeat_count}])
    _part(
        _("Clauses"),
        [
            {_("Clause"): clause, _("Text"): text[speaks]}
            for clause, text in sorted(norm.clauses.items(), key=lambda item: parts.order(item[0]))
        ],
    )


# Of each part in each language, with the revision that it was said of: none of these ever changes.
_SAID: dict[tuple[str, Language], tuple[Norm, list[dict[str, str]]]] = {}


def rows(norm: Norm, part: str) -> list[dict[str, str]]:
    """The rows of a part in words: whom they are for in one column, the clause's text beside it."""
    key = part, words.language()
    said = _SAID.get(key)
    if said is None or said[0] is not norm:
        said = _SAID[key] = norm, _say(norm, part)
    return said[1]


def _say(norm: Norm, part: str) -> list[dict[str, str]]:
    speaks = words.language()
    found = []
    for row in parts.rows_of(norm, part):
        said = {
            cell.label: cell.said(norm, row, speaks)
            for cell in parts.PARTS[part]
            if part not in SCOPED or cell not in parts.SCOPE
        }
        if part in SCOPED:
            said = {_("For"): parts.scope(norm, row)} | said
        if part == "limits":
            said[_("Text")] = norm.clauses[row["clause"]][speaks]
            first = [parts.CLAUSE.label, words.in_domain("norm", "limit"), parts.LENGTH.label]
            said = {label: said[label] for label in (*first, _("For"), _("Text"))} | said
        found.append(said)
    return found


def _part(title: str, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    headings.part(title)
    st.dataframe(list(rows), hide_index=True, key=f"norm·{title}")
