"""Online requests on the screens of staff: the pile, accepted at intake; labels of pieces."""

from core.kernel.inputs import parse
from core.online import actions
from core.online.inputs import Apply
from core.requests import attachments
from core.requests.given_photos import GivenPhoto
from db.codes import LabelStatus, OnlineStatus
from db.tables import OnlineRequest, PieceLabel, ServiceRequest
from tests.attached_files import PNG
from tests.company_cast import Company
from tests.screen import Screen
from tests.test_core_online import visitor


def ask(company: Company, asset_id: int | None = None, **facts: str) -> int:
    usual = {"kind": "complaint", "name": "赵敏", "phone": "139 0000 0001", "body": "洗衣机漏水"}
    command = parse(Apply, usual | facts)
    more = {"asset_id": asset_id, "photos": [GivenPhoto("泵.png", PNG)]}
    return int(visitor(company).do("customer", actions.apply, command, **more))


def test_a_request_is_looked_at_and_registered_with_what_was_written(
    served: Company, files: object
) -> None:
    id = ask(served)
    assert files
    alone = Screen(served, "agent").open("online", id=str(id))
    assert "赵敏" in alone.texts
    assert [each.value for each in alone.app.get("text")] == ["洗衣机漏水"]
    assert [each.proto.label for each in alone.app.get("download_button")] == [r"泵\.png"]
    intake = Screen(served, "agent").open("intake", online=str(id), who="139 0000 0001")
    assert "在线申请" in [each.label for each in intake.app.expander]
    intake.press("intake_send")
    (case,) = served.rows(ServiceRequest)
    assert (case.kind.value, case.channel.value, case.symptom) == (
        *("complaint", "online"),
        "洗衣机漏水",
    )
    row = served.get(OnlineRequest, id)
    assert (row.status, row.request_id) == (OnlineStatus.ACCEPTED, case.id)
    assert len(served.see("agent", attachments.list_of, case_id=case.id)) == 1
    again = Screen(served, "agent").open("intake", online=str(id))
    assert "此申请已有人处理" in again.texts
    assert len(served.rows(ServiceRequest)) == 1


def test_a_label_is_made_shown_once_and_revoked(served: Company) -> None:
    case_id = served.register(serial="SN-100200")
    asset_id = served.get(ServiceRequest, case_id).asset_id
    screen = Screen(served, "agent").open("piece", id=str(asset_id))
    screen.press(f"give_label_{asset_id}")
    (row,) = served.rows(PieceLabel)
    assert [each.value for each in screen.app.code if "/c/" in each.value]
    other = Screen(served, "manager").open("piece", id=str(asset_id))
    assert [each.value for each in other.app.code if "/c/" in each.value] == []
    other.press(f"revoke_label_{row.id}")
    assert served.get(PieceLabel, row.id).status is LabelStatus.REVOKED
    assert "产品二维码标签" not in [
        each.label
        for each in Screen(served, "auditor").open("piece", id=str(asset_id)).app.expander
    ]


def test_a_nameless_suggestion_is_registered_as_it_is(served: Company, files: object) -> None:
    id = ask(served, kind="suggestion", name="", phone="", body="希望周末也能上门")
    assert files
    shown = Screen(served, "agent").open("online", id=str(id))
    assert "匿名" in shown.texts
    intake = Screen(served, "agent").open("intake", online=str(id), who="")
    intake.press("intake_send")
    (case,) = served.rows(ServiceRequest)
    assert (case.kind.value, case.symptom, case.contact) == (
        "suggestion",
        "希望周末也能上门",
        "匿名",
    )
    assert served.get(OnlineRequest, id).request_id == case.id
