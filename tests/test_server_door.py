"""The door of the process: foreign pages and addresses, and uploads of whoever is not signed in."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from streamlit import net_util

import server
from core.imports.files import MOST_UPLOADED
from core.kernel.unit_of_work import transaction
from db.tables import SignIn
from pages.ui.kit import door, uploads
from pages.ui.kit.door import SETTING, Door
from tests.company_cast import NOW, build
from tests.raw_window import PATIENCE, Uploader, handshake, send, waiting, window
from tests.running_tool import ROOT, Tool, running

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    with running(tmp_path_factory.mktemp("door"), build) as tool:
        yield tool


def judged(host: str | None, origin: str | None = None, **more: Any) -> bool:
    """Whether a request comes in at a machine called srv."""
    headers = [(b"host", host)] if host is not None else []
    headers += [(b"origin", origin)] if origin is not None else []
    sent = [(name, value.encode("latin-1")) for name, value in [*headers, *more.pop("also", [])]]
    scope = {"type": "http", "path": "/", "scheme": "http", "headers": sent} | more
    return Door(None).refusal(scope) is None  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.setattr(door.socket, "gethostname", lambda: "Srv.corp.example")


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1:8501", "10.1.2.3", "[::1]:8501", "[2001:db8::7]", "localhost", "LOCALHOST:1"),
        *("localhost.:8501", "a.localhost", "srv", "SRV:8501", "srv.corp.example."),
    ],
)
def test_addresses_and_the_machines_own_names_come_in(host: str) -> None:
    assert judged(host)
    assert judged(host, f"http://{host}")
    assert judged(host, f"HTTPS://{host}")


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "srv.evil.example", "localhost.evil.example", "notlocalhost", "", " "),
        *("127.0.0.1:", "127.0.0.1:0", "127.0.0.1:99999", "127.0.0.1:8501:1", "127.1", "0x7f.1"),
        *("user@127.0.0.1", "127.0.0.1/x", "127.0.0.1?", "[::1", "::1", "[1.2.3.4]x", "[zz]"),
        *("127.0.0.1,evil.example", "127.0.0.1 evil", "ſrv".encode().decode("latin-1"), None),
    ],
)
def test_foreign_and_broken_hosts_stay_out(host: str | None) -> None:
    assert not judged(host)


@pytest.mark.parametrize(
    "origin",
    [
        *("http://evil.example", "null", "", "http://", "http:", "//srv:8501", "srv:8501"),
        *("http://srv", "http://srv:8502", "https://srv", "http://localhost:8501", "http://srv.x"),
        *("ftp://srv:8501", "file://", "http://u@srv:8501", "http://srv:8501/", "http://srv:8501#"),
        *("http://srv:8501 http://evil.example", "http://evil.example http://srv:8501"),
        *("chrome-extension://srv:8501", "http://srv:8501@evil.example", "http://srv:08501x"),
    ],
)
def test_foreign_and_broken_origins_stay_out(origin: str) -> None:
    assert not judged("srv:8501", origin)


def test_a_port_that_is_not_written_is_that_of_the_scheme() -> None:
    assert judged("srv", "http://srv:80")
    assert judged("srv", "https://srv:443")
    assert judged("srv:443", "https://srv")
    assert not judged("srv", "https://srv:80")
    assert not judged("srv", "http://srv", scheme="https")
    assert not judged("srv", "http://srv", scheme="wss")


def test_headers_that_are_sent_twice_stay_out() -> None:
    assert not judged("srv", also=[(b"host", "srv")])
    assert not judged("srv", "http://srv", also=[(b"origin", "http://srv")])
    assert not judged("srv", path="http://srv/")
    assert not judged("srv", "http://evil.example", also=[(b"x-forwarded-host", "evil.example")])
    assert not judged("evil.example", also=[(b"x-forwarded-host", "srv")])


def test_the_setting_names_further_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, " Care.corp:8443, https://second.corp/ ,[2001:DB8::7]:9,")
    assert judged("care.corp", "https://care.corp:8443")
    assert judged("127.0.0.1:8501", "https://care.corp:8443")
    assert judged("second.corp:8600", "http://second.corp:8600")
    assert judged("10.0.0.1", "https://second.corp")
    assert not judged("10.0.0.1", "https://second.corp:8600")
    assert not judged("10.0.0.1", "https://care.corp")
    assert not judged("third.corp")


@pytest.mark.parametrize("written", ["a b", "*", "http://", "care.corp/path", "care:corp"])
def test_a_setting_that_names_no_host_is_refused(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv(SETTING, written)
    with pytest.raises(ValueError, match=SETTING):
        Door(None)  # type: ignore[arg-type]


def test_streamlit_has_nobody_to_ask_for_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net_util, "_make_blocking_http_get", _asked)
    assert server.app
    assert net_util.get_external_ip() is None
    assert net_util.get_internal_ip() is None


def _asked(*_given: object, **_more: object) -> None:
    raise AssertionError("the internet was asked")


def test_the_start_asks_nobody_either() -> None:
    # Before server.py is read, for the lines that tell the address on the terminal.
    code = """
