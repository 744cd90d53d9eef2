"""Tiny real files of every type that a case takes, and of some that it does not."""

import io
import struct
import wave
import zipfile
import zlib

from PIL import Image

from core.kernel.file_types import OFFICE


def picture(kind: str, size: tuple[int, int] = (6, 4), **more: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "red").save(target, kind, **more)
    return target.getvalue()


def turned_photo() -> bytes:
    """A phone held upright: 40 x 20 as stored, with a note to turn it and where it was taken."""
    notes = Image.Exif()
    notes[0x0112] = 6
    notes.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", (40, 20), exif=notes)


def wav() -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(160))
    return target.getvalue()


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def boxes(brand: bytes, *others: bytes, tracks: tuple[bytes, ...] = ()) -> bytes:
    handlers = (box(b"hdlr", bytes(8) + track + bytes(13)) for track in tracks)
    films = (box(b"trak", box(b"mdia", handler)) for handler in handlers)
    head = box(b"ftyp", brand + bytes(4) + brand + b"".join(others))
    return head + (box(b"moov", b"".join(films)) if tracks else box(b"mdat", bytes(8)))


def ogg(content: bytes) -> bytes:
    page = bytearray(struct.pack("<4sBBqIIIB", b"OggS", 0, 2, 0, 1, 0, 0, 1))
    return bytes(page + bytes([len(content)]) + content)


def mp3() -> bytes:
    """One frame of silence: MPEG 1 layer III, 128 kbit/s, 44.1 kHz."""
    return b"\xff\xfb\x90\x64" + bytes(413)


def aac() -> bytes:
    return bytes([0xFF, 0xF1, 0x50, 0x80, 0x01, 0x7F, 0xFC]) + bytes(4)


def package(*names: str) -> bytes:
    """Files packed as Word and Excel pack theirs."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name in names:
            packed.writestr(name, "<x/>")
    return target.getvalue()


def streams(*names: str) -> bytes:
    """A file of Word or Excel of before 2007, as far as its names tell."""
    listed = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + listed


TYPES = "[Content_Types].xml"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
PNG = picture("PNG")
TAKEN = {
    "photo.jpg": (picture("JPEG"), "image/jpeg"),
    "photo.png": (PNG, "image/png"),
    "photo.webp": (picture("WEBP"), "image/webp"),
    "photo.gif": (picture("GIF"), "image/gif"),
    "apple.heic": (boxes(b"heic", b"mif1"), "image/heic"),
    "wide.heic": (boxes(b"heix", b"mif1"), "image/heic"),
    "other.heif": (boxes(b"mif1", b"heic"), "image/heic"),
    "form.pdf": (PDF, "application/pdf"),
    "scan.pdf": (b"\xef\xbb\xbf\n" + PDF, "application/pdf"),
    "call.mp3": (mp3(), "audio/mpeg"),
    "tagged.mp3": (b"ID3\x04" + bytes(6) + mp3(), "audio/mpeg"),
    "memo.m4a": (boxes(b"M4A ", b"isom", tracks=(b"soun",)), "audio/mp4"),
    "phone.m4a": (boxes(b"mp42", b"isom", tracks=(b"soun",)), "audio/mp4"),
    "call.3gp": (boxes(b"3gp4", tracks=(b"soun",)), "audio/mp4"),
    "raw.aac": (aac(), "audio/aac"),
    "call.wav": (wav(), "audio/wav"),
    "call.ogg": (ogg(b"\x01vorbis" + bytes(23)), "audio/ogg"),
    "call.opus": (ogg(b"OpusHead" + bytes(11)), "audio/ogg"),
    "call.amr": (b"#!AMR\n\x3c" + bytes(31), "audio/amr"),
    "wide.amr": (b"#!AMR-WB\n\x04" + bytes(17), "audio/amr"),
    "film.mp4": (boxes(b"isom", b"mp42", tracks=(b"vide", b"soun")), "video/mp4"),
    "film.mov": (boxes(b"qt  ", tracks=(b"vide",)), "video/quicktime"),
    "film.webm": (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "video/webm"),
    "letter.docx": (package(TYPES, "word/document.xml"), f"{OFFICE}wordprocessingml.document"),
    "list.xlsx": (package(TYPES, "xl/workbook.xml"), f"{OFFICE}spreadsheetml.sheet"),
    "letter.doc": (streams("Root Entry", "WordDocument"), "application/msword"),
    "list.xls": (streams("Root Entry", "Workbook"), "application/vnd.ms-excel"),
}
NOT_TAKEN = {
    "page.html": b"<!DOCTYPE html><script>alert(1)</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "hidden.html": b"<script>1</script>" + PDF,
    "cut.docx": b"PK\x03\x04" + bytes(30),
    "some.zip": package("word.txt"),
    "tool.jar": package("META-INF/MANIFEST.MF", "word/document.xml"),
    "macros.docm": package(TYPES, "word/document.xml", "word/vbaProject.bin"),
    "macros.doc": streams("WordDocument", "_VBA_PROJECT"),
    "setup.msi": streams("Root Entry", "!_Tables"),
    "list.xlsx.pdf": b"PK\x03\x04" + PDF,
    "film.mkv": b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska",
    "tool.exe": b"MZ" + bytes(60),
    "note.txt": "皮带断裂".encode(),
    "note16.txt": "abc".encode("utf-16"),
    "film.ogv": ogg(b"\x80theora" + bytes(30)),
    "film.avi": b"RIFF" + bytes(4) + b"AVI LIST",
    "photo.avif": boxes(b"avif", b"mif1"),
    "photo.bmp": picture("BMP"),
    "photo.tif": picture("TIFF"),
    "data.bin": b"\xff\xff\xff\xff",
    "one.jpg": b"\xff",
    "empty.zz": zlib.compress(b""),
}
