"""Counts on screen: the sheets, and the one that is filled in or settled."""

import streamlit as st

from core.stock import counts, lists
from core.stock.counts import CountLine, CountView
from core.stock.inputs import BeginCount
from pages.ui.kit import actions, gate, headings, sending, words
from pages.ui.kit.lists import choose, facts
from pages.ui.kit.words import _
from pages.ui.stock import naming


def show() -> None:
    """All sheets; beside them the chosen one, or the form to begin one."""
    rows = {row.id: row for row in gate.read(counts.listed)}
    left, right = st.columns(2, gap="medium")
    with left:
        chosen = choose("counts", {id: _cells(row) for id, row in rows.items()})
        if not rows:
            st.info(_("Nothing was counted yet."), icon=":material/fact_check:")
    with right:
        if chosen in rows:
            with st.container(border=True):
                _card(rows[chosen])
        else:
            _begin()


def _begin() -> None:
    headings.part(_("Count a place"))
    known = gate.read(lists.places)
    sending.form(
        "stock·count",
        BeginCount,
        lambda uow, filled, _seen: counts.begin(uow, filled),
        options={"places": {id: naming.place(each) for id, each in known.items()}},
        button=_("Begin the sheet"),
    )


def _card(row: CountView) -> None:
    st.markdown(f"**{words.plain(naming.place(row.place))}** · {words.code(row.status)}")
    facts({words.field("counted_by"): row.counted_by, words.field("settled_by"): row.settled_by})
    for each in row.differences:
        st.markdown(words.plain(_difference(each)))
    if row.is_counted and not row.differences:
        st.caption(_("All is as the books say."))
    kept = gate.read(counts.barred, id=row.id)
    actions.barred(kept)
    actions.panel(counts.PROCESS, record_id=row.id, version=row.version, rules=row.actions)


def _difference(line: CountLine) -> str:
    found = _("{counted} instead of {expected}", counted=line.counted, expected=line.expected)
    return " · ".join(filter(None, (line.part, line.batch, found, line.reason)))


def _cells(row: CountView) -> dict[str, str]:
    return {
        words.field("place_id"): naming.place(row.place),
        words.field("status"): words.code(row.status),
        words.field("begun_at"): words.moment(row.begun_at),
        words.field("counted_by"): row.counted_by,
        words.field("differences"): str(len(row.differences)) if row.is_counted else "",
    }
