"""The PDF of a meeting says what the slides say, with its own font, and runs nothing."""

from io import BytesIO

from pypdf import PdfReader

from core import decks
from core.decks import said
from core.decks.pages import HEIGHT, WIDTH, Chart, Table, Text, pages
from core.kpi.figures import FigureName
from tests.decks_made import KEPT, SIZES, ZH, both, deck, figure, sizes, squeezed


def texts(content: bytes) -> list[str]:
    """What each page says, without breaks."""
    return [squeezed(page.extract_text()) for page in PdfReader(BytesIO(content)).pages]


@both
@sizes
def test_the_pdf_says_what_the_pages_say(made: decks.Deck, words: dict[str, str]) -> None:
    planned = pages(said.tidy(made), words)
    printed = texts(decks.pdf(made, words))
    assert len(printed) == len(planned)
    for page, found in zip(planned, printed, strict=True):
        for item in page:
            for text in told(item, words):
                assert squeezed(text) in found


def told(item: Text | Table | Chart, words: dict[str, str]) -> list[str]:
    if isinstance(item, Text):
        return [item.text]
    if isinstance(item, Table):
        return [cell for row in item.rows for cell in row]
    bare = dict.fromkeys(words, "")
    shown = item.values if item.bars or len(item.values) <= 12 else ()
    return [item.title, *(said.value(item.unit, value, bare) for value in shown)]


def test_what_people_wrote_is_no_source() -> None:
    found = "".join(texts(decks.pdf(SIZES["hostile"], ZH)))
    assert found.count(squeezed(KEPT)) >= 6


def test_the_font_is_in_the_file_and_no_machine_decides() -> None:
    reader = PdfReader(BytesIO(decks.pdf(deck(figure(FigureName.SATISFACTION)), ZH)))
    fonts = {
        str(part["/BaseFont"]): part["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for page in reader.pages
        for part in (each.get_object() for each in page["/Resources"]["/Font"].values())
    }
    assert all("NotoSansCJK" in name for name in fonts)
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(about) for about in fonts.values())
    assert {(page.mediabox.width, page.mediabox.height) for page in reader.pages} == {
        (WIDTH, HEIGHT)
    }


def test_the_same_deck_gives_the_same_file() -> None:
    made = deck(figure(FigureName.UNHAPPY))
    assert decks.pdf(made, ZH) == decks.pdf(made, ZH)
