"""Labels for the parcels of a return: what the codes hold, what is printed beside them, for whom."""

from io import BytesIO
from typing import Any

import pytest
import segno
from docx import Document
from PIL import Image
from sqlalchemy import update

from core.kernel.errors import NotAllowed, NotFound
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.papers import labels as drawing
from core.returns import inputs
from core.returns.papers import labels
from db.codes import Language
from db.tables import Customer, GoodsReturn, ReturnParcel
from pages.ui.kit.addresses import base_address
from tests import return_steps as steps
from tests.company_cast import Company
from tests.printed_papers import lines, word

ZH, EN = Language.ZH, Language.EN
BASE = "http://aftercare.lan:8501"


def sheet(company: Company, id: int, who: str = "agent", **more: Any) -> bytes:
    given = {"case_id": company.get(GoodsReturn, id).request_id, "word": word, "language": ZH}
    return company.see(who, labels.labels, **given | more)


def add_parcels(company: Company, id: int, count: int) -> None:
    for number in range(count):
        given = {"carrier": "德邦", "tracking": f"DB{number}", "paid_by": "customer"}
        steps.do(company, "agent", id, parse(inputs.Track, given))


def pictures(content: bytes) -> list[bytes]:
    """The pictures of a sheet, in the order in which they stand on it."""
    document = Document(BytesIO(content))
    blips = document.element.body.iter(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
    )
    name = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
    return [document.part.related_parts[blip.get(name)].blob for blip in blips]


def squares(png: bytes) -> list[list[int]]:
    """The squares of a code, 1 for a dark one, without its white rim."""
    image = Image.open(BytesIO(png)).convert("1")
    size, scale = image.size[0] // drawing.SCALE, drawing.SCALE
    middle = scale // 2
    every = [
        [0 if image.getpixel((x * scale + middle, y * scale + middle)) else 1 for x in range(size)]
        for y in range(size)
    ]
    rim = [every[at] for at in (0, 1, 2, 3, -4, -3, -2, -1)]
    rim += [row[:4] + row[-4:] for row in every]
    assert not any(any(row) for row in rim)
    return [row[4:-4] for row in every[4:-4]]


def says(png: bytes, text: str) -> bool:
    code = segno.make(text, error="q", micro=False)
    return squares(png) == [list(row) for row in code.matrix]


def test_each_parcel_has_a_code_that_holds_its_label(company: Company) -> None:
    id = steps.awaited(company)
    add_parcels(company, id, 2)
    rows = company.rows(ReturnParcel, return_id=id)
    plain, linked = sheet(company, id), sheet(company, id, base=f"{BASE}/")
    for row, one, other in zip(rows, pictures(plain), pictures(linked), strict=True):
        assert says(one, row.label)
        assert says(other, f"{BASE}/scan?label={row.label}")
        assert not says(other, row.label)


def test_a_label_says_what_it_belongs_to_and_no_more(company: Company) -> None:
    id = steps.awaited(company)
    add_parcels(company, id, 1)
    number = steps.case_of(company, id).number
    first, second = (row.label for row in company.rows(ReturnParcel, return_id=id))
    shown = lines(sheet(company, id))
    texts = ("Test company", number, "包裹 1/2 · [Direction.in]", "包裹 2/2 · [Direction.in]")
    assert {*texts, "李雷", "顺丰", "德邦 DB0", first, second} <= set(shown)
    for hidden in ("13900139000", "XQG100", "500.00"):
        assert hidden not in "\n".join(shown)
    assert "Parcel 1/2 · [Direction.in]" in lines(sheet(company, id, language=EN))


def test_many_labels_stand_in_rows_that_keep_their_height(sqlite_company: Company) -> None:
    id = steps.awaited(sqlite_company)
    add_parcels(sqlite_company, id, 8)
    with transaction(sqlite_company.engine, write=True) as session:
        session.execute(update(Customer).values(name="很长的名称" * 24))
        session.execute(update(ReturnParcel).values(carrier="A very long carrier " * 5))
    content = sheet(sqlite_company, id)
    (grid,) = Document(BytesIO(content)).tables
    assert len(pictures(content)) == 9
    assert len(grid.rows) == 5
    assert {row.height_rule.name for row in grid.rows} == {"EXACTLY"}
    assert {round(row.height.mm) for row in grid.rows} == {drawing.HEIGHT}
    name = next(text for text in lines(content) if text.startswith("很长的名称"))
    assert name == "很长的名称" * 4 + "很长的名…"


def test_without_parcels_there_are_no_labels(sqlite_company: Company) -> None:
    with pytest.raises(NotFound) as caught:
        sheet(sqlite_company, steps.approved(sqlite_company))
    assert caught.value.details["subject"] == "parcel"


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://aftercare.lan:8501/returns", BASE),
        ("https://intra.example.cn/aftercare/returns", "https://intra.example.cn/aftercare"),
        ("http://192.168.1.5:8501/", "http://192.168.1.5:8501"),
        ("http://somebody:secret@aftercare.lan:8501/case", BASE),
        ("http://localhost:8501/returns", ""),
        ("http://127.0.0.1:8501/returns", ""),
        ("http://[::1]:8501/returns", ""),
        ("file:///returns", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_code_leads_to_where_others_find_the_tool(url: str | None, base: str) -> None:
    assert base_address(url) == base


def test_what_people_write_stands_on_the_label(sqlite_company: Company) -> None:
    id = steps.awaited(sqlite_company)
    with transaction(sqlite_company.engine, write=True) as session:
        session.execute(update(Customer).values(name="<李 & 雷>{{ x }}\n\x07😀"))
    assert "<李 & 雷>{{ x }} 😀" in lines(sheet(sqlite_company, id))


def test_strangers_get_no_label(company: Company) -> None:
    id = steps.awaited(company)
    with pytest.raises(NotFound):
        sheet(company, id, "agent.stranger")
    for who in ("technician", "dispatcher", "admin"):
        with pytest.raises(NotAllowed):
            sheet(company, id, who)
    for who in ("quality", "warehouse", "finance", "auditor"):
        assert sheet(company, id, who)
