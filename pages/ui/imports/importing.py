"""The parts of the import page: map, preview, the import with its progress, the outcome."""

from typing import Any

import streamlit as st

from core.imports import arrears, plan, reading, rejects, run, saved_maps, suggest
from core.imports.errors import FileRefused, RowProblem
from core.imports.files import SourceFile
from core.imports.mapping import CHOICES, REQUIRED, ColumnMap, Fact, FactRule
from core.imports.plan import Preview
from core.imports.run import Outcome
from core.kernel.errors import Refused
from core.kernel.inputs import Input, RequiredLine
from pages.ui.kit import gate, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import open_case, page_number, table
from pages.ui.kit.words import _

NEW = ""
SHOWN = 200


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


def preview(file: SourceFile, file_id: str, column_map: ColumnMap) -> Preview | None:
    """What will happen; worked out once for a file and a map. A refused file says why."""
    asked = (file_id, column_map.model_dump_json())
    if st.session_state.get("import_asked") != asked:
        with st.spinner(_("Reading the file …")):
            st.session_state["import_preview"] = _planned(file, column_map)
        st.session_state["import_asked"] = asked
    found: Preview | Refused = st.session_state["import_preview"]
    if isinstance(found, Refused):
        say_refused(found)
        return None
    return found


def show_preview(found: Preview, file: SourceFile, column_map: ColumnMap) -> None:
    """How many rows are new, known and bad; the first new ones; every bad cell."""
    shown = (
        (_("Rows"), found.total),
        (_("New"), found.new),
        (_("Known already"), found.known),
        (_("Bad"), found.bad),
        (_("New customers"), found.new_customers),
        (_("New products"), found.new_products),
    )
    for column, (label, number) in zip(st.columns(len(shown)), shown, strict=True):
        column.metric(label, words.number(number))
    st.caption(_("Read as {encoding}.", encoding=found.encoding or found.sheet))
    if found.unknown_stations:
        names = ", ".join(found.unknown_stations[:10])
        st.warning(_("Stations that the company does not have: {names}", names=words.plain(names)))
    if found.first:
        st.markdown("**" + _("The first new rows") + "**")
        st.dataframe([_draft(draft) for draft in found.first], hide_index=True, key="import_first")
    bad_rows(found.problems, found.problem_count, file, column_map, key="preview")


def bring_in(file: SourceFile, column_map: ColumnMap, name: str) -> None:
    """The import with its progress. Any click stops it, and then nothing has come in."""
    st.session_state["import_running"] = True
    bar = st.progress(0.0, _("Importing …"))
    st.button(_("Stop"), key="import_stop")

    def progress(done: int, total: int) -> bool:
        text = _("{done} of {total} rows", done=words.number(done), total=words.number(total))
        bar.progress(done / total if total else 1.0, text)
        return True

    try:
        outcome = gate.work(
            run.run,
            file=file,
            map=column_map,
            map_name=name or column_map.source,
            progress=progress,
        )
    except Refused as error:
        st.session_state.pop("import_running")
        say_refused(error)
        return
    st.session_state.pop("import_running")
    st.session_state["import_outcome"] = (outcome, file, column_map)
    st.session_state.pop("import_asked", None)
    st.rerun()


def show_outcome() -> None:
    """What the last import did; or that it was stopped before its end."""
    if st.session_state.pop("import_running", False):
        st.warning(_("The import was stopped. Nothing of the file has come in."))
    done = st.session_state.get("import_outcome")
    if done is None:
        return
    outcome, file, column_map = done
    st.success(_outcome_words(outcome), icon=":material/check_circle:")
    bad_rows(outcome.problems, outcome.problem_count, file, column_map, key="outcome")
    if st.button(_("Import another file"), key="import_again"):
        del st.session_state["import_outcome"]
        st.rerun()


def bad_rows(
    problems: tuple[RowProblem, ...],
    count: int,
    file: SourceFile,
    column_map: ColumnMap,
    *,
    key: str,
) -> None:
    """Each bad cell with line, column and reason, and the bad rows as a file."""
    if not problems:
        return
    st.markdown("**" + words.n_("One bad cell", "{n} bad cells", count) + "**")
    st.dataframe(
        [
            {
                _("Line"): problem.line,
                _("Column"): problem.column,
                _("Reason"): _reason(problem),
                _("Holds"): problem.value[:120],
            }
            for problem in problems[:SHOWN]
        ],
        hide_index=True,
        key=f"{key}_problems",
    )
    st.download_button(
        _("Bad rows as a file"),
        data=lambda: rejects.rejects(problems, file=file, map=column_map),
        file_name=f"rejects_{file.name.rsplit('.', 1)[0]}.csv",
        mime="text/csv",
        key=f"{key}_rejects",
        icon=":material/download:",
        on_click="ignore",
    )


def open_cases(run_id: int) -> None:
    """What an import brought that is still open, the most overdue first."""
    st.subheader(_("Open cases of an import"))
    chosen = table(
        gate.read(arrears.open_of, run_id=run_id, page=page_number("arrears")),
        key="arrears",
        columns=("next_due", "number", "kind", "status", "customer", "symptom", "received_at"),
        empty=_("None of them is open any more."),
        once=True,
    )
    if chosen:
        open_case(chosen)
    if st.button(_("Import another file"), key="arrears_back"):
        places.clear()
        st.rerun()


def recent() -> None:
    """What was imported lately."""
    runs = gate.read(run.recent)
    if not runs:
        return
    st.subheader(_("Earlier imports"))
    st.dataframe(
        [
            {
                _("Time"): words.moment(each.at, year=True),
                _("File"): each.file_name,
                _("Map of the columns"): each.map_name,
                _("New"): each.added,
                _("Known already"): each.known,
                _("Bad"): each.bad,
            }
            for each in runs
        ],
        hide_index=True,
        key="import_runs",
    )


def say_refused(error: Refused) -> None:
    """Why nothing of the file can be taken."""
    st.error(words.refusal(error), icon=":material/error:")
    hints = error.details.get("alike", {})
    for name in error.details.get("names", ()):
        hint = hints.get(name)
        text = words.plain(name)
        st.markdown("- " + (_("{name} (perhaps {hint})", name=text, hint=hint) if hint else text))
    for bad in getattr(error, "problems", ()):
        st.markdown(f"- {words.plain(words.field(bad.field))}: {words.plain(words.problem(bad))}")


def _planned(file: SourceFile, column_map: ColumnMap) -> Preview | Refused:
    try:
        return gate.ask(plan.plan, file=file, map=column_map)
    except Refused as error:
        return error


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


def _draft(draft: Any) -> dict[str, Any]:
    return {
        words.field("ref"): draft.ref,
        words.field("kind"): words.code(draft.kind),
        words.field("status"): words.code(draft.status),
        words.field("received_at"): words.moment(draft.received_at, year=True),
        words.field("customer_name"): draft.customer_name,
        words.field("product"): f"{draft.brand} {draft.model} {draft.specification}".strip(),
        words.field("symptom"): draft.symptom[:120],
        words.field("address"): draft.address,
    }


def _reason(problem: RowProblem) -> str:
    text = words.code(problem.code)
    return text.format_map(words.Lenient(problem.details))


def _outcome_words(outcome: Outcome) -> str:
    return _(
        "{added} rows came in, {known} were known already, {bad} are bad.",
        added=words.number(outcome.added),
        known=words.number(outcome.known),
        bad=words.number(outcome.bad),
    )
