"""The parts of the what-if page: period, progress, rates before and after, cases, ledgers."""

from collections.abc import Mapping
from datetime import date, timedelta

import streamlit as st

from core.kernel.errors import Refused
from core.norms.model import Norm
from core.rulebook import replay
from core.rulebook.replay import LedgerView, Outcome, Rate
from pages.ui.kit import gate, headings, words
from pages.ui.kit.lists import case_link, choose
from pages.ui.kit.words import _
from pages.ui.requests import limits


def period() -> tuple[date, date]:
    """The days whose cases are judged again; the last three months unless chosen."""
    today = gate.now().astimezone(words.zone()).date()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        since = st.date_input(
            _("Received from"), value=today - timedelta(days=90), key="what_if_since", width=180
        )
        until = st.date_input(_("Received until"), value=today, key="what_if_until", width=180)
    return min(since, until), max(since, until)


def judge(draft: Norm, since: date, until: date) -> None:
    """Judge again, with progress. Any click stops it; nothing was written anyway."""
    bar = st.progress(0.0, _("Judging again …"))
    st.button(_("Stop"), key="what_if_stop")

    def progress(done: int, total: int) -> bool:
        text = _("{done} of {total} cases", done=words.number(done), total=words.number(total))
        bar.progress(done / total if total else 1.0, text)
        return True

    try:
        found = gate.ask(replay.replay, draft=draft, since=since, until=until, progress=progress)
    except Refused as error:
        st.error(words.refusal(error))
        return
    st.session_state["what_if"] = (draft.model_dump_json(), found)
    st.rerun()


def last(draft: Norm) -> Outcome | None:
    """What the last judging found, as long as the draft is the same."""
    kept, found = st.session_state.get("what_if", ("", None))
    return found if kept == draft.model_dump_json() else None


def rates(outcome: Outcome, draft: Norm) -> None:
    """On-time rates before and after, by clause and by station."""
    left, middle = st.columns(2)
    left.metric(_("Cases judged"), words.number(outcome.cases), border=True)
    middle.metric(_("Change side"), words.number(outcome.change_count), border=True)
    left, right = st.columns(2, gap="medium")
    with left:
        headings.part(_("By clause"))
        _table(outcome.by_clause, _("Clause"), "what_if_clauses", _clauses(draft))
    with right:
        headings.part(_("By station"))
        _table(outcome.by_station, words.field("station"), "what_if_stations", {})


def changes(outcome: Outcome, draft: Norm) -> None:
    """The cases that change side, each with both ledgers."""
    headings.part(_("Cases that change side"))
    if not outcome.changes:
        st.info(_("No case changes side."), icon=":material/check_circle:")
        return
    if outcome.change_count > len(outcome.changes):
        st.caption(_("The first {n} are shown.", n=len(outcome.changes)))
    sides = {False: _("on time"), True: _("late")}
    rows = {
        place: {
            words.field("number"): change.number,
            words.field("station"): change.station,
            _("Measure"): words.code(change.measure),
            _("Before"): sides[change.late_before],
            _("After"): sides[change.late_after],
        }
        for place, change in enumerate(outcome.changes)
    }
    place = choose("what_if_changes", rows)
    if place is None:
        st.caption(_("Choose a case to see both ledgers."))
        return
    change = outcome.changes[place]
    case_link(change.case_id, change.number)
    before, after = gate.read(replay.ledgers, draft=draft, case_id=change.case_id)
    titles = (_("Before"), _("After"))
    for column, title, views in zip(st.columns(2), titles, (before, after), strict=True):
        with column:
            st.markdown(f"**{title}**")
            _ledgers(views, change.measure, title)


def _ledgers(views: tuple[LedgerView, ...], measure: str, side: str) -> None:
    for number, view in enumerate(views):
        if view.measure != measure:
            continue
        late = _("late") if view.late else _("on time")
        st.markdown(
            f"{view.clause} · {words.in_domain('limit', view.name)} · "
            f"{words.moment(view.due_at)} · {late}"
        )
        limits.ledger(view.ledger, view.due_at, key=f"what_if_{side}_{number}")


def _clauses(draft: Norm) -> dict[str, str]:
    """Each clause with its text."""
    speaks = words.language()
    return {clause: f"{clause} {text[speaks]}" for clause, text in draft.clauses.items()}


def _table(found: tuple[Rate, ...], title: str, key: str, names: Mapping[str, str]) -> None:
    st.dataframe(
        [
            {
                title: names.get(rate.name, rate.name) or _("without a station"),
                _("Due before"): rate.due_before,
                _("Before"): words.share(rate.before),
                _("Due after"): rate.due_after,
                _("After"): words.share(rate.after),
            }
            for rate in found
        ],
        hide_index=True,
        key=key,
    )
