"""KPI 考核指标: what is off target and why, each figure with its parts, and the cases behind it."""

import streamlit as st

from pages.ui.kit import filters, headings, window, words
from pages.ui.kit.words import _
from pages.ui.kpi import cards, charts, drawer, figures, more, period, sentences

headings.title(words.in_domain("page", "kpi"))
with st.container(gap="xsmall"):
    with filters.bar():
        asked = period.filters()
        views = {"figures": _("Figures"), "charts": _("Charts"), "more": _("More figures")}
        view = filters.segments("kpi", "view", _("Part of the page"), views, usual="figures")
        moment = st.container(width="content")
    if not period.says(asked):
        st.stop()
    board, why = figures.explained(asked)
    trend = figures.trend(asked)
    as_of = _("As of {time}", time=words.moment(board.as_of))
    moment.caption(as_of, help=period.compared(asked))
    figures.warn(board)
    shown = cards.ranked(board)
    if view == "charts":
        charts.show(asked, board)
    elif view == "more":
        more.show(board, shown[cards.FIRST :], trend)
    else:
        # On a telephone the cards are a long way down.
        first, last = st.container(), st.container()
        with last if window.is_phone() else first:
            cards.show(shown[: cards.FIRST], trend)
        with first if window.is_phone() else last:
            sentences.show(board, shown, why)
drawer.show(board, trend, asked)
