"""What the tool is made of: every package locked with digests, its licence told, faults asked for."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from docs import supply
from docs.supply import locked

ROOT = Path(__file__).parent.parent
DEV = ROOT / "requirements-dev.lock"


def asked_for(place: Path) -> dict[str, str]:
    """What a list of requirements asks for, with those that it takes along."""
    found: dict[str, str] = {}
    for line in place.read_text("utf-8").splitlines():
        if line.startswith("-r "):
            found |= asked_for(ROOT / line[3:])
        elif line and not line.startswith("#"):
            name, _equals, version = line.partition("==")
            found[name.partition("[")[0].lower()] = version
    return found


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_package_is_locked_with_the_digests_of_its_files(name: str) -> None:
    packages = locked(ROOT / f"{name}.lock")
    versions = {each.name.lower(): each.version for each in packages}
    wanted = asked_for(ROOT / f"{name}.txt")
    assert {key: versions.get(key) for key in wanted} == wanted
    assert len(versions) == len(packages) > len(wanted)
    assert [each.name for each in packages if not each.digests] == []
    said = (ROOT / f"{name}.lock").read_text("utf-8")
    assert "://" not in said and "index" not in said


def test_what_serves_is_what_was_tested() -> None:
    tested = {each.name: each for each in locked(DEV)}
    assert all(tested[each.name] == each for each in locked())


def test_the_makefile_installs_from_the_lock() -> None:
    made = (ROOT / "Makefile").read_text("utf-8")
    assert made.count("--require-hashes -r requirements") == 2
    assert "install --require-hashes -r requirements.lock" in (ROOT / "README.md").read_text(
        "utf-8"
    )


def test_every_licence_is_listed() -> None:
    said = supply.LICENCES.read_text("utf-8")
    for each in locked():
        assert f"| {each.name} | {each.version} | " in said
    told = [line for line in said.splitlines() if line.endswith("|  |")]
    assert len(told) <= 2  # of Windows only


def test_the_list_for_machines_names_every_package() -> None:
    made = json.loads(json.dumps(supply.sbom()))
    assert made["bomFormat"] == "CycloneDX"
    assert {each["purl"] for each in made["components"]} == {each.purl for each in locked()}
    assert all(each["hashes"] for each in made["components"])


@pytest.fixture
def advisories(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A service that knows one fault of pillow; gives what it was asked."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.extend(each["package"]["purl"] for each in body["queries"])
            known = [{"vulns": [{"id": "X-1"}]} if "pillow@" in each else {} for each in asked]
            content = json.dumps({"results": known}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_said: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(supply, "ADVISORIES", f"http://127.0.0.1:{server.server_port}")
        yield asked
        server.shutdown()


def test_known_faults_are_told(advisories: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert supply.audit() == 1
    said = capsys.readouterr().out
    assert "pillow" in said and "X-1" in said
    assert sorted(advisories) == sorted(each.purl for each in locked())


def test_where_nobody_can_be_asked_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supply, "ADVISORIES", "http://127.0.0.1:1")
    assert supply.audit() == 2
    said = capsys.readouterr().out
    assert said.startswith("NO DATA") and "neither good nor bad" in said
