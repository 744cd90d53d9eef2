"""What the page of figures costs the server, beside a page that holds one word.

python benchmarks/kpi_page.py --database var/large.db
"""

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from datetime import UTC, datetime

import jwt
from sqlalchemy import Engine, select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from benchmarks.clock import used_by
from core.kernel.unit_of_work import transaction
from core.people import sign_ins
from db.session import make_engine
from db.tables import Company
from tests.running_tool import free_port

ROOT = Path(__file__).resolve().parent.parent
ONE_WORD = '"""One word."""\n\nimport streamlit as st\n\nst.write("word")\n'
PATIENCE = 120
PAGES = {
    "one word": [("account", "")] * 20,
    "figures, of the last minute": [("kpi", "")] * 20,
    # Nobody has looked at these yet.
    "figures, read anew": [("kpi", f"kpi_station={id}") for id in range(1, 11)],
}


@contextmanager
def running(database: Path, folder: Path) -> Iterator[tuple[str, int]]:
    """The tool on a port of its own, with a page of one word in place of somebody's account."""
    place, port = folder / "tool", free_port()
    kept_out = shutil.ignore_patterns("var", ".*", "tests", "__pycache__")
    shutil.copytree(ROOT, place, ignore=kept_out)
    shutil.copytree(ROOT / ".streamlit", place / ".streamlit")
    (place / "pages" / "account.py").write_text(ONE_WORD, "utf-8")
    program = Path(sys.executable).with_name("streamlit")
    command = [str(program), "run", "server.py", f"--server.port={port}"]
    settings = {"DATABASE_URL": f"sqlite:///{database.resolve()}", "PATH": "/usr/bin:/bin"}
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, cwd=place, env=settings, stdout=log, stderr=log)
        try:
            time.sleep(30)  # until the first sweep is over as well
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()
            process.wait()


def cookie(engine: Engine, who: str) -> str:
    """What the browser of somebody would send who has signed in."""
    with transaction(engine, write=True) as session:
        secret = sign_ins.open_for(session, who, datetime.now(UTC))
        key = session.scalars(select(Company.cookie_key)).one()
    return jwt.encode({"sid": secret, "exp": time.time() + 3600}, key, algorithm="HS256")


def rerun(link: ClientConnection, page: str, query: str) -> None:
    """Ask for a page and wait until it is whole."""
    message = BackMsg()
    message.rerun_script.page_name, message.rerun_script.query_string = page, query
    link.send(message.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(link.recv(timeout=PATIENCE))
        if answer.WhichOneof("type") == "script_finished":
            return


def main(arguments: Sequence[str] | None = None) -> int:
    """Print milliseconds of processor and until the page is whole, for each page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    token = cookie(make_engine(f"sqlite:///{chosen.database}"), "manager1")
    with TemporaryDirectory() as folder, running(chosen.database, Path(folder)) as (url, process):
        place = f"ws://{urlsplit(url).netloc}/_stcore/stream"
        cookies = {"Cookie": f"aftercare={token}"}
        with connect(place, additional_headers=cookies, max_size=None) as link:
            for page in ("account", "kpi"):
                rerun(link, page, "")
            for name, asked in PAGES.items():
                walls, used = [], used_by(process)
                for page, query in asked:
                    began = time.perf_counter()
                    rerun(link, page, query)
                    walls.append(time.perf_counter() - began)
                each = (used_by(process) - used) / len(asked) * 1000
                print(f"{name}: {each:.0f} ms of processor, {median(walls) * 1000:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
