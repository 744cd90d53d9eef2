"""The documents say what is: drawings, pictures, links, commands and settings."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from core import __main__ as command_line
from docs import rules

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
]
README = PAGES[0].read_text(encoding="utf-8")
CONTRIBUTING = PAGES[2].read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)]+)\)|src=\"([^\"]+)\"")
# What is written as code and is a path of ours, with a name in that file behind a colon.
PATH = re.compile(
    r"((?:core|db|pages|tests|docs|benchmarks)/[^:]*|[^:]+\.(?:py|md|toml))(?::(\w+))?"
)


def test_the_drawn_processes_are_the_rule_tables() -> None:
    drawn = rules.PAGE.read_text(encoding="utf-8")
    assert drawn == rules.text(), "python docs/rules.py draws them anew"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    links = [first or second for first, second in LINK.findall(page.read_text(encoding="utf-8"))]
    inside = [link.split("#")[0] for link in links if not link.startswith(("http", "#"))]
    assert [link for link in inside if not (page.parent / link).is_file()] == []


def paths(page: Path) -> Iterator[tuple[str, str]]:
    """The paths in backticks; with "<" or "…" in it, one stands for many and may be none yet."""
    for code in re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8")):
        for word in re.split(r"[\s\"=]+", code):
            if (found := PATH.fullmatch(word)) and not re.search("[<…]", word):
                yield found[1], found[2] or ""


def holds(path: Path, name: str) -> bool:
    """Whether a file defines a name, or gives it a value."""
    defined = rf"^(?:(?:async )?def |class )?{name}\b(?: =|:|\(|\[)"
    return bool(re.search(defined, path.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_that_are_named_exist(page: Path) -> None:
    missing = [
        f"{path}:{name}"
        for path, name in paths(page)
        if not any(not name or holds(each, name) for each in ROOT.glob(path.rstrip("/")))
    ]
    assert missing == []


def test_the_walks_name_files_and_functions() -> None:
    named = list(paths(ROOT / "docs" / "architecture.md"))
    assert len([name for _, name in named if name]) > 40


def test_the_floors_are_those_of_the_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = [each["layers"] for each in contracts if each.get("containers") == ["core"]]
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.split("| floor | rooms |", 1)[1].split("\n\n", 1)[0]
    floors = re.findall(r"^\| [^|`]*\| ((?:`\w+`(?:, )?)+) \|", table, flags=re.MULTILINE)
    assert [floor.replace("`", "").split(", ") for floor in floors] == [
        layer.split(" | ") for layer in layers
    ]


def test_pictures_are_small_and_shown() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.png"))
    docs = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < 150_000, picture.name
        assert f"docs/pictures/{picture.name}" in README or f"(pictures/{picture.name})" in docs


def test_the_make_commands_exist() -> None:
    told = README + CONTRIBUTING
    named = set(re.findall(r"(?:`|^    (?:\S+=\S+ )?)make (\w+)", told, flags=re.M))
    targets = set(re.findall(r"^(\w+):", MAKEFILE, flags=re.M))
    assert {"run", "demo", "test", "check", "format"} <= named
    assert named <= targets


def test_the_settings_and_their_defaults_are_those_of_the_makefile() -> None:
    for name, value in re.findall(r"^(HOST|PORT) \?= (\S+)", MAKEFILE, flags=re.M):
        assert f"| `{name}` | `{value}` |" in README


def test_the_commands_of_core_are_all_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command_line.main(["--help"])
    (known,) = re.findall(r"\{([\w,]+)\}\s+\.\.\.", capsys.readouterr().out)
    assert set(re.findall(r"\| `python -m core (\w+)", README)) == set(known.split(","))


def test_scripts_that_are_named_exist() -> None:
    named = re.findall(r"`python\s+([\w/]+\.py)`", README + CONTRIBUTING)
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_the_hooks_say_what_make_check_says() -> None:
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    hooks = [" ".join([hook["entry"], *hook.get("args", [])]) for hook in local["hooks"]]
    target = MAKEFILE.split("\ncheck: ", 1)[1].split("\n\n", 1)[0]
    assert local["repo"] == "local"
    assert hooks == [f".venv/bin/{line}" for line in re.findall(r"@\$\(BIN\)/(.+)", target)]
