"""The parts of the import page: preview, the import with its progress, the outcome."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

import streamlit as st

from core.imports import arrears, check_rows, plan, rejects, run
from core.imports.errors import RowCode, RowProblem
from core.imports.files import SourceFile
from core.imports.mapping import ColumnMap
from core.imports.plan import Preview
from core.imports.run import Outcome
from core.imports.subjects import Subject
from core.kernel.errors import Problem, Refused
from pages.ui.imports import differences, drafted
from pages.ui.kit import filters, gate, headings, places, words
from pages.ui.kit.lists import open_case, page_number, table
from pages.ui.kit.words import _


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
        *(((_("Completed"), found.completed),) if found.completed else ()),
        (_("Bad"), found.bad),
        (_("New customers"), found.new_customers),
        (_("New products"), found.new_products),
    )
    for column, (label, number) in zip(st.columns(len(shown)), shown, strict=True):
        column.metric(label, words.number(number))
    st.caption(_("Read as {encoding}.", encoding=found.encoding or found.sheet))
    if found.shared_numbers:
        said = (f"{phone} ({', '.join(names)})" for phone, names in found.shared_numbers.items())
        st.warning(
            _(
                "Numbers that are known under another name too, which gives new customers: {who}",
                who=words.plain("; ".join(islice(said, 10))),
            ),
            icon=":material/group:",
        )
    if found.unknown_stations:
        names = ", ".join(found.unknown_stations[:10])
        st.warning(_("Stations that the company does not have: {names}", names=words.plain(names)))
    differences.show(found.differences, found.difference_count, key="preview")
    bad_rows(found.problems, found.problem_count, file, column_map, key="preview")
    if found.first:
        st.markdown("**" + _("The first rows that come in") + "**")
        rows = [_draft(draft, column_map) for draft in found.first]
        st.dataframe(rows, hide_index=True, key="import_first")


def ask_late(found: Preview) -> bool | None:
    """Whether limits that were late before stay late here; None while it is not said."""
    if not found.open:
        return True
    answers = {
        False: _("Start afresh: limits that are late already are not counted"),
        True: _("Go on: they count as late here too"),
    }
    return st.radio(
        words.n_("One case is still open. Its limits", "{n} cases are still open. Their limits",
                 found.open),
        list(answers),
        index=None,
        format_func=answers.__getitem__,
        key="import_late",
    )  # fmt: skip


def bring_in(file: SourceFile, column_map: ColumnMap, name: str, *, keeps_late: bool) -> None:
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
            keeps_late=keeps_late,
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
    if outcome.added and outcome.subject is Subject.CASES:
        places.link(
            "imports", _("What came in"), icon=":material/list_alt:", run=str(outcome.run_id)
        )
    differences.show(outcome.differences, outcome.difference_count, key="outcome")
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
    """What fails alike with its column, reason and first lines, and the bad rows as a file."""
    if not problems:
        return
    st.error(words.n_("One bad cell", "{n} bad cells", count), icon=":material/error:")
    st.dataframe(
        [
            {
                _("Column"): group.column,
                _("Reason"): _reason(group.code, group.details),
                _("Cells"): group.count,
                _("First lines"): ", ".join(map(str, group.lines)),
                _("Holds"): " / ".join(value[:40] for value in group.values),
            }
            for group in check_rows.grouped(problems)
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


def cases(run_id: int) -> None:
    """What an import brought, or what of it is still open; the most overdue first."""
    headings.part(_("Cases of an import"))
    is_open = filters.switch("imports", "open", _("Only open ones"))
    page = page_number("arrears")
    chosen = table(
        gate.read(arrears.brought, run_id=run_id, is_open=is_open, page=page),
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
    headings.part(_("Earlier imports"))
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


def _draft(draft: Any, column_map: ColumnMap) -> dict[str, Any]:
    if column_map.subject is not Subject.CASES:
        return drafted.row(draft, column_map)
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


def _reason(code: str, details: Mapping[str, Any]) -> str:
    if code in list(RowCode):
        return words.code(RowCode(code)).format_map(words.Lenient(details))
    return words.problem(Problem("form", code, dict(details)))


def _outcome_words(outcome: Outcome) -> str:
    told = _said(outcome)
    if outcome.completed:
        more = words.n_("One record was completed.", "{n} records were completed.",
                        outcome.completed)  # fmt: skip
        told = f"{told} {more}"
    return told


def _said(outcome: Outcome) -> str:
    return _(
        "{added} rows came in, {known} were known already, {bad} are bad.",
        added=words.number(outcome.added),
        known=words.number(outcome.known),
        bad=words.number(outcome.bad),
    )
