"""The pages as slides: charts and tables of PowerPoint, so that a reader can go on with them."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Pt

from core.decks.pages import GREY, HEIGHT, INK, SIDE, WIDTH, Box, Chart, Page, Table, Text
from core.kpi.workbook import FORMATS

LATIN, CHINESE = "Arial", "Microsoft YaHei"
SHADE, COLUMN, MISSED, TARGET = "EEF2F6", "3B6FB6", "C9665B", "D98200"
# "Title only", and the thin grid without colours that PowerPoint brings.
LAYOUT, GRID = 5, "{5940675A-B579-460E-94D1-54222C63F5DA}"
TALL, LABEL, NAMED = 9.0, 8.0, 12


def slides(pages: Sequence[Page], title: str) -> bytes:
    """A slide for each page."""
    deck = Presentation()
    _widen(deck)
    deck.core_properties.title, deck.core_properties.author = title[:255], ""
    for first, *items in pages:
        slide = deck.slides.add_slide(deck.slide_layouts[LAYOUT])
        _title(slide, first)
        for item in items:
            DRAW[type(item)](slide, item)
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


def _widen(deck: Any) -> None:
    """The layouts that come with the library are made for 4 to 3."""
    ratio = Pt(WIDTH) / deck.slide_width
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    for part in (deck.slide_master, *deck.slide_layouts):
        for place in part._element.iter(qn("a:xfrm")):
            for end, side in ((place.off, "x"), (place.ext, "cx")):
                end.set(side, str(round(int(end.get(side)) * ratio)))


def _place(box: Box) -> tuple[int, int, int, int]:
    return Pt(box.x), Pt(box.y), Pt(box.width), Pt(box.height)


def _title(slide: Any, item: Any) -> None:
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = _place(item.box)
    _say(shape.text_frame, item.text, item.size, item.color)


def _text(slide: Any, item: Text) -> None:
    frame = slide.shapes.add_textbox(*_place(item.box)).text_frame
    _say(frame, item.text, item.size, item.color)


def _say(frame: Any, text: str, size: float, color: str) -> None:
    frame.text = text
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for line in frame.paragraphs:
        line.alignment = PP_ALIGN.LEFT
        for run in line.runs:
            _font(run.font, size, color)


def _font(font: Any, size: float, color: str) -> None:
    font.size, font.name = Pt(size), LATIN
    font.color.rgb = RGBColor.from_string(color)
    chinese = etree.Element(qn("a:ea"), typeface=CHINESE)
    font._element.find(qn("a:latin")).addnext(chinese)


def _table(slide: Any, item: Table) -> None:
    shape = slide.shapes.add_table(len(item.rows), len(item.widths), *_place(item.box))
    table = shape.table
    shape._element.find(f".//{qn('a:tableStyleId')}").text = GRID
    table.first_row, table.horz_banding = item.head, False
    for column, width in zip(table.columns, item.widths, strict=True):
        column.width = Pt(width)
    for row, high in zip(table.rows, item.heights, strict=True):
        row.height = Pt(high)
    for at, row in enumerate(item.rows):
        for place, text in enumerate(row):
            _cell(table.cell(at, place), text, item, label=at == 0 if item.head else place == 0)


def _cell(cell: Any, text: str, item: Table, *, label: bool) -> None:
    _say(cell.text_frame, text, item.size, GREY if label else INK)
    cell.margin_left = cell.margin_right = Pt(SIDE)
    cell.margin_top = cell.margin_bottom = Pt(2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    if label:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(SHADE)


def _chart(slide: Any, item: Chart) -> None:
    form = FORMATS[item.unit]
    told = CategoryChartData(number_format=form)
    told.categories = item.labels
    told.add_series(item.names[0], item.values)
    lined = item.target is not None and not item.bars
    if lined:
        told.add_series(item.names[1], [item.target] * len(item.labels))
    kind = XL_CHART_TYPE.BAR_CLUSTERED if item.bars else XL_CHART_TYPE.COLUMN_CLUSTERED
    shape = slide.shapes.add_chart(kind, *_place(item.box), told)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", item.title)
    _dress(shape.chart, item, form)
    if lined:
        _as_line(shape.chart)


def _dress(chart: Any, item: Chart, form: str) -> None:
    _font(chart.font, LABEL, GREY)
    _titled(chart, item)
    values, labels = chart.value_axis, chart.category_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = 0, item.top, item.step
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = form, False
    values.major_gridlines.format.line.color.rgb = RGBColor.from_string("D5DAE1")
    values.format.line.fill.background()
    labels.reverse_order = item.bars
    if item.bars:
        # Turned round with the stations, the numbers would stand on top.
        values.visible = False
    if len(item.labels) > NAMED and not item.bars:
        skip = etree.Element(qn("c:tickLblSkip"), val="2")
        labels._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)
    _columns(chart.plots[0], item, form)


def _titled(chart: Any, item: Chart) -> None:
    chart.has_title, frame = True, chart.chart_title.text_frame
    frame.text = item.title
    _font(frame.paragraphs[0].runs[0].font, TALL + 1, GREY)
    chart.chart_title.include_in_layout = False
    chart.has_legend = item.target is not None and not item.bars
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False


def _columns(plot: Any, item: Chart, form: str) -> None:
    plot.gap_width, plot.vary_by_categories, series = 60, False, plot.series[0]
    _paint(series.format, COLUMN)
    for at in [at for at, missed in enumerate(item.missed) if missed]:
        _paint(series.points[at].format, MISSED)
    if item.bars or len(item.labels) <= NAMED:
        labels = series.data_labels
        labels.show_value, labels.number_format = True, form
        labels.number_format_is_linked = False
        _font(labels.font, LABEL, INK)


def _paint(form: Any, color: str) -> None:
    form.fill.solid()
    form.fill.fore_color.rgb = RGBColor.from_string(color)


def _as_line(chart: Any) -> None:
    """The second series of columns as a line over the first; the library has no mixed charts."""
    columns = chart._chartSpace.find(f".//{qn('c:barChart')}")
    series = columns.findall(qn("c:ser"))[1]
    line = OxmlElement("c:lineChart")
    for tag, value in (("grouping", "standard"), ("varyColors", "0")):
        etree.SubElement(line, qn(f"c:{tag}"), val=value)
    line.append(series)
    etree.SubElement(line, qn("c:marker"), val="1")
    for axis in columns.findall(qn("c:axId")):
        etree.SubElement(line, qn("c:axId"), val=axis.get("val"))
    columns.addnext(line)
    drawn = chart.plots[1].series[0]
    drawn.smooth = False
    drawn.format.line.color.rgb, drawn.format.line.width = RGBColor.from_string(TARGET), Pt(1.75)
    drawn.marker.style = XL_MARKER_STYLE.NONE


DRAW: dict[type, Any] = {Text: _text, Table: _table, Chart: _chart}
