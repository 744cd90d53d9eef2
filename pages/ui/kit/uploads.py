"""Uploads: taken from whoever is signed in, up to a measure, and given back soon.

Streamlit takes files from anybody who has a page open, the sign-in form too, and keeps them as
long as it pleases.
"""

import gc
import logging
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import anyio
import streamlit as st
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.session_manager import SessionInfo, SessionManager
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from pages.ui.kit import door, gate

log = logging.getLogger("aftercare")

MEGABYTE = 1024 * 1024
# What one person has waiting in all windows, and all people of this process together.
EACH, ALL = 200 * MEGABYTE, 1000 * MEGABYTE
# Requests that bring no file: none of ours has more to say.
OTHERS = 64 * 1024
MULTIPART = "multipart/form-data"
_READING = ("GET", "HEAD", "OPTIONS")
# And photos of customers, several at once; whoever takes them asks first whose they are.
PHOTOS = 42 * MEGABYTE
# Where forms of ours come in: whoever sends them is asked for there.
_FORMS = ("/api/", f"/{door.CUSTOMERS}/")
_ROUTE = re.compile(r"(?:/[^/]+)*?/_stcore/upload_file/([^/]+)/[^/]+")

SIGN_IN = "请先登录，再上传文件。\nSign in before you upload a file.\n"
TOO_LARGE = "文件太大。\nThe file is too large.\n"
FULL = (
    "等待保存的文件太多：请先保存或移除已上传的文件，再继续。\n"
    "Too many files are waiting: save or remove what you have uploaded, then go on.\n"
)


class Uploads:
    """Lets bodies in from signed-in windows only, and cuts them at their measure."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app
        # Bytes that are under way, by person: what is promised counts before it is here.
        self.under_way: Counter[int] = Counter()
        # Whose files a window of Streamlit's holds.
        self.owners: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge one request by its head."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["method"] in _READING or scope["path"].startswith(_FORMS):
            await self.app(scope, _cut(receive, PHOTOS if _has_photos(scope) else OTHERS), send)
        else:
            await self._judge(scope, receive, send)

    async def _judge(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = _ROUTE.fullmatch(scope["path"])
        person = await anyio.to_thread.run_sync(_holder, route[1]) if route else None
        if route is None or person is None:
            log.warning("refused an upload without a sign-in from %s", door.client(scope))
            await door.refuse(scope, send, 401, SIGN_IN)
            return
        size = _promised(scope)
        too_much = self._too_much(person, size) if scope["method"] == "PUT" else None
        if too_much:
            log.warning("refused an upload of %d bytes from %s", size, door.client(scope))
            await door.refuse(scope, send, 413, too_much)
            return
        self.owners[route[1]] = person
        with self._counted(person, size):
            await self.app(scope, _cut(receive, size), send)

    def _too_much(self, person: int, size: int) -> str | None:
        if size > largest():
            return TOO_LARGE
        held = self._held() + self.under_way
        return FULL if held[person] + size > EACH or held.total() + size > ALL else None

    def _held(self) -> Counter[int]:
        held: Counter[int] = Counter()
        stored = dict(_files().file_storage)
        self.owners = {window: person for window, person in self.owners.items() if window in stored}
        for window, files in stored.items():
            held[self.owners.get(window, 0)] += sum(len(file.data) for file in [*files.values()])
        return held

    @contextmanager
    def _counted(self, person: int, size: int) -> Iterator[None]:
        self.under_way[person] += size
        try:
            yield
        finally:
            self.under_way[person] -= size


def _has_photos(scope: Scope) -> bool:
    """Whether a customer's form brings files."""
    kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    return kind == MULTIPART and scope["path"].startswith(f"/{door.CUSTOMERS}/")


def largest() -> int:
    """The bytes of the largest body that is read: a file in its wrapping."""
    return int(st.get_option("server.maxUploadSize")) * MEGABYTE


def forget() -> None:
    """Let go of what this window has uploaded: it was saved, or nobody sees it any more."""
    run = get_script_run_ctx()
    if run:
        run.uploaded_file_mgr.remove_session_files(run.session_id)


def give_back() -> None:
    """Free what closed windows have left behind, once nobody can come back to them.

    Streamlit itself does so when the next window closes, which at night is never.
    """
    windows, files = runtime.get_instance()._session_mgr, _files()
    closed = [window.session for _id, window in _left(windows).expire()]
    had_files = any(session.id in files.file_storage for session in closed)
    while closed:
        closed.pop().shutdown()
    for window in [*files.file_storage]:
        if windows.get_session_info(window) is None:
            files.remove_session_files(window)
    if had_files:
        gc.collect()  # what a closed window remembers of its files hangs in circles


def _left(windows: SessionManager) -> TTLCache[str, SessionInfo]:
    """The closed windows that Streamlit keeps for a while, should somebody come back."""
    assert isinstance(windows, WebsocketSessionManager)
    storage = windows._session_storage
    assert isinstance(storage, MemorySessionStorage) and isinstance(storage._cache, TTLCache)
    return storage._cache


def _holder(window: str) -> int | None:
    """Who is signed in at a window of Streamlit's, as the database says now."""
    found = runtime.get_instance().get_app_session(window)
    if found is None or gate.SECRET not in found.session_state:
        return None
    actor = gate.holder(found.session_state[gate.SECRET])
    return actor.id if actor else None


def _files() -> MemoryUploadedFileManager:
    return cast(MemoryUploadedFileManager, runtime.get_instance().uploaded_file_mgr)


def _promised(scope: Scope) -> int:
    sent = dict(scope["headers"])
    length = sent.get(b"content-length", b"")
    # Without a length it may become as large as any: more than that is cut off.
    is_told = length.isdigit() and b"transfer-encoding" not in sent
    return int(length) if is_told else largest()


def _cut(receive: Receive, most: int) -> Receive:
    taken = 0

    async def receive_within() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413, TOO_LARGE)
        return message

    return receive_within
