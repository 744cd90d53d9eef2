"""Fields of a Word file: those that Word works out by itself, from the file alone, are let in.

The code of a field may be cut into any number of runs, stand inside the code of another, and be
spread over what a tracked change or another version of Word shows. It is put together here as
Word would, and where it cannot be known what Word would do, the field is refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

# Says what is wrong with a field, a reason and what stands there, and ends the reading.
Refuse = Callable[[str, str], NoReturn]

HARMLESS = frozenset(
    [
        "PAGE",
        "NUMPAGES",
        "SECTION",
        "SECTIONPAGES",
        "DATE",
        "TIME",
        "CREATEDATE",
        "SAVEDATE",
        "PRINTDATE",
        "EDITTIME",
        "SEQ",
        "REF",
        "PAGEREF",
        "NOTEREF",
        "STYLEREF",
        "TOC",
        "TC",
        "INDEX",
        "XE",
        "LISTNUM",
        "AUTONUM",
        "AUTONUMLGL",
        "AUTONUMOUT",
        "AUTHOR",
        "TITLE",
        "SUBJECT",
        "KEYWORDS",
        "COMMENTS",
        "LASTSAVEDBY",
        "REVNUM",
        "NUMWORDS",
        "NUMCHARS",
        "FILENAME",
        "FILESIZE",
        "DOCPROPERTY",
        "SYMBOL",
        "QUOTE",
        "IF",
        "COMPARE",
        "EQ",
        "ADVANCE",
        "SHAPE",
        "FORMTEXT",
        "FORMCHECKBOX",
        "FORMDROPDOWN",
        "HYPERLINK",
        "=",
    ]
)
# Stands in a code where another field does, whose result nobody knows.
INNER = "\0"
_NAME = re.compile(r"\s*(=|[A-Za-z]+(?=[\s\\\"]|$))")
_WORDS = re.compile(r'"([^"]*)"|(\\\S)|([^\s"]+)')
# Switches of a link that something follows: a place in the file, a tip, a window, the format.
_WITH_VALUE = ("\\l", "\\o", "\\t", "\\s", "\\*")
_ALONE = ("\\h", "\\n")
PLAIN_LINK = re.compile(r"(?:https?://|mailto:)[^\s\\\"<>]*|#.*|", re.IGNORECASE)


def is_plain_link(target: str) -> bool:
    """Whether a link leads to a web page, an e-mail address, or a place in the file."""
    return PLAIN_LINK.fullmatch(target.strip()) is not None


def check_code(code: str, refuse: Refuse) -> None:
    """Refuse the code of a field unless it is harmless."""
    if "{" in code or "}" in code:
        refuse("placeholder_in_field", code.replace(INNER, "…").strip())
    found = _NAME.match(code)
    name = found[1].upper() if found else ""
    if name not in HARMLESS:
        refuse("field", code.replace(INNER, "…").strip() or "?")
    elif name == "HYPERLINK" and found and not _leads_plainly(code[found.end() :]):
        refuse("link", code.strip())


def _leads_plainly(rest: str) -> bool:
    expects_value = False
    for quoted, switch, bare in _WORDS.findall(rest):
        value = quoted or bare
        if INNER in value or (switch and switch.lower() not in (*_WITH_VALUE, *_ALONE)):
            return False
        if not switch and not expects_value and not is_plain_link(value):
            return False
        expects_value = switch.lower() in _WITH_VALUE
    return True


@dataclass
class _Field:
    """A field that has begun: what of its code was read, and where it began."""

    branch: int
    code: str = ""
    has_result: bool = False


@dataclass
class Fields:
    """The fields of one part, as its elements come."""

    refuse: Refuse
    open: list[_Field] = field(default_factory=list)

    def mark(self, kind: str, branch: int) -> None:
        """A field begins, its result begins, or it ends."""
        if kind == "begin":
            self.text(INNER)
            self.open.append(_Field(branch))
        elif not self.open or self.open[-1].branch != branch or kind not in ("separate", "end"):
            self.refuse("field", f"fldChar {kind}")
        elif kind == "separate":
            self.open[-1].has_result = True
        else:
            check_code(self.open.pop().code, self.refuse)

    def text(self, text: str) -> None:
        """Something that is shown: it belongs to a code where one is open."""
        if self.open and not self.open[-1].has_result:
            self.open[-1].code += text

    def code(self, text: str, branch: int) -> None:
        """A piece of a code; refused where no code is open, or not surely so."""
        is_open = self.open and not self.open[-1].has_result
        if is_open and self.open[-1].branch == branch:
            self.open[-1].code += text
        elif text.strip():
            self.refuse("field", text.strip())

    def close(self) -> None:
        """The part ends: what was not ended is judged by what was read."""
        while self.open:
            check_code(self.open.pop().code, self.refuse)
