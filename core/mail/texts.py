"""What a mail says, as plain text: whatever its letters are coded in, and without its HTML.

Nothing that HTML points to is ever asked for.
"""

import codecs
import re
from binascii import Error as NotBase64
from email.errors import HeaderParseError
from email.header import decode_header

from lxml import etree, html  # type: ignore[import-untyped]

from core.kernel.inputs import clean_text

# Programs that write Chinese call what they write by the oldest of its names.
CHINESE = frozenset({"gb2312", "gb_2312-80", "gbk", "cp936", "ms936", "x-gbk", "euc-cn"})
WIDEST = "gb18030"
# Codecs of Python's that are none of a mail's, and slow.
FOREIGN = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape"})
# Tried in turn where nobody says, or says it wrongly; the last one reads everything.
GUESSES = ("utf-8", WIDEST, "latin-1")
# What HTML holds besides what is read, and what stands on lines of its own.
UNREAD = frozenset({"head", "script", "style", "title", "template", "object", "svg", "noscript"})
BLOCKS = frozenset(
    ["p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"]
    + ["blockquote", "hr", "pre", "body"]
)
LONGEST = 1_000_000
# Where the mail that is answered begins.
QUOTED = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:原始邮件|原邮件|转发邮件|original message|forwarded message)"
    r"|(?:发件人|from)\s*[:：].*@|在.{4,80}写道[:：]?\s*$|on .{4,200} wrote:\s*$)",
    re.IGNORECASE | re.MULTILINE,
)


def decoded(content: bytes, charset: str | None = None) -> str:
    """Some bytes as text: in the coding that is named, if they are; else in the likeliest."""
    named = (charset or "").strip().strip("\"'").lower()
    named = WIDEST if named in CHINESE else named
    for each in (named, *GUESSES):
        # What is called ASCII and is none says nothing of what it is.
        if each and _is_known(each) and not (each == "us-ascii" and not content.isascii()):
            try:
                # A text that was cut may end within a sign.
                return codecs.getincrementaldecoder(each)().decode(content)
            except (UnicodeError, ValueError):
                continue
    return content.decode("latin-1")


def _is_known(charset: str) -> bool:
    try:
        found = codecs.lookup(charset) if charset.isascii() else None
    except (LookupError, ValueError):
        return False
    # Some make no text of bytes: rot13, base64.
    return found is not None and found._is_text_encoding and found.name not in FOREIGN


def header(raw: str) -> str:
    """A line of the head of a mail as it is read, on one line."""
    if not raw.isascii():
        raw = decoded(raw.encode("utf-8", "surrogateescape"))
    try:
        parts = decode_header(raw)
    except (HeaderParseError, NotBase64, ValueError):
        parts = [(raw, None)]
    said = (each if isinstance(each, str) else decoded(each, charset) for each, charset in parts)
    return " ".join(clean_text("".join(said)).split())


def of_html(text: str) -> str:
    """What somebody reads of a page of HTML."""
    try:
        page = html.document_fromstring(_bare(text[:LONGEST]))
    except (etree.LxmlError, ValueError):  # there is nothing to read
        return ""
    parts: list[str] = []
    _read(page, parts)
    return tidy("".join(parts))


def _bare(text: str) -> str:
    # What a page says of its own coding is about bytes that are text by now.
    return re.sub(r"^\s*<\?xml[^>]*>", "", text)


def _read(page: object, parts: list[str]) -> None:
    """Gather the text of a page, from its first element to its last, whatever lies in which."""
    skipped = 0
    for event, element in etree.iterwalk(page, events=("start", "end", "comment", "pi")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "end":
            skipped -= name in UNREAD
        elif event == "start":
            skipped += name in UNREAD
        _break(name, event, parts)
        if not skipped:
            _say(element.text if event == "start" else element.tail, parts)


def _break(name: str, event: str, parts: list[str]) -> None:
    is_new = name in BLOCKS and not (parts and parts[-1].endswith("\n"))
    if is_new or (name == "br" and event == "end"):
        parts.append("\n")


def _say(text: str | None, parts: list[str]) -> None:
    flat = re.sub(r"\s+", " ", text or "")
    if flat.strip() or (flat and parts and not parts[-1].endswith("\n")):
        parts.append(flat)


def tidy(text: str) -> str:
    """A text without signs that nobody sees, blanks at the ends of lines, and gaps."""
    lines = (line.strip(" \t\xa0\u3000") for line in str(clean_text(text)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def fresh(text: str) -> str:
    """What is new in an answer: the part above the mail that it answers; all of it if none is."""
    found = QUOTED.search(text)
    return (text[: found.start()].strip() if found else text) or text
