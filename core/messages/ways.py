"""The ways out: a mail server, gateways for SMS and WeCom, and what came of a try.

Each is named by an address in the environment, as the channels of notices are (core/notices/
channels.py). What a service answers decides: taken, refused, to be tried again, or nobody knows.
"""

import json
import logging
import os
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import parseaddr
from typing import Any
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

import httpx

from core.kernel.inputs import clean_line, is_email
from core.notices import channels
from db.codes import MessageWay, Unsent

log = logging.getLogger("aftercare")

SETTINGS = {
    MessageWay.EMAIL: "AFTERCARE_SMTP_URL",
    MessageWay.SMS: "AFTERCARE_SMS_URL",
    MessageWay.WECOM: "AFTERCARE_WECOM_URL",
}
# So many seconds a service has for each step.
PATIENCE = 20.0
MOST_SAID, MOST_ANSWERED = 300, 65_536
# Answers of a gateway that say that it is all right.
GOOD = ("0", "200", "ok", "success")
WHOM = "{to}"


@dataclass(frozen=True)
class Letter:
    """A message as it goes out."""

    way: MessageWay
    address: str
    title: str
    text: str
    reference: str
    answers: str
    # Whether the tool itself has written it: no machine is to answer it.
    is_automatic: bool
    company: str
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """What came of a try: sent where `why` is None; `again` where it surely did not go."""

    why: Unsent | None = None
    said: str = ""
    again: bool = False


def set_up() -> tuple[MessageWay, ...]:
    """The ways that the company has set up, the one that is tried first in front."""
    return tuple(way for way, name in SETTINGS.items() if os.environ.get(name, "").strip())


def own_mailbox() -> str:
    """The mailbox that mail is sent from; empty where none is set up."""
    return _sender(_split(MessageWay.EMAIL)) if MessageWay.EMAIL in set_up() else ""


def send(letter: Letter) -> Outcome:
    """Try once; nothing is raised for what a service does."""
    if letter.way not in set_up():
        return Outcome(Unsent.NOT_SET_UP)
    if letter.way is MessageWay.EMAIL:
        return _mail(letter, _split(letter.way))
    text = os.environ[SETTINGS[letter.way]].strip()
    if text.startswith(("http://", "https://")):
        return _post(letter, text)
    return _announce(letter, text)


def _split(way: MessageWay) -> SplitResult:
    return urlsplit(os.environ.get(SETTINGS[way], "").strip())


def _sender(url: SplitResult) -> str:
    given = parse_qs(url.query).get("from", [""])[0] or unquote(url.username or "")
    return parseaddr(given)[1].lower()


def _mail(letter: Letter, url: SplitResult) -> Outcome:
    sender = _sender(url)
    if url.scheme not in ("smtp", "smtps") or not url.hostname or not is_email(sender):
        log.error("%s names no mail server and mailbox", SETTINGS[letter.way])
        return Outcome(Unsent.NOT_SET_UP)
    try:
        server = _connected(url)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Unsent.AWAY, _words(error), again=True)
    try:
        return _hand_over(server, letter, sender)
    finally:
        server.close()


def _connected(url: SplitResult) -> smtplib.SMTP:
    host, port = url.hostname or "", url.port or 0
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=PATIENCE)
    try:
        server.ehlo_or_helo_if_needed()
        if url.scheme == "smtp" and (server.has_extn("starttls") or url.password):
            server.starttls(context=context)
            server.ehlo()
        if url.password:
            server.login(unquote(url.username or ""), unquote(url.password))
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _hand_over(server: smtplib.SMTP, letter: Letter, sender: str) -> Outcome:
    try:
        for answer in (server.mail(sender), server.rcpt(letter.address)):
            if answer[0] not in (250, 251):
                return _judged(answer)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Unsent.AWAY, _words(error), again=True)
    try:
        answer = server.data(_written(letter, sender))
    except smtplib.SMTPDataError as error:
        return _judged((error.smtp_code, error.smtp_error))
    except (OSError, smtplib.SMTPException) as error:
        # The mail was on its way: whether it was taken, nobody knows.
        return Outcome(Unsent.SILENT, _words(error))
    return Outcome() if 200 <= answer[0] < 300 else _judged(answer)


def _judged(answer: tuple[int, bytes | str]) -> Outcome:
    code, said = answer
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    text = _line(f"{code} {text}")
    if 400 <= code < 500:
        return Outcome(Unsent.BUSY, text, again=True)
    if 500 <= code < 600:
        return Outcome(Unsent.REFUSED, text)
    return Outcome(Unsent.GARBLED, text)


def _written(letter: Letter, sender: str) -> bytes:
    # In plain ASCII, as every server on the way takes it.
    mail = EmailMessage(policy=WIRE.clone(cte_type="7bit"))
    mail["From"] = Address(clean_line(letter.company), addr_spec=sender)
    mail["To"] = letter.address
    mail["Date"] = letter.at
    mail["Subject"] = clean_line(letter.title)
    mail["Message-ID"] = message_id(letter.reference, sender)
    if letter.answers:
        mail["In-Reply-To"] = mail["References"] = clean_line(letter.answers)
    if letter.is_automatic:
        mail["Auto-Submitted"] = "auto-replied" if letter.answers else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text)
    return mail.as_bytes()


def message_id(reference: str, sender: str) -> str:
    """How a mail is named, by which its answers find their case."""
    return f"<{reference}@{sender.partition('@')[2]}>"


def _post(letter: Letter, address: str) -> Outcome:
    told = {"to": letter.address, "title": letter.title, "text": letter.text}
    told["reference"] = letter.reference
    url = address.replace(WHOM, quote(letter.address, safe=""))
    try:
        with httpx.stream("POST", url, json=told, timeout=PATIENCE) as answer:
            first = next(answer.iter_bytes(MOST_ANSWERED), b"")
            return _answered(answer.status_code, first.decode("utf-8", "replace"))
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        return Outcome(Unsent.AWAY, _words(error), again=True)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        log.error("%s holds no address", SETTINGS[letter.way])
        return Outcome(Unsent.NOT_SET_UP)
    except httpx.HTTPError as error:
        return Outcome(Unsent.SILENT, _words(error))


def _answered(code: int, text: str) -> Outcome:
    said = _line(f"{code} {text}")
    if code in (502, 504):  # what stands before the gateway waited in vain
        return Outcome(Unsent.SILENT, said)
    if code >= 500 or code == 429:
        return Outcome(Unsent.BUSY, said, again=True)
    if code >= 300:
        return Outcome(Unsent.REFUSED, said)
    if not text.strip():
        return Outcome()
    try:
        told = json.loads(text)
    except ValueError:
        return Outcome(Unsent.GARBLED, said)
    return Outcome() if _is_good(told) else Outcome(Unsent.REFUSED, said)


def _is_good(told: Any) -> bool:
    if not isinstance(told, dict):
        return True
    codes = (str(told.get(name, 0)).lower() for name in ("errcode", "code"))
    return all(told.get(name, True) for name in ("ok", "success")) and all(
        code in GOOD for code in codes
    )


def _announce(letter: Letter, address: str) -> Outcome:
    """By a service that apprise knows: it tells no more than whether it went well."""
    url = address.replace(WHOM, quote(letter.address, safe=""))
    if channels.send(url, letter.title, letter.text):
        return Outcome()
    return Outcome(Unsent.SILENT)


def _words(error: Exception) -> str:
    return _line(f"{type(error).__name__}: {error}")


def _line(text: str) -> str:
    return str(clean_line(text)).strip()[:MOST_SAID]
