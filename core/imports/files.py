"""A file as it was handed over: its size, its digest, and whether it is what its name says."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePath
from typing import BinaryIO

from core.imports.errors import FileReason, FileRefused

MEGABYTE = 1024 * 1024
MOST_BYTES = 200 * MEGABYTE
# A workbook is packed: unpacked it is ten times as large, and its cells must fit into memory.
MOST_WORKBOOK_BYTES = 50 * MEGABYTE
# Through a screen: what is uploaded waits in the memory of the serving process.
MOST_UPLOADED = 50 * MEGABYTE
MOST_UNPACKED_BYTES = 500 * MEGABYTE
MOST_ROWS = 200_000
# The list of what a packed file holds: a workbook has some dozens of parts.
MOST_LISTED_BYTES = MEGABYTE


class Family(Enum):
    """How the file is read."""

    TEXT = "text"
    WORKBOOK = "workbook"


TYPES = {
    **dict.fromkeys(("csv", "tsv", "txt"), Family.TEXT),
    **dict.fromkeys(("xlsx", "xlsm", "xls", "ods"), Family.WORKBOOK),
}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_BINARY = (b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")


@dataclass(frozen=True)
class SourceFile:
    """A file to import: the name that the person knows, and its bytes or where they lie."""

    name: str
    content: bytes | Path

    def open(self) -> BinaryIO:
        """The bytes from their start."""
        if isinstance(self.content, Path):
            return self.content.open("rb")
        return io.BytesIO(self.content)

    @property
    def size(self) -> int:
        """Bytes."""
        content = self.content
        return content.stat().st_size if isinstance(content, Path) else len(content)

    def digest(self) -> str:
        """The SHA-256 of the content."""
        found = hashlib.sha256()
        with self.open() as stream:
            while chunk := stream.read(MEGABYTE):
                found.update(chunk)
        return found.hexdigest()


def family_of(file: SourceFile) -> Family:
    """How to read the file; FileRefused when it is empty, too large, or not what its name says."""
    extension = PurePath(file.name).suffix.lower().removeprefix(".")
    family = TYPES.get(extension)
    if family is None:
        raise FileRefused(FileReason.UNKNOWN_TYPE, extension=extension, known=sorted(TYPES))
    if not file.size:
        raise FileRefused(FileReason.EMPTY)
    most = MOST_WORKBOOK_BYTES if family is Family.WORKBOOK else MOST_BYTES
    if file.size > most:
        raise FileRefused(FileReason.TOO_LARGE, bytes=file.size, most=most)
    found = _found(file)
    if found != family.value:
        raise FileRefused(FileReason.MISNAMED, extension=extension, found=found)
    return family


def _found(file: SourceFile) -> str:
    with file.open() as stream:
        head = stream.read(4096)
    if head.startswith(b"PK"):
        return _packed(file)
    if head.startswith(_OLE):
        return "workbook"
    if head.startswith(_BINARY):
        return "binary"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    # What a web page saves as .xls is mostly a page.
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<meta")):
        return "html"
    return "text"


def _packed(file: SourceFile) -> str:
    try:
        _check_list(file)
        with file.open() as stream, zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise FileRefused(FileReason.UNREADABLE) from None
    if unpacked > MOST_UNPACKED_BYTES:
        raise FileRefused(FileReason.TOO_LARGE, bytes=unpacked, most=MOST_UNPACKED_BYTES)
    return "workbook" if names & {"xl/workbook.xml", "content.xml"} else "zip"


def _check_list(file: SourceFile) -> None:
    # Opening reads all of the list: a million entries would take half a minute and much memory.
    with file.open() as stream:
        end = zipfile._EndRecData(stream)  # type: ignore[attr-defined]
    size = end[zipfile._ECD_SIZE] if end else 0  # type: ignore[attr-defined]
    if size > MOST_LISTED_BYTES:
        raise FileRefused(FileReason.TOO_LARGE, bytes=size, most=MOST_LISTED_BYTES)
