"""Draws an A4 sheet with bordered tables, for the shipped templates."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from db.codes import Language

WIDTH = 178
INK, GREY, LINE, SHADE = "1F2A37", "5B6675", "8A94A3", "EEF2F6"
SERIF, SANS = "宋体", "微软雅黑"
LATIN = {Language.ZH: "Times New Roman", Language.EN: "Arial"}
# The size of a letter's text, in points.
LETTER = 10.5
# A field that Word works out itself.
PAGE, PAGES = "PAGE", "NUMPAGES"
# Word asks for one order of properties and calls a file damaged that has another.
AFTER_MARGINS = ("w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")
AFTER_SHADE = ("w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark")


def element(tag: str, **attributes: str | int) -> Any:
    """A WordprocessingML element."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


class Sheet:
    """One A4 page being drawn from top to bottom; lengths in millimetres."""

    def __init__(self, *, latin: str, title: str) -> None:
        self.document = Document()
        self.latin = latin
        self._page()
        self._style()
        properties = self.document.core_properties
        properties.author, properties.comments, properties.title = "", "", title

    def save(self, path: Any) -> None:
        """Write the file."""
        self.document.save(path)

    def heading(self, company: str, title: str) -> None:
        """The company's line and the paper's title."""
        line = self._paragraph(WD_ALIGN_PARAGRAPH.CENTER, after=1)
        self._run(line, company, size=11, color=GREY, font=SANS)
        line = self._paragraph(WD_ALIGN_PARAGRAPH.CENTER, after=5)
        self._run(line, title, size=19, bold=True, font=SANS)

    def sides(self, left: str, right: str) -> None:
        """A small line with a left and a right end."""
        self._sides(self._paragraph(after=3), [left], [right])

    def footer(self, left: str, page: Sequence[str]) -> None:
        """The foot of every page; PAGE and PAGES become numbers."""
        self._sides(self.document.sections[0].footer.paragraphs[0], [left], page)

    def gap(self, points: float = 5) -> None:
        """Room between two tables."""
        line = self._paragraph()
        line.paragraph_format.line_spacing = Pt(points)

    def note(self, text: str) -> None:
        """A small grey remark."""
        self._run(self._paragraph(before=4), text, size=8.5, color=GREY)

    def prose(self, text: str, *, indent: float = 0, right: bool = False, after: float = 6) -> None:
        """A paragraph of a letter; the first line moved in by millimetres."""
        line = self._paragraph(WD_ALIGN_PARAGRAPH.RIGHT if right else None, after=after)
        line.paragraph_format.first_line_indent = Mm(indent)
        line.paragraph_format.line_spacing = 1.5
        self._run(line, text, size=LETTER)

    def mark(self, text: str) -> None:
        """A paragraph that opens or closes something and is not printed itself."""
        self._run(self._paragraph(), f"{{%p {text} %}}", size=LETTER)

    def table(self, widths: Sequence[float], *, row: float = 6.5) -> "Table":
        """A bordered table with columns of these widths and rows of at least this height."""
        return Table(self, widths, row)

    def write(self, cell: Any, text: str, *, label: bool = False, bold: bool = False) -> None:
        """Put a text into a cell; a label is grey on a shade."""
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        if label:
            cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=SHADE))
        color = GREY if label and not bold else INK
        font = SANS if label else SERIF
        size = 9 if label else 10
        self._run(cell.paragraphs[0], text, size=size, bold=bold, color=color, font=font)

    def stack(self, cell: Any, *texts: tuple[str, float]) -> None:
        """Lines below each other in a cell, each with its size in points; large ones are bold."""
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        for at, (text, size) in enumerate(texts):
            line = cell.add_paragraph() if at else cell.paragraphs[0]
            line.paragraph_format.space_after = Pt(2)
            self._run(line, text, size=size, bold=size > LETTER, font=SANS)

    def picture(self, cell: Any, png: bytes, width: float) -> None:
        """A square picture in the middle of a cell; millimetres."""
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        line = cell.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run().add_picture(BytesIO(png), width=Mm(width))

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm((210 - WIDTH) / 2)
        section.top_margin, section.bottom_margin = Mm(15), Mm(16)
        section.footer_distance = Mm(9)

    def _style(self) -> None:
        style: Any = self.document.styles["Normal"]
        style.font.size = Pt(10)
        style.font.name = self.latin
        style.element.rPr.rFonts.set(qn("w:eastAsia"), SERIF)
        style.paragraph_format.space_after = Pt(0)
        language = style.element.rPr.makeelement(qn("w:lang"), {})
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")
        style.element.rPr.append(language)

    def _paragraph(self, alignment: Any = None, *, before: float = 0, after: float = 0) -> Any:
        line = self.document.add_paragraph()
        line.alignment = alignment
        line.paragraph_format.space_before = Pt(before)
        line.paragraph_format.space_after = Pt(after)
        return line

    def _run(
        self,
        line: Any,
        text: str,
        *,
        size: float,
        bold: bool = False,
        color: str = INK,
        font: str = SERIF,
    ) -> Any:
        run = line.add_run(text)
        run.font.name, run.font.size, run.font.bold = self.latin, Pt(size), bold or None
        run.font.color.rgb = RGBColor.from_string(color)
        run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
        return run

    def _sides(self, line: Any, left: Sequence[str], right: Sequence[str]) -> None:
        line.style = self.document.styles["Normal"]
        line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        for part in (*left, "\t", *right):
            if part in (PAGE, PAGES):
                self._field(line, part)
            else:
                self._run(line, part, size=9, color=GREY)

    def _field(self, line: Any, name: str) -> None:
        for kind in ("begin", None, "end"):
            run = self._run(line, "", size=9, color=GREY)
            if kind:
                run._element.append(element("fldChar", fldCharType=kind))
            else:
                code = element("instrText")
                code.text = f" {name} "
                run._element.append(code)


