"""A window without a browser: what may be sent by whoever writes the bytes themselves."""

import http.client
import re
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import jwt
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from db.tables import Company
from tests.running_tool import Tool
from tests.screen import secret

PATIENCE = 30
BOUNDARY = "b0undary"


def send(tool: Tool, *lines: str) -> tuple[int, str]:
    """The status and text that the tool answers to a request written by hand."""
    place = urlsplit(tool.url)
    with socket.create_connection((place.hostname, place.port), timeout=PATIENCE) as link:
        link.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        with closing(http.client.HTTPResponse(link)) as answer:
            answer.begin()
            text = "" if answer.status == 101 else answer.read().decode()
            return answer.status, text


def handshake(tool: Tool, *headers: str) -> tuple[int, str]:
    """What the tool answers to a websocket that is asked for with these headers."""
    key = ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13")
    upgrade = ("Upgrade: websocket", "Connection: Upgrade")
    return send(tool, "GET /_stcore/stream HTTP/1.1", *upgrade, *key, *headers)


@contextmanager
def window(tool: Tool, who: str | None = None) -> Iterator[str]:
    """A window that is open, with somebody's cookie or none: Streamlit's name for it."""
    cookie = {"Cookie": f"aftercare={_token(tool, who)}"} if who else {}
    place = f"ws://{urlsplit(tool.url).netloc}/_stcore/stream"
    rerun = BackMsg()
    rerun.rerun_script.query_string = ""
    with connect(place, additional_headers=cookie, max_size=None) as link:
        link.send(rerun.SerializeToString())
        name = ""
        while True:
            message = ForwardMsg.FromString(link.recv(timeout=PATIENCE))
            if message.WhichOneof("type") == "new_session":
                name = message.new_session.initialize.session_id
            if message.WhichOneof("type") == "script_finished":
                break
        yield name


def _token(tool: Tool, who: str) -> str:
    company = tool.company()
    (row,) = company.rows(Company)
    claims = {"sid": secret(company, who), "exp": time.time() + 3600}
    return jwt.encode(claims, row.cookie_key, algorithm="HS256")


def waiting(url: str) -> int:
    """The bytes of uploads that the tool has in its memory, as it tells itself."""
    with urllib.request.urlopen(f"{url}/_stcore/metrics", timeout=PATIENCE) as answer:
        found = re.findall(r'UploadedFileManager".*? ([0-9.]+)$', answer.read().decode(), re.M)
    return sum(int(float(each)) for each in found)


class Uploader:
    """Sends files to a window, with the token that Streamlit asks for."""

    def __init__(self, tool: Tool) -> None:
        self.place = urlsplit(tool.url)
        with closing(http.client.HTTPConnection(self.place.netloc, timeout=PATIENCE)) as link:
            link.request("GET", "/_stcore/health")
            cookies = link.getresponse().headers.get_all("Set-Cookie") or []
        (cookie,) = [each.split(";")[0] for each in cookies if each.startswith("_streamlit_xsrf")]
        self.token = {"Cookie": cookie, "X-Xsrftoken": cookie.partition("=")[2]}

    def send(
        self, window: str, size: int, name: str = "f", *, method: str = "PUT", told: bool = True
    ) -> tuple[int, str]:
        """Send that many bytes, with or without their length before them."""
        head = (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=f; filename=f\r\n"
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        body = head + bytes(size) + f"\r\n--{BOUNDARY}--\r\n".encode()
        parts = body if told else (body[at : at + 65536] for at in range(0, len(body), 65536))
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        address = f"/_stcore/upload_file/{window}/{name}"
        with closing(http.client.HTTPConnection(self.place.netloc, timeout=PATIENCE)) as link:
            link.request(method, address, parts, self.token | kind, encode_chunked=not told)
            answer = link.getresponse()
            return answer.status, answer.read().decode()
