"""Codes that a camera sees: the texts in them."""

from collections.abc import Callable, Iterator
from io import BytesIO

import streamlit as st
import zxingcpp
from PIL import Image

from core.kernel import previews
from pages.ui.kit.words import _

# Pixels: what the camera of a tablet takes stays as sharp as it is.
SIDE = 1920


def texts(photo: bytes) -> Iterator[str]:
    """The texts of the codes on a photo; none where none can be read."""
    # Anything can be handed in as a photo: it is taken apart in a process of its own.
    small = previews.draw(photo, side=SIDE)
    codes = zxingcpp.read_barcodes(Image.open(BytesIO(small))) if small else []
    return (code.text.strip() for code in codes)


def first(photo: bytes) -> str:
    """The text of the first code on a photo; empty without one."""
    return next(texts(photo), "")


def camera(key: str, seen: Callable[[bytes], str] = first) -> str:
    """What a camera that somebody switches on reads; "?" where a photo has nothing to be read."""
    if not st.toggle(_("Use the camera"), key=f"{key}_camera"):
        return ""
    photo = st.camera_input(_("Hold the code into the picture"), key=f"{key}_photo")
    return (seen(photo.getvalue()) or "?") if photo else ""
