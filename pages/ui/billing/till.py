"""The till on screen: the own money, what waits to be counted, and each day person by person."""

from typing import Any

import streamlit as st

from core.billing import hand_ins, till, unpaid
from core.billing.inputs import HandInMoney
from core.billing.sight import COUNT, MONEY
from core.billing.till import DayRow, HandInView, Held
from core.billing.unpaid import UnpaidRow
from core.codes import HandInStatus, PayMeans
from pages.ui.kit import actions, filters, gate, headings, marks, sending, words
from pages.ui.kit.lists import choose, facts, open_case
from pages.ui.kit.words import _


def show() -> None:
    """The own money first; for finance what everybody holds and what is to be counted."""
    held = gate.read(till.held)
    left, right = st.columns(2, gap="large")
    with left:
        _own(held)
        if gate.allowed(MONEY):
            _everybody(held)
    with right:
        _handed_in()
    _unpaid()
    _day()


def _unpaid() -> None:
    headings.part(_("Done and not paid"))
    rows = {row.id: row for row in gate.read(unpaid.listed)}
    if not rows:
        st.caption(_("All finished work is paid."))
        return
    if chosen := choose("unpaid", {id: _owed(row) for id, row in rows.items()}, once=True):
        open_case(chosen)


def _owed(row: UnpaidRow) -> dict[str, str]:
    return {
        words.field("number"): row.number,
        words.field("contact"): " ".join(filter(None, (row.contact, row.phone))),
        words.field("unpaid_cents"): words.money(row.owed_cents),
        words.field("resolved_at"): words.moment(row.done_at),
        words.field("unpaid_days"): str(row.days),
        words.field("status"): words.code(row.status),
        words.field("unpaid_reason"): row.reason,
    }


def _own(held: tuple[Held, ...]) -> None:
    mine = next((row for row in held if row.id == gate.actor().id), None)
    headings.part(_("In my hands"))
    if mine is None:
        st.caption(_("Nothing that has to be handed in."))
        return
    facts({words.code(means): words.money(cents) for means, cents in mine.sums.items()})
    sending.form(
        "hand_in",
        HandInMoney,
        lambda uow, filled, _seen: hand_ins.hand_in(uow, filled),
        button=_("Hand in {amount}", amount=words.money(mine.cents)),
    )


def _everybody(held: tuple[Held, ...]) -> None:
    headings.part(_("With whom money is"))
    rows = [_held(row) for row in held]
    if not rows:
        st.caption(_("Nobody holds any money."))
        return
    st.dataframe(rows, hide_index=True, key="till_held")


def _held(row: Held) -> dict[str, str]:
    mark = f"{marks.LATE} " if row.is_late else ""
    sums = {words.code(means): words.money(row.sums.get(means, 0)) for means in PayMeans}
    since = {words.field("held_since"): mark + words.moment(row.since)}
    return {words.field("person"): row.person, **sums, **since}


def _handed_in() -> None:
    headings.part(_("Handed in, to be counted"))
    rows = {row.id: row for row in gate.read(till.listed)}
    if not rows:
        st.caption(_("Nothing waits to be counted."))
        return
    chosen = choose("till", {id: _cells(row) for id, row in rows.items()})
    if chosen in rows:
        with st.container(border=True):
            _card(rows[chosen])


def _card(row: HandInView) -> None:
    st.markdown(f"**{words.plain(row.person)}** · {words.moment(row.handed_at)}")
    facts({words.code(means): words.money(cents) for means, (cents, _counted) in row.sums.items()})
    st.caption(words.plain(words.listed(row.numbers)))
    if row.note:
        st.markdown(words.plain(row.note))
    if gate.allowed(COUNT):
        actions.barred(gate.read(till.barred, id=row.id))
    actions.panel(hand_ins.PROCESS, record_id=row.id, version=row.version, rules=row.actions)


def _cells(row: HandInView) -> dict[str, str]:
    return {
        words.field("person"): row.person,
        words.field("handed_at"): words.moment(row.handed_at),
        words.field("handed_cents"): words.money(row.cents),
    }


def _day() -> None:
    headings.part(_("By day and person"))
    with filters.bar():
        day = filters.day("till", "day", _("Day"), usual=gate.now().astimezone(words.zone()).date())
    if rows := [_row(row) for row in gate.read(till.of_day, day=day)]:
        st.dataframe(rows, hide_index=True, key="till_day")
    else:
        st.caption(_("No money was taken on this day."))
    if handed := [_counted(row) for row in gate.read(till.listed, day=day)]:
        st.caption(_("Handed in on this day"))
        st.dataframe(handed, hide_index=True, key="till_handed")


def _row(row: DayRow) -> dict[str, str]:
    names = ("taken", "held", "handed_in", "counted")
    sums = {words.field(f"{name}_cents"): words.money(getattr(row, name)) for name in names}
    return {words.field("person"): row.person, **sums, **_difference(row.difference)}


def _counted(row: HandInView) -> dict[str, Any]:
    is_counted = row.status is HandInStatus.COUNTED
    return {
        **_cells(row),
        words.field("status"): words.code(row.status),
        **_difference(row.difference or 0),
        words.field("difference_reason"): row.difference_reason,
        words.field("money_counted_by"): row.counted_by,
        words.field("counted_at"): words.moment(row.counted_at) if is_counted else "",
    }


def _difference(cents: int) -> dict[str, str]:
    mark = f"{marks.LATE} " if cents else ""
    return {words.field("difference_cents"): mark + words.money(cents) if cents else ""}
