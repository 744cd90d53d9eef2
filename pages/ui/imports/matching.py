"""The words of the other system, each with what it means here."""

from enum import StrEnum

import streamlit as st

from core.imports.look import Column, Look
from core.imports.mapping import CHOICES, USUAL, ColumnMap, FactRule
from core.imports.subjects import Fact
from core.imports.values import plain
from pages.ui.kit import words
from pages.ui.kit.words import _


def match(start: ColumnMap, seen: Look, key: str) -> ColumnMap:
    """The map with the words as the person matches them; words that mean nothing yet are named."""
    shown = {
        fact: (rule, column)
        for fact in CHOICES
        if (rule := start.facts.get(fact)) and (column := seen.column(rule.column))
    }
    if not shown:
        return start
    st.markdown("**" + _("Words of the other system") + "**")
    facts = dict(start.facts)
    for tab, (fact, (rule, column)) in zip(
        st.tabs([words.field(fact.value) for fact in shown]), shown.items(), strict=True
    ):
        with tab:
            facts[fact] = _matched(fact, rule, column, key)
    for fact, (_rule, column) in shown.items():
        _say_unmatched(fact, facts[fact], column)
    return start.model_copy(update={"facts": facts})


def _matched(fact: Fact, rule: FactRule, column: Column, key: str) -> FactRule:
    names = {words.code(code): code.value for code in CHOICES[fact]}
    labels = {value: name for name, value in names.items()}
    known = {plain(word): code for word, code in rule.translate.items()}
    rows = [
        {"word": word, "count": count, "code": labels.get(known.get(plain(word), ""))}
        for word, count in column.words
    ]
    if not rows:
        st.caption(_("Too many different words: they are read by the map."))
        return rule
    edited = st.data_editor(
        rows,
        hide_index=True,
        key=f"import_words·{key}·{fact}·{column.name}",
        disabled=["word", "count"],
        column_config={
            "word": st.column_config.TextColumn(_("Word of the file")),
            "count": st.column_config.NumberColumn(_("Rows")),
            "code": st.column_config.SelectboxColumn(_("Means here"), options=list(names)),
        },
    )
    changed = dict(rule.translate)
    for row, old in zip(edited, rows, strict=True):
        if row["code"] != old["code"]:
            word, name = str(row["word"]), str(row["code"] or "")
            changed = {w: c for w, c in changed.items() if plain(w) != plain(word)}
            changed |= {word: names[name]} if name else {}
    return rule.model_copy(update={"translate": changed})


def _say_unmatched(fact: Fact, rule: FactRule, column: Column) -> None:
    known = {plain(word) for word in rule.translate} | {code.value for code in CHOICES[fact]}
    loose = [word for word, _count in column.words if plain(word) not in known]
    if not loose or fact is Fact.FAULT_AREA:
        return  # a list of fault codes goes by its first letters
    usual: StrEnum | None = CHOICES[fact](rule.default) if rule.default else USUAL.get(fact)
    names = words.plain(", ".join(loose[:10]))
    field = words.field(fact.value)
    if rule.default and usual:
        text = _("{field}: these words mean nothing here yet and come in as {usual}: {names}",
                 field=field, usual=words.code(usual), names=names)  # fmt: skip
    else:
        text = _("{field}: these words mean nothing here yet: {names}", field=field, names=names)
    st.warning(text)
