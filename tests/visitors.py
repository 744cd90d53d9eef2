"""Browsers of customers for the tests: they ask as HTTP does, and follow nothing by themselves."""

import re
from datetime import timedelta
from typing import Any

import anyio
import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

import server
from db.tables import (
    FollowUp,
    History,
    ServiceRequest,
)
from pages.ui.kit import door
from pages.ui.kit.uploads import Uploads
from pages.ui.links import answering, apart
from tests.company_cast import NOW, Company

HERE = "http://127.0.0.1:8501"
LATER = NOW + timedelta(days=1)
HTML = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{ 7*7 }}'


class Clock:
    """What the process takes for now."""

    now = NOW


class Browser:
    """Asks an application as a browser does, which follows nothing by itself."""

    def __init__(self, app: Any, base: str) -> None:
        self.app, self.base = app, base

    def ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        return anyio.run(self._ask, method, path, sent)

    async def _ask(self, method: str, path: str, sent: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
            return await client.request(method, path, **sent)

    def get(self, path: str, **sent: Any) -> httpx.Response:
        return self.ask("GET", path, **sent)

    def post(self, path: str, **sent: Any) -> httpx.Response:
        return self.ask("POST", path, **sent)


def opened(base: str = HERE) -> Browser:
    """The door and the pages for customers, as server.py puts them together."""
    layers = [Middleware(each) for each in (server.SafeHeaders, door.Door, apart.Apart, Uploads)]
    route = Route("/c/{secret:path}", answering.take, methods=["GET", "POST"])
    rest = Route("/{path:path}", server.unknown)
    return Browser(Starlette(routes=[route, rest], middleware=layers), base)


def key_in(html: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', html)
    assert found is not None, html
    return found[1]


def post(client: Browser, secret: str, origin: str | None = HERE, **fields: str) -> Any:
    """Send the form as a browser does."""
    sent = {name.replace("__", "."): value for name, value in fields.items()}
    headers = {"origin": origin} if origin else {}
    where = f"/c/{secret}?lang=zh"
    return client.post(where, data={"do": "survey"} | sent, headers=headers)


def stored(company: Company) -> tuple[int, ...]:
    return tuple(len(company.rows(each)) for each in (History, ServiceRequest, FollowUp))
