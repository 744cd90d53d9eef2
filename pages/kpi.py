"""KPI 考核指标: the figures of a period, by month and station, and the cases behind each."""

import streamlit as st

from core import kpi
from core.kpi import FigureName
from pages.ui.kit import filters, headings, places, words
from pages.ui.kit.words import _
from pages.ui.kpi import charts, figures

headings.title(words.in_domain("page", "kpi"))
asked = figures.filters()
board = figures.board(**asked)
st.caption(_("As of {time}", time=words.moment(board.as_of)))
if not board.whole:
    text = _("Many cases have changed and are still being counted. Look again in some minutes.")
    st.warning(text, icon=":material/hourglass_empty:")

if places.asked("kpi_view") == "charts":
    charts.show(asked, board)
    st.stop()
figures.tiles(board)
names = {figure.name: words.code(figure.name) for figure in board.figures}
name = filters.segments(
    "kpi",
    "figure",
    _("Figure"),
    names,
    usual=FigureName.TIMELY_RESOLUTION,
    draw=st.pills,
    label_visibility="visible",
)
figure = board.figure(name)
month, station = figures.charts(board, figure)
figures.classes(board, figure)
figures.behind(figure, asked, month=month, station=station)

headings.part(_("Open cases by age"))
figures.ages(board)
labels = figures.labels()
st.download_button(
    _("Figures as Excel"),
    data=lambda: kpi.export(board, words=labels),
    file_name=f"kpi_{board.since:%Y%m}_{board.until:%Y%m}.xlsx",
    key="kpi_export",
    icon=":material/download:",
    on_click="ignore",
)
