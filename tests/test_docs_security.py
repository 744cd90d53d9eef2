"""The tests that the page on security names are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAMED = re.compile(r"`(test_\w+)::(test_\w+)`")
ROW = re.compile(r"^\| (?!threat|---)(.+)$", re.M)


def test_every_test_that_proves_something_exists() -> None:
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    named = NAMED.findall(page)
    assert len(named) > 60
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not re.search(
            rf"^def {test}\(", (ROOT / "tests" / f"{file}.py").read_text("utf-8"), re.M
        )
    ]
    assert missing == []


def test_every_threat_has_a_proof() -> None:
    page = (ROOT / "docs" / "security.md").read_text("utf-8").partition("## The attack")[0]
    assert [row for row in ROW.findall(page) if not NAMED.search(row)] == []
