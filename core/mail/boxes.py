"""The mailbox that is read: its address, and the talk with its server. Nothing is changed there.

The company names it in AFTERCARE_MAILBOX, as imaps://name:password@mail.example.com/INBOX; with
imap:// the talk becomes a safe one after its first words (STARTTLS), but on this very machine.
"""

import imaplib
import os
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from imap_tools import errors
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.message import MailMessage

from core.mail import letters
from db.codes import MailFault

SETTING = "AFTERCARE_MAILBOX"
USUAL_FOLDER = "INBOX"
# A server that says nothing for so long is away.
PATIENCE = 15.0
MEGABYTE = 1024 * 1024
# A larger mail is known by its head.
LARGEST = 80 * MEGABYTE
HERE = ("localhost", "127.0.0.1", "::1")
PORTS = {"imaps": 993, "imap": 143}
# What may go wrong with a server, and what is said of it; the first that fits.
FAULTS: tuple[tuple[type[Exception], MailFault], ...] = (
    (errors.MailboxLoginError, MailFault.REFUSED),
    (errors.MailboxFolderSelectError, MailFault.NO_FOLDER),
    (errors.MailboxStarttlsError, MailFault.NOT_SAFE),
    (ssl.SSLError, MailFault.NOT_SAFE),
    (OSError, MailFault.UNREACHABLE),
    (imaplib.IMAP4.error, MailFault.BROKEN),
    (errors.ImapToolsError, MailFault.BROKEN),
)
TROUBLE = tuple(dict.fromkeys(kind for kind, _ in FAULTS))
_FACTS = re.compile(
    rb'UID (?P<uid>\d+)|RFC822\.SIZE (?P<size>\d+)|INTERNALDATE "(?P<date>[^"]+)"', re.IGNORECASE
)


@dataclass(frozen=True)
class Box:
    """Where a mailbox is, and by whom it is read."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str

    @property
    def address(self) -> str:
        """The mailbox without its password."""
        return f"{self.user} · {self.host}:{self.port}/{self.folder}"[:300]

    @property
    def own(self) -> frozenset[str]:
        """The addresses that are our own."""
        return frozenset({letters.address_key(self.user)}) - {""}


@dataclass(frozen=True)
class Arrived:
    """A mail in the mailbox: its number there, when it came, how large it is."""

    uid: int
    at: datetime | None
    size: int


class _Raw(MailMessage):
    """The bytes of a mail, which are read elsewhere (letters.py)."""

    def __init__(self, fetch_data: list[object]) -> None:
        self.content: bytes = self._get_message_data_parts(fetch_data)[0]


def configured() -> Box | None:
    """The company's mailbox; None where it has none, ValueError where it cannot be read."""
    text = os.environ.get(SETTING, "").strip()
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in PORTS or not (parts.hostname and parts.username and parts.password):
        raise ValueError(f"{SETTING} is no address of a mailbox")
    return Box(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or USUAL_FOLDER,
    )


def fault_of(error: Exception) -> MailFault:
    """What is said of an error of the talk with a server."""
    return next(fault for kind, fault in FAULTS if isinstance(error, kind))


@contextmanager
def opened(box: Box) -> Iterator[BaseMailBox]:
    """The mailbox, to be read and not changed; one of TROUBLE where it cannot be."""
    server = _server(box)
    server.email_message_class = _Raw
    try:
        if (box.user + box.password).isascii():
            server.login(box.user, box.password, None)
        else:
            server.login_utf8(box.user, box.password, None)
        server.folder.set(box.folder, readonly=True)
        yield server
    finally:
        server.client.shutdown()


def _server(box: Box) -> BaseMailBox:
    if box.scheme == "imaps":
        safe = ssl.create_default_context()
        return MailBox(box.host, box.port, timeout=PATIENCE, ssl_context=safe)
    if box.host in HERE:
        return MailBoxUnencrypted(box.host, box.port, timeout=PATIENCE)
    safe = ssl.create_default_context()
    return MailBoxStartTls(box.host, box.port, timeout=PATIENCE, ssl_context=safe)


def series(server: BaseMailBox, box: Box) -> int:
    """By which the numbers of the mails are known to be those of the last time."""
    return int(server.folder.status(box.folder, ["UIDVALIDITY"])["UIDVALIDITY"])


def arrived(server: BaseMailBox, *, after: int, most: int) -> tuple[Arrived, ...]:
    """The first mails after a number, the oldest first."""
    # A server answers the last mail too where none comes after it.
    numbers = sorted(int(each) for each in server.uids(f"UID {after + 1}:*") if int(each) > after)
    return _facts(server, numbers[:most]) if numbers else ()


def _facts(server: BaseMailBox, numbers: Sequence[int]) -> tuple[Arrived, ...]:
    asked = ",".join(map(str, numbers))
    kind, lines = server.client.uid("FETCH", asked, "(UID RFC822.SIZE INTERNALDATE)")
    if kind != "OK":
        raise errors.MailboxFetchError((kind, lines), "OK")
    told = [_told(line) for line in lines if isinstance(line, bytes)]
    found = {each.uid: each for each in told}
    # What went meanwhile is told nothing of.
    return tuple(found[each] for each in numbers if each in found)


def _told(line: bytes) -> Arrived:
    said = {
        name: value for m in _FACTS.finditer(line) for name, value in m.groupdict().items() if value
    }
    return Arrived(
        int(said.get("uid", 0)), _moment(said.get("date", b"")), int(said.get("size", 0))
    )


def _moment(text: bytes) -> datetime | None:
    try:
        return datetime.strptime(text.decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(
            UTC
        )
    except (ValueError, OverflowError):
        return None


def content(server: BaseMailBox, mail: Arrived) -> bytes | None:
    """The bytes of a mail, or those of its head where it is too large; None when it has gone."""
    found = server.fetch(
        uid_list=[str(mail.uid)], mark_seen=False, headers_only=mail.size > LARGEST
    )
    return next((each.content for each in found if isinstance(each, _Raw)), None)
