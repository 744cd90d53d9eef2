"""A Word file as the package that it is: its parts, their types, and what they lead to."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as BadCompression

from lxml import etree  # type: ignore[import-untyped]

from core.papers.word.refusals import UnsafeTemplate, WordPlace

MEGABYTE = 1024 * 1024
MOST_BYTES = 5 * MEGABYTE
MOST_UNPACKED = 50 * MEGABYTE
# Pictures may be large; text that is searched for placeholders may not.
MOST_TEXT = 2 * MEGABYTE
MOST_FILES = 500
# The last one: a part with a password.
UNPACKED_BADLY = (BadZipFile, BadCompression, ValueError, EOFError, RuntimeError)
TYPES = "[Content_Types].xml"
MAIN = "word/document.xml"

PLACES = {
    "document.main": WordPlace.BODY,
    "document.glossary": WordPlace.BLOCKS,
    **{
        place.value: place
        for place in WordPlace
        if place not in (WordPlace.BODY, WordPlace.BLOCKS, WordPlace.ELSEWHERE)
    },
}


@dataclass(frozen=True)
class Part:
    """One file in the package."""

    name: str
    mime: str
    content: bytes

    @property
    def is_text(self) -> bool:
        """Whether Word or the library that fills it reads it as XML. Names alone say nothing."""
        is_named = self.name.endswith((".xml", ".rels"))
        return is_named or self.mime.endswith(("+xml", "/xml"))

    @property
    def place(self) -> WordPlace:
        """Where people look for it."""
        kind = self.mime.partition("wordprocessingml.")[2].removesuffix("+xml")
        return PLACES.get(kind, WordPlace.ELSEWHERE)


@dataclass(frozen=True)
class Lead:
    """What a part leads to: another part, or something outside."""

    part: Part
    kind: str
    target: str
    is_outside: bool
    folder: str

    @property
    def name(self) -> str:
        """The name of the part that it leads to."""
        path = posixpath.join("/", self.folder, self.target.partition("#")[0])
        return posixpath.normpath(path).lstrip("/")


def parts(content: bytes, *, most_text: int = MOST_TEXT) -> tuple[Part, ...]:
    """What is in a Word file; UnsafeTemplate when it is none, or too large."""
    _check_size(content, MOST_BYTES - MOST_TEXT + most_text)
    try:
        with ZipFile(BytesIO(content)) as package:
            found = dict(_read(package))
    except UNPACKED_BADLY as error:
        raise UnsafeTemplate(reason="not_word") from error
    if not {MAIN, TYPES} <= found.keys():
        raise UnsafeTemplate(reason="not_word")
    _check_size(found[TYPES], most_text)
    mime_of = _Types(xml(Part(TYPES, "", found[TYPES])))
    all_parts = tuple(Part(name, mime_of(name), data) for name, data in found.items())
    for part in all_parts:
        if part.is_text:
            _check_size(part.content, most_text)
    return all_parts


def _check_size(content: bytes, most: int) -> None:
    if len(content) > most:
        raise UnsafeTemplate(reason="too_large", megabytes=most // MEGABYTE)


def _read(package: ZipFile) -> Iterator[tuple[str, bytes]]:
    known: set[str] = set()
    left = MOST_UNPACKED
    entries = [entry for entry in package.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise UnsafeTemplate(reason="too_large", megabytes=MOST_UNPACKED // MEGABYTE)
    for entry in entries:
        _check_entry(entry, known)
        with package.open(entry) as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            raise UnsafeTemplate(reason="too_large", megabytes=MOST_UNPACKED // MEGABYTE)
        yield entry.filename, content


def _check_entry(entry: ZipInfo, known: set[str]) -> None:
    # Two parts of one name, or a name that is written oddly: what Word makes of it is not known.
    name = entry.filename.lower()
    is_odd = name in known or "\\" in name or name.startswith("/") or ".." in name.split("/")
    if is_odd or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UnsafeTemplate(reason="not_word")
    known.add(name)


class _Types:
    """Which type a part has: its own, else that of its ending."""

    def __init__(self, root: Any) -> None:
        self.own: dict[str, str] = {}
        self.of_ending: dict[str, str] = {}
        for each in root:
            if mime := each.get("ContentType", "").strip().lower():
                self.own[each.get("PartName", "").lower()] = mime
                self.of_ending[each.get("Extension", "").lower()] = mime

    def __call__(self, name: str) -> str:
        ending = name.rpartition(".")[2].lower()
        return self.own.get(f"/{name}".lower()) or self.of_ending.get(ending, "")


def xml(part: Part) -> Any:
    """The elements of a part; UnsafeTemplate for what is no XML, or brings rules of its own."""
    # Nothing is fetched and nothing is put in for names; a parser keeps no state between parts.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(part.content, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnsafeTemplate(reason="broken") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise unsafe("not_permitted_part", part, "DTD")
    return root


def leads(part: Part, owners: dict[str, Part]) -> Iterator[Lead]:
    """What a list of relationships says of the part that it belongs to."""
    folder, _, name = part.name.rpartition("_rels/")
    owner = owners.get(f"{folder}{name.removesuffix('.rels')}", part)
    for each in xml(part):
        if not isinstance(each.tag, str):
            continue
        kind = each.get("Type", "").rpartition("/")[2]
        target = each.get("Target", "").strip()
        outside = each.get("TargetMode", "Internal") != "Internal"
        # Whatever the mode says, this is no part of the package.
        outside = outside or bool(re.match(r"[\w.+-]*:|//|.*\\", target))
        yield Lead(owner, kind, target, outside, folder)


def unsafe(reason: str, part: Part, what: str, target: str = "") -> UnsafeTemplate:
    """A refusal that names the place."""
    what, target, name = (_short(text) for text in (what, target, part.name))
    return UnsafeTemplate(reason=reason, place=part.place, part=name, what=what, target=target)


def _short(text: str) -> str:
    # Shown as it stands in the file, between backticks.
    return " ".join(text.replace("`", "'").split())[:120]
