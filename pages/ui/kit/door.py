"""The door of the process: whose address and whose page a request may come from.

Judged before Streamlit sees anything. Streamlit compares a foreign Origin with the machine's
address on the internet, which it asks for inside the event loop: on a closed network everybody
waits twenty seconds for one such request.
"""

import logging
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from core.links import links

log = logging.getLogger("aftercare")

SETTING = "AFTERCARE_HOSTS"
# The host of customers is a name of ours as well; what is theirs lies below one address.
CUSTOMER_HOST, CUSTOMERS = "AFTERCARE_CUSTOMER_HOST", links.PATH
PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
_PLACE = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?", re.I | re.A)
_SHOWN = 100
TEXT = (
    "此地址不能打开售后管家：{shown}\n"
    f"管理员请在环境变量 {SETTING} 中写入员工在浏览器里看到的主机名（和端口），多个用逗号隔开，"
    "然后重新启动。\n\n"
    "Aftercare is not open to this address: {shown}\n"
    f"Administrators: put the host (and port) that people see in their browsers into {SETTING}, "
    "several with commas between them, and start again.\n"
)


@dataclass(frozen=True)
class Place:
    """A host with its port; None where none was written."""

    host: str
    port: int | None


class Door:
    """Refuses what names a foreign Host or Origin.

    What it lets in keeps an Origin that is plainly its Host: Streamlit wants to see that before it
    believes what a sign-in service said. Of any other Streamlit would ask the internet.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application; ValueError when the setting cannot be read."""
        self.app = app
        self.named = named_places()
        self.names = {place.host for place in self.named} | set(_own_names())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refused = self.refusal(scope)
        if refused is not None:
            log.warning("refused %s from %s, see %s", ascii(refused), client(scope), SETTING)
            await refuse(scope, send, 403, TEXT.format(shown=_printable(refused)))
            return
        host = _sent(scope, b"host")[0]
        kept = [
            (name, value)
            for name, value in scope["headers"]
            if name != b"origin" or value.decode("latin-1").partition("://")[2] == host
        ]
        await self.app({**scope, "headers": kept}, receive, send)

    def refusal(self, scope: Scope) -> str | None:
        """What of a request is foreign, as it was sent; None when it may come in."""
        hosts, origins = _sent(scope, b"host"), _sent(scope, b"origin")
        host = read_place(hosts[0]) if len(hosts) == 1 else None
        if host is None or not (_is_here(host.host) or host.host in self.names):
            return f"Host: {', '.join(hosts)}"
        path: str = scope["path"]
        if not path.startswith("/"):  # a proxy is asked for a whole address; we are none
            return path
        if origins and not (len(origins) == 1 and self._is_ours(origins[0], host, scope["scheme"])):
            return f"Origin: {', '.join(origins)}"
        return None

    def _is_ours(self, origin: str, host: Place, asked_by: str) -> bool:
        scheme, _, rest = origin.partition("://")
        place, default = read_place(rest), PORTS.get(scheme.lower())
        if place is None or scheme.lower() not in ("http", "https"):
            return False
        page = Place(place.host, place.port or default)
        # A proxy that speaks HTTPS asks us by HTTP: then either scheme's own port will do.
        implied = 443 if asked_by in ("https", "wss") else default
        named = {Place(each.host, each.port or default) for each in self.named}
        return page in {Place(host.host, host.port or implied), *named}


async def refuse(scope: Scope, send: Send, status: int, text: str) -> None:
    """Answer in a few words, before a websocket opens and before a body is read."""
    is_websocket = scope["type"] == "websocket"
    if is_websocket and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    body = text.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    kind = "websocket.http.response" if is_websocket else "http.response"
    await send({"type": f"{kind}.start", "status": status, "headers": headers})
    await send({"type": f"{kind}.body", "body": body})


def client(scope: Scope) -> str:
    """The address that a request comes from."""
    return scope["client"][0] if scope.get("client") else "?"


def read_place(text: str) -> Place | None:
    """A host and port as browsers write them; None for anything else."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    host, port = found[1].lower().removesuffix("."), int(found[2]) if found[2] else None
    address = _address(host)
    is_broken = not host or (host.startswith("[") and address is None)
    if is_broken or (port is not None and not 0 < port < 65536):
        return None
    return Place(address or host, port)


def named_places() -> tuple[Place, ...]:
    """The hosts of the setting; ValueError for one that is none."""
    said = ",".join(os.environ.get(each, "") for each in (SETTING, CUSTOMER_HOST))
    written = [each.strip() for each in said.split(",")]
    return tuple(_named(each) for each in written if each)


def _named(text: str) -> Place:
    place = read_place(re.sub(r"^https?://|/$", "", text.lower()))
    if place is None:
        raise ValueError(f"{SETTING}: {text!r} is not a host, or host:port")
    return place


def _sent(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _is_here(host: str) -> bool:
    # A name can be made to lead here by whoever owns it (DNS rebinding); an address cannot.
    return host == "localhost" or host.endswith(".localhost") or _address(host) is not None


def _address(host: str) -> str | None:
    try:
        return str(ip_address(host.removeprefix("[").removesuffix("]")))
    except ValueError:
        return None


def _own_names() -> Iterator[str]:
    # socket.getfqdn() would ask a name server that may not answer: only what is written here.
    name = socket.gethostname().lower()
    short = name.split(".")[0]
    yield from (name, short)
    for words in _lines("/etc/hosts"):
        if name in words[1:]:
            yield from words[1:]
    for words in _lines("/etc/resolv.conf"):
        if words[0] in ("search", "domain"):
            yield from (f"{short}.{domain.strip('.')}" for domain in words[1:])


def _lines(path: str) -> list[list[str]]:
    file = Path(path)
    text = file.read_text("utf-8", errors="replace").lower() if file.is_file() else ""
    lines = (line.partition("#")[0].split() for line in text.splitlines())
    return [words for words in lines if words]


def _printable(text: str) -> str:
    # It may hold anything: what cannot be read is shown as a question mark.
    shown = "".join(sign if sign.isascii() and sign.isprintable() else "?" for sign in text)
    return shown[:_SHOWN]
