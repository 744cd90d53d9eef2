"""The screens of mail: the pile, a mail accepted through intake, the case, the company's mailbox."""

from datetime import UTC, datetime

import pytest

from core.house import HOUSE
from core.kernel.unit_of_work import unit_of_work
from core.mail import boxes
from db.codes import MailFault, MailStatus, RequestKind
from db.tables import Attachment, Customer, Mail, MailBox, ServiceRequest
from tests.company_cast import Company
from tests.mailed import PNG, TOOL, letter, take
from tests.screen import Screen, counted

pytestmark = pytest.mark.usefixtures("files")


def test_a_mail_is_registered_through_intake(served: Company) -> None:
    mail = take(
        served,
        letter(
            "滤网**怎么**清洗？\n\n> 原文",
            files={"a.png": PNG, "b.exe": b"MZ"},
            Subject="<b>咨询</b> SR260101-0001",
        ),
    )
    screen = Screen(served, "agent").open("mail", id=str(mail.id))
    assert "SR260101-0001" in screen.texts and "先核实身份" in screen.texts
    assert [each.value for each in screen.app.get("text")] == [
        "滤网**怎么**清洗？",
        "滤网**怎么**清洗？\n\n> 原文",
    ]
    assert any(r"b\.exe" in each.value for each in screen.app.caption)
    with counted() as statements:
        screen.run()
    assert len(statements) < 40
    screen.press(f"mail_accept_{mail.id}")
    # AppTest stays where it was; a browser goes on.
    screen.open("intake", mail=str(mail.id), who="wang@example.com")
    form = f"intake·mail·{mail.id}"
    assert screen.field("customer_name", form).value == "王小明"
    assert screen.field("email", form).value == "wang@example.com"
    assert "滤网" in screen.field("symptom", form).value
    screen.fill(form, kind=RequestKind.CONSULTATION).run()
    screen.press("intake_send")
    assert screen.errors == []
    (case,) = served.rows(ServiceRequest)
    assert (case.channel, case.kind) == ("email", "consultation")
    (row,) = served.rows(Mail)
    assert (row.status, row.request_id) == (MailStatus.ACCEPTED, case.id)
    assert [each.name for each in served.rows(Attachment)] == ["a.png"]
    # The same mail once more: it was seen to.
    again = Screen(served, "agent").open("intake", mail=str(mail.id))
    assert any("已有人处理" in each.value for each in again.app.info)
    page = Screen(served, "agent").open("case", id=str(case.id))
    assert any("咨询" in each.label for each in page.app.expander)
    assert "滤网" in Screen(served, "agent").open("case", id=str(case.id), tab="history").texts


def test_the_pile_and_what_is_done_there(served: Company) -> None:
    case_id = served.register()
    number = served.get(ServiceRequest, case_id).number
    first = take(served, letter(From="x@example.org", Subject=""))
    take(served, letter(List_Id="<a.b>", Subject="新品"))
    screen = Screen(served, "agent").open("mail")
    (table,) = screen.app.dataframe
    assert list(table.value.iloc[:, 2]) == ["（无主题）"]
    screen.choose_row("mail", 0)
    screen.turn_to("attach_mail")
    screen.fill(case_number="SR2", is_their_address=True).press("attach_mail·send")
    assert any("没有这个服务单" in each.value for each in screen.app.markdown)
    screen.fill(case_number=number).press("attach_mail·send")
    row = served.get(Mail, first.id)
    assert (row.request_id, row.is_their_address) == (case_id, True)
    left = Screen(served, "agent").open("mail", mail_part="left")
    assert "群发邮件" in str(left.app.dataframe[0].value)
    left.choose_row("mail", 0)
    left.turn_to("put_mail_back")
    left.press("put_mail_back·send")
    assert [each.status for each in served.rows(Mail)][1] is MailStatus.WAITING
    home = Screen(served, "agent").open("home")
    assert "邮件" in home.texts + str([each.label for each in home.app.metric])
    known = take(served, letter(From="x@example.org", Subject="再问"))
    shown = Screen(served, "agent").open("mail", id=str(known.id))
    labels = [each.proto.label for each in shown.app.get("page_link")]
    assert any("王小明" in each for each in labels) and any(number in each for each in labels)
    assert not Screen(served, "technician").open("mail").app.dataframe
    assert served.rows(Customer)


def test_the_administrator_sees_the_mailbox(
    served: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen(served, "admin").open("company")
    assert "AFTERCARE_MAILBOX" in screen.texts
    monkeypatch.setenv(boxes.SETTING, "imaps://service%40example.com:pw@mail.example.com")
    assert "尚未读取" in screen.open("company").texts
    box = boxes.configured()
    assert box is not None
    now = datetime.now(UTC)
    with unit_of_work(served.engine, TOOL, HOUSE, write=True, now=now) as uow:
        facts = {"fault": MailFault.REFUSED, "failed_at": now, "read_at": now}
        uow.session.add(MailBox(address=box.address, **facts))
    screen.open("company")
    assert "拒绝登录" in screen.texts and r"mail\.example\.com" in screen.texts
    assert "pw" not in screen.texts
    monkeypatch.setenv(boxes.SETTING, "nonsense")
    assert "无法识别" in screen.open("company").texts
