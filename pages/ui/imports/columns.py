"""The map of a file's columns: chosen, or drawn from their names; put right, and kept."""

from typing import Any

import streamlit as st

from core.imports import look, saved_maps, suggest
from core.imports.errors import FileRefused
from core.imports.files import SourceFile
from core.imports.look import Look
from core.imports.mapping import CHOICES, ColumnMap, FactRule
from core.imports.subjects import FACTS, REQUIRED, Fact, Subject
from core.imports.values import plain
from core.kernel.inputs import Input, RequiredLine
from pages.ui.imports import matching, reading
from pages.ui.kit import gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

NEW = ""


class MapName(Input):
    """The name under which a map is kept."""

    name: RequiredLine


def choose_map(file: SourceFile, file_id: str) -> str:
    """Which map reads the file; NEW asks for one drawn from the names of its columns.

    At first the map whose columns the file has; nobody starts with a map of other files.
    """
    if st.session_state.get("import_fitted") != file_id:
        st.session_state["import_map"] = _fitting(file)
        st.session_state["import_fitted"] = file_id
    maps = {view.name: view.map for view in gate.read(saved_maps.list_maps)}
    chosen: str = st.selectbox(
        _("Map of the columns"),
        [NEW, *maps],
        format_func=lambda name: _map_title(maps, name),
        key="import_map",
    )
    return chosen


def _fitting(file: SourceFile) -> str:
    try:
        seen = look.look(file)
    except FileRefused:
        # The map says why, or reads it by what it knows of the file.
        return NEW
    return gate.read(saved_maps.fitting, [column.name for column in seen.columns])


def edit_map(file: SourceFile, file_id: str, name: str) -> ColumnMap:
    """The chosen map, or the suggested one, with the columns that the person changes in it."""
    told = gate.read(saved_maps.load_map, name) if name else _blank(file)
    key = f"{file_id}·{name}"
    read = reading.choose(file, key, told)
    start = read.map if name else _suggested(read, file_id)
    key = f"{key}·{start.subject}"
    with st.expander(_("Columns"), expanded=not name):
        changed = _edited(start, read.look, f"{key}·{read.look.sheet}·{read.look.header_line}")
        changed = matching.match(changed, read.look, key)
        changed = _named(changed, key)
        _keep(changed, name)
    return changed


def _blank(file: SourceFile) -> ColumnMap:
    return suggest.suggest_map((), file.name.rsplit(".", 1)[0]).map


def _suggested(read: reading.Read, file_id: str) -> ColumnMap:
    names = [column.name for column in read.look.columns]
    subjects = list(Subject)
    subject: Subject = st.selectbox(
        _("Each row is"),
        subjects,
        index=subjects.index(suggest.subject_of(names)),
        format_func=words.code,
        key=f"import_subject·{file_id}·{read.look.sheet}·{read.look.header_line}",
        width=320,
    )
    facts = suggest.suggest_map(names, subject=subject).map.facts
    return read.map.model_copy(update={"facts": facts, "subject": subject})


def _named(start: ColumnMap, key: str) -> ColumnMap:
    source = st.text_input(
        _("Name of the other system"),
        start.source,
        max_chars=40,
        key=f"import_source·{key}",
        help=_("What came in under this name before is known again."),
    )
    return start.model_copy(update={"source": "_".join(source.split()) or start.source})


def _edited(start: ColumnMap, seen: Look, key: str) -> ColumnMap:
    columns = ["", *dict.fromkeys(column.name for column in seen.columns)]
    needed = REQUIRED[start.subject]
    rows = [
        _map_row(fact, start.facts.get(fact), seen, " *" if fact in needed else "")
        for fact in FACTS[start.subject]
    ]
    st.caption(words.plain(_("* is needed. A fixed value stands for every row.")))
    choice = st.column_config.SelectboxColumn
    edited = st.data_editor(
        rows,
        hide_index=True,
        key=f"import_editor·{key}",
        disabled=["fact", "label", "samples"],
        column_order=["label", "column", "samples", "second", "constant"],
        column_config={
            "label": st.column_config.TextColumn(_("Fact")),
            "column": choice(_("Column"), options=columns),
            "samples": st.column_config.TextColumn(_("Holds")),
            "second": choice(_("And column"), options=columns),
            "constant": st.column_config.TextColumn(_("Fixed value")),
        },
        height=300,
    )
    facts = dict(start.facts)
    for row, old in zip(edited, rows, strict=True):
        if any(row[name] != old[name] for name in ("column", "second", "constant")):
            _change(facts, Fact(row["fact"]), row)
    changed = start.model_copy(update={"facts": facts})
    _say_unused(changed, columns)
    return changed


def _say_unused(changed: ColumnMap, columns: list[str]) -> None:
    used = {plain(name) for rule in changed.facts.values() for name in rule.names()}
    unused = [name for name in columns if name and plain(name) not in used]
    if unused:
        names = words.plain(", ".join(unused))
        st.caption(_("Columns that are not brought in: {names}", names=names))


def _change(facts: dict[Fact, FactRule], fact: Fact, row: dict[str, Any]) -> None:
    before = facts.pop(fact, None)
    column, second = row["column"] or "", row["second"] or ""
    # The words that the old column's values were translated by are kept: the same system's
    # file often comes with a renamed column.
    kept = {"translate": before.translate, "default": before.default} if before else {}
    if column and second:
        facts[fact] = FactRule(columns=(column, second), **kept)
    elif column:
        facts[fact] = FactRule(column=column, **(kept or _usual(fact)))
    elif constant := row["constant"] or "":
        facts[fact] = FactRule(constant=_code_of(fact, constant))


def _code_of(fact: Fact, text: str) -> str:
    """A fixed value as people say it; what is no word of the list is refused by its name."""
    names = {plain(words.code(code)): code.value for code in CHOICES.get(fact, ())}
    known = {plain(word): code for word, code in suggest.WORDS.get(fact, {}).items()} | names
    return known.get(plain(text), text)


def _usual(fact: Fact) -> dict[str, Any]:
    if fact not in CHOICES:
        return {}
    return {"translate": suggest.WORDS.get(fact, {}), "default": suggest.DEFAULTS.get(fact, "")}


def _map_row(fact: Fact, rule: FactRule | None, seen: Look, star: str) -> dict[str, str]:
    several = rule.columns if rule else ()
    first, second = (rule.column if rule else "", "") if len(several) != 2 else several
    more = " + ".join(several) if len(several) > 2 else ""
    column = seen.column(first)
    return {
        "fact": fact.value,
        "label": words.field(fact.value) + star + (f" ({more})" if more else ""),
        "column": first,
        "second": second,
        "samples": " / ".join(column.samples) if column else "",
        "constant": _constant(fact, rule.constant if rule else ""),
    }


def _constant(fact: Fact, code: str) -> str:
    codes = {each.value: each for each in CHOICES.get(fact, ())}
    return words.code(codes[code]) if code in codes else code


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
