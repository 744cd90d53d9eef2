"""A throw-away PostgreSQL server for the tests."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

OWNER = "aftercare"
START_SECONDS = 30
# Nothing here outlives the tests, so nothing is written to be safe from a power cut.
FAST = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
MISSING = (
    "These tests need the PostgreSQL server programs (initdb, postgres). "
    "`make test` installs them; by hand: apt-get install postgresql"
)


class Server:
    """A running server, reached through a socket in its own folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, database: str) -> str:
        return f"postgresql://{OWNER}@/{database}?host={self.folder}"

    def execute(self, *statements: str) -> None:
        """Statements outside any transaction, such as CREATE DATABASE asks for."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def program(name: str) -> str:
    """Where a server program is; Debian keeps them apart, by version, out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version)
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    return path


def _version(path: Path) -> float:
    version = path.parts[-3]
    return float(version) if version.replace(".", "").isdigit() else 0


def _user() -> str:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return getpass.getuser()
    names = [entry.pw_name for entry in pwd.getpwall()]
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def running() -> Iterator[Server]:
    """A server of our own: made now, stopped and deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        as_user: dict[str, object] = {}
        if os.geteuid() == 0:
            entry = pwd.getpwnam(_user())
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            as_user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        _make(folder, as_user)
        with _started(folder, as_user):
            yield Server(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(folder: Path, as_user: dict[str, object]) -> None:
    command = [program("initdb"), "--pgdata", str(folder / "data"), "--username", OWNER]
    command += ["--auth", "trust", "--no-sync", "--no-instructions", "--encoding", "UTF8"]
    command += ["--locale", "C.UTF-8"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, **as_user)
    if made.returncode:
        pytest.fail(f"PostgreSQL's initdb failed:\n{made.stdout}{made.stderr}", pytrace=False)


# Reads until the tests' end of the pipe is closed, and so ends the server even if they are killed.
WATCH = 'folder=$0; "$@" & read _; kill -INT $!; wait $!; rm -rf "$folder"'


@contextmanager
def _started(folder: Path, as_user: dict[str, object]) -> Iterator[None]:
    command = [program("postgres"), "-D", str(folder / "data"), "-k", str(folder)]
    command += ["-c", "listen_addresses=", "-c", "max_connections=60", "-c", "shared_buffers=32MB"]
    command += ["-c", "deadlock_timeout=50ms"]
    command += [part for name in FAST for part in ("-c", f"{name}=off")]
    watched = ["sh", "-c", WATCH, str(folder), *command]
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            watched, cwd="/", stdin=subprocess.PIPE, stdout=output, stderr=output, **as_user
        )
    try:
        _wait_for(folder, log)
        yield
    finally:
        _stop(server)


def _wait_for(folder: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            psycopg.connect(Server(folder).url("postgres")).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"PostgreSQL did not start:\n{log.read_text()}", pytrace=False)


def _stop(server: subprocess.Popen[bytes]) -> None:
    assert server.stdin is not None
    server.stdin.close()
    # After thousands of tests there is much to write out, and to delete.
    server.wait(timeout=300)
