"""Fills Word templates with texts, and tries them before they are kept."""

import base64
from collections.abc import Mapping, Sequence
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from zipfile import BadZipFile
from zlib import error as BadCompression

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from lxml import etree  # type: ignore[import-untyped]

from core.papers.word.inspection import look_through
from core.papers.word.marks import PaperEnvironment, Vocabulary, check_marks
from core.papers.word.package import MOST_TEXT
from core.papers.word.refusals import TemplateRefused

# Texts by name, pictures as {"png": base64}, and lists of lines, each with its texts by name.
Texts = Mapping[str, str | Mapping[str, str] | Sequence[Mapping[str, str]]]

# A paper is longer than its template: every row of a list repeats some of it.
MOST_FILLED = 10 * MOST_TEXT

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


def fill(template: bytes, texts: Texts, vocabulary: Vocabulary) -> bytes:
    """A template with the texts put in. It is taken as it is: people's own are looked through."""
    return _fill(template, texts, PaperEnvironment(vocabulary))


def fill_own(template: bytes, texts: Texts, vocabulary: Vocabulary) -> bytes:
    """The same with a template of people; TemplateRefused when it could do harm, filled or not."""
    look_through(template)
    filled = fill(template, texts, vocabulary)
    # Filling takes rows and paragraphs away, and what is left can mean something else.
    look_through(filled, most_text=MOST_FILLED)
    return filled


def check(template: bytes, samples: Sequence[Texts], vocabulary: Vocabulary) -> tuple[bytes, ...]:
    """The papers of all samples; TemplateRefused unless a file is a Word template that has them."""
    look_through(template)
    papers = []
    environment = PaperEnvironment(vocabulary)
    for texts in samples:
        try:
            filled = _fill(template, texts, environment)
        except TemplateError as error:
            raise TemplateRefused(reason="not_permitted", placeholder="", near="") from error
        except UNREADABLE as error:
            raise TemplateRefused(reason="broken") from error
        look_through(filled, most_text=MOST_FILLED)
        papers.append(filled)
    if not environment.names_used:
        raise TemplateRefused(reason="no_placeholder")
    return tuple(papers)


def _fill(template: bytes, texts: Texts, environment: PaperEnvironment) -> bytes:
    sheet = _Sheet(BytesIO(template))
    context = {name: _value(sheet, value) for name, value in texts.items()}
    sheet.render(context, environment, autoescape=True)
    out = BytesIO()
    sheet.save(out)
    return out.getvalue()


def _value(sheet: _Sheet, value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        drawn = base64.b64decode(value["png"])
        return InlineImage(sheet, BytesIO(drawn), height=Mm(value["height"])) if drawn else ""
    return [
        SimpleNamespace(**{name: _value(sheet, each) for name, each in line.items()})
        for line in value
    ]
