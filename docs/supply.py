"""What the tool is made of: the licences of its packages, a list for machines, known faults.

    python docs/supply.py licences   docs/licences.md, as it is kept
    python docs/supply.py sbom       CycloneDX, to the standard output
    python docs/supply.py audit      asks an OSV service for known faults of exactly these versions

The versions are those of requirements.lock. `audit` ends with 2 where it could not ask.
"""

import json
import os
import re
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
LICENCES = ROOT / "docs" / "licences.md"
# Where known faults are asked for; a company may have a mirror of its own.
ADVISORIES = os.environ.get("AFTERCARE_ADVISORIES", "https://api.osv.dev")
SECONDS = 20
LINE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
HEAD = """# Licences of the packages

Made by `python docs/supply.py licences`; do not edit by hand. As the packages themselves say, of
the versions in `requirements.lock`. Packages of other systems than that of the maker say nothing.

The licence of the tool itself is its owner's to choose: there is none in this repository.

| package | version | licence |
|---|---|---|
"""


@dataclass(frozen=True)
class Package:
    """One package of the lock, with the digests of its files."""

    name: str
    version: str
    marker: str
    digests: tuple[str, ...]

    @property
    def purl(self) -> str:
        """As machines name it."""
        return f"pkg:pypi/{re.sub(r'[-_.]+', '-', self.name).lower()}@{self.version}"


def locked(place: Path = LOCK) -> tuple[Package, ...]:
    """The packages of a lock file."""
    found: list[Package] = []
    for line in place.read_text("utf-8").splitlines():
        if told := LINE.match(line):
            found.append(Package(told[1], told[2], (told[3] or "").strip(), ()))
        elif told := HASH.search(line):
            last = found.pop()
            found.append(Package(last.name, last.version, last.marker, (*last.digests, told[1])))
    return tuple(found)


def licence(name: str) -> str:
    """What an installed package says of its licence; empty for one that is not installed."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return ""
    classes = about.get_all("Classifier") or []
    told = [each.rpartition(" :: ")[2] for each in classes if each.startswith("License :: ")]
    said = about.get("License-Expression") or "; ".join(told) or about.get("License") or "?"
    return said.strip().splitlines()[0][:80]


def licences() -> str:
    """All licences as a document."""
    rows = (f"| {each.name} | {each.version} | {licence(each.name)} |\n" for each in locked())
    return HEAD + "".join(rows)


def sbom() -> dict[str, Any]:
    """The list of parts in the form of CycloneDX."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "aftercare"}},
        "components": [_component(each) for each in locked()],
    }


def _component(each: Package) -> dict[str, Any]:
    said = licence(each.name)
    return {
        "type": "library",
        "name": each.name,
        "version": each.version,
        "purl": each.purl,
        "bom-ref": each.purl,
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in each.digests],
        **({"licenses": [{"license": {"name": said}}]} if said not in ("", "?") else {}),
    }


def faults() -> Iterator[tuple[Package, str]]:
    """Each known fault of a package; OSError where nobody could be asked."""
    packages = locked()
    asked = {"queries": [{"package": {"purl": each.purl}} for each in packages]}
    request = urllib.request.Request(
        f"{ADVISORIES}/v1/querybatch",
        json.dumps(asked).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        results = json.load(answer)["results"]
    if len(results) != len(packages):
        raise OSError("the answer is about other packages")
    for each, result in zip(packages, results, strict=True):
        for fault in result.get("vulns", ()):
            yield each, str(fault["id"])


def audit() -> int:
    """0 where nothing is known, 1 with what is, 2 where nobody could be asked."""
    try:
        found = list(faults())
    except (OSError, ValueError, KeyError) as error:
        _say(f"NO DATA: {ADVISORIES} could not be asked ({error}).")
        _say(f"Nothing is known of the {len(locked())} packages, neither good nor bad.")
        return 2
    for each, fault in found:
        _say(f"{each.name} {each.version}: {fault}")
    _say(f"{len(locked())} packages asked for, {len(found)} known faults.")
    return 1 if found else 0


def _write_licences() -> int:
    LICENCES.write_text(licences(), "utf-8")
    return 0


def _write_sbom() -> int:
    _say(json.dumps(sbom(), indent=1))
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


COMMANDS: dict[str, Callable[[], int]] = {
    "licences": _write_licences,
    "sbom": _write_sbom,
    "audit": audit,
}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]]() if sys.argv[1:] else 2)
