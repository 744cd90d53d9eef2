"""Reading what a Word file prints, and making templates to print from."""

from io import BytesIO
from zipfile import ZipFile

from docx import Document


def word(domain: str, code: str) -> str:
    return f"[{domain}.{code}]"


def parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def lines(content: bytes) -> list[str]:
    """What is printed in body and footer, cell by cell; a line break is a "/"."""
    document = Document(BytesIO(content))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    footer = document.sections[0].footer.paragraphs
    texts = [*document.paragraphs, *(p for cell in cells for p in cell.paragraphs), *footer]
    return list(dict.fromkeys(p.text.replace("\n", "/") for p in texts if p.text))


def template_with(*paragraphs: str, footer: str = "", table: tuple[str, ...] = ()) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.sections[0].footer.paragraphs[0].text = footer
    if table:
        grid = document.add_table(rows=0, cols=1)
        for text in table:
            grid.add_row().cells[0].text = text
    out = BytesIO()
    document.save(out)
    return out.getvalue()
