"""Small pictures of photos, made once and kept: a case page must not load originals of 20 MB."""

import struct
from io import BytesIO

from PIL import Image

from db import files

# What Pillow draws by itself. HEIC is not among them: it is handed out, not shown.
DRAWN = ("image/jpeg", "image/png", "image/webp", "image/gif")
SIDE = 800
# A small file can unpack to gigabytes. JPEG is drawn reduced and needs no such limit.
MOST_PIXELS = 50_000_000
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


def of(digest: str) -> bytes | None:
    """A JPEG of at most 800 pixels a side; None when the photo is lost or cannot be drawn."""
    kept = files.load_preview(digest)
    if kept is not None:
        return kept
    original = files.load(digest)
    if original is None or files.sha256(original) != digest:
        return None
    made = draw(original)
    if made is not None:
        files.keep_preview(digest, made)
    return made


def draw(original: bytes) -> bytes | None:
    """A photo made small, the right way up, without where and when it was taken."""
    try:
        with Image.open(BytesIO(original)) as image:
            if image.format != "JPEG" and image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            return _jpeg(image)
    except BROKEN:
        return None


def _jpeg(image: Image.Image) -> bytes:
    turn = _TURNS.get(image.getexif().get(ORIENTATION, 1))
    image.thumbnail((SIDE, SIDE))
    upright = image if turn is None else image.transpose(turn)
    picture = Image.new("RGB", upright.size, "white")
    layer = upright.convert("RGBA")
    picture.paste(layer, mask=layer)
    target = BytesIO()
    picture.save(target, "JPEG", quality=80)
    return target.getvalue()
