"""One's own roster: when I work, when I am away, what I may do, where my day begins."""

from datetime import timedelta

import streamlit as st

from core.codes import Role
from core.roster import absences, hours, qualifications, starts
from core.roster.hours import Interval
from pages.ui.kit import gate, headings, words
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _
from pages.ui.roster import away, certificates, setting_out

DAYS = 7


def show() -> None:
    """The own page of who keeps nobody else's roster."""
    left, right = st.columns(2, gap="large")
    with left:
        headings.part(_("My working time"))
        _hours()
        _certificates()
    with right:
        headings.part(_("My absences"))
        away.mine(gate.read(absences.list_of))
        if gate.actor().role is Role.TECHNICIAN:
            with st.expander(_("Where my day begins"), icon=":material/home_pin:"):
                setting_out.edit(gate.read(starts.list_of)[0])


def _hours() -> None:
    today = gate.now().astimezone(words.zone()).date()
    me = gate.actor().id or 0
    days = [today + timedelta(days=number) for number in range(DAYS)]
    found = gate.read(hours.times_of, person_id=me, days=days)
    facts({words.weekday(day): _said(spans) for day, spans in zip(days, found, strict=True)})


def _said(spans: tuple[Interval, ...]) -> str:
    zone = words.zone()
    times = (
        f"{span.start.astimezone(zone):%H:%M}–{span.end.astimezone(zone):%H:%M}" for span in spans
    )
    return ", ".join(times) or _("free")


def _certificates() -> None:
    rows = gate.read(qualifications.list_of)
    if not rows:
        return
    headings.part(_("My certificates"))
    names = gate.read(qualifications.kinds)
    st.dataframe(
        [certificates.cells(row, names, own=True) for row in rows],
        hide_index=True,
        key="own_certificates",
    )
    for row in rows:
        certificates.scan(row)
