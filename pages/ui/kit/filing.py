"""Files that hang on a record: each handed out and taken out, and one more asked for."""

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from core.kernel.errors import Refused
from core.kernel.given_files import LARGEST, MEGABYTE
from pages.ui.kit import gate, uploads, words
from pages.ui.kit.words import _


def hand_out(
    name: str,
    content: Callable[[], bytes],
    *,
    key: str,
    size: int | None = None,
    mime: str | None = None,
    note: str | None = None,
) -> None:
    """A file to be taken along; it is read when somebody asks for it."""
    st.download_button(
        words.plain(name) if size is None else f"{words.plain(name)} · {size_of(size)}",
        data=content,
        file_name=name,
        mime=mime,
        help=note,
        key=key,
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def size_of(count: int) -> str:
    """So many bytes, as people say it."""
    if count < MEGABYTE:
        return f"{words.number(max(count / 1024, 1))} KB"
    return f"{words.number(count / MEGABYTE, 1)} MB"


def take_out(remove: Callable[[Any], object], *, key: str) -> None:
    """The press by which a file goes."""
    if st.button(_("Take out"), key=key, type="tertiary") and _sent(secrets.token_hex(16), remove):
        _begin_anew()


def offer(
    name: str, label: str, press: str, kinds: Sequence[str], keep: Callable[..., object]
) -> None:
    """One more file, kept when the button is pressed; the next one has an empty field."""
    held = f"{name}·key"
    key: str = st.session_state.setdefault(held, secrets.token_hex(16))
    file = st.file_uploader(
        label,
        type=list(kinds),
        max_upload_size=LARGEST // MEGABYTE,
        key=f"{name}·{key}·files",
    )
    pressed = st.button(press, key=f"{name}_send", disabled=file is None)
    if not pressed or file is None:
        return
    if _sent(key, partial(keep, name=file.name, content=file.getvalue())):
        del st.session_state[held]
        uploads.forget()
        _begin_anew()


def _sent(key: str, command: Callable[[Any], object]) -> bool:
    try:
        gate.send(key, command)
    except Refused as error:
        st.error(words.refusal(error), icon=":material/error:")
        return False
    return True


def _begin_anew() -> None:
    gate.flash(_("Saved"))
    st.rerun()
