"""Tiny real files of every type that a case takes, and of some that it does not."""

import io
import struct
import wave
import zlib

from PIL import Image


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
}
NOT_TAKEN = {
    "page.html": b"<!DOCTYPE html><script>alert(1)</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "hidden.html": b"<script>1</script>" + PDF,
    "letter.docx": b"PK\x03\x04" + bytes(30),
    "tool.exe": b"MZ" + bytes(60),
    "note.txt": "皮带断裂".encode(),
    "note16.txt": "abc".encode("utf-16"),
    "film.mp4": boxes(b"isom", b"mp42", tracks=(b"vide", b"soun")),
    "film.m4a": boxes(b"M4A ", tracks=(b"soun", b"vide")),
    "film.ogv": ogg(b"\x80theora" + bytes(30)),
    "film.avi": b"RIFF" + bytes(4) + b"AVI LIST",
    "photo.avif": boxes(b"avif", b"mif1"),
    "photo.bmp": picture("BMP"),
    "photo.tif": picture("TIFF"),
    "data.bin": b"\xff\xff\xff\xff",
    "one.jpg": b"\xff",
    "empty.zz": zlib.compress(b""),
}
