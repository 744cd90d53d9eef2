"""Labels of parcels: what a hand scanner types or a camera sees, as the label of a return."""

import re
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import zxingcpp
from PIL import Image

from core.kernel import previews

# Pixels: what the camera of a tablet takes stays as sharp as it is.
SIDE = 1920
LABEL = re.compile(r"[0-9a-zA-Z_-]{6,32}")


def read(text: str) -> str:
    """The label in what was scanned: an address that names it, or the label itself; else empty."""
    text = text.strip()
    try:
        asked = parse_qs(urlsplit(text).query).get("label", [text])
    except ValueError:  # brackets that are no address
        return ""
    return asked[0] if LABEL.fullmatch(asked[0]) else ""


def seen(photo: bytes) -> str:
    """The label on a photo; empty where none can be read."""
    # Anything can be handed in as a photo: it is taken apart in a process of its own.
    small = previews.draw(photo, side=SIDE)
    codes = zxingcpp.read_barcodes(Image.open(BytesIO(small))) if small else []
    return next((label for code in codes if (label := read(code.text))), "")
