"""What a file is by its own first bytes, whatever it is called. A short closed list.

The small libraries for this task know hundreds of types, and not some of ours: phones write
voice memos as general MP4, and photos under several HEIC brands.
"""

import re
import struct
from io import BytesIO
from zipfile import BadZipFile, ZipFile

OFFICE = "application/vnd.openxmlformats-officedocument."
# The types that are taken, each with the endings that its files go by; the first is the usual one.
ENDINGS = {
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/gif": ("gif",),
    "image/heic": ("heic", "heif"),
    "application/pdf": ("pdf",),
    "audio/mpeg": ("mp3",),
    "audio/mp4": ("m4a", "mp4", "3gp"),
    "audio/aac": ("aac",),
    "audio/wav": ("wav",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/amr": ("amr",),
    "video/mp4": ("mp4", "m4v", "3gp"),
    "video/quicktime": ("mov", "qt"),
    "video/webm": ("webm",),
    f"{OFFICE}wordprocessingml.document": ("docx",),
    f"{OFFICE}spreadsheetml.sheet": ("xlsx",),
    "application/msword": ("doc",),
    "application/vnd.ms-excel": ("xls",),
}
_STARTS = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s{0,16}%PDF-"), "application/pdf"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"OggS\x00(?!.{0,200}theora)", re.DOTALL), "audio/ogg"),
    (re.compile(rb"\x1a\x45\xdf\xa3.{0,48}\x42\x82\x84webm", re.DOTALL), "video/webm"),
    (re.compile(rb"#!AMR(-WB)?\n"), "audio/amr"),
    (re.compile(rb"ID3[\x02-\x04]"), "audio/mpeg"),
    # A frame of MPEG layer III, of a bit rate and a sampling rate that exist.
    (re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xeb](?<![\x0c-\x0f])"), "audio/mpeg"),
    (re.compile(rb"\xff[\xf0\xf1\xf8\xf9]"), "audio/aac"),
)
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})


def type_of(content: bytes) -> str | None:
    """The MIME type of a file's bytes; None for everything that is not taken."""
    if content[4:8] == b"ftyp":
        return _of_boxes(content)
    if content.startswith(b"PK\x03\x04"):
        return _of_package(content)
    if content.startswith(_OLE):
        return _of_streams(content)
    return next((mime for start, mime in _STARTS if start.match(content)), None)


def fitting_name(name: str, mime: str) -> str:
    """The name with an ending that its type goes by: a PDF called photo.png is photo.png.pdf."""
    ending = name.rpartition(".")[2].lower()
    return name if "." in name and ending in ENDINGS[mime] else f"{name}.{ENDINGS[mime][0]}"


def _of_boxes(content: bytes) -> str | None:
    length = int.from_bytes(content[:4])
    brands = {content[8:12], *(content[at : at + 4] for at in range(16, min(length, 256), 4))}
    if brands & _HEIC:
        return "image/heic"
    # Of a film and a voice memo only the tracks tell which is which.
    tracks = {found[1] for found in re.finditer(rb"hdlr.{8}(soun|vide)", content, re.DOTALL)}
    if b"vide" in tracks:
        return "video/quicktime" if content[8:12] == b"qt  " else "video/mp4"
    is_sound = bool(tracks) or content[8:12] == b"M4A "
    return "audio/mp4" if is_sound else None


def _of_package(content: bytes) -> str | None:
    """Word and Excel by the list of what is packed; nothing is unpacked. Macros are not taken."""
    names = _packed(content)
    if "[content_types].xml" not in names or any(n.endswith("vbaproject.bin") for n in names):
        return None
    found = (mime for part, mime in _PARTS.items() if part in names)
    return next(found, None)


def _packed(content: bytes) -> set[str]:
    at = content.rfind(b"PK\x05\x06", -_LONGEST_END)
    if at < 0 or len(content) < at + 22:
        return set()
    entries, size = struct.unpack_from("<HI", content, at + 10)
    if entries > _MOST_PARTS or size > _MOST_LISTED:
        return set()
    try:
        with ZipFile(BytesIO(content)) as package:
            return {name.lower() for name in package.namelist()}
    except (BadZipFile, ValueError, NotImplementedError):
        return set()


def _of_streams(content: bytes) -> str | None:
    """Word and Excel of before 2007, by the names of their streams. Macros are not taken."""
    if _said("_VBA_PROJECT") in content:
        return None
    return next((mime for name, mime in _STREAMS.items() if _said(name) in content), None)


def _said(name: str) -> bytes:
    return name.encode("utf-16-le")


_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PARTS = {
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
}
_STREAMS = {"WordDocument": "application/msword", "Workbook": "application/vnd.ms-excel"}
# The end of a packed file with its longest remark; and how long the list of its parts may be.
_LONGEST_END = 22 + 65_535
_MOST_PARTS, _MOST_LISTED = 5000, 1024 * 1024