from streamlit import config, net_util
from streamlit.web import bootstrap
def asked(*given, **more): raise SystemExit("asked")
net_util.get_external_ip = net_util.get_internal_ip = asked
config.get_config_options(force_reparse=True, options_from_flags={"server.address": "0.0.0.0"})
bootstrap._print_url(is_running_hello=False)
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "http://localhost:8501" in run.stdout


def test_a_websocket_of_a_foreign_page_is_refused_before_it_opens(tool: Tool) -> None:
    host = f"Host: {tool.url.removeprefix('http://')}"
    assert handshake(tool, host, f"Origin: {tool.url}")[0] == 101
    assert handshake(tool, host)[0] == 101
    for foreign in ("http://evil.example", "http://localhost:9", "null"):
        status, text = handshake(tool, host, f"Origin: {foreign}")
        assert status == 403
        assert SETTING in text
        assert "Administrators" in text
        assert "管理员" in text
    assert handshake(tool, "Host: evil.example", "Origin: http://evil.example")[0] == 403
    assert "Did not auto detect external IP" not in tool.log.read_text()
    assert f"'Origin: http://evil.example' from 127.0.0.1, see {SETTING}" in tool.log.read_text()


@pytest.mark.parametrize(
    "path", ["/", "/_stcore/health", "/_stcore/host-config", "/media/x", "/api/x", "/healthz"]
)
def test_every_address_is_behind_the_door(tool: Tool, path: str) -> None:
    line, host = f"GET {path} HTTP/1.1", f"Host: {tool.url.removeprefix('http://')}"
    assert send(tool, line, "Host: evil.example")[0] == 403
    assert send(tool, line, host, "Origin: http://evil.example")[0] == 403
    assert send(tool, line, host)[0] != 403


def test_whoever_is_not_signed_in_uploads_nothing(tool: Tool) -> None:
    sender = Uploader(tool)
    with window(tool) as name:
        assert sender.send(name, 10) == (401, uploads.SIGN_IN)
        assert sender.send("made-up", 10)[0] == 401
        assert sender.send(name, 0, method="DELETE")[0] == 401
    for path in ("/_stcore/agent/x", "/_stcore/health", "/"):
        line, host = f"POST {path} HTTP/1.1", f"Host: {tool.url.removeprefix('http://')}"
        assert send(tool, line, host, "Content-Length: 1000000000")[0] == 401


def test_an_upload_ends_with_the_sign_in(tool: Tool) -> None:
    sender = Uploader(tool)
    with window(tool, "agent") as name:
        assert sender.send(name, 10) == (204, "")
        assert sender.send(name, 0, method="DELETE") == (204, "")
        with transaction(tool.engine, write=True) as session:
            session.execute(update(SignIn).values(ended_at=NOW))
        assert sender.send(name, 10)[0] == 401


def test_without_streamlits_token_nothing_is_taken(tool: Tool) -> None:
    sender = Uploader(tool)
    sender.token = {}
    with window(tool, "agent") as name:
        assert sender.send(name, 10)[0] == 403


def test_one_file_has_a_measure(tool: Tool) -> None:
    sender = Uploader(tool)
    with window(tool, "manager") as name:
        assert sender.send(name, MOST_UPLOADED) == (204, "")
        assert sender.send(name, 52 * MEGABYTE) == (413, uploads.TOO_LARGE)
        assert sender.send(name, 52 * MEGABYTE, told=False) == (413, uploads.TOO_LARGE)


def test_what_waits_for_one_person_has_a_measure_in_all_windows(tool: Tool) -> None:
    sender = Uploader(tool)
    with window(tool, "dispatcher") as first, window(tool, "dispatcher") as second:
        for number in range(4):
            assert sender.send(first, 48 * MEGABYTE, f"f{number}")[0] == 204
        assert sender.send(second, 20 * MEGABYTE) == (413, uploads.FULL)
        assert sender.send(first, 0, "f0", method="DELETE")[0] == 204
        assert sender.send(second, 20 * MEGABYTE) == (204, "")
    with window(tool, "agent.colleague") as other:
        assert sender.send(other, 20 * MEGABYTE)[0] == 204


def test_the_largest_import_goes_through_and_the_settings_fit() -> None:
    assert MOST_UPLOADED < uploads.largest() < MOST_UPLOADED + 2 * MEGABYTE
    assert uploads.largest() < uploads.EACH < uploads.ALL


def test_the_readme_names_the_setting() -> None:
    assert f"| `{SETTING}` |" in Path(ROOT / "README.md").read_text("utf-8")


def test_closed_windows_give_their_files_back(tmp_path: Path) -> None:
    settings = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1"}
    with running(tmp_path, build, **settings) as tool:
        with window(tool, "agent") as name:
            assert Uploader(tool).send(name, MEGABYTE)[0] == 204
            until = time.monotonic() + PATIENCE
            while not waiting(tool.url) and time.monotonic() < until:
                time.sleep(0.5)  # Streamlit tells what it knew some seconds ago
            assert waiting(tool.url) == MEGABYTE
        until = time.monotonic() + PATIENCE
        while waiting(tool.url) and time.monotonic() < until:
            time.sleep(0.5)
        assert waiting(tool.url) == 0
        assert "Traceback" not in tool.log.read_text()
