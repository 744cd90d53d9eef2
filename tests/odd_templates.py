"""Word templates: one as a company makes it, and edits that make it do harm."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from tests.attached_files import PNG
from tests.printed_papers import parts

Edit = Callable[[dict[str, bytes]], None]
RELS = "word/_rels/document.xml.rels"
TYPES = "[Content_Types].xml"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
XMLNS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def everyday(link: str = "https://example.com/a?b=1", code: str = "PAGE \\* MERGEFORMAT") -> bytes:
    """A template with what companies put in: head, page number, link, table, picture."""
    document = Document()
    document.add_picture(BytesIO(PNG))
    document.add_table(1, 1).rows[0].cells[0].text = "{{ number }}"
    line = document.add_paragraph("{{ customer }} ")
    id = document.part.relate_to(link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    line._p.append(
        parse_xml(
            f'<w:hyperlink {nsdecls("w", "r")} r:id="{id}"><w:r><w:t>x</w:t></w:r></w:hyperlink>'
        )
    )
    head = document.sections[0].header.paragraphs[0]
    head.text = "{{ company }}"
    for piece in ("begin", code, "separate", "1", "end"):
        run = head.add_run()
        element = OxmlElement("w:instrText" if piece == code else "w:fldChar")
        if piece == code:
            element.text = code
        elif piece == "1":
            run.text = piece
            continue
        else:
            element.set(qn("w:fldCharType"), piece)
        run._r.append(element)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def packed(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def edited(*edits: Edit) -> bytes:
    files = parts(everyday())
    for edit in edits:
        edit(files)
    return packed(files)


def replaced(name: str, old: str, new: str) -> Edit:
    def edit(files: dict[str, bytes]) -> None:
        assert old.encode() in files[name], (name, old)
        files[name] = files[name].replace(old.encode(), new.encode(), 1)

    return edit


def added(name: str, content: bytes, mime: str) -> Edit:
    """A part and its type."""

    def edit(files: dict[str, bytes]) -> None:
        files[name] = content
        own = f'<Override PartName="/{name}" ContentType="{mime}"/></Types>'
        files[TYPES] = files[TYPES].replace(b"</Types>", own.encode())

    return edit


def tied(kind: str, target: str, mode: str = ' TargetMode="External"', rels: str = RELS) -> Edit:
    """A tie to something."""

    def edit(files: dict[str, bytes]) -> None:
        empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        tie = (
            f'<Relationship Id="rIdX" Type="{KIND}{kind}" Target="{target}"{mode}/></Relationships>'
        )
        before = files.get(rels, empty.encode())
        files[rels] = before.replace(b"</Relationships>", tie.encode())

    return edit


def in_body(xml: str) -> Edit:
    """Some elements before the end of the text."""

    def edit(files: dict[str, bytes]) -> None:
        body = files["word/document.xml"]
        at = body.rindex(b"<w:sectPr")
        files["word/document.xml"] = body[:at] + declared(xml) + body[at:]

    return edit


def declared(xml: str) -> bytes:
    name = xml[1:].split(">")[0].split(" ")[0].rstrip("/")
    return xml.replace(f"<{name}", f"<{name} {XMLNS}", 1).encode()


def run(inner: str) -> str:
    return f"<w:r>{inner}</w:r>"


def mark(kind: str) -> str:
    return run(f'<w:fldChar w:fldCharType="{kind}"/>')


def field(*pieces: str) -> str:
    """A field whose code comes in pieces; one that begins with < stands there as it is."""
    code = "".join(
        piece
        if piece.startswith("<")
        else run(f'<w:instrText xml:space="preserve">{piece}</w:instrText>')
        for piece in pieces
    )
    return mark("begin") + code + mark("separate") + run("<w:t>1</w:t>") + mark("end")


def paragraph(*inner: str) -> str:
    return f"<w:p>{''.join(inner)}</w:p>"
