"""A filled Word paper as a PDF with the same contents: paragraphs, tables, pictures, feet."""

from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Image, Paragraph, SimpleDocTemplate, Spacer, Table

# Comes with every reader of PDF files: no file of a font is carried along.
FONT = "STSong-Light"
MIME = "application/pdf"
USUAL, LEADING = 10.0, 1.35
LINE = colors.HexColor("#8A94A3")
# Inside a cell, beside and above what stands in it.
PADDING, GAP = 6, 3
SIDES = {
    WD_ALIGN_PARAGRAPH.CENTER: TA_CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT: TA_RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY: TA_JUSTIFY,
}

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class _Bold(Paragraph):  # type: ignore[misc]
    """The font has one weight: a bold line is drawn twice, a hair apart."""

    def draw(self) -> None:
        """Draw it."""
        super().draw()
        self.canv.translate(0.3, 0)
        super().draw()


def of_word(content: bytes, *, title: str) -> bytes:
    """The same paper as a PDF."""
    document, out = Document(BytesIO(content)), BytesIO()
    section: Any = document.sections[0]
    sheet = SimpleDocTemplate(
        out,
        pagesize=(section.page_width.pt, section.page_height.pt),
        leftMargin=section.left_margin.pt,
        rightMargin=section.right_margin.pt,
        topMargin=section.top_margin.pt,
        bottomMargin=section.bottom_margin.pt,
        title=title,
    )
    feet = [_foot(line) for line in section.footer.paragraphs]

    def draw_foot(canvas: Any, _sheet: Any) -> None:
        canvas.setFont(FONT, 8)
        canvas.setFillGray(0.4)
        bottom, right = section.footer_distance.pt, section.left_margin.pt + sheet.width
        for at, (left_text, right_text) in enumerate(reversed(feet)):
            canvas.drawString(section.left_margin.pt, bottom + 10 * at, left_text)
            shown = str(canvas.getPageNumber()) if right_text is None else right_text
            canvas.drawRightString(right, bottom + 10 * at, shown)

    body = list(_flow(document, document.element.body, sheet.width))
    sheet.build(body or [Spacer(1, 1)], onFirstPage=draw_foot, onLaterPages=draw_foot)
    return out.getvalue()


def _foot(line: Any) -> tuple[str, str | None]:
    """What stands at the left and at the right of a foot; None for the number of the page."""
    left, _tab, right = line.text.partition("\t")
    counts = next(line._p.iter(qn("w:instrText"), qn("w:fldSimple")), None) is not None
    return left.strip(), None if counts else right.strip()


def _flow(parent: Any, element: Any, width: float) -> Iterator[Flowable]:
    for child in element.iterchildren():
        if child.tag == qn("w:p"):
            yield from _line(WordParagraph(child, parent))
        elif child.tag == qn("w:tbl") and child.tr_lst:  # of an empty list no row is left
            yield _table(WordTable(child, parent), width)


def _line(line: Any) -> Iterator[Flowable]:
    yield from _pictures(line)
    text = "".join(_run(run) for run in line.runs)
    about = line.paragraph_format
    size = max((run.font.size.pt for run in line.runs if run.font.size), default=USUAL)
    if not text.strip():
        exact = about.line_spacing
        yield Spacer(1, exact.pt if exact is not None and hasattr(exact, "pt") else size)
        return
    style = ParagraphStyle(
        "line",
        fontName=FONT,
        fontSize=size,
        leading=size * LEADING,
        alignment=SIDES.get(line.alignment, TA_LEFT),
        spaceBefore=about.space_before.pt if about.space_before else 0,
        spaceAfter=about.space_after.pt if about.space_after else 0,
        firstLineIndent=about.first_line_indent.pt if about.first_line_indent else 0,
        wordWrap="CJK",
    )
    bold = all(run.bold for run in line.runs if run.text.strip())
    yield (_Bold if bold else Paragraph)(text, style)


def _run(run: Any) -> str:
    text = escape(run.text).replace("\n", "<br/>").replace("\t", "&nbsp;" * 6)
    if not text:
        return ""
    colour = run.font.color.rgb if run.font.color and run.font.color.type else None
    size = f' size="{run.font.size.pt:g}"' if run.font.size else ""
    return (
        f'<font color="#{colour}"{size}>{text}</font>' if colour else f"<font{size}>{text}</font>"
    )


def _pictures(line: Any) -> Iterator[Flowable]:
    for drawing in line._p.iter(qn("wp:inline")):
        (blip,) = drawing.iter(qn("a:blip"))
        part = line.part.related_parts[blip.get(qn("r:embed"))]
        extent = drawing.find(qn("wp:extent"))
        width, height = (int(extent.get(side)) / 12700 for side in ("cx", "cy"))
        yield Image(BytesIO(part.blob), width=width, height=height)


def _table(table: Any, width: float) -> Flowable:
    own = [column.width.pt if column.width else 0.0 for column in table.columns]
    share = [each * width / sum(own) for each in own] if all(own) else [width / len(own)] * len(own)
    styles: list[Any] = [
        ("GRID", (0, 0), (-1, -1), 0.5, LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    rows = []
    for y, row in enumerate(table.rows):
        least = row.height.pt if row.height else 0.0
        cells: list[Any] = [""] * len(share)
        for begin, end, cell in _spans(row):
            inner = sum(share[begin : end + 1]) - 2 * PADDING
            cells[begin] = _filled(list(_flow(cell, cell._tc, inner)), inner, least)
            styles.append(("SPAN", (begin, y), (end, y)))
            styles += [("BACKGROUND", (begin, y), (end, y), each) for each in _shades(cell)]
        rows.append(cells)
    return Table(rows, colWidths=share, style=styles, splitInRow=1)


def _spans(row: Any) -> Iterator[tuple[int, int, Any]]:
    """Each cell of a row, with the first and the last column that it covers."""
    begin = 0
    for _cell, same in groupby(row.cells, key=lambda cell: cell._tc):
        joined = list(same)
        yield begin, begin + len(joined) - 1, joined[0]
        begin += len(joined)


def _filled(flow: list[Flowable], width: float, least: float) -> list[Flowable]:
    """A cell that leaves room to sign: at least as high as the row of the template."""
    free = least - 2 * GAP - sum(each.wrap(width, least)[1] for each in flow)
    return [*flow, Spacer(1, free)] if free > 0 else flow


def _shades(cell: Any) -> Iterator[Any]:
    for shade in cell._tc.iter(qn("w:shd")):
        fill = shade.get(qn("w:fill"))
        if fill and fill != "auto":
            yield colors.HexColor(f"#{fill}")
