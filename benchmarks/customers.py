"""How long the pages for customers take with a hundred customers at once, and what they weigh.

python benchmarks/customers.py                       (prints a Markdown table)
python benchmarks/customers.py --beside "COMMAND"    runs a load of staff alone, then beside them

In the command {url} and {pid} stand for the tool. The tool is a process of its own with a company
of the tests; each customer opens the own link, waits as long as people read, and opens it again.
"""

import asyncio
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx

from tests import linked
from tests.company_cast import build, meet
from tests.running_tool import Tool, running

CUSTOMERS, SECONDS, READS = 100, 80.0, 20.0


def main() -> int:
    """Measure, and say it."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--beside", default="")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), build) as tool:
        links = _given(tool, told.customers)
        if told.beside:
            print(f"staff alone: {_load(told.beside, tool)}")
        beside = _start(told.beside, tool)
        took, weights, refused = asyncio.run(_visit(tool.url, links, told.seconds))
        if beside:
            print(f"staff beside {told.customers} customers: {_said(beside)}")
    took.sort()
    print("| pages | refused | median ms | 95 % ms | longest ms | kB, heaviest |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    middle, late = statistics.median(took), took[int(len(took) * 0.95)]
    heaviest = max(weights) / 1000
    print(
        f"| {len(took)} | {refused} | {middle:.0f} | {late:.0f} | {took[-1]:.0f} | {heaviest:.1f} |"
    )
    return 0


def _given(tool: Tool, count: int) -> list[str]:
    """A case with a link for each customer."""
    company, now, links = meet(tool.engine), datetime.now(UTC), []
    for n in range(count):
        phone = f"139{n:08}"
        case_id, _job = company.dispatched(phone=phone, customer_name=f"客户{n}", now=now)
        links.append(linked.give(company, case_id, now=now))
    return links


async def _visit(url: str, links: list[str], seconds: float) -> tuple[list[float], list[int], int]:
    took: list[float] = []
    weights: list[int] = []
    refused = 0
    until = time.monotonic() + seconds

    async def one(number: int, link: str) -> None:
        nonlocal refused
        # Each from a network of their own: a crowd behind one address is held back.
        whence = httpx.AsyncHTTPTransport(local_address=f"127.0.{number % 250 + 1}.1")
        await asyncio.sleep(READS * number / len(links))
        async with httpx.AsyncClient(timeout=60, transport=whence) as client:
            # The first look warms a fresh process up, and is not counted.
            await client.get(f"{url}/c/{link}")
            await asyncio.sleep(READS)
            while time.monotonic() < until:
                began = time.perf_counter()
                answer = await client.get(f"{url}/c/{link}")
                took.append((time.perf_counter() - began) * 1000)
                weights.append(len(answer.content))
                refused += answer.status_code != 200
                await asyncio.sleep(READS)

    await asyncio.gather(*(one(n, link) for n, link in enumerate(links)))
    return took, weights, refused


def _start(command: str, tool: Tool) -> "subprocess.Popen[str] | None":
    if not command:
        return None
    pid = tool.process.pid if tool.process else 0
    parts = shlex.split(command.format(url=tool.url, pid=pid))
    return subprocess.Popen(parts, stdout=subprocess.PIPE, text=True)


def _said(process: "subprocess.Popen[str]") -> str:
    return process.communicate()[0].strip()


def _load(command: str, tool: Tool) -> str:
    process = _start(command, tool)
    return _said(process) if process else ""


if __name__ == "__main__":
    sys.exit(main())
