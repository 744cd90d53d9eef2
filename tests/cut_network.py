"""A way to the tool that can be cut: whoever goes through it loses the network in mid-sentence."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from urllib.parse import urlsplit

from tests.running_tool import free_port

MOST = 65536


class Way:
    """Passes bytes on between a port of its own and the tool, as long as it is open."""

    def __init__(self, url: str) -> None:
        self.there = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.door: socket.socket | None = None
        self.talks: list[socket.socket] = []

    def open(self) -> None:
        """The network is there."""
        self.door = socket.create_server(("127.0.0.1", self.port))
        Thread(target=self._let_in, args=(self.door,), daemon=True).start()

    def cut(self) -> None:
        """The network is gone: what was under way breaks off, and nobody comes in."""
        if self.door:
            self.door.shutdown(socket.SHUT_RDWR)
            self.door.close()
            self.door = None
        for talk in self.talks:
            with suppress(OSError):
                talk.shutdown(socket.SHUT_RDWR)
        self.talks.clear()

    def _let_in(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                inside, _from = door.accept()
                outside = socket.create_connection(self.there)
                self.talks += [inside, outside]
                Thread(target=_talk, args=(inside, outside), daemon=True).start()


def _talk(inside: socket.socket, outside: socket.socket) -> None:
    with inside, outside:
        back = Thread(target=_pass_on, args=(outside, inside), daemon=True)
        back.start()
        _pass_on(inside, outside)
        back.join()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while part := one.recv(MOST):
            other.sendall(part)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


@contextmanager
def way_to(url: str) -> Iterator[Way]:
    """A way that is open at first."""
    way = Way(url)
    way.open()
    try:
        yield way
    finally:
        way.cut()
