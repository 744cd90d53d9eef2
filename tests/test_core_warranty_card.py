"""The warranty card of a piece is printed: whose it is, until when, what was done (E11)."""

import pytest

from core import printing
from core.kernel.errors import NotFound
from db.codes import Language
from db.tables import Asset
from tests.company_cast import Company
from tests.printed_papers import lines, word

ASKED = {"paper": "warranty_card", "word": word}


@pytest.mark.parametrize("language", Language, ids=str)
def test_the_card_tells_of_the_piece_and_its_service(
    sqlite_company: Company, language: Language
) -> None:
    company = sqlite_company
    company.finished(serial="SN-77", address="中山路 8 号")
    (asset,) = company.rows(Asset)
    asked = ASKED | {"language": language, "asset_id": asset.id}
    file = company.see("agent", printing.render, **asked)
    said = lines(file.content)
    for fact in (
        "王小明",
        "138 0013 8000",
        "海尔",
        "SN-77",
        "洗衣机不转了",
        "更换皮带",
        "technician",
    ):
        assert fact in said, fact
    assert "SN-77" in file.name
    assert company.see("agent", printing.content, as_pdf=True, **asked).startswith(b"%PDF")
    # Another station's card says what a call needs, and of the work what one may see.
    other = lines(company.see("agent.stranger", printing.render, **asked).content)
    assert "138****8000" in other
    assert not {"138 0013 8000", "中山路 8 号", "更换皮带"} & {*other}
    for id in (77, 0, 2**31):
        with pytest.raises(NotFound):
            company.see("agent", printing.render, **asked | {"asset_id": id})
