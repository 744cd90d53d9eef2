"""Sentence and number of a draft: where they say two lengths, the new sentence is asked for."""

from typing import Any

import streamlit as st

from core.norms.lengths import DAY
from core.norms.model import Norm
from core.rulebook import book as rulebook
from core.rulebook import sentences
from core.rulebook.sentences import Apart
from pages.ui.kit import lengths, words
from pages.ui.kit.words import _


def ask(in_force: Norm, data: dict[str, Any]) -> None:
    """Ask for each sentence that does not agree with what the tables hold; puts it into `data`."""
    try:
        found = sentences.fresh(in_force, rulebook.parse(data))
    except rulebook.BrokenNorm:
        return  # said when the draft is kept
    if not found:
        return
    st.warning(
        words.n_(
            "One sentence names another length than its number. Write it anew.",
            "{n} sentences name another length than their number. Write them anew.",
            len(found),
        ),
        icon=":material/edit_note:",
    )
    for each in {(e.part, e.key, e.language): e for e in found}.values():
        text = st.text_input(
            f"{_told(data, each)} · {words.NAMES[each.language]}",
            value=each.sentence,
            key=f"sentence·{each.part}·{each.key}·{each.language}",
        )
        _texts(data, each)[each.language.value] = text.strip()


def show(in_force: Norm, draft: Norm) -> bool:
    """Name the sentences of a draft that do not agree; whether there are any."""
    found = sentences.fresh(in_force, draft)
    if not found:
        return False
    st.warning(
        _("Sentence and number say two lengths. Write the sentence anew in the draft, or say below "
          "that it stays."),
        icon=":material/edit_note:",
    )  # fmt: skip
    data = draft.model_dump(mode="json")
    lines = (f"{_told(data, each)}：{each.sentence}" for each in found)
    st.markdown("\n".join(f"- {words.plain(line)}" for line in lines))
    return True


def _told(data: dict[str, Any], each: Apart) -> str:
    """The sentence's place, and the length that the number says."""
    if each.part == "return_conditions":
        name = _texts(data, each).get(words.language().value, "")
        return _("{name}, now {length}", name=name, length=_days(each.amount))
    name = _("{name} ({clause})", name=words.in_domain("limit", each.rule), clause=each.key)
    return _("{name}, now {length}", name=name, length=lengths.said(each.unit, each.amount))


def _days(minutes: int) -> str:
    return words.n_("One day", "{n} days", minutes // DAY)


def _texts(data: dict[str, Any], each: Apart) -> dict[str, str]:
    """Where the sentence stands in the data of a draft, by language."""
    if each.part == "clauses":
        return data["clauses"][each.key]  # type: ignore[no-any-return]
    rows = data[each.part]
    return next(row["text"] for row in rows if row["name"] == each.key)
