"""Draws a photo small, in a process of its own (see previews.py): a photo in, a JPEG out."""

import struct
import sys
from io import BytesIO

from PIL import Image

from core.kernel import bounded
from core.kernel.bounded import MEGABYTE, TOO_LARGE, UNREADABLE

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MEMORY = 768 * MEGABYTE
SECONDS = 6

# Where a system sets no limit of memory, these alone hold. Pixels: they take
# some 400 MB at most.
MOST_PIXELS = 50_000_000
# Twice the picture is kept while it is decoded.
MOST_WEBP = 30_000_000
# A plain JPEG is decoded line by line and reduced on the way: phones take 200 million pixels.
# In several passes it must be kept whole, and then it is like any other.
MOST_JPEG = 210_000_000

# What Pillow raises for pictures that are cut off, or whose notes from the camera are odd.
BROKEN: tuple[type[Exception], ...] = (
    *(OSError, EOFError, ValueError, TypeError, SyntaxError, LookupError, ArithmeticError),
    *(struct.error, Image.DecompressionBombError),
)
# How a phone was held (a note in the photo), and how the picture is turned upright for it.
ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def main(side: int) -> int:
    """Write the small picture; the exit code says why there is none."""
    is_limited = bounded.stay_small(memory=MEMORY, seconds=SECONDS)
    try:
        picture = draw(sys.stdin.buffer.read(), side)
    except BROKEN:
        return UNREADABLE
    except MemoryError:  # without a limit it is the machine that has none left
        return TOO_LARGE if is_limited else 1
    sys.stdout.buffer.write(picture)
    return 0


def draw(original: bytes, side: int) -> bytes:
    """A JPEG of at most so many pixels a side, upright, without where and when it was taken.

    One of BROKEN when it cannot be drawn, or asks for too much.
    """
    Image.MAX_IMAGE_PIXELS = None  # the limits above know more
    _check_webp(original)
    with Image.open(BytesIO(original), formats=FORMATS) as image:
        if image.width * image.height > _most_pixels(image.format, original):
            raise ValueError("too many pixels")
        return _jpeg(image, side)


def _most_pixels(kind: str | None, original: bytes) -> int:
    # A JPEG that holds a second picture, of another lens or smaller, is called MPO.
    is_plain = kind in ("JPEG", "MPO") and is_in_one_pass(original)
    return MOST_JPEG if is_plain else MOST_PIXELS


def _jpeg(image: Image.Image, side: int) -> bytes:
    turn = _TURNS.get(image.getexif().get(ORIENTATION, 1))
    image.thumbnail((side, side))
    upright = image if turn is None else image.transpose(turn)
    picture = Image.new("RGB", upright.size, "white")
    layer = upright.convert("RGBA")
    picture.paste(layer, mask=layer)
    target = BytesIO()
    picture.save(target, "JPEG", quality=80)
    return target.getvalue()


def is_in_one_pass(jpeg: bytes) -> bool:
    """Whether a JPEG is decoded line by line: one frame, not progressive, all colours in a scan.

    Anything odd counts as no: what the decoder makes of it is not known.
    """
    at, colours = 2, 0
    while jpeg[at : at + 1] == b"\xff" and at + 4 < len(jpeg):
        kind, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4])
        body = jpeg[at + 4 : at + 2 + length]
        if kind == 0xDA:
            return 0 < colours == body[0]
        if kind in (0xC0, 0xC1) and not colours and len(body) > 5:
            colours = body[5]
        elif 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            return False
        at += 2 + length
    return False


def _check_webp(content: bytes) -> None:
    """Before it is opened: opening alone takes the memory of the whole picture, twice."""
    if content[8:12] != b"WEBP":
        return
    chunk, head = content[12:16], content[20:30].ljust(10, b"\0")
    if chunk == b"VP8X":
        sides = [1 + int.from_bytes(head[at : at + 3], "little") for at in (4, 7)]
    elif chunk == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        sides = [1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)]
    else:
        sides = [int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8)]
    if sides[0] * sides[1] > MOST_WEBP:
        raise ValueError("too many pixels")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
