"""Papers as PDF: the same words as in Word, also from the company's own template."""

import base64
import re
import zlib
from io import BytesIO

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from PIL import Image

from core import printing
from core.papers import pdf
from db.codes import Language
from tests.company_cast import Company
from tests.odd_photos import encoded
from tests.printed_papers import lines, template_with, word

STREAM = re.compile(rb"/Filter \[ /ASCII85Decode /FlateDecode \].*?stream\r?\n(.*?)endstream", re.S)
TEXT = re.compile(rb"\((.*?)(?<!\\)\) Tj", re.S)


def printed(content: bytes) -> str:
    """What the streams of a PDF show, without the places where lines are broken."""
    assert content.startswith(b"%PDF-")
    shown = b"".join(
        zlib.decompress(base64.a85decode(s.strip()[:-2])) for s in STREAM.findall(content)
    )
    parts = (
        re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), p) for p in TEXT.findall(shown)
    )
    plain = (re.sub(rb"\\(.)", rb"\1", part, flags=re.S) for part in parts)
    return "".join("".join(part.decode("utf-16-be").split()) for part in plain)


def paper(
    company: Company, *, as_pdf: bool, case_id: int, language: Language = Language.ZH
) -> bytes:
    asked = {"paper": "acceptance_slip", "case_id": case_id, "language": language, "word": word}
    return company.see("agent", printing.content, as_pdf=as_pdf, **asked)


@pytest.mark.parametrize("language", list(Language))
def test_the_pdf_says_what_the_word_file_says(sqlite_company: Company, language: Language) -> None:
    case_id = sqlite_company.register(symptom="洗衣时底部漏水，地面积水 <急> & 有异响" * 9)
    asked = {"case_id": case_id, "language": language}
    shown = printed(paper(sqlite_company, as_pdf=True, **asked))
    said = lines(paper(sqlite_company, as_pdf=False, **asked))
    assert len(said) > 20
    for text in (each.partition("\t")[0] for each in said):
        assert "".join(text.replace("/", "").split()) in shown.replace("/", "")


def test_the_companys_own_template_is_printed(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()
    own = template_with("敬启者 {{ number }}", table=("客户 {{ customer }}",))
    about = {"paper": "acceptance_slip", "language": Language.ZH}
    sqlite_company.do("manager", printing.replace_template, content=own, **about)
    shown = printed(paper(sqlite_company, as_pdf=True, case_id=case_id))
    assert "敬启者SR" in shown
    assert "客户王小明" in shown


def test_pictures_large_and_bold_lines_and_pages_are_kept() -> None:
    document = Document()
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run("受理单")
    run.bold, run.font.size = True, Pt(19)
    document.add_picture(BytesIO(encoded(Image.new("RGB", (40, 40)), "PNG")))
    for number in range(120):
        document.add_paragraph(f"第{number}行")
    out = BytesIO()
    document.save(out)
    made = pdf.of_word(out.getvalue(), title="受理单")
    assert "受理单受理单" in printed(made)  # drawn twice, which makes it bold
    assert made.count(b"/Subtype /Image") == 1
    assert len(re.findall(rb"/Type /Page\b", made)) > 1
    assert "第119行" in printed(made)


def test_a_file_without_anything_is_an_empty_page() -> None:
    out = BytesIO()
    Document().save(out)
    assert pdf.of_word(out.getvalue(), title="").startswith(b"%PDF-")
