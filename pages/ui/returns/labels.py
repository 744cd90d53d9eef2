"""Labels of parcels: what a hand scanner types or a camera sees, as the label of a return."""

import re
from urllib.parse import parse_qs, urlsplit

from pages.ui.kit import scanning

LABEL = re.compile(r"[0-9a-zA-Z_-]{6,32}")


def read(text: str) -> str:
    """The label in what was scanned: an address that names it, or the label itself; else empty."""
    text = text.strip()
    try:
        asked = parse_qs(urlsplit(text).query).get("label", [text])
    except ValueError:  # brackets that are no address
        return ""
    return asked[0] if LABEL.fullmatch(asked[0]) else ""


def seen_or_code(photo: bytes) -> str:
    """The label on a photo, or else whatever code there is: that of a part."""
    return seen(photo) or scanning.first(photo)


def seen(photo: bytes) -> str:
    """The label on a photo; empty where none can be read."""
    return next((label for text in scanning.texts(photo) if (label := read(text))), "")
