"""Mail that comes in: each mail once, led to its case or put before a person (C2, C4, E26)."""

import os
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core import sweep
from core.erasing import erasing
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongStatus
from core.mail import boxes, standing, taking, view
from core.mail.inputs import AttachMail, PutMailBack, SetMailAside
from core.mail.view import MailPart
from core.overview import overview
from core.requests import inputs
from db import files as store
from db.codes import MailFault, MailFlaw, MailMachine, MailStatus, NoticeKind
from db.tables import (
    Attachment,
    Customer,
    CustomerMessage,
    History,
    Mail,
    MailBox,
    MailFile,
    Notice,
    ServiceRequest,
)
from tests import imap
from tests.company_cast import NOW, Company
from tests.imap import Server
from tests.mailed import PNG, accept, come, letter, read, send_out
from tests.outside import mailing

pytestmark = pytest.mark.usefixtures("files")
WAITING, ACCEPTED, ATTACHED, SET_ASIDE, LEFT = MailStatus
LATER = NOW + timedelta(minutes=20)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Server]:
    with imap.running() as server:
        yield server


@pytest.fixture
def server(dovecot: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A mailbox with nothing in it, which the company reads."""
    monkeypatch.setenv(boxes.SETTING, dovecot.url)
    dovecot.empty()
    return dovecot


def waiting(company: Company, who: str) -> list[str]:
    found = company.see(who, view.listed, part=MailPart.NEW)
    return [row.subject for row in found.rows]


def test_a_mail_becomes_a_request_and_its_sender_is_promised_a_time(
    company: Company, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = letter(files={"照片.png": PNG}, Message_ID="<1@example.com>")
    with mailing(monkeypatch) as outside:
        (mail,) = come(company, server, first)
        assert waiting(company, "agent") == ["报修"]
        (pile,) = [p for p in company.see("agent", overview).piles if p.name == "mail"]
        assert pile.count == 1
        case_id = accept(company, mail, kind="consultation", symptom="怎么清洗滤网？")
        send_out(company)
        (answer,) = outside.taken
        request = company.get(ServiceRequest, case_id)
        (limit,) = [each for each in limits(company, case_id) if each.met_at is None][:1]
        said = answer.get_content()
        assert request.number in said and f"{limit.due_at.astimezone(NOW.tzinfo):%M}" in said
        assert outside.to == ["wang@example.com"]
        assert answer["In-Reply-To"] == "<1@example.com>"
        assert answer["Auto-Submitted"] == "auto-replied"
        # Written again within the hour: another case, and no second answer.
        again = come(company, server, letter("还有一台", Subject="又一台"))[-1]
        accept(company, again, kind="consultation", symptom="还有一台", now=LATER)
        send_out(company, LATER)
        assert len(outside.taken) == 1 and len(company.rows(CustomerMessage)) == 1
        # The answer is answered, by whatever address: only who has it knows its name.
        reply = letter(
            "好的，谢谢\n\n> 原文",
            From="other@example.org",
            In_Reply_To=str(answer["Message-ID"]),
            files={"b.png": PNG + b"2"},
        )
        last = come(company, server, reply, now=LATER)[-1]
    assert (last.status, last.request_id) == (ATTACHED, case_id)
    assert (request.channel, request.owner_id) == ("email", company["agent"].id)
    assert [row.name for row in company.rows(Attachment, request_id=case_id)] == [
        "照片.png",
        "b.png",
    ]
    (customer,) = company.rows(Customer)
    assert (customer.name, customer.email, customer.phone) == ("王小明", "wang@example.com", "")
    assert company.get(Mail, mail.id).customer_id == customer.id
    (told,) = company.rows(Notice, person_id=company["agent"].id)
    assert (told.kind, told.case_id) == (NoticeKind.YOUR_TURN, case_id)
    rows = [(r.action, r.note) for r in company.rows(History, subject="mail", case_id=case_id)]
    assert rows == [("accepted", "报修\n洗衣机不转了"), ("attached", "报修\n好的，谢谢")]
    shown = company.see("agent", view.of_case, case_id=case_id)
    assert [each.fresh for each in shown] == ["好的，谢谢", "洗衣机不转了"]
    assert company.see("agent", view.content, id=shown[0].files[0].id) == PNG + b"2"


def limits(company: Company, case_id: int) -> Any:
    from core.process import limits as core_limits  # noqa: PLC0415

    return company.see("agent", core_limits.of_case, request_id=case_id)


def test_a_number_alone_is_no_key(company: Company, server: Server) -> None:
    case_id = company.register()
    number = company.get(ServiceRequest, case_id).number
    customer = company.get(ServiceRequest, case_id).customer_id
    stranger = letter("请告诉我进展", From="x@evil.example", Subject=f"Re: {number} 进展")
    (mail,) = come(company, server, stranger)
    assert (mail.status, mail.customer_id, mail.request_id) == (WAITING, None, None)
    shown = company.see("agent", view.view, id=mail.id)
    assert (shown.numbers, shown.known, shown.case_id) == ((number,), (), None)
    assert company.rows(Notice) == [] and company.history("mail", mail.id) == [
        ("taken_in", None, "waiting")
    ]
    # A person says whose address it is; from then on the number is enough, however it is written.
    with pytest.raises(InvalidInput) as wrong:
        company.act("agent", Mail, mail.id, AttachMail(case_number="SR260101-9999"))
    assert [bad.code for bad in wrong.value.problems] == ["no_such_case"]
    with pytest.raises(InvalidInput):  # a case out of sight
        company.act("agent.stranger", Mail, mail.id, AttachMail(case_number=number))
    theirs = AttachMail(case_number=number.lower(), is_their_address=True)
    company.act("agent.colleague", Mail, mail.id, theirs)
    told = [row.person_id for row in company.rows(Notice, case_id=case_id)]
    assert told == [company["agent"].id]
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else "－" for c in number)
    known = letter("进展如何", From="X@Evil.example", Subject=f"关于{wide}的进展")
    second = come(company, server, known)[-1]
    assert (second.status, second.request_id, second.customer_id) == (ATTACHED, case_id, customer)
    # Another one's number does not open that one's case, and neither does an answer to their mail.
    other = company.register(customer_name="李雷", serial="S-9")
    foreign = company.get(ServiceRequest, other).number
    third = come(
        company,
        server,
        letter("a", From="x@evil.example", Subject=foreign),
    )[-1]
    assert (third.status, third.customer_id) == (WAITING, customer)
    # The case turns out to be another customer's: the address opens nothing any more.
    change = inputs.ChangeCustomer(
        customer_id=company.get(ServiceRequest, other).customer_id, note="写错了"
    )
    company.act("agent", ServiceRequest, case_id, change)
    assert company.get(Mail, mail.id).is_their_address is False
    last = come(company, server, letter("b", From="x@evil.example", Subject=number))[-1]
    assert (last.status, last.customer_id) == (WAITING, None)


def test_a_mail_that_answers_a_mail_of_the_case(sqlite_company: Company, server: Server) -> None:
    company = sqlite_company
    (mail,) = come(company, server, letter(Message_ID="<a@x>"))
    case_id = accept(company, mail)
    more = letter("还有", Subject="", References="<0@x> <a@x>", In_Reply_To="<other@x>")
    assert come(company, server, more)[-1].request_id == case_id
    # The same chain by somebody else: one who was written to as well.
    other = letter("我", From="c@example.org", In_Reply_To="<a@x>")
    assert come(company, server, other)[-1].status is WAITING
    # The customer is known again by the mailbox, and not entered twice.
    new = come(company, server, letter("另一件事"))[-1]
    shown = company.see("agent", view.view, id=new.id)
    assert [known.name for known in shown.known] == ["王小明"]
    assert [number for _, number in shown.known[0].cases] == [
        company.get(ServiceRequest, case_id).number
    ]
    with pytest.raises(InvalidInput) as asked:
        accept(company, new, customer_name="李雷")
    assert [bad.code for bad in asked.value.problems] == ["mailbox_known"]
    accept(company, new, symptom="另一件事")
    assert len(company.rows(Customer)) == 1
    same = [
        come(company, server, letter("一样", Date=f"Mon, 0{n} Mar 2026 01:00:00 +0000"))[-1]
        for n in (1, 2)
    ]
    assert [each.id for each in company.see("agent", view.view, id=same[1].id).alike] == [
        same[0].id
    ]


def test_each_of_a_thousand_mails_is_taken_in_once(
    sqlite_company: Company, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    good = [letter(f"第{n}封", From=f"a{n}@example.com", Message_ID=f"<{n}@x>") for n in range(960)]
    broken = [b"\r\n", b"\xff\x00\xfe" * 20, b"Subject: =?gb2312?B?!!!?=\r\n\r\n\x80\x81"]
    broken += [
        f"Content-Type: multipart/mixed; boundary=b\r\n\r\n--c{n}".encode() for n in range(37)
    ]
    mails = [*good, *broken]
    assert len(mails) == 1000
    twice = mails[::10]
    server.put(*mails[:600], *twice[:50], *mails[600:], *twice)
    # Now and then the process dies while a mail is taken in.
    real, seen = taking.take, iter(range(10_000))

    def dies(*given: Any, **more: Any) -> Any:
        done = real(*given, **more)
        if next(seen) % 97 == 0:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(taking, "take", dies)
    at = NOW
    while len(company.rows(Mail)) < 1000:
        at += timedelta(minutes=6)
        threads = [threading.Thread(target=try_to_read, args=(company, at)) for _ in range(2)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    monkeypatch.setattr(taking, "take", real)
    read(company, at + timedelta(minutes=6))
    server.rebuild()
    for minutes in range(7, 18):
        read(company, at + timedelta(minutes=minutes))
    rows = company.rows(Mail)
    assert len(rows) == len({row.letter_hash for row in rows}) == 1000
    assert {row.body for row in rows} >= {f"第{n}封" for n in range(960)}
    (box,) = company.rows(MailBox)
    assert (box.last_uid, box.fault, box.failures) == (1150, None, 0)
    assert "Seen" not in server.flags()  # whoever reads the mailbox too finds it as it was


def test_two_that_read_at_once_take_each_mail_in_once(
    company: Company, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "CLAIMED", timedelta(0))  # neither keeps the other out
    server.put(*(letter(f"{n}", From=f"a{n}@example.com") for n in range(30)))
    threads = [threading.Thread(target=read, args=(company,)) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [row.body for row in company.rows(Mail)] == [f"{n}" for n in range(30)]
    assert len(company.rows(History, subject="mail", action="taken_in")) == 30


def try_to_read(company: Company, at: Any) -> None:
    try:
        read(company, at)
    except (KeyboardInterrupt, Stale):
        return


MACHINES = {
    MailMachine.OWN: [{"From": "Service@Example.com"}],
    MailMachine.BOUNCE: [
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@mx.example.com"},
        {"Content-Type": ""},
    ],
    MailMachine.AUTOMATIC: [
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"X_Auto_Response_Suppress": "OOF, AutoReply"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"From": "no-reply@shop.example"},
    ],
    MailMachine.LIST: [{"List_Id": "<news.example.com>"}, {"Precedence": "bulk"}],
}


def test_machines_are_left_aside_and_never_answered(
    company: Company, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = company.register()
    number = company.get(ServiceRequest, case_id).number
    told = [
        (why, head)
        for why, heads in MACHINES.items()
        for head in heads
        if "Content-Type" not in head
    ]
    mails = [letter(str(n), Subject=number, **head) for n, (_, head) in enumerate(told)]
    report = letter("returned", Subject=number).replace(
        b'Content-Type: text/plain; charset="utf-8"', b"Content-Type: multipart/report; boundary=b"
    )
    with mailing(monkeypatch) as outside:
        rows = come(company, server, *mails, report)
        send_out(company)
        assert outside.taken == []
    assert [row.machine for row in rows] == [why for why, _ in told] + [MailMachine.BOUNCE]
    assert {row.status for row in rows} == {LEFT} and company.rows(Notice) == []
    found = company.see("agent", view.listed, part=MailPart.LEFT)
    assert found.total == len(rows) and waiting(company, "agent") == []
    company.act("agent", Mail, rows[1].id, PutMailBack())
    assert company.get(Mail, rows[1].id).machine is None and waiting(company, "agent") == [number]
    # One person does not write so much in an hour; what came before the flood waits.
    many = [letter(f"flood {n}", From="flood@example.com") for n in range(taking.FLOOD + 3)]
    flood = [row for row in come(company, server, *many) if row.sender == "flood@example.com"]
    assert [row.machine for row in flood].count(MailMachine.FLOOD) == 3
    ordinary = [
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "None"},
        {"Precedence": "first-class"},
    ]
    plain = come(company, server, *(letter(str(head), **head) for head in ordinary))[-3:]
    assert [row.status for row in plain] == [WAITING] * 3


def test_files_are_kept_by_the_measure_of_uploads_and_the_others_are_named(
    sqlite_company: Company, server: Server, files: Path
) -> None:
    company = sqlite_company
    bomb = (
        b"PK\x03\x04"
        + bytes(100)
        + b"PK\x05\x06"
        + b"\x00" * 6
        + b"\xff\xff\xff\xff\xff\xff\xff\xff"
        + bytes(8)
    )
    many = {f"{n}.png": PNG + str(n).encode() for n in range(200)}
    large = {
        "large.png": PNG + bytes(30 * 1024 * 1024),
        "bomb.docx": bomb,
        "run.exe": b"MZ\x90",
        "../../a\\b.png": PNG,
    }
    rows = come(
        company, server, letter("许多", files=many), letter("大", files=large | {"empty.txt": b""})
    )
    first, second = ([f for f in company.rows(MailFile) if f.mail_id == row.id] for row in rows)
    assert [f.flaw for f in first] == [None] * 50 + [MailFlaw.TOO_MANY] * 150
    assert {f.name: f.flaw for f in second} == {
        "large.png": MailFlaw.TOO_LARGE,
        "bomb.docx": MailFlaw.UNKNOWN_TYPE,
        "run.exe": MailFlaw.UNKNOWN_TYPE,
        "b.png": None,
        "empty.txt": MailFlaw.EMPTY,
    }
    case_id = accept(company, rows[0])
    company.act(
        "agent",
        Mail,
        rows[1].id,
        AttachMail(case_number=company.get(ServiceRequest, case_id).number),
    )
    assert len(company.rows(Attachment, request_id=case_id)) == 50  # the case is full
    left = company.see("agent", view.of_case, case_id=case_id)[0].files
    (kept,) = [f for f in left if not f.flaw]
    assert company.see("agent", view.content, id=kept.id) == PNG
    for who in ("agent.stranger", "technician.stranger"):
        with pytest.raises(NotFound):
            company.see(who, view.content, id=kept.id)


FAULTS = {
    MailFault.UNREACHABLE: "imap://a%40b.cn:x@127.0.0.1:1/INBOX",
    MailFault.REFUSED: "imap://nobody:wrong@127.0.0.1:{port}",
    MailFault.NO_FOLDER: "{url}/Nowhere",
    MailFault.ADDRESS: "imap://nobody@",
    MailFault.NOT_SAFE: "imaps://a:b@127.0.0.1:{port}",
    MailFault.BROKEN: "imap://a:b@127.0.0.1:{smtp}",
}


def test_an_administrator_sees_whether_the_mailbox_is_read(
    sqlite_company: Company, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    sweep.run(company.engine, now=NOW)
    found = company.see("admin", standing.view)
    assert (found.read_at, found.failed_at, found.fault) == (NOW, None, None)
    assert "sesame" not in found.address and "service@example.com" in found.address
    with mailing(monkeypatch):
        smtp = int(re.findall(r":(\d+)\?", os.environ["AFTERCARE_SMTP_URL"])[0])
        for fault, url in FAULTS.items():
            monkeypatch.setenv(
                boxes.SETTING, url.format(port=server.port, url=server.url, smtp=smtp)
            )
            read(company)
            assert company.see("admin", standing.view).fault is fault
    # Away for long: asked less and less, and all is well at the first answer.
    monkeypatch.setenv(boxes.SETTING, FAULTS[MailFault.UNREACHABLE])
    for minute in range(1, 60):
        read(company, NOW + timedelta(minutes=minute))
    (box,) = company.rows(MailBox, address=company.see("admin", standing.view).address)
    assert 5 < box.failures < 12
    monkeypatch.delenv(boxes.SETTING)
    assert company.see("admin", standing.view) is None
    read(company)
    with pytest.raises(NotAllowed):
        company.see("manager", standing.view)


def test_who_sees_which_mail(company: Company, server: Server) -> None:
    new, known = come(company, server, letter(), letter("b", From="li@example.com"))
    case_id = accept(company, known, customer_name="李雷", serial="S-1")
    assert waiting(company, "agent.stranger") == ["报修"]
    mine = come(company, server, letter("c", From="li@example.com", Subject="再问"))[-1]
    assert company.see("agent", view.view, id=mine.id).known[0].name == "李雷"
    assert waiting(company, "agent.stranger") == ["报修"]  # of another station's customer
    for id in (mine.id, known.id):
        with pytest.raises(NotFound):
            company.see("agent.stranger", view.view, id=id)
    with pytest.raises(NotFound):
        company.see("agent.stranger", view.of_case, case_id=case_id)
    for who in ("technician", "auditor", "finance"):
        with pytest.raises(NotAllowed):
            company.see(who, view.listed, part=MailPart.NEW)
    # What nothing follows from is set aside with the reason, and comes back.
    company.act("agent", Mail, new.id, SetMailAside(note="广告"))
    with pytest.raises(WrongStatus):
        accept(company, company.get(Mail, new.id))
    with pytest.raises(Stale):
        accept(company, new)
    company.act("support", Mail, new.id, PutMailBack())
    assert company.history("mail", new.id)[1:] == [
        ("set_aside", "waiting", "set_aside"),
        ("put_back", "set_aside", "waiting"),
    ]


def test_an_erased_person_leaves_no_mail(company: Company, server: Server, files: Path) -> None:
    (mail,) = come(company, server, letter("我是王小明", files={"a.png": PNG}, Message_ID="<1@x>"))
    case_id = accept(company, mail)
    company.act("agent", ServiceRequest, case_id, inputs.Cancel(note="重复"))
    (customer,) = company.rows(Customer)
    digest = company.rows(MailFile)[0].digest
    command = erasing.EraseCustomer(reason="本人要求")
    company.do(
        "manager", erasing.erase, id=customer.id, command=command, seen_version=customer.version
    )
    (row,) = company.rows(Mail)
    assert (row.sender, row.sender_name, row.sender_key, row.subject, row.body) == ("",) * 5
    assert store.load(digest) is None
    notes = [row.note for row in company.rows(History) if row.subject == "mail"]
    assert not any("王小明" in note for note in notes)
    again = come(company, server, letter("还在吗"))[-1]
    assert again.customer_id is None
