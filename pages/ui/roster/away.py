"""Absences on screen: what waits for a decision, who is away, and the form to ask."""

from collections.abc import Sequence

import streamlit as st

from core.roster import absences, sight
from core.roster.absences import AbsenceView, AskAbsence
from pages.ui.kit import actions, gate, headings, words
from pages.ui.kit.lists import choose, facts
from pages.ui.kit.words import _
from pages.ui.roster import editing


def show() -> None:
    """Everybody's absences, and beside them the chosen one or the form to ask."""
    past = st.toggle(_("Those that are over"), key="absences_past")
    rows = gate.read(absences.list_of, past=past)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = choose("absences", {row.id: _cells(row) for row in rows})
        if not rows:
            st.info(_("Nobody is away, and nobody has asked to be."))
    one = next((row for row in rows if row.id == chosen), None)
    with right:
        if one:
            card(one)
        else:
            _new()


def mine(rows: Sequence[AbsenceView]) -> None:
    """The own absences, and the form to ask for one."""
    for row in rows:
        with st.container(border=True):
            card(row, own=True)
    ask(gate.actor().id or 0)


def card(row: AbsenceView, *, own: bool = False) -> None:
    """One absence with what may be done about it."""
    title = words.code(row.reason) if own else f"{row.person} · {words.code(row.reason)}"
    st.markdown(f"**{words.plain(title)}** · {words.code(row.status)}")
    st.markdown(words.plain(_span(row)))
    facts({words.field("note"): row.note, words.field("decided_by"): row.decided_by})
    actions.panel(
        absences.PROCESS,
        record_id=row.id,
        version=row.version,
        rules=row.actions,
        opened=not own,
    )


def ask(person_id: int) -> None:
    """The form to ask to be away, for oneself or for somebody else."""
    editing.form(
        f"absence·{person_id}",
        AskAbsence,
        lambda uow, filled, _seen: absences.ask(uow, filled, person_id=person_id),
        button=_("Ask to be away"),
    )


def _new() -> None:
    if not gate.allowed(absences.ASK):
        return
    headings.part(_("Ask to be away"))
    me = gate.actor().id or 0
    people = gate.read(sight.options) if gate.allowed(sight.EDIT) else {me: gate.actor().name}
    person = st.selectbox(
        words.field("roster_person"),
        list(people),
        index=list(people).index(me) if me in people else 0,
        format_func=people.__getitem__,
        key="absence_person",
    )
    ask(person)


def _span(row: AbsenceView) -> str:
    zone = words.zone()
    if row.begins_at.astimezone(zone).date() == row.ends_at.astimezone(zone).date():
        return words.window(row.begins_at, row.ends_at)
    return f"{words.moment(row.begins_at)} – {words.moment(row.ends_at)}"


def _cells(row: AbsenceView) -> dict[str, str]:
    return {
        words.field("roster_person"): row.person,
        words.field("status"): words.code(row.status),
        words.field("absent"): _span(row),
        words.field("reason"): words.code(row.reason),
        words.field("note"): row.note,
        words.field("decided_by"): row.decided_by,
    }
