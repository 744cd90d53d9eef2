"""Which encoding a text file is in: UTF-8, GB18030 and UTF-16 first, others by a guess.

A few bytes that do not decode concern their rows alone (values.py), not the file.

GB18030 gives a character for nearly every pair of bytes, so that decoding without an error proves
nothing: what comes out must also be mostly the characters that people write.
"""

import codecs
import re
from collections.abc import Iterator
from functools import cache

import charset_normalizer

from core.imports.errors import FileReason, FileRefused
from core.imports.files import SourceFile

_CHUNK = 1024 * 1024
_SAMPLE = 256 * 1024
# A lost character, a NUL, and what three lost ones become when UTF-8 is read as GBK.
NONSENSE = re.compile("[\0\ufffd]|锟斤拷")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSED = frozenset(
    {"big5", "big5hkscs", "cp950", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949"}
    | {"cp1250", "cp1251", "cp1252", "latin_1", "iso8859_15", "koi8_r"}
)


def encoding_of(file: SourceFile, chosen: str | None = None) -> str:
    """The encoding in which the file makes sense; FileRefused with the line where it ends."""
    with file.open() as stream:
        head = stream.read(_SAMPLE)
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise FileRefused(FileReason.EMPTY)
    # A mark at the start is surer than what a map remembers of other files.
    sure = _marked(head) or chosen or _without_mark(head)
    if sure:
        _demand(file, sure)
        return sure
    line = _fault(file, "utf-8")
    if line is None:
        return "utf-8"
    if _is_mostly(file, "utf-8"):
        return "utf-8"
    if _is_chinese(head):
        _demand(file, "gb18030")
        return "gb18030"
    return _guessed(file, head, line)


def _marked(head: bytes) -> str | None:
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def _without_mark(head: bytes) -> str | None:
    """UTF-16 without its mark shows as a NUL in every second byte."""
    head = head[:4096]
    if b"\0" not in head:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 5 < len(head) // 2 or min(even, odd) * 10 > max(even, odd):
        raise FileRefused(FileReason.NOT_A_TABLE, found="binary")
    return "utf-16-be" if even > odd else "utf-16-le"


def _demand(file: SourceFile, encoding: str) -> None:
    line = _fault(file, encoding)
    if line is not None and not _is_mostly(file, encoding):
        raise FileRefused(FileReason.ENCODING, line=line, tried=[encoding])


def _fault(file: SourceFile, encoding: str) -> int | None:
    """The first line that does not decode or holds nonsense; None when all is well."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    for chunk, last in _chunks(file):
        try:
            text = decoder.decode(chunk, last)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(b"\n")
        if nonsense := NONSENSE.search(text):
            return line + text.count("\n", 0, nonsense.start())
        line += text.count("\n")
    return None


def _chunks(file: SourceFile) -> Iterator[tuple[bytes, bool]]:
    with file.open() as stream:
        chunk = stream.read(_CHUNK)
        while chunk:
            following = stream.read(_CHUNK)
            yield chunk, not following
            chunk = following


def _is_mostly(file: SourceFile, encoding: str) -> bool:
    """Whether the file is in this encoding with some damage: another would make nonsense of it."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    lost = kept = 0
    for chunk, last in _chunks(file):
        text = decoder.decode(chunk, last)
        foreign = sum(1 for character in text if character > "\x7f") if not text.isascii() else 0
        here = len(NONSENSE.findall(text))
        lost, kept = lost + here, kept + foreign - here
        if lost > 1000:
            break
    return kept > 4 * lost


@cache
def _everyday() -> frozenset[str]:
    """The signs and the 3,755 characters of the first level of GB 2312."""
    rows = (*range(0xA1, 0xAA), *range(0xB0, 0xD8))
    cells = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    return frozenset("".join(cell.decode("gb2312", "ignore") for cell in cells))


def _is_chinese(head: bytes) -> bool:
    text = head.decode("gb18030", "ignore")
    foreign = [character for character in text if character > "\x7f"]
    return sum(character in _everyday() for character in foreign) > 0.6 * len(foreign)


def _guessed(file: SourceFile, head: bytes, line: int) -> str:
    best = charset_normalizer.from_bytes(head).best()
    if best and best.encoding in _GUESSED and _fault(file, best.encoding) is None:
        return best.encoding
    raise FileRefused(FileReason.ENCODING, line=line, tried=["utf-8", "gb18030"])
