"""A mail out of its bytes: who wrote what, with which files. Whatever is broken, it is a mail."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import parseaddr

from core.kernel.errors import Refused
from core.kernel.given_files import MEGABYTE, checked_type, plain_name
from core.kernel.inputs import clean_line, is_email
from core.mail import machines, texts
from db.codes import MailFlaw, MailMachine
from db.files import sha256

LONGEST_BODY, LONGEST_LINE, LONGEST_NAME = 20_000, 300, 120
# So many parts of a mail are looked at, and so many files kept; what is beyond is named.
MOST_PARTS, MOST_FILES, MOST_NAMED = 1000, 50, 200
# So many of the mails that a mail answers; so much of the line of its sender is read.
MOST_ANSWERED, MOST_SENDER = 50, 1000
# What no person and no program of a person's writes: marks between parts, lines, a line of a head.
MOST_MARKS, MOST_LINES, LONGEST_HEAD = 20_000, 2_000_000, 8000
ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,190}")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
# By what a mail is known again, besides its text: the rest of the head changes on its way.
NAMED_BY = ("message-id", "date", "from", "subject")


@dataclass(frozen=True)
class Enclosed:
    """A file of a mail: its bytes, or why they are not taken."""

    name: str
    mime: str
    size: int
    content: bytes | None
    flaw: MailFlaw | None


@dataclass(frozen=True)
class Letter:
    """A mail as it is read; by its digest it is known again.

    `message_id` is the name that the sender's program gave it, `answers` those that it answers.
    """

    digest: str
    message_id: str
    answers: tuple[str, ...]
    sender: str
    sender_name: str
    subject: str
    body: str
    is_cut: bool
    machine: MailMachine | None
    files: tuple[Enclosed, ...]


def address_key(text: str) -> str:
    """An address as it is compared: in small letters; empty where it is none."""
    return text.strip().lower() if is_email(text.strip()) else ""


class _Short(Compat32):
    """No line of a head is longer than anybody writes it: Python takes ages for what is."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """The name and the value of a line, of which the end may be cut."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEAD]


def read(content: bytes, *, own: frozenset[str] = frozenset(), whole: bool = True) -> Letter:
    """A mail by its bytes; not `whole` when its head alone was had: it is too large to be read."""
    whole = whole and content.count(b"\n--") <= MOST_MARKS and content.count(b"\n") <= MOST_LINES
    try:
        message = message_from_bytes(content if whole else content[:MEGABYTE], policy=_Short())
        parts = list(_leaves(message)) if whole else []
    except (RecursionError, MessageError, LookupError, ValueError):  # no tree that anybody made
        short = BytesHeaderParser(policy=_Short())
        message, parts, whole = short.parsebytes(content[:MEGABYTE]), [], False
    head = _head(message)
    said = _text(parts)
    sender_name, sender = _sender(head)
    first, answers = _named(head)
    return Letter(
        digest=_digest(head, content),
        message_id=first,
        answers=answers,
        sender=sender,
        sender_name=sender_name[:LONGEST_NAME],
        subject=texts.header(head.get("subject", ""))[:LONGEST_LINE],
        body=said[:LONGEST_BODY],
        is_cut=not whole or len(said) > LONGEST_BODY,
        machine=machines.which(
            lambda name: head.get(name, "").strip().lower(), sender=address_key(sender), own=own
        ),
        files=tuple(_files(parts)),
    )


def _head(message: Message) -> dict[str, str]:
    """What stands in the head under each name, as it came; of several the first one."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), str(value))
    return found


def _digest(head: dict[str, str], content: bytes) -> str:
    named = "\0".join(head.get(name, "") for name in NAMED_BY)
    body = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[-1]
    return sha256(named.encode("utf-8", "surrogateescape") + b"\0" + body.rstrip())


def _named(head: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """The mail's own name, and the names of those that it answers, the newest first."""
    own = MESSAGE_ID.search(head.get("message-id", ""))
    said = (MESSAGE_ID.findall(head.get(name, "")) for name in ("in-reply-to", "references"))
    answered = [each for part in said for each in reversed(part)][:MOST_ANSWERED]
    names = tuple(dict.fromkeys(_plain(each) for each in answered))
    return _plain(own[0]) if own else "", names


def _plain(name: str) -> str:
    return str(clean_line(name))[:LONGEST_LINE]


def _sender(head: dict[str, str]) -> tuple[str, str]:
    raw = head.get("from") or head.get("sender", "")
    if not raw.isascii():
        raw = texts.decoded(raw.encode("utf-8", "surrogateescape"))
    try:
        name, address = parseaddr(" ".join(raw.split())[:MOST_SENDER])
    except RecursionError:  # remarks within remarks
        return "", ""
    return texts.header(name), address if ADDRESS.fullmatch(address) else ""


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, also of mails inside of it, in their order."""
    for count, part in enumerate(message.walk()):
        if count >= MOST_PARTS:
            return
        if not part.is_multipart():
            yield part


def _is_text(part: Message) -> bool:
    is_file = part.get_content_disposition() == "attachment" or _file_name(part)
    return part.get_content_type() in ("text/plain", "text/html") and not is_file


def _text(parts: list[Message]) -> str:
    """What is written: as plain text where somebody wrote any, else what the HTML says."""
    written: dict[str, list[str]] = {"plain": [], "html": []}
    for part in filter(_is_text, parts):
        said = texts.decoded(_content(part)[: texts.LONGEST], _charset(part))
        is_html = part.get_content_subtype() == "html"
        written["html" if is_html else "plain"].append(said)
    plain = texts.tidy("\n\n".join(written["plain"]))
    return plain or texts.tidy("\n\n".join(map(texts.of_html, written["html"])))


def _charset(part: Message) -> str | None:
    try:
        found = part.get_param("charset")
    except (LookupError, ValueError):
        return None
    return str(found[2] if isinstance(found, tuple) else found or "")


def _content(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename()
    except (LookupError, ValueError):
        return "?"
    return texts.header(name) if name else ""


def _files(parts: list[Message]) -> Iterator[Enclosed]:
    kept = 0
    attached = [part for part in parts if not _is_text(part)]
    for place, part in enumerate(attached[:MOST_NAMED], 1):
        file = _enclosed(_file_name(part) or str(place), _content(part), is_full=kept >= MOST_FILES)
        kept += file.content is not None
        yield file


def _enclosed(name: str, content: bytes, *, is_full: bool) -> Enclosed:
    """A file by the same measure as one that a person gives."""
    shown = name[:LONGEST_LINE]
    if is_full:
        return Enclosed(shown, "", len(content), None, MailFlaw.TOO_MANY)
    try:
        mime = checked_type(content)
    except Refused as error:
        return Enclosed(shown, "", len(content), None, MailFlaw(error.details["reason"]))
    return Enclosed(plain_name(name, mime), mime, len(content), content, None)


def bare(letter: Letter) -> Letter:
    """What is left of a mail that no database takes: that it came, and by what it is known."""
    named = replace(letter, message_id="", sender="", sender_name="", answers=())
    return replace(named, subject="", body="", files=(), is_cut=True)
