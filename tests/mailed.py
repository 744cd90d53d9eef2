"""Mails for the tests: written, put into the mailbox, and read by the minute."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from core.house import HOUSE
from core.kernel.inputs import parse
from core.kernel.unit_of_work import system_actor, unit_of_work
from core.mail import actions, letters, taking
from core.mail.boxes import Arrived
from core.messages import sending
from core.requests.intake import Register
from db import files as store
from db.tables import Mail, MailBox
from tests.company_cast import NOW, REPAIR, ZONE, Company
from tests.imap import Server

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
TOOL = system_actor(ZONE.key, "Test company")


def letter(
    text: str = "洗衣机不转了", *, files: dict[str, bytes] | None = None, **head: str
) -> bytes:
    """A mail; `head` gives lines of its head, with _ for -."""
    mail = EmailMessage(policy=SMTP)
    usual = {"From": "王小明 <wang@example.com>", "To": "service@example.com", "Subject": "报修"}
    usual["Date"] = format_datetime(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    for name, value in (usual | {k.replace("_", "-"): v for k, v in head.items()}).items():
        if value:
            mail[name] = value
    mail.set_content(text)
    for name, content in (files or {}).items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def read(company: Company, now: datetime = NOW) -> None:
    """The mailbox is read, as the minute does."""
    taking.read(company.engine, TOOL, HOUSE, now=now)


def come(company: Company, server: Server, *mails: bytes, now: datetime = NOW) -> list[Mail]:
    """Mails come in and are read; gives all that there are, in their order."""
    server.put(*mails)
    read(company, now)
    return company.rows(Mail)


def send_out(company: Company, now: datetime = NOW) -> None:
    """What is to go out goes out."""
    sending.deliver(company.engine, TOOL, HOUSE, now=now)


def accept(
    company: Company, mail: Mail, who: str = "agent", *, now: datetime = NOW, **facts: Any
) -> int:
    """Somebody registers a request of a mail; gives the case."""
    told = {"kind": "consultation", "channel": "email", "phone": ""}
    told |= {"email": mail.sender, "customer_name": mail.sender_name or "某客户"}
    command = parse(Register, REPAIR | told | facts)
    about = {"mail_id": mail.id, "seen_version": mail.version, "now": now}
    return company.do(who, actions.accept, command, **about).id


def take(company: Company, content: bytes) -> Mail:
    """A mail comes in, without a server."""
    said = letters.read(content)
    kept = [(file, store.keep(file.content) if file.content else None) for file in said.files]
    now = datetime.now(UTC)
    with unit_of_work(company.engine, TOOL, HOUSE, write=True, now=now) as uow:
        box = MailBox(address=f"test {now}", series=1)
        uow.session.add(box)
        uow.session.flush()
        mail = taking.take(
            uow, box_id=box.id, series=1, mail=Arrived(1, now, 1), letter=said, kept=kept
        )
        assert mail is not None
        return mail
