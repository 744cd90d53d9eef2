"""A proxy before the tool for the tests: nginx with the lines that the README shows."""

import getpass
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.running_tool import ROOT, Tool, free_port

START_SECONDS = 30
MISSING = (
    "These tests need nginx. `make test` installs it; by hand: apt-get install nginx-light. "
    "It need not run as a service."
)
# What belongs to the machine and not to the tool: where it listens and where it keeps its files.
AROUND = """
daemon off;
user {user};
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
{lines}
    }}
}}
"""


def shown() -> str:
    """The lines of nginx's configuration as the README has them."""
    readme = (ROOT / "README.md").read_text("utf-8")
    (lines,) = re.findall(r"^(    location / \{\n.*?^    location = .*?\n)", readme, re.M | re.S)
    return lines


@contextmanager
def before(tool: Tool, folder: Path) -> Iterator[str]:
    """Start the proxy before a tool, in the foreground; gives its address."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        pytest.fail(MISSING, pytrace=False)
    folder.mkdir()
    port, file = free_port(), folder / "nginx.conf"
    lines = shown().replace("http://127.0.0.1:8501", tool.url)
    assert tool.url in lines
    user = getpass.getuser()
    file.write_text(AROUND.format(user=user, folder=folder, port=port, lines=lines), "utf-8")
    command = [program, "-c", str(file), "-e", str(folder / "error.log")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(process, port, folder)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    log = folder / "error.log"
    said = log.read_text() if log.is_file() else ""
    pytest.fail(f"nginx did not start:\n{said}", pytrace=False)
