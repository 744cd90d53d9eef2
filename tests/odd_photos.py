"""Photos that ask for much more than they are: made here, small, each of another kind."""

import io
import struct
import zlib

from PIL import Image

from tests.attached_files import picture


def encoded(image: Image.Image, kind: str, **more: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **more)
    return target.getvalue()


def with_size(jpeg: bytes, width: int, height: int) -> bytes:
    """A JPEG that says it is as large as this; a decoder takes the room before it finds out."""
    at = next(
        jpeg.index(start) for start in (b"\xff\xc0\x00\x11", b"\xff\xc2\x00\x11") if start in jpeg
    )
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def in_two_scans(jpeg: bytes) -> bytes:
    """A plain JPEG whose first scan holds one colour of three."""
    at = jpeg.index(b"\xff\xda\x00\x0c\x03")
    return jpeg[:at] + b"\xff\xda\x00\x08\x01" + jpeg[at + 5 : at + 7] + jpeg[at + 11 :]


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")


def film(kind: str, frames: int, **more: object) -> bytes:
    first, *others = [Image.new("RGB", (60, 40), (n * 40 % 256, 0, 0)) for n in range(frames)]
    return encoded(first, kind, save_all=True, append_images=others, **more)


def webp_of(width: int, height: int) -> bytes:
    """A film of two small frames on a canvas as large as this."""
    made = bytearray(film("WEBP", 2))
    at = made.index(b"VP8X") + 12
    made[at : at + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(made)


def lossless_webp_of(width: int, height: int) -> bytes:
    made = bytearray(picture("WEBP", lossless=True))
    at = made.index(b"VP8L") + 9
    bits = int.from_bytes(made[at : at + 4], "little") >> 28 << 28
    made[at : at + 4] = (bits | (height - 1) << 14 | (width - 1)).to_bytes(4, "little")
    return bytes(made)


def plain_webp_of(width: int, height: int) -> bytes:
    made = bytearray(picture("WEBP"))
    at = made.index(b"\x9d\x01\x2a") + 3
    made[at : at + 4] = struct.pack("<HH", width, height)
    return bytes(made)


TOO_MUCH = {
    "progressive.jpg": with_size(picture("JPEG", (64, 64), progressive=True), 13_300, 13_300),
    "two scans.jpg": with_size(in_two_scans(picture("JPEG", (64, 64))), 13_300, 13_300),
    "enormous.jpg": with_size(picture("JPEG", (64, 64)), 65_000, 65_000),
    "60000.png": png_of(60_000, 60_000),
    "54 million.png": picture("PNG", (9000, 6000)),
    "16383.webp": webp_of(16_383, 16_383),
    "16383 lossless.webp": lossless_webp_of(16_383, 16_383),
    "16383 plain.webp": plain_webp_of(16_383, 16_383),
    "60000.gif": b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + picture("GIF")[10:],
}


def ordinary() -> dict[str, bytes]:
    """What phones, messengers and screens give, as large as they give it."""
    photo = Image.effect_noise((500, 375), 60).resize((4000, 3000)).convert("RGB")
    large = Image.effect_noise((400, 300), 60).resize((12_000, 9_000)).convert("RGB")
    return {
        "phone.jpg": encoded(photo, "JPEG"),
        "messenger.jpg": encoded(photo, "JPEG", progressive=True),
        "108 million.jpg": encoded(large, "JPEG"),
        "two lenses.jpg": encoded(
            photo, "MPO", save_all=True, append_images=[photo.resize((80, 60))]
        ),
        "grey.jpg": encoded(photo.convert("L"), "JPEG"),
        "print.jpg": encoded(photo.convert("CMYK"), "JPEG"),
        "screen.png": encoded(photo.resize((1920, 1080)), "PNG"),
        "clear.png": encoded(photo.convert("RGBA"), "PNG", compress_level=1),
        "photo.webp": encoded(photo, "WEBP", method=0),
        "film.gif": film("GIF", 200),
        "film.webp": film("WEBP", 50),
        "film.png": film("PNG", 50),
    }
