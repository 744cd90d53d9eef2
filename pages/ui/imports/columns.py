"""The map of a file's columns: chosen, or drawn from their names; put right, and kept."""

from typing import Any

import streamlit as st

from core.imports import reading, saved_maps, suggest
from core.imports.errors import FileRefused
from core.imports.files import SourceFile
from core.imports.mapping import CHOICES, REQUIRED, ColumnMap, Fact, FactRule
from core.kernel.inputs import Input, RequiredLine
from pages.ui.imports.importing import say_refused
from pages.ui.kit import gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

NEW = ""


class MapName(Input):
    """The name under which a map is kept."""

    name: RequiredLine


def choose_map(upload: Any) -> str:
    """Which map reads the file; NEW asks for one drawn from the names of its columns."""
    maps = {view.name: view.map for view in gate.read(saved_maps.list_maps)}
    chosen: str = st.selectbox(
        _("Map of the columns"),
        [*maps, NEW],
        format_func=lambda name: _map_title(maps, name),
        key="import_map",
    )
    return chosen


def edit_map(file: SourceFile, file_id: str, name: str) -> ColumnMap:
    """The chosen map, or the suggested one, with the columns that the person changes in it."""
    start = gate.read(saved_maps.load_map, name) if name else _suggested(file, file_id)
    with st.expander(_("Columns"), expanded=not name):
        changed = _edited(start, _columns_of(file, file_id), f"{file_id}·{name}")
        _keep(changed, name)
    return changed


def _suggested(file: SourceFile, file_id: str) -> ColumnMap:
    columns = _columns_of(file, file_id)
    return suggest.suggest_map(columns, file.name.rsplit(".", 1)[0]).map


def _columns_of(file: SourceFile, file_id: str) -> tuple[str, ...]:
    # Read once for a file, not at every click: finding the encoding reads the whole of it.
    key = f"import_columns·{file_id}"
    if key not in st.session_state:
        try:
            with reading.open_table(file) as table:
                st.session_state[key] = table.columns
        except FileRefused as error:
            say_refused(error)
            st.stop()
    columns: tuple[str, ...] = st.session_state[key]
    return columns


def _edited(start: ColumnMap, found: tuple[str, ...], key: str) -> ColumnMap:
    columns = ["", *dict.fromkeys(found)]
    rows = [_map_row(fact, start.facts.get(fact)) for fact in Fact]
    st.caption(_("* is needed. A fixed value stands for every row."))
    edited = st.data_editor(
        rows,
        hide_index=True,
        key=f"import_editor·{key}",
        disabled=["fact", "label"],
        column_order=["label", "column", "constant"],
        column_config={
            "label": st.column_config.TextColumn(_("Fact")),
            "column": st.column_config.SelectboxColumn(_("Column"), options=columns),
            "constant": st.column_config.TextColumn(_("Fixed value")),
        },
        height=300,
    )
    facts = dict(start.facts)
    for row, old in zip(edited, rows, strict=True):
        if (row["column"], row["constant"]) != (old["column"], old["constant"]):
            _change(facts, Fact(row["fact"]), row["column"] or "", row["constant"] or "")
    return start.model_copy(update={"facts": facts})


def _change(facts: dict[Fact, FactRule], fact: Fact, column: str, constant: str) -> None:
    before = facts.pop(fact, None)
    if column:
        # The words that the old column's values were translated by are kept: the same system's
        # file often comes with a renamed column.
        kept = {"translate": before.translate, "default": before.default} if before else {}
        facts[fact] = FactRule(column=column, **(kept or _usual(fact)))
    elif constant:
        facts[fact] = FactRule(constant=constant)


def _usual(fact: Fact) -> dict[str, Any]:
    if fact not in CHOICES:
        return {}
    return {"translate": suggest.WORDS.get(fact, {}), "default": suggest.DEFAULTS.get(fact, "")}


def _map_row(fact: Fact, rule: FactRule | None) -> dict[str, str]:
    star = " *" if fact in REQUIRED else ""
    several = " + ".join(rule.columns) if rule and rule.columns else ""
    return {
        "fact": fact.value,
        "label": words.field(fact.value) + star + (f" ({several})" if several else ""),
        "column": rule.column if rule else "",
        "constant": rule.constant if rule else "",
    }


def _keep(column_map: ColumnMap, name: str) -> None:
    form = Form("import_map_name", MapName, values={"name": name})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        form.field("name", label=_("Keep this map as"))
        pressed = st.button(_("Keep"), key="map_send")
    if pressed:
        views = {view.name: view.version for view in gate.read(saved_maps.list_maps)}
        form.send(
            lambda uow, command: (
                saved_maps.save_map(
                    uow, command.name, column_map, seen_version=views.get(command.name)
                ).name
            ),
            done=_("Saved"),
        )


def _map_title(maps: dict[str, ColumnMap], name: str) -> str:
    if name == NEW:
        return _("New map from the names of the columns")
    return maps[name].title.get(words.language()) or name
