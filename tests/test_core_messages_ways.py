"""What gateways and mail servers answer to messages, and what follows from it."""

import threading

import pytest

from core.messages import ways
from core.messages.inputs import (
    SendAgain,
    SentByHand,
)
from db.codes import (
    MessageWay,
    NoticeKind,
    Unsent,
)
from db.tables import (
    CustomerMessage,
    History,
    Notice,
)
from tests import outside
from tests.company_cast import NOW, Company
from tests.messaged import (
    FAILED,
    MINUTE,
    SENT,
    UNKNOWN,
    WAITING,
    act,
    as_customer,
    facts,
    minutes,
    refused,
    told,
    written,
)

ANSWERS = (
    (200, b'{"ok": true}', SENT, None, 1),
    (204, b"", SENT, None, 1),
    (200, b'{"errcode": 0, "errmsg": "ok"}', SENT, None, 1),
    (200, b'{"errcode": 40003, "errmsg": "invalid user"}', FAILED, Unsent.REFUSED, 1),
    (200, b'{"success": false}', FAILED, Unsent.REFUSED, 1),
    (200, b"<html>\xff\x00 please sign in", UNKNOWN, Unsent.GARBLED, 1),
    (302, b"", FAILED, Unsent.REFUSED, 1),
    (403, b"no", FAILED, Unsent.REFUSED, 1),
    (500, b"oops", FAILED, Unsent.BUSY, 5),
    (429, b"", FAILED, Unsent.BUSY, 5),
    (504, b"", UNKNOWN, Unsent.SILENT, 1),
)


def test_what_a_gateway_answers_decides(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    case_id = company.register()
    way = {"message_way": "wecom", "recipient": "138 0013 8000", "headline": ""}
    for number, (status, answer, stands, why, asked) in enumerate(ANSWERS):
        with outside.gateway(monkeypatch, MessageWay.WECOM) as gateway:
            gateway.status, gateway.answer = status, answer
            start = number * 1000
            id = written(company, case_id, minute=start, **way)
            minutes(company, *(start + at for at in (0, 1, 2, 3, 12, 13, 72, 73, 311, 312, 900)))
        row = company.get(CustomerMessage, id)
        assert (row.status, row.why, len(gateway.taken)) == (stands, why, asked), answer
        assert len({each["reference"] for each in gateway.taken}) == 1
        if asked > 1:
            assert facts(company, id) == ["queued", *["put_off"] * 4, "failed"]
    notices = company.rows(Notice, kind=NoticeKind.YOUR_TURN)
    assert len(notices) == sum(1 for each in ANSWERS if each[2] is not SENT)
    said = company.rows(History, subject="customer_message", action="failed")[0]
    assert "invalid user" in said.note and said.data["why"] == "refused"


def test_a_gateway_that_is_silent_and_one_that_is_away(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    case_id = company.register()
    monkeypatch.setattr(ways, "PATIENCE", 0.2)
    way = {"message_way": "sms", "recipient": "138 0013 8000"}
    with outside.gateway(monkeypatch) as gateway:
        gateway.waits = threading.Event()
        first, second = written(company, case_id, **way), written(company, case_id, **way)
        minutes(company)
        # The others of this minute do not wait for it as well.
        assert told(company) == [(UNKNOWN, Unsent.SILENT), (WAITING, None)]
    minutes(company, 1)  # nobody listens there any more
    row = company.get(CustomerMessage, second)
    assert (row.status, row.why, row.tries) == (WAITING, Unsent.AWAY, 1)
    assert row.due_at == NOW + 3 * MINUTE and facts(company, first) == ["queued", "lost"]
    monkeypatch.setenv(ways.SETTINGS[MessageWay.SMS], "https://")
    minutes(company, 3)
    assert company.get(CustomerMessage, second).why is Unsent.NOT_SET_UP
    monkeypatch.setenv(ways.SETTINGS[MessageWay.SMS], "")
    assert refused(act, company, second, SendAgain()) == {("form", "not_sent_not_set_up")}


def test_a_service_that_apprise_knows_is_a_way_too(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    case_id = company.register()
    sent: list[tuple[str, ...]] = []
    monkeypatch.setenv(ways.SETTINGS[MessageWay.SMS], "sns://key/secret/region/{to}")
    monkeypatch.setattr(
        ways.channels, "send", lambda *told: bool(sent.append(told)) or len(sent) < 2
    )
    for _ in range(2):
        written(company, case_id, message_way="sms", recipient="+86 138 0013 8000")
    minutes(company, 0, 1)
    assert sent[0] == (
        "sns://key/secret/region/%2B86%20138%200013%208000",
        "关于服务",
        "零件明天到",
    )
    # It does not tell why it did not go well: then nobody knows.
    assert told(company) == [(SENT, None), (UNKNOWN, Unsent.SILENT)]


def test_what_a_mail_server_says_decides(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    case_id = as_customer(company)
    tries = (
        ("at_recipient", "550 no such user", FAILED, Unsent.REFUSED),
        ("at_recipient", "450 come later", WAITING, Unsent.BUSY),
        ("at_data", "554 looks like spam", FAILED, Unsent.REFUSED),
        ("at_data", "451 come later", WAITING, Unsent.BUSY),
    )
    for name, answer, stands, why in tries:
        with outside.mailing(monkeypatch) as mailbox:
            setattr(mailbox, name, answer)
            id = written(company, case_id)
            minutes(company)
        row = company.get(CustomerMessage, id)
        assert (row.status, row.why, row.said) == (stands, why, answer)
        act(company, id, SentByHand(note="已致电"))
    with outside.mailing(monkeypatch) as mailbox:
        monkeypatch.setattr(ways, "PATIENCE", 0.2)
        mailbox.waits = 1.0
        written(company, case_id)
        minutes(company)
    assert told(company)[-1] == (UNKNOWN, Unsent.SILENT)
    id = written(company, case_id)
    minutes(company)  # the server is gone
    assert told(company)[-1] == (WAITING, Unsent.AWAY)
    for odd in ("smtp://127.0.0.1", "http://x?from=a@example.com", "smtp://?from=a@example.com"):
        monkeypatch.setenv(ways.SETTINGS[MessageWay.EMAIL], odd)
        id = written(company, case_id)
        minutes(company)
        assert company.get(CustomerMessage, id).why is Unsent.NOT_SET_UP
