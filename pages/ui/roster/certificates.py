"""Certificates and skills on screen: what ends soon first, each with its form and its scan."""

import hashlib
from typing import Any

import streamlit as st

from core.kernel.errors import Refused
from core.kernel.file_types import ENDINGS
from core.roster import qualifications, sight
from core.roster.qualifications import LARGEST, SCANNED, QualificationView, Qualify
from pages.ui.kit import edits, filing, gate, headings, marks, uploads, words
from pages.ui.kit.fields import Options
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _
from pages.ui.roster import editing, many


def show() -> None:
    """Everybody's qualifications, and the form of the one that is chosen or of a new one."""
    rows = gate.read(qualifications.list_of)
    names = gate.read(qualifications.kinds)
    options: Options = {"qualifications": names}
    _say_due(rows)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = choose("qualifications", {row.id: cells(row, names) for row in rows})
        if not rows:
            st.info(_("Nobody's certificates are written down yet."))
    one = next((row for row in rows if row.id == chosen), None)
    with right:
        if one:
            _one(one, options)
        elif gate.allowed(sight.EDIT):
            _new(options)
            many.add("certificates")


def cells(row: QualificationView, names: Any, *, own: bool = False) -> dict[str, Any]:
    """One qualification as a row of a list."""
    whose = {} if own else {words.field("roster_person"): row.person}
    return (
        whose
        | {
            words.field("qualification"): names.get(row.kind, row.kind),
            words.field("valid_until"): _until(row),
            words.field("number"): row.number,
            words.field("issuer"): row.issuer,
            words.field("scan"): row.scan,
        }
        | ({} if own else {words.field("station"): row.station})
    )


def _until(row: QualificationView) -> str:
    if row.valid_until is None or row.days_left is None:
        return ""
    day = words.day(row.valid_until)
    if row.days_left < 0:
        return f"{marks.LATE} {day} · {_over()}"
    if row.is_due:
        left = words.n_("One day left", "{n} days left", row.days_left)
        return f"{marks.LATE} {day} · {left}"
    return day


def _over() -> str:
    return _("ended")


def _say_due(rows: tuple[QualificationView, ...]) -> None:
    if due := sum(row.is_due for row in rows):
        text = words.n_(
            "One certificate has ended or ends soon.",
            "{n} certificates have ended or end soon.",
            due,
        )
        st.warning(text, icon=":material/event_busy:")


def _new(options: Options) -> None:
    headings.part(_("New certificate or skill"))
    people = gate.read(sight.options)
    person = st.selectbox(
        words.field("roster_person"),
        list(people),
        index=None,
        format_func=people.__getitem__,
        placeholder=_("Choose"),
        key="qualification_person",
    )
    if person is None:
        st.caption(_("Whose is it?"))
        return
    editing.form(
        f"qualify·{person}",
        Qualify,
        lambda uow, filled, _seen: qualifications.add(uow, filled, person_id=person),
        options=options,
    )


def _one(row: QualificationView, options: Options) -> None:
    names = options["qualifications"]
    headings.part(words.plain(f"{row.person} · {names.get(row.kind, row.kind)}"))
    if gate.allowed(sight.EDIT):
        _edit(row, {"qualifications": {row.kind: row.kind} | dict(names)})
    scan(row)
    found = gate.read(qualifications.edits, id=row.id)
    edits.show(found, {"kind": names}, key=f"qualification_{row.id}_edits")


def _edit(row: QualificationView, options: Options) -> None:
    about = {"id": row.id}
    editing.form(
        f"qualification·{row.id}",
        Qualify,
        lambda uow, filled, seen: qualifications.change(
            uow, command=filled, seen_version=seen, **about
        ),
        options=options,
        values={name: getattr(row, name) for name in Qualify.model_fields},
        version=row.version,
    )
    _upload(row)
    editing.removal(
        f"qualification·{row.id}",
        lambda uow, _filled, seen: qualifications.remove(uow, seen_version=seen, **about),
        version=row.version,
    )


def scan(row: QualificationView) -> None:
    """The scan of a certificate, to be looked at."""
    if row.scan:
        content = gate.later(_content, id=row.id)
        filing.hand_out(row.scan, content, key=f"scan_{row.id}", mime=row.scan_mime)


def _content(uow: Any, *, id: int) -> bytes:
    return qualifications.scan(uow, id=id).content


def _upload(row: QualificationView) -> None:
    endings = [e for mime, known in ENDINGS.items() if mime.startswith(SCANNED) for e in known]
    file = st.file_uploader(
        _("Scan: a photo or a PDF"),
        type=endings,
        max_upload_size=LARGEST // 1024 // 1024,
        key=f"scan_{row.id}_{row.version}_file",
    )
    if file is None or not st.button(_("Keep the scan"), key=f"scan_{row.id}_send"):
        return
    about = {"id": row.id, "seen_version": row.version}
    once = hashlib.sha256(f"scan {row.id} {row.version} {file.file_id}".encode()).hexdigest()
    try:
        gate.send(
            once,
            lambda uow: qualifications.put_scan(
                uow, name=file.name, content=file.getvalue(), **about
            ),
        )
    except Refused as error:
        st.error(words.refusal(error), icon=":material/error:")
        return
    uploads.forget()
    gate.flash(_("Saved"))
    st.rerun()
