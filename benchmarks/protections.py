"""Measure what protections add to a write and to a request, with and without each in turn.

python benchmarks/protections.py
"""

import asyncio
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest import mock

from starlette.types import ASGIApp, Receive, Scope, Send

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.durability import Row, company, in_turn, registering
from benchmarks.screens import FOLDER, cast
from core.kernel import recorded
from pages.ui.frame import wrong_address
from pages.ui.kit import uploads
from pages.ui.kit.door import Door
from server import SafeHeaders

RESULTS = Path(__file__).with_suffix(".md")
REQUESTS = 500
SCOPE: Scope = {
    "type": "http",
    "method": "GET",
    "scheme": "http",
    "path": "/",
    "headers": [(b"host", b"127.0.0.1:8501"), (b"origin", b"http://127.0.0.1:8501")],
    "client": ("127.0.0.1", 50_000),
}


async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
    """What is behind the door: one empty answer."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def asking(app: ASGIApp) -> Callable[[], float]:
    """Gives the seconds of one request."""

    async def nothing(_message: Any = None) -> Any:
        return None

    async def ask() -> None:
        for _ in range(REQUESTS):
            await app(dict(SCOPE), nothing, nothing)

    def run() -> float:
        began = perf_counter()
        asyncio.run(ask())
        return (perf_counter() - began) / REQUESTS

    return run


def unsealed(run: Callable[[], float]) -> Callable[[], float]:
    """The same writing, with no old and new values kept and nothing sealed."""

    def without() -> float:
        nothing = mock.Mock(return_value=[])
        with mock.patch.multiple(recorded, _note_row=nothing, _sealed=nothing):
            return run()

    return without


def measure(folder: Path, *, count: int, rounds: int) -> list[Row]:
    """All rows."""
    with company(folder / "sealed.db") as engine:
        writing = registering(engine, cast(engine)["agent1"], count, 1)
        sealed = in_turn("a registered case: sealed history", rounds, unsealed(writing), writing)
    door = wrong_address.ToHome(uploads.Uploads(Door(SafeHeaders(answer))))
    guarded = in_turn("a request: the door", rounds, asking(answer), asking(door))
    return [sealed, guarded]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the results down."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        rows = measure(Path(folder), count=chosen.count, rounds=chosen.rounds)
    lines = [
        "# What protections add",
        "",
        "Made by `python benchmarks/protections.py`; do not edit by hand. Milliseconds by the",
        f"clock on the wall, median of {chosen.rounds} rounds, without and with in turn. What full",
        "syncs cost stands in [durability.md](durability.md). A request without the door is an",
        "empty answer: hold what the door adds against a page's 20 to 160 ms in the server.",
        "",
        "| what | without, ms | with, ms | ratio |",
        "| --- | ---: | ---: | ---: |",
        *(f"| {r.what} | {r.before:.3f} | {r.after:.3f} | {r.ratio:.2f} |" for r in rows),
    ]
    chosen.results.write_text("\n".join(lines) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
