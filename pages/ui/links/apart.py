"""A host name of its own for customers: it answers nothing else, and no other host answers them."""

import os
import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.ui.kit import door, words
from pages.ui.kit.door import Place
from pages.ui.links import drawing

SETTING, BELOW = door.CUSTOMER_HOST, f"/{door.CUSTOMERS}/"


def named() -> Place | None:
    """The host for customers, if there is one; ValueError for what is none."""
    text = re.sub(r"^https?://|/$", "", os.environ.get(SETTING, "").strip().lower())
    place = door.read_place(text) if text else None
    if text and place is None:
        raise ValueError(f"{SETTING}: {text!r} is not a host, or host:port")
    return place


def address() -> str:
    """The address of that host; empty where there is none."""
    place = named()
    if place is None:
        return ""
    is_plain = os.environ.get(SETTING, "").strip().lower().startswith("http:")
    port = f":{place.port}" if place.port else ""
    return f"{'http' if is_plain else 'https'}://{place.host}{port}"


class Apart:
    """Keeps customers and staff on hosts of their own, where one is named for customers."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application; ValueError when the setting cannot be read."""
        self.app = app
        self.host = named()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request on, or say that there is nothing here."""
        if self.host is None or scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        asked = door.read_place(Headers(scope=scope).get("host", ""))
        is_theirs = asked is not None and asked.host == self.host.host
        if is_theirs == scope["path"].startswith(BELOW):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            with words.speaking(
                drawing.spoken("", Headers(scope=scope).get("accept-language", ""))
            ):
                nothing = drawing.no_such(None)
            await nothing(scope, receive, send)
