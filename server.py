"""The process around the screens: its door, health, headers, warm-up, and the minute's sweep.

Start it with `streamlit run server.py`.
"""

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import anyio
import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import net_util
from streamlit.runtime.pages_manager import PagesManager

from core import sweep
from core.kernel import database, health
from core.kernel.errors import Hindered
from core.kernel.unit_of_work import transaction
from core.people import company
from core.process import clock
from db import migrate
from pages.ui.dispatch import planner
from pages.ui.frame import bundle, wrong_address
from pages.ui.jobs import receiving, signature
from pages.ui.kit import cookie, uploads, words
from pages.ui.kit.door import CUSTOMERS, Door
from pages.ui.links import answering
from pages.ui.links.apart import Apart
from pages.ui.notices import lines as notices

log = logging.getLogger("aftercare")

# A folder named pages/ makes a fresh process run pages/x.py without app.py, past the sign-in.
# The flag is private to Streamlit: the version is pinned and a test holds it.
PagesManager.uses_pages_directory = False
# Streamlit asks the internet for this machine's address, and everybody waits for the answer. The
# door leaves no reason to; this is the second lock. Private too: pinned, and a test holds it.
net_util.get_external_ip = net_util.get_internal_ip = lambda: None

SERVED = (planner.BOARD, signature.PAD)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    # Closed networks: nothing is fetched from elsewhere. Charts need eval, Streamlit inline styles.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "media-src 'self' blob:; connect-src 'self' ws: wss: data: blob:; "
        "worker-src 'self' blob:; frame-ancestors 'self'; object-src 'none'; "
        "base-uri 'self'; form-action 'self'"
    ),
}
# What nobody asks for by HTTP any more, once it was had by HTTPS.
BY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
# Papers, attachments and pictures: nothing of them stays in a browser or on the way to it.
MADE, NOT_KEPT = "/media/", {"Cache-Control": "no-store"}


class SafeHeaders:
    """Adds the headers of HEADERS to every answer, and those of its kind.

    What an answer says of itself, stands.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = _others(scope, message)
                told = {name.lower() for name, _value in kept}
                ours = [each for each in _extra(scope) if each[0] not in told]
                message["headers"] = [*kept, *ours]
            await send(message)

        # A window's own talk has no headers, and a message for each element.
        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _extra(scope: Scope) -> list[tuple[bytes, bytes]]:
    given = HEADERS | (BY_HTTPS if scope["scheme"] == "https" else {})
    given |= NOT_KEPT if scope["path"].startswith(MADE) else {}
    return [(name.lower().encode(), value.encode()) for name, value in given.items()]


def _others(scope: Scope, message: Message) -> list[tuple[bytes, bytes]]:
    kept = message.get("headers", [])
    if scope["path"].startswith(MADE):
        return [(name, value) for name, value in kept if name.lower() != b"cache-control"]
    return list(kept)


def healthy(_request: Request) -> Response:
    """200 when a row can be written; 503 with the reason when it cannot."""
    hindrance = health.standing(datetime.now(UTC))
    if hindrance is None:
        return JSONResponse({"status": "ok"})
    return JSONResponse({"status": "hindered", "reason": hindrance}, status_code=503)


def unknown(_request: Request) -> Response:
    """Streamlit would answer an unknown /api address with its page and 200."""
    return JSONResponse({"error": "not_found"}, status_code=404)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Migrate, warm up, then sweep once a minute until the process ends."""
    _speak_up()
    await anyio.to_thread.run_sync(lambda: migrate.upgrade(database.engine()))
    await anyio.to_thread.run_sync(_tell_token)
    await anyio.to_thread.run_sync(_warm_up)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_every_minute)
        tasks.start_soon(_every_few_seconds)
        yield
        tasks.cancel_scope.cancel()


def _speak_up() -> None:
    # Without a handler of its own Python says warnings only, and no time with them.
    said = logging.StreamHandler()
    said.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(said)
    log.setLevel(logging.INFO)


def _tell_token() -> None:
    # Whoever comes first would own the company: only who reads the log of the server may.
    with transaction(database.engine(), write=True) as session:
        token = company.token(session)
    if token:
        log.warning("no company yet; the token of the first start is %s", token)


def _warm_up() -> None:
    # The first visitor would otherwise wait for these imports.
    import altair  # noqa: F401, PLC0415
    import pandas  # noqa: F401, PLC0415


async def _every_minute() -> None:
    while True:
        try:
            await anyio.to_thread.run_sync(_work_of_the_minute)
        except sweep.PASSING:
            # A busy or restarting database: the next minute tries again, the log says why.
            log.exception("the sweep failed")
        await anyio.sleep(60)


def _work_of_the_minute() -> None:
    if clock.WATCH.may_work(database.engine(), now=datetime.now(UTC)):
        sweep.run(database.engine(), notices.speak)


async def _every_few_seconds() -> None:
    while True:
        await anyio.sleep(15)
        uploads.give_back()


def _show_bug(error: Exception) -> bool:
    """A page with a reference number; the details are in the log under the same number.

    Where the disk, the database or a lock is in the way, what happened and what is kept.
    """
    if isinstance(error, Hindered):
        log.warning("hindered by %s", error.details["reason"])
        words.show_hindered(error)
        return True
    reference = secrets.token_hex(4)
    log.error("bug %s", reference, exc_info=error)
    words.show_bug(reference)
    return True


app = st.App(
    Path(__file__).with_name("app.py"),
    routes=[
        Route("/healthz", healthy),
        *(Mount(f"/{each.address}", StaticFiles(directory=each.assets)) for each in SERVED),
        Route(cookie.ROUTE, cookie.keep, methods=["POST"]),
        Route(f"/{receiving.ADDRESS}/{{job:int}}", receiving.take, methods=["POST"]),
        Route(f"/{CUSTOMERS}/{{secret:path}}", answering.take, methods=["GET", "POST"]),
        Route("/api/{path:path}", unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
    ],
    middleware=[
        Middleware(SafeHeaders),
        Middleware(Door),
        Middleware(Apart),
        Middleware(uploads.Uploads),
        Middleware(wrong_address.ToHome, CUSTOMERS, *(each.address for each in SERVED)),
        # A third of the bytes for telephones. Streamlit leaves its own programs unpacked.
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6),
        Middleware(bundle.OurWords),
    ],
    lifespan=lifespan,
    on_script_error=_show_bug,
)
