"""The files of a meeting say what was frozen, in both languages and whatever people wrote."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from pptx import Presentation
from python_calamine import CalamineWorkbook

from core import decks
from core.decks import said
from core.decks.fitting import fit, wrapped
from core.decks.make_template import make
from core.decks.pages import HEIGHT, WIDTH, Box, pages
from core.decks.record import TEMPLATE
from core.kpi.figures import DEFINITIONS, FigureName, Unit
from core.kpi.frozen import Point
from tests.decks_made import (
    EN,
    KEPT,
    SIZES,
    ZH,
    both,
    decision,
    deck,
    figure,
    said_in,
    sizes,
    squeezed,
)
from tests.printed_papers import lines

F = FigureName


def shapes(content: bytes) -> Iterator[list[Any]]:
    for slide in Presentation(BytesIO(content)).slides:
        yield list(slide.shapes)


def spoken(content: bytes) -> str:
    """All that the slides say, without breaks."""
    texts = []
    for shape in (each for slide in shapes(content) for each in slide):
        if shape.has_text_frame:
            texts.append(shape.text_frame.text)
        if shape.has_table:
            texts += [cell.text for row in shape.table.rows for cell in row.cells]
        if shape.has_chart:
            texts += list(shape.chart.plots[0].categories)
    return squeezed("".join(texts))


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@both
def test_the_slides_show_each_figure(words: dict[str, str]) -> None:
    made = deck()
    of_figures = [slide for slide in shapes(decks.slides(made, words)) if len(slide) > 5]
    assert len(of_figures) == len(F)
    for shown, frozen in zip(of_figures, made.figures, strict=True):
        texts = [each.text_frame.text for each in shown if each.has_text_frame]
        assert texts[0] == words[frozen.name]
        assert said.value(frozen.unit, frozen.value, words) in texts
        assert said.state(frozen, words) in texts
        (table,) = [each.table for each in shown if each.has_table]
        assert table.cell(0, 1).text == said.value(frozen.unit, frozen.target, words)


def test_the_charts_can_be_edited_and_hold_the_numbers() -> None:
    made = deck(figure(F.TIMELY_RESOLUTION, months=24, stations=12))
    months, stations = (
        each.chart for slide in shapes(decks.slides(made, ZH)) for each in slide if each.has_chart
    )
    frozen = made.figures[0]
    columns, line = months.plots
    assert list(columns.series[0].values) == [point.value for point in frozen.months]
    assert list(columns.categories)[:2] == ["2024-01", "2024-02"]
    assert list(line.series[0].values) == [0.9] * 24
    assert (line.series[0].name, columns.series[0].name) == (ZH["target"], "及时解决率")
    axis = months.value_axis
    assert (axis.minimum_scale, axis.maximum_scale) == (0, 1)
    assert axis.tick_labels.number_format == "0.0%"
    inside = CalamineWorkbook.from_filelike(BytesIO(months.part.chart_workbook.xlsx_part.blob))
    assert inside.get_sheet_by_index(0).to_python()[1] == ["2024-01", 0.6, 0.9]
    worst = [point.value for point in frozen.worst_first][:10]
    assert list(stations.plots[0].series[0].values) == worst == sorted(worst)


def test_every_text_of_the_slides_names_a_chinese_font() -> None:
    with ZipFile(BytesIO(decks.slides(deck(), ZH))) as package:
        for name in package.namelist():
            if name.startswith(("ppt/slides/slide", "ppt/charts/chart")) and name.endswith("xml"):
                xml = package.read(name).decode()
                assert xml.count("<a:latin") == xml.count('<a:ea typeface="Microsoft YaHei"') > 0
                assert xml.count("<a:r>") <= xml.count("<a:ea")


@both
@sizes
def test_no_box_leaves_the_page_or_covers_another(made: decks.Deck, words: dict[str, str]) -> None:
    for page in pages(said.tidy(made), words):
        for item in page:
            box = item.box
            assert box.x >= 0 and box.x + box.width <= WIDTH
            assert box.y >= 0 and box.y + box.height <= HEIGHT
        assert [pair for pair in combinations([item.box for item in page], 2) if meet(*pair)] == []


def meet(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    above = one.y + one.height <= other.y or other.y + other.height <= one.y
    return not (beside or above)


@sizes
def test_the_slides_lie_where_the_pages_say(made: decks.Deck) -> None:
    drawn = list(shapes(decks.slides(made, EN)))
    planned = pages(said.tidy(made), EN)
    points = [
        [(s.left / 12700, s.top / 12700, s.width / 12700, s.height / 12700) for s in slide]
        for slide in drawn
    ]
    boxes = [[(i.box.x, i.box.y, i.box.width, i.box.height) for i in page] for page in planned]
    assert len(points) == len(boxes)
    for shown, meant in zip(points, boxes, strict=True):
        assert [pytest.approx(each, abs=1) for each in meant] == shown


@both
@sizes
def test_the_slides_lose_nothing_that_was_written(made: decks.Deck, words: dict[str, str]) -> None:
    found = spoken(decks.slides(made, words))
    for text in said_in(made):
        assert not text or squeezed(text) in found or in_pieces(squeezed(text), found)
    for frozen in said.tidy(made).figures:
        for point in frozen.stations:
            assert squeezed(point.station) in found


def in_pieces(text: str, found: str) -> bool:
    """A text that goes over to another page: it is there in two parts or more, in their order."""
    while text:
        size = next((n for n in range(len(text), 0, -1) if text[:n] in found), 0)
        if size < min(len(text), 20):
            return False
        text = text[size:]
    return True


@both
@sizes
def test_the_minutes_hold_all(made: decks.Deck, words: dict[str, str]) -> None:
    content = decks.minutes(made, words)
    found = squeezed("".join(lines(content)).replace("/", ""))
    for text in said_in(replace(made, tables=())):
        assert squeezed(text).replace("/", "") in found
    figures, decided = Document(BytesIO(content)).tables[1:]
    values = [row.cells[1].text for row in figures.rows[2:]]
    assert values == [
        f"{said.value(each.unit, each.value, words)} · {said.state(each, words)}"
        for each in made.figures
    ]
    rows = [row.cells[3].text for row in decided.rows[2:]]
    assert rows == [str(each.due) for each in made.decided] or rows == [words["no_decision"]]


def test_the_template_of_the_minutes_is_as_it_is_made(tmp_path: Path) -> None:
    make(tmp_path / "minutes.docx")
    assert lines((tmp_path / "minutes.docx").read_bytes()) == lines(TEMPLATE.read_bytes())


@both
@sizes
def test_the_workbook_holds_the_numbers(made: decks.Deck, words: dict[str, str]) -> None:
    told = sheets(decks.workbook(made, words))
    wanted = [words[each] for each in ("figures", "months", "stations", "decisions")]
    if made.decisions is None:
        wanted = [*wanted[:3], *(table.title for table in made.tables)]
    assert list(told) == wanted
    figures, months, stations = (told[name][1:] for name in wanted[:3])
    decided = [] if made.decisions is None else told[wanted[3]][1:]
    tidy = said.tidy(made)
    assert [row[1] for row in figures] == [
        "" if each.value is None else pytest.approx(each.value) for each in made.figures
    ]
    assert [row[2:5] for row in figures] == [
        [each.numerator, each.denominator, "" if each.target is None else each.target]
        for each in made.figures
    ]
    assert [row[1:] for row in months] == [
        [point.month, pytest.approx(point.value), point.numerator, point.denominator]
        for each in made.figures
        for point in each.months
    ]
    assert sorted(row[1] for row in stations) == sorted(
        point.station for each in tidy.figures for point in each.stations
    )
    assert [row[0] for row in decided] == [each.text for each in tidy.decided]
    assert [row[3] for row in decided] == [each.due for each in tidy.decided]


def test_the_workbook_divides_what_is_a_quotient_and_runs_nothing_else() -> None:
    odd = figure(F.UNHAPPY, value=0.25)
    made = deck(figure(F.TIMELY_RESOLUTION), figure(F.RECEIVED), odd, title="=1+1")
    made = replace(made, notes={F.RECEIVED: "=1+1"}, decisions=(decision(1, text="=cmd()"),))
    with ZipFile(BytesIO(decks.workbook(made, ZH))) as package:
        figures, *others = (package.read(f"xl/worksheets/sheet{at}.xml") for at in (1, 4))
    assert b'<f>IF(D2=0,"",C2/D2)</f><v>0.9555555555555556</v>' in figures
    assert figures.count(b"<f>") == 1
    assert all(b"<f>" not in sheet for sheet in others)


def test_the_tables_of_a_report_are_in_all_its_files() -> None:
    made = SIZES["report"]
    told = sheets(decks.workbook(made, ZH))
    assert told["主要故障"] == [
        ["事项", "件数", "占比", "均分"],
        [KEPT, 12.0, 0.375, ""],
        ["噪音", 3.0, 0.25, 8.5],
    ]
    assert told["产品"] == [["事项", "件数"]]
    first, second, *_ = list(shapes(decks.slides(made, ZH)))[1:]
    (grid,) = (shape.table for shape in first if shape.has_table)
    cells = [[cell.text for cell in row.cells] for row in grid.rows]
    assert cells[2] == ["噪音", "3", "25.0%", "8.50"]
    assert cells[1][1:] == ["12", "37.5%", "—"]
    assert "数据不足" in [shape.text_frame.text for shape in second if shape.has_text_frame]
    assert "没有决议" not in spoken(decks.slides(made, ZH))


@pytest.mark.parametrize("unit", Unit)
def test_each_unit_is_written(unit: Unit) -> None:
    assert said.value(unit, 0.5, ZH)[0] == {Unit.SHARE: "5"}.get(unit, "0")
    assert said.value(unit, None, ZH) == "—"


def test_words_say_how_a_figure_stands_and_moved() -> None:
    hours = figure(F.RESOLUTION_HOURS, value=20.0, target=24.0, previous=22.0)
    assert said.state(hours, EN) == "Reached"
    assert said.since(hours, hours.previous, EN) == "22.0 Hours  ▼ Better"
    assert said.since(hours, 18.0, EN) == "18.0 Hours  ▲ Worse"
    assert said.since(hours, 20.01, EN) == "20.0 Hours  ■ Same"
    assert said.since(hours, None, EN) == "—"
    assert said.state(figure(F.UNHAPPY, value=None), EN) == "No value"
    assert said.state(figure(F.RECEIVED), EN) == "No target"
    few = figure(F.TIMELY_RESOLUTION, denominator=4)
    assert said.state(few, EN) == "Too few"
    assert said.since(figure(F.RECEIVED, value=3), 2, EN) == "2 Cases  ▲"


@pytest.mark.parametrize("text", ["", "a" * 90, "数 word " * 30, "一\n\n二\n", KEPT * 4])
def test_lines_put_together_are_the_text(text: str) -> None:
    assert "".join(wrapped(text, 10)) == text
    part = fit(text, 100, 40, (12, 10))
    assert (part.text + part.rest).replace("\n", "") == text.replace("\n", "")


def test_cases_of_no_station_have_a_name() -> None:
    nobody = Point(value=1, numerator=1, denominator=1)
    content = decks.slides(
        deck(figure(F.RECEIVED, stations=0).model_copy(update={"stations": (nobody,)})), ZH
    )
    assert "未分网点" in spoken(content)


def test_words_are_named_once() -> None:
    assert decks.WORDS.isdisjoint(DEFINITIONS)


def test_a_decision_without_a_day_has_a_dash() -> None:
    open_ended = decision(1, due=None, done=False)
    assert said.decided(open_ended, EN)[2:] == ("—", "Open")
    assert said.decided(replace(open_ended, due=date(2025, 3, 1)), EN)[2] == "2025-03-01"
