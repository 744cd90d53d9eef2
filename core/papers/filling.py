"""Fills Word templates that come from people, and checks them before they are kept."""

from dataclasses import fields
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as BadCompression

from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml import etree  # type: ignore[import-untyped]

from core.papers import placeholders
from core.papers.placeholders import Facts, vocabulary
from core.papers.reading import PaperEnvironment, TemplateRefused, check_marks

MEGABYTE = 1024 * 1024
MOST_BYTES = 5 * MEGABYTE
MOST_UNPACKED = 50 * MEGABYTE
# Pictures may be large; text that is searched for placeholders may not.
MOST_TEXT = 2 * MEGABYTE
MOST_FILES = 500

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOLD_TEXT = frozenset(f"{WORD}{tag}" for tag in ("t", "instrText", "delText", "delInstrText"))

# What python-docx, lxml and zipfile are known to raise for files that only look like Word files.
UNREADABLE = (
    *(BadZipFile, BadCompression, KeyError, ValueError, TypeError, AttributeError, EOFError),
    *(RuntimeError, NotImplementedError, OverflowError, etree.LxmlError),
)


class _Sheet(DocxTemplate):  # type: ignore[misc]
    """A Word file that is filled once."""

    def patch_xml(self, src_xml: str) -> str:
        # The library searches from each open mark to the end: some thousand that are never closed
        # would keep it busy for hours.
        check_marks(src_xml)
        patched: str = super().patch_xml(src_xml)
        return patched

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        # The library repairs broken XML by dropping what it does not understand, and Word leaves
        # out text that stands outside a run: facts would be missing on paper and nobody would
        # know.
        filled: str = super().render_xml_part(src_xml, part, context, jinja_env)
        for element in etree.fromstring(filled.encode()).iter(f"{WORD}*"):
            stray = element.tail or ("" if element.tag in HOLD_TEXT else element.text) or ""
            if stray.strip():
                raise ValueError("text outside a run")
        return filled

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        # A title may say anything: it is not printed, and longer than 255 letters it fails.
        return


def fill(template: bytes, values: Facts) -> bytes:
    """The template with the facts put in."""
    return _fill(template, values, PaperEnvironment(vocabulary(type(values))))


def check(content: bytes, shape: type[Facts]) -> None:
    """TemplateRefused unless the file is a Word template that prints any facts of a family."""
    _check_package(content)
    environment = PaperEnvironment(vocabulary(shape))
    for values in (placeholders.sample(shape), placeholders.bare(shape)):
        try:
            _fill(content, values, environment)
        except TemplateError as error:
            raise TemplateRefused(reason="not_permitted", placeholder="", near="") from error
        except UNREADABLE as error:
            raise TemplateRefused(reason="broken") from error
    if not environment.names_used:
        raise TemplateRefused(reason="no_placeholder")


def _fill(template: bytes, values: Facts, environment: PaperEnvironment) -> bytes:
    sheet = _Sheet(BytesIO(template))
    context = {field.name: getattr(values, field.name) for field in fields(values)}
    sheet.render(context, environment, autoescape=True)
    out = BytesIO()
    sheet.save(out)
    return out.getvalue()


def _check_package(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise TemplateRefused(reason="too_large", megabytes=MOST_BYTES // MEGABYTE)
    try:
        with ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise TemplateRefused(reason="not_word") from error
    names = {part.filename for part in parts}
    if not {"word/document.xml", "[Content_Types].xml"} <= names:
        raise TemplateRefused(reason="not_word")
    # zipfile reads no more than a part declares, so that the sum is a true bound.
    if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise TemplateRefused(reason="too_large", megabytes=MOST_UNPACKED // MEGABYTE)
    if any(p.file_size > MOST_TEXT for p in parts if p.filename.endswith(".xml")):
        raise TemplateRefused(reason="too_large", megabytes=MOST_TEXT // MEGABYTE)
    if any(name.endswith("vbaProject.bin") for name in names):
        raise TemplateRefused(reason="has_macros")
