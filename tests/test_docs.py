"""The documents say what is: drawings, pictures, links, commands and settings."""

import re
from pathlib import Path

import pytest

from core import __main__ as command_line
from docs import rules

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
README = PAGES[0].read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)]+)\)|src=\"([^\"]+)\"")


def test_the_drawn_processes_are_the_rule_tables() -> None:
    drawn = rules.PAGE.read_text(encoding="utf-8")
    assert drawn == rules.text(), "python docs/rules.py draws them anew"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    links = [first or second for first, second in LINK.findall(page.read_text(encoding="utf-8"))]
    inside = [link.split("#")[0] for link in links if not link.startswith(("http", "#"))]
    assert [link for link in inside if not (page.parent / link).is_file()] == []


def test_pictures_are_small_and_shown() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.png"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < 150_000, picture.name
        assert f"docs/pictures/{picture.name}" in README


def test_the_make_commands_exist() -> None:
    named = set(re.findall(r"(?:`|^    (?:\S+=\S+ )?)make (\w+)", README, flags=re.M))
    targets = set(re.findall(r"^(\w+):", MAKEFILE, flags=re.M))
    assert {"run", "demo", "test", "check", "format"} <= named
    assert named <= targets


def test_the_settings_and_their_defaults_are_those_of_the_makefile() -> None:
    for name, value in re.findall(r"^(HOST|PORT) \?= (\S+)", MAKEFILE, flags=re.M):
        assert f"| `{name}` | `{value}` |" in README


def test_the_commands_of_core_are_all_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command_line.main(["--help"])
    (known,) = re.findall(r"\{([\w,]+)\} \.\.\.", capsys.readouterr().out)
    assert set(re.findall(r"\| `python -m core (\w+)", README)) == set(known.split(","))


def test_scripts_that_are_named_exist() -> None:
    named = re.findall(r"`python\s+([\w/]+\.py)`", README)
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []
