"""Messages to customers on the screens: written from a case, and what the company has set."""

import pytest

from core.messages import ways
from db.codes import Language, MessageStatus, MessageWay, Occasion, Unsent
from db.tables import Company as CompanyRow
from db.tables import Customer, CustomerMessage, MessageTemplate, ServiceRequest
from tests.company_cast import Company
from tests.screen import Screen

SMTP = "smtp://127.0.0.1:1?from=service@example.com"


def case(company: Company, case_id: int, who: str = "agent", **context: str) -> Screen:
    return Screen(company, who, **context).open("case", id=str(case_id))


def test_an_agent_writes_to_the_customer_from_the_case(
    served: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ways.SETTINGS[MessageWay.EMAIL], SMTP)
    case_id = served.register(email="wang@example.com")
    number = served.get(ServiceRequest, case_id).number
    screen = case(served, case_id).press(f"write_{case_id}")
    assert screen.field("recipient").value == "wang@example.com"
    screen.fill(occasion=Occasion.PROGRESS).run()
    text = screen.field("message").value
    assert text.startswith("王小明，您好！") and number in text and "{link}" in text
    assert "换成新的客户链接" in screen.texts
    screen.fill(recipient="wang", message=f"{text}\n*明天* 见 {{nummer}}")
    screen.press(f"write_{case_id}_send")
    assert "不是有效的电子邮箱地址。" in screen.texts
    assert served.rows(CustomerMessage) == []
    screen.fill(recipient="wang@example.com").press(f"write_{case_id}_send")
    assert "不认识 \\{nummer\\}" in screen.texts and served.rows(CustomerMessage) == []
    screen.fill(message=f"{text}\n*明天* 见").press(f"write_{case_id}_send")
    (row,) = served.rows(CustomerMessage)
    assert (row.occasion, row.way, row.status) == (
        Occasion.PROGRESS,
        MessageWay.EMAIL,
        MessageStatus.WAITING,
    )
    assert row.made_by_id == served["agent"].id and row.text.endswith("*明天* 见")
    assert [each.label for each in screen.app.expander].count("给客户的 1 条消息") == 1
    assert "\\*明天\\* 见" in screen.texts and "wang" in screen.texts
    # Withdrawn, told by hand, and the history says both.
    screen.turn_to("withdraw_message").press("withdraw_message·send")
    assert served.get(CustomerMessage, row.id).why is Unsent.WITHDRAWN
    screen.turn_to("sent_by_hand").press("sent_by_hand·send")
    assert served.get(CustomerMessage, row.id).status is MessageStatus.SENT
    story = Screen(served, "manager", locale="en-US").open("case", id=str(case_id), tab="history")
    assert "Message to the customer withdrawn" in story.texts
    assert "Progress told to the customer" in story.texts


def test_without_a_way_out_it_is_copied_and_noted(served: Company) -> None:
    case_id = served.register()
    screen = case(served, case_id).press(f"write_{case_id}")
    assert any(each.value.startswith("王小明，您好！") for each in screen.app.code)
    screen.fill(message="已在电话里告知").press(f"write_{case_id}_send")
    (row,) = served.rows(CustomerMessage)
    assert (row.way, row.status, row.address) == (MessageWay.BY_HAND, MessageStatus.SENT, "")
    assert f"write_{case_id}_send" not in [each.key for each in screen.app.button]
    auditor = case(served, case_id, "auditor")
    assert f"write_{case_id}" not in [each.key for each in auditor.app.button]
    owner = served.get(ServiceRequest, case_id).customer_id
    mine = Screen(served, "agent").open("customer", id=str(owner))
    mine.fill("customer·", email="Wang@Example.com", no_messages=True, reason="本人要求")
    mine.press("customer_send")
    row = served.get(Customer, owner)
    assert (row.email, row.no_messages) == ("wang@example.com", True)
    assert "这位客户不愿接收消息。" in case(served, case_id).press(f"write_{case_id}").texts


def test_the_manager_sets_occasions_quiet_hours_and_texts(served: Company) -> None:
    screen = Screen(served, "manager").open("messages")
    assert "尚未配置邮件服务器或短信网关" in screen.texts
    screen.fill(quiet_from="9 点", quiet_to="08:00").press("messages_send")
    assert "请写成 21\\:00 这样的时间。" in screen.texts
    (chosen,) = screen.app.multiselect
    chosen.set_value([Occasion.REGISTERED])
    screen.fill(quiet_from="21:00", public_address="https://care.example.com/")
    screen.press("messages_send")
    row = served.get(CompanyRow, 1)
    assert (row.occasions, row.quiet_from, row.quiet_to) == (["registered"], "21:00", "08:00")
    assert row.public_address == "https://care.example.com"
    screen.fill(message="您好 {name}").press("text_send")
    assert "不认识 \\{name\\}" in screen.texts and served.rows(MessageTemplate) == []
    screen.fill(message="您好 {customer}").press("text_send")
    (text,) = served.rows(MessageTemplate)
    assert (text.occasion, text.language) == (Occasion.REGISTERED, Language.ZH)
    assert text.text == "您好 {customer}"
    screen.press("text_restore")
    assert "{link}" in served.rows(MessageTemplate)[0].text