class Table:
    """A bordered table that grows row by row."""

    def __init__(self, sheet: Sheet, widths: Sequence[float], height: float) -> None:
        self.sheet, self.widths, self.height = sheet, widths, height
        self.table: Any = sheet.document.add_table(rows=0, cols=len(widths))
        self.table.alignment = WD_TABLE_ALIGNMENT.CENTER
        self.table.autofit = False
        properties = self.table._tbl.tblPr
        properties.insert_element_before(self._borders(), "w:shd", "w:tblLayout", *AFTER_MARGINS)
        properties.insert_element_before(self._margins(), *AFTER_MARGINS)
        for column, width in zip(self.table.columns, widths, strict=True):
            column.width = Mm(width)

    def section(self, text: str) -> None:
        """A row over the whole width that names what follows."""
        row = self._row(self.height, whole=True)
        cell = row.cells[0].merge(row.cells[-1])
        self.sheet.write(cell, text, label=True, bold=True)
        cell.paragraphs[0].paragraph_format.keep_with_next = True

    def pairs(self, *texts: str) -> None:
        """Labels and facts in turn, a cell each."""
        row = self._row(self.height, whole=True)
        for at, text in enumerate(texts):
            self.sheet.write(row.cells[at], text, label=at % 2 == 0)

    def wide(self, label: str, text: str, *, height: float = 0) -> None:
        """A label and a fact that takes the rest of the row; it may run over pages."""
        row = self._row(height or self.height, whole=False)
        self.sheet.write(row.cells[0], label, label=True)
        self.sheet.write(row.cells[1].merge(row.cells[-1]), text)

    def head(self, *texts: str) -> None:
        """The row of column titles, repeated on each page."""
        row = self._row(self.height, whole=True)
        row._tr.get_or_add_trPr().append(element("tblHeader"))
        for cell, text in zip(row.cells, texts, strict=True):
            self.sheet.write(cell, text, label=True)
            cell.paragraphs[0].paragraph_format.keep_with_next = True

    def repeat(self, line: str, over: str, *texts: str, none: str = "") -> None:
        """A row for each line of a list; `none` is said where there is no line."""
        self.rows(line, over, *(f"{{{{ {line}.{text} }}}}" for text in texts), none=none)

    def rows(self, line: str, over: str, *texts: str, none: str = "") -> None:
        """The same with whole texts, which may name several facts of a line."""
        self.mark(f"for {line} in {over}")
        row = self._row(self.height, whole=True)
        for cell, text in zip(row.cells, texts, strict=True):
            self.sheet.write(cell, text)
        if none:
            self.mark("else")
            self._whole(none)
        self.mark("endfor")

    def lines(self, text: str) -> None:
        """A text over the whole width."""
        self._whole(text)

    def places(self, *texts: str, height: float = 17) -> None:
        """A row with room to sign, the words at the top left of each cell."""
        row = self._row(height, whole=True)
        for cell, text in zip(row.cells, texts, strict=True):
            self.sheet.write(cell, text)
            cell.vertical_alignment = WD_ALIGN_VERTICAL.TOP

    def fixed(self, height: float) -> Any:
        """The cells of a row that is as high as this, whatever stands in it."""
        row = self._row(height, whole=True)
        row.height_rule = WD_ROW_HEIGHT_RULE.EXACTLY
        return row.cells

    def join(self, left: Any, right: Any) -> None:
        """Take away the line between two cells."""
        for cell, side in ((left, "right"), (right, "left")):
            borders = element("tcBorders")
            borders.append(element(side, val="nil"))
            cell._tc.get_or_add_tcPr().insert_element_before(borders, "w:shd", *AFTER_SHADE)

    def mark(self, text: str) -> None:
        """A row that opens or closes something and is not printed itself."""
        self._whole(f"{{%tr {text} %}}")

    def _whole(self, text: str) -> None:
        row = self._row(5, whole=True)
        self.sheet.write(row.cells[0].merge(row.cells[-1]), text)

    def _row(self, height: float, *, whole: bool) -> Any:
        row = self.table.add_row()
        row.height = Mm(height)
        if whole:
            row._tr.get_or_add_trPr().append(element("cantSplit"))
        for cell, width in zip(row.cells, self.widths, strict=True):
            cell.width = Mm(width)
        return row

    def _borders(self) -> Any:
        borders = element("tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            borders.append(element(side, val="single", sz=4, space=0, color=LINE))
        return borders

    def _margins(self) -> Any:
        margins = element("tblCellMar")
        for side, width in (("top", 40), ("left", 100), ("bottom", 40), ("right", 100)):
            margins.append(element(side, w=width, type="dxa"))
        return margins
