"""The draft of the next revision: its tables, its faults, its difference, its signature, files."""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from core.codes import LimitUnit
from core.kernel.inputs import Input
from core.norms import revisions as packs
from core.norms.model import Norm
from core.rulebook import book as rulebook
from core.rulebook.book import BrokenNorm, Sign
from pages.ui.kit import gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def offer_draft(in_force: Norm) -> None:
    """Nobody has a draft yet: start one from the rule book in force, or from a shipped pack."""
    st.info(_("You have no draft. Start one: nothing changes until it is signed."))
    _button(_("Start a draft"), "draft_start", lambda uow: rulebook.keep_draft(uow, in_force))
    pack = st.selectbox(
        words.field("pack"),
        packs.pack_names(),
        format_func=lambda name: packs.shipped(name).title[words.language()],
        key="draft_pack",
        width=320,
    )
    _button(
        _("Start from this shipped pack"),
        "draft_pack_start",
        lambda uow: rulebook.keep_draft(uow, packs.shipped(pack)),
    )


def tables(draft: Norm) -> None:
    """The parts that change most, as tables; everything else comes in as a file."""
    st.caption(_("Change the tables, then keep the draft. It is obeyed once it is signed."))
    data = draft.model_dump(mode="json")
    st.subheader(_("Time limits"))
    data["limits"] = _limits(draft, data["limits"])
    st.subheader(_("Calendar"))
    data["hours"] = _hours(data["hours"])
    st.subheader(_("Routes"))
    data["routes"] = _rows("routes", data["routes"], ("region", "department", "station"))
    st.subheader(_("Return conditions"))
    data["return_conditions"] = _rows(
        "conditions", data["return_conditions"], ("days", "goods", "freight", "inspection")
    )
    st.subheader(_("Check-lists"))
    data["check_lists"] = _check_lists(data["check_lists"])
    st.subheader(_("Repeat faults"))
    data |= _repeats(data)
    _keep(data)
    faults(tuple(rulebook.check(draft)))
    _button(_("Throw the draft away"), "draft_drop", rulebook.drop_draft)


def difference(in_force: Norm, draft: Norm | None) -> None:
    """What the draft changes, and its signature."""
    if draft is None:
        st.info(_("You have no draft. Start one: nothing changes until it is signed."))
        return
    found = rulebook.differences(in_force, draft)
    if not found:
        st.info(_("The draft is the rule book in force."))
        return
    st.dataframe(
        [{_("Place"): d.path, _("In force"): d.old, _("Draft"): d.new} for d in found],
        hide_index=True,
        key="norm_difference",
    )
    broken = tuple(rulebook.check(draft))
    faults(broken)
    if gate.allowed("norm:edit") and not broken:
        _signature()


def revisions(in_force: Norm, draft: Norm | None) -> None:
    """Every revision with its file; a file becomes the draft."""
    st.dataframe(
        [
            {
                _("Revision"): row.number,
                _("In force from"): words.day(row.in_force_on),
                _("Signed by"): row.signed_by,
                words.field("pack"): row.pack,
                _("In force"): row.in_force,
            }
            for row in gate.read(rulebook.list_revisions)
        ],
        hide_index=True,
        key="norm_revisions",
    )
    for name, norm in (("norm", in_force), ("draft", draft)):
        if norm:
            st.download_button(
                _("The rule book in force as a file")
                if name == "norm"
                else _("The draft as a file"),
                data=rulebook.to_yaml(norm),
                file_name=f"{name}.yaml",
                mime="application/yaml",
                key=f"download_{name}",
                icon=":material/download:",
                on_click="ignore",
            )
    _upload()


def faults(found: tuple[rulebook.Fault, ...]) -> None:
    """Why the draft cannot be signed: the place and the reason of each fault."""
    if not found:
        return
    st.error(words.n_("One fault", "{n} faults", len(found)), icon=":material/error:")
    for fault in found:
        reason = words.in_domain("fault", fault.code)
        reason = reason if reason != fault.code else ""
        text = " · ".join(part for part in (fault.place, reason, fault.value) if part)
        st.markdown(f"- {words.plain(text)}")


def _signature() -> None:
    today = gate.now().astimezone(words.zone()).date()
    values: dict[str, date | str] = {"in_force_on": today, "signed_by": gate.actor().name}
    form = Form("sign_norm", Sign, values=values)
    with st.form("sign_form", enter_to_submit=False):
        form.fields()
        st.caption(_("Cases registered before that day keep their revision."))
        pressed = st.form_submit_button(_("Sign the new revision"), type="primary", key="sign_send")
    if pressed:
        form.send(rulebook.sign, done=_("The new revision is signed."))


def _keep(data: dict[str, Any]) -> None:
    if not st.button(_("Keep the draft"), type="primary", key="draft_send"):
        return
    try:
        norm = rulebook.parse(data)
    except BrokenNorm as error:
        faults(error.faults)
        return
    Form("draft", Input).send(
        lambda uow, _input: rulebook.keep_draft(uow, norm), done=_("The draft is kept.")
    )


