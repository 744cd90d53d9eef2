"""The widgets of a form: what a field is typed into, by its kind; its value in core's terms."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import streamlit as st
from pydantic import AwareDatetime, SecretStr

from core.norms.parts import ExtraField
from pages.ui.kit import words
from pages.ui.kit.fields import word_for
from pages.ui.kit.words import _

# Browser-side limits are a courtesy only; far above core's, so that a long paste is answered.
EARLIEST, LATEST = date(1970, 1, 1), date(2100, 12, 31)


def typed(label: str, kind: Any, shown: str, first: Any, common: dict[str, Any]) -> Any:
    """What is typed or ticked."""
    if kind is bool:
        return st.checkbox(label, value=bool(first), **common)
    if kind in (datetime, AwareDatetime):
        return _instant(label, first, common)
    if kind is date:
        return st.date_input(label, value=first, min_value=EARLIEST, max_value=LATEST, **common)
    if shown == "money":
        value = st.number_input(label, value=(first or 0) / 100, step=1.0, format="%.2f", **common)
        return said(kind, shown, value)
    if kind is int:
        return st.number_input(label, value=first, step=1, **common)
    if kind is float:
        return st.number_input(label, value=first, step=1.0, format="%g", **common)
    if kind is SecretStr or shown == "password":
        return st.text_input(label, type="password", **common) or None
    if shown == "text":
        return st.text_area(label, value=first or "", **{"height": 100} | common)
    return st.text_input(label, value=first or "", **common)


def said(kind: Any, shown: str, value: Any) -> Any:
    """What a widget holds, in core's terms."""
    if shown == "money":
        return round((value or 0) * 100)
    if isinstance(value, datetime) and kind in (datetime, AwareDatetime):
        return value.replace(tzinfo=words.zone()).astimezone(UTC)
    return value


def choose(label: str, options: Mapping[Any, str], first: Any, common: dict[str, Any]) -> Any:
    """One of some options; none is chosen at first where the record has none."""
    keys = list(options)
    return st.selectbox(
        label,
        keys,
        index=keys.index(first) if first in options else None,
        format_func=lambda value: word_for(options, value),
        placeholder=_("Choose"),
        **common,
    )


def scores(questions: Mapping[str, str], common: dict[str, Any]) -> dict[str, int]:
    """A score from 0 to 10 for each question; what was not answered is left out."""
    key = common.pop("key")
    answers = {
        name: st.segmented_control(
            words.plain(text),
            list(range(11)),
            key=f"{key}·{name}",
            help=_("0 very bad, 10 very good"),
            **common,
        )
        for name, text in questions.items()
    }
    return {name: score for name, score in answers.items() if score is not None}


def extra(field: ExtraField, label: str, common: dict[str, Any]) -> Any:
    """A field of the rule book's own."""
    if field.kind == "number":
        return st.number_input(label, value=None, **common)
    if field.kind == "date":
        return st.date_input(label, value=None, min_value=EARLIEST, max_value=LATEST, **common)
    if field.kind == "choice":
        names = {choice.name: choice.text[words.language()] for choice in field.choices}
        return choose(label, names, None, common)
    return st.text_input(label, on_change="ignore", **common)


def _instant(label: str, first: datetime | None, common: dict[str, Any]) -> Any:
    local = first.astimezone(words.zone()).replace(tzinfo=None) if first else None
    at = st.datetime_input(
        label,
        value=local,
        min_value=datetime.combine(EARLIEST, time()),
        max_value=datetime.combine(LATEST, time()),
        **common,
    )
    return said(datetime, "", at)
