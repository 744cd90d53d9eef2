"""Of when, where and what the figures of a page are."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import streamlit as st
from dateutil.relativedelta import relativedelta

from core.codes import RequestKind
from core.kernel.period import MOST_MONTHS
from core.kpi import Asked
from core.people import people
from core.process.permissions import sees_all_stations
from pages.ui.kit import filters as kept
from pages.ui.kit import gate, places, words
from pages.ui.kit.words import _

MONTHS, SHOWN = 24, 6


class Span(StrEnum):
    """How a period is chosen."""

    MONTH = "month"
    LAST = "last"
    QUARTER = "quarter"
    YEAR = "year"
    MONTHS = "months"
    DAYS = "days"


def filters() -> Asked:
    """The period, station and kind that the figures are of."""
    (since, until, whole_months), station = _dates(), _station()
    kind = kept.select("kpi", "kind", words.options(RequestKind), width=110)
    return Asked(since, until, station, kind, whole_months)


def months_and_station(name: str) -> dict[str, Any]:
    """The months and the station that a page looks at."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        since, until = months(name)
        return {"since": since, "until": until, "station_id": kept.station(name)}


def months(name: str, *, label_visibility: str = "visible") -> tuple[date, date]:
    """The first and the last month that a page looks at."""
    options = {month: words.month(month) for month in _last_months(MONTHS)}
    newest = list(options)
    look: dict[str, Any] = {"width": 130, "label_visibility": label_visibility}
    since = kept.one_of(name, "since", _("From"), options, usual=newest[SHOWN - 1], **look)
    until = kept.one_of(name, "until", _("To"), options, usual=newest[0], **look)
    return min(since, until), max(since, until)


def says(asked: Asked) -> bool:
    """Say in words what is odd about a period; whether there can be figures of it."""
    since, until, today = asked.since, asked.until, _today()
    stations = {each.id: each for each in gate.kept(people.list_stations)}
    if asked.station_id in stations and not stations[asked.station_id].active:
        st.caption(_("This station is closed: its figures are those of before."))
    if since > today:
        st.info(_("This period has not begun: there are no figures yet."), icon=":material/info:")
    elif since > until:
        text = _("The period ends before it begins. Choose a later end.")
        st.warning(text, icon=":material/error:")
    elif since + relativedelta(months=MOST_MONTHS - 1) < until:
        text = _("Choose a period of at most {n} months.", n=MOST_MONTHS - 1)
        st.warning(text, icon=":material/error:")
    else:
        return True
    return False


def compared(asked: Asked) -> str:
    """The days that are looked at and those before them, in words."""
    days = asked.span
    first, last = (words.days(each.first, each.last) for each in (days.whole, days.before))
    return _("{period}, compared with {before}", period=first, before=last)


def _dates() -> tuple[date, date, bool]:
    today = _today()
    # A link of before names months, and no way of choosing them.
    is_old = places.asked("kpi_since") or places.asked("kpi_until")
    usual = Span.MONTHS if is_old and not places.asked("kpi_span") else Span.MONTH
    look: dict[str, Any] = {"width": 130, "label_visibility": "collapsed"}
    chosen = kept.one_of("kpi", "span", _("Period"), words.options(Span), usual=usual, **look)
    if chosen is Span.MONTHS:
        return *months("kpi", label_visibility="collapsed"), True
    if chosen is Span.DAYS:
        since = kept.day("kpi", "since", _("From"), usual=today - timedelta(days=6))
        return since, kept.day("kpi", "until", _("To"), usual=today), False
    places.keep("kpi_since", "")
    places.keep("kpi_until", "")
    return _begin(chosen, today), _end(chosen, today), False


def _begin(chosen: Span, today: date) -> date:
    first = today.replace(day=1)
    back = {Span.LAST: 1, Span.QUARTER: (today.month - 1) % 3, Span.YEAR: today.month - 1}
    begin: date = first - relativedelta(months=back.get(chosen, 0))
    return begin


def _end(chosen: Span, today: date) -> date:
    return today.replace(day=1) - timedelta(days=1) if chosen is Span.LAST else today


def _station() -> int | None:
    """One station, for those who see them all; a closed one too, behind the others."""
    if not sees_all_stations(gate.actor()):
        return None
    stations = sorted(gate.kept(people.list_stations), key=lambda each: not each.active)
    names = {
        each.id: each.name if each.active else _("{name} (closed)", name=each.name)
        for each in stations
    }
    chosen: int | None = kept.select("kpi", "station", names, width=110)
    return chosen


def _last_months(count: int) -> list[date]:
    first = _today().replace(day=1)
    return [first - relativedelta(months=back) for back in range(count)]


def _today() -> date:
    return gate.now().astimezone(words.zone()).date()