def _upload() -> None:
    upload = st.file_uploader(
        _("A rule book as a file (YAML) becomes your draft"),
        type=["yaml", "yml"],
        max_upload_size=2,
        key="norm_file",
    )
    if upload is None or not st.button(_("Take it as the draft"), key="norm_file_send"):
        return
    try:
        norm = rulebook.from_yaml(upload.getvalue())
    except BrokenNorm as error:
        faults(error.faults)
        return
    Form("draft", Input).send(
        lambda uow, _input: rulebook.keep_draft(uow, norm), done=_("The draft is kept.")
    )


def _button(label: str, key: str, command: Callable[[Any], Any]) -> None:
    if gate.allowed("norm:edit") and st.button(label, key=key):
        Form(key, Input).send(lambda uow, _input: command(uow))


def _limits(draft: Norm, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    columns = {
        "label": st.column_config.TextColumn(_("Limit"), disabled=True),
        "clause": st.column_config.SelectboxColumn(_("Clause"), options=sorted(draft.clauses)),
        "unit": st.column_config.SelectboxColumn(
            _("Unit"), options=[unit.value for unit in LimitUnit], format_func=_unit
        ),
        "amount": st.column_config.NumberColumn(_("Amount"), min_value=0, step=1),
        "ladder": st.column_config.SelectboxColumn(_("Escalation"), options=[*draft.ladders]),
    }
    shown = [
        {
            "label": words.in_domain("limit", row["name"]),
            **{name: row[name] for name in columns if name != "label"},
        }
        for row in rows
    ]
    edited = st.data_editor(shown, hide_index=True, key="draft_limits", column_config=columns)
    return [
        row | {name: new[name] for name in columns if name != "label"}
        for row, new in zip(rows, edited, strict=True)
    ]


def _unit(value: object) -> str:
    return words.code(LimitUnit(str(value)))


def _hours(hours: dict[str, Any]) -> dict[str, Any]:
    weekly = {
        day: ", ".join("-".join(window) for window in hours["weekly"].get(day, ())) for day in DAYS
    }
    edited = st.data_editor(
        [{"label": words.in_domain("weekday", day), "windows": weekly[day]} for day in DAYS],
        hide_index=True,
        key="draft_hours",
        column_config={
            "label": st.column_config.TextColumn(_("Day"), disabled=True),
            "windows": st.column_config.TextColumn(_("Open, as in 08:30-12:00, 13:30-17:30")),
        },
    )
    closed = st.text_area(
        _("Closed days of the company, one date a line"),
        value="\n".join(hours["closed"]),
        key="draft_closed",
        height=80,
    )
    opened = st.text_area(
        _("Extra open days, as in 2026-02-14 09:00-12:00, one a line"),
        value="\n".join(_spelled(day, windows) for day, windows in hours["open"].items()),
        key="draft_open",
        height=80,
    )
    return hours | {
        "open": {line.split()[0]: _windows(line[10:]) for line in opened.splitlines() if line[10:]},
        "weekly": {
            day: _windows(row["windows"])
            for day, row in zip(DAYS, edited, strict=True)
            if _windows(row["windows"])
        },
        "closed": [line.strip() for line in closed.splitlines() if line.strip()],
    }


def _spelled(day: str, windows: list[list[str]]) -> str:
    return f"{day} " + ", ".join("-".join(window) for window in windows)


def _windows(text: str | None) -> list[list[str]]:
    parts = [part.strip() for part in (text or "").replace("，", ",").split(",") if part.strip()]
    return [[side.strip() for side in part.split("-", 1)] for part in parts]


def _rows(key: str, rows: list[dict[str, Any]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    shown = [{"for": _about(row), **{name: row[name] for name in names}} for row in rows]
    if not shown:
        st.caption(_("Nothing here in this rule book."))
        return rows
    labels = {name: st.column_config.Column(words.in_domain("norm", name)) for name in names}
    labels["for"] = st.column_config.TextColumn(_("For"), disabled=True)
    edited = st.data_editor(shown, hide_index=True, key=f"draft_{key}", column_config=labels)
    return [
        row | {name: new[name] for name in names} for row, new in zip(rows, edited, strict=True)
    ]


def _repeats(data: dict[str, Any]) -> dict[str, Any]:
    labels = {
        "repeat_days": (_("The same fault counts as a repeat for so many days"), 1),
        "repeat_count": (_("So many cases of one product model raise an alarm"), 2),
    }
    with st.container(horizontal=True):
        return {
            name: st.number_input(label, least, value=data[name], step=1, key=f"draft_{name}")
            for name, (label, least) in labels.items()
        }


def _about(row: dict[str, Any]) -> str:
    if "text" in row:
        return str(row["text"][words.language().value])
    return ", ".join([*row.get("kinds", ()), *row.get("classes", ())]) or _("all cases")


def _check_lists(lists: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shown = [
        {"list": each["text"][words.language().value], **item["text"]}
        for each in lists
        for item in each["items"]
    ]
    if not shown:
        st.caption(_("Nothing here in this rule book."))
        return lists
    columns = {"list": st.column_config.TextColumn(_("Check-list"), disabled=True)}
    edited = iter(
        st.data_editor(shown, hide_index=True, key="draft_check_lists", column_config=columns)
    )
    changed = []
    for each in lists:
        items = []
        for item in each["items"]:
            new = next(edited)
            texts = {language: new[language] for language in item["text"]}
            items.append(item | {"text": texts})
        changed.append(each | {"items": items})
    return changed
