"""What a browser fetches the first time: `python benchmarks/first_visit.py http://127.0.0.1:8501`.

Opens the tool in Chromium with nothing kept, waits for the sign-in form and prints the bytes as
they are sent, packed, with the largest files. A demo company lists its people there, and a list
brings along a program that everybody else fetches with the first list after signing in.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.browser import SETTLED, launched

LARGEST = 6


def visit(url: str) -> dict[str, int]:
    """The bytes of each file of a first visit, by its address."""
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def answered(event: Mapping[str, Any]) -> None:
        names[event["requestId"]] = event["response"]["url"]

    def loaded(event: Mapping[str, Any]) -> None:
        sizes[event["requestId"]] = int(event["encodedDataLength"])

    with launched() as browser:
        page = browser.new_context().new_page()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", answered)
        wire.on("Network.loadingFinished", loaded)
        page.goto(url)
        page.locator("input[type=password]").wait_for()
        page.wait_for_function(SETTLED)
    return {names.get(each, ""): size for each, size in sizes.items()}


def main() -> None:
    """Print the sum and the largest files."""
    found = visit(sys.argv[1])
    print(f"{sum(found.values()) / 1e6:.2f} MB in {len(found)} files")
    for url, size in sorted(found.items(), key=lambda each: -each[1])[:LARGEST]:
        print(f"{size / 1e3:7.0f} kB  {url.rpartition('/')[2]}")


if __name__ == "__main__":
    main()
