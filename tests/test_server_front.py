"""Pages of customers without the link of a case: the company's own, of a piece, a survey."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.care.inputs import GiveCareLink
from core.kernel.unit_of_work import transaction
from core.links import links
from core.online import labels
from core.online.labels import GiveLabel, RevokeLabel
from db.codes import CareStatus, RequestKind
from db.tables import (
    CareCall,
    OnlineRequest,
    PieceLabel,
    ServiceRequest,
)
from pages.ui.links import answering
from pages.ui.links.flood import Floods, Sieve
from tests import cared
from tests.attached_files import PNG
from tests.company_cast import Company
from tests.visitors import HERE, HTML, Browser, key_in

pytest_plugins = ["tests.visiting"]


def test_anybody_may_write_to_the_company_and_sees_what_it_promises(
    served: Company, visitor: Browser, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = visitor.get("/c/")
    assert (drawn.status_code, len(drawn.content) < 50_000) == (200, True)
    assert "（A1）" in drawn.text and "在线申请" in drawn.text
    good = {"kind": "repair", "name": "王小明", "phone": "13800138000", "body": HTML}
    key = key_in(drawn.text)

    def send(fields: dict[str, str], key: str = key, origin: str = HERE) -> Any:
        sent, headers = {"do": "apply", "key": key} | fields, {"origin": origin}
        photos = [("photos", ("泵.png", PNG, "image/png"))]
        return visitor.post("/c/?lang=zh", data=sent, files=photos, headers=headers)

    assert send(good | {"name": ""}).status_code == 422
    robot = send(good | {"homepage": "http://spam.example"})
    assert (robot.status_code, HTML in robot.text) == (422, False)
    assert send(good, origin="https://evil.example").status_code == 403
    assert served.rows(OnlineRequest) == [] and not [*files.rglob("*.*")]
    done = [send(good) for _twice in range(2)]
    assert {each.status_code for each in done} == {303}
    assert done[0].headers["location"] == "?lang=zh&sent=1"
    assert "谢谢，已收到您的申请" in visitor.get("/c/?lang=zh&sent=1").text
    (row,) = served.rows(OnlineRequest)
    assert (row.body, row.name, row.came_from) == (HTML, "王小明", "127.0.0.1")
    monkeypatch.setattr(answering, "FLOODS", Floods(letters=Sieve(1, 60)))
    assert send(good, key="k" * 22).status_code == 303
    more = send(good, key="m" * 22)
    assert (more.status_code, "提交过于频繁" in more.text, HTML in more.text) == (422, True, False)
    assert len(served.rows(OnlineRequest)) == 2


def test_the_label_of_a_piece_fills_in_what_it_is(served: Company, visitor: Browser) -> None:
    case_id = served.register(serial="SN-100200", purchased_on="2026-01-10")
    asset_id = served.get(ServiceRequest, case_id).asset_id
    secret = links.new_secret()
    command = GiveLabel(digest=links.digest_of(secret))
    served.do("agent", labels.give, command, asset_id=asset_id)
    drawn = visitor.get(f"/c/{secret}").text
    assert "SN-100200" in drawn and "王小明" not in drawn
    assert 'name="product"' not in drawn
    sent = {"do": "apply", "key": key_in(drawn), "kind": "complaint", "body": "又坏了"}
    sent |= {"name": "李雷", "email": "li@example.com"}
    done = visitor.post(f"/c/{secret}", data=sent, headers={"origin": HERE})
    assert done.status_code == 303
    (row,) = served.rows(OnlineRequest)
    assert (row.asset_id, row.kind, row.email) == (
        asset_id,
        RequestKind.COMPLAINT,
        "li@example.com",
    )
    served.act("agent", PieceLabel, 1, RevokeLabel())
    assert visitor.get(f"/c/{secret}").status_code == 404


def test_the_survey_of_a_call_on_a_plan_is_answered_without_a_case(
    served: Company, visitor: Browser
) -> None:
    owner = cared.buyer(served, date(2026, 1, 5))
    row = cared.call(CareStatus.DUE, "first", owner)
    with transaction(served.engine, write=True) as session:
        session.add(row)
    secret = links.new_secret()
    served.act("agent", CareCall, 1, GiveCareLink(digest=links.digest_of(secret)))
    drawn = visitor.get(f"/c/{secret}").text
    names = re.findall(r'name="(score\.\w+)"', drawn)
    assert names
    sent = {"do": "care", "key": key_in(drawn), names[0]: "9"}
    headers = {"origin": HERE}
    done = [visitor.post(f"/c/{secret}", data=sent, headers=headers) for _twice in range(2)]
    assert {each.status_code for each in done} == {303}
    assert served.get(CareCall, 1).score == 9
    after = visitor.get(f"/c/{secret}").text
    assert "谢谢，已收到您" in after and "<form" not in after
