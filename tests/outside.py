"""Services outside on this machine: a mail server, and a gateway that takes messages."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from core.messages import ways
from db.codes import MessageWay
from tests.running_tool import free_port

SENDER = "service@example.com"


class Mailbox:
    """A mail server: what it took; what it says to a recipient, and to a mail."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.to: list[str] = []
        self.at_recipient = "250 OK"
        self.at_data = "250 OK"
        self.waits = 0.0

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.at_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.waits)
        if self.at_data.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.taken.append(mail)
            self.to += envelope.rcpt_tos
        return self.at_data


@contextmanager
def mailing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server that the tool sends by."""
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv(ways.SETTINGS[MessageWay.EMAIL], f"smtp://127.0.0.1:{port}?from={SENDER}")
    try:
        yield mailbox
    finally:
        controller.stop()


class Gateway:
    """A gateway: what it took; what it answers, and after how long."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.status, self.answer = 200, b'{"ok": true}'
        self.waits: threading.Event | None = None


@contextmanager
def gateway(monkeypatch: pytest.MonkeyPatch, way: MessageWay = MessageWay.SMS) -> Iterator[Gateway]:
    """A gateway that the tool sends by."""
    there = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            there.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if there.waits:
                there.waits.wait(30)
                return
            self.send_response(there.status)
            self.send_header("Content-Length", str(len(there.answer)))
            self.end_headers()
            self.wfile.write(there.answer)

        def log_message(self, *_: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv(ways.SETTINGS[way], f"http://127.0.0.1:{server.server_port}/send")
        try:
            yield there
        finally:
            if there.waits:
                there.waits.set()
            server.shutdown()
            thread.join()
