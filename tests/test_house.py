"""The rules of the house that a machine can check."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
LONGEST = 400
LONGEST_PAGE = 80


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.parent.name != "versions":
                yield path


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def named(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_files_stay_short() -> None:
    files = [*sources("core", "db", "pages"), ROOT / "app.py", ROOT / "server.py"]
    assert named([path for path in files if lines(path) > LONGEST]) == []


def test_pages_are_thin() -> None:
    pages = sorted((ROOT / "pages").glob("*.py"))
    assert named([path for path in pages if lines(path) > LONGEST_PAGE]) == []


KNOW_FILES = {"pages/ui/kit/places.py", "pages/ui/frame/navigation.py"}


def test_pages_are_called_by_name() -> None:
    file = re.compile(r"[\"']pages/|\bst\.(page_link|switch_page)\b")
    speaking = [path for path in sources("pages") if file.search(path.read_text("utf-8"))]
    assert set(named(speaking)) <= KNOW_FILES


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_nine_functions_in_ten_are_short() -> None:
    lengths = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for path in sources("core", "db", "pages")
        for node in functions(path)
    )
    assert lengths[len(lengths) * 9 // 10] <= 20


def test_names_say_what_things_are() -> None:
    vague = re.compile(r"(Manager|Helper|Util|Utils|Service)$")
    found = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sources("core", "db", "pages")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and vague.search(node.name)
    ]
    assert found == []


def handlers(path: Path) -> Iterator[ast.ExceptHandler]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            yield node


def test_no_error_is_caught_unnamed_or_swallowed() -> None:
    found = []
    for path in sources("core", "db", "pages"):
        for handler in handlers(path):
            caught = ast.unparse(handler.type) if handler.type else "everything"
            is_dropped = all(isinstance(node, ast.Pass) for node in handler.body)
            if caught in ("everything", "Exception", "BaseException") or is_dropped:
                found.append(f"{path.relative_to(ROOT)}:{handler.lineno}: {caught}")
    assert found == []


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_core_and_db_know_no_screen() -> None:
    screens = {"streamlit", "streamlit_authenticator", "altair", "starlette", "pages", "app"}
    found = {str(p.relative_to(ROOT)): imported(p) & screens for p in sources("core", "db")}
    assert {name: names for name, names in found.items() if names} == {}


def test_db_knows_nothing_of_ours_but_itself() -> None:
    assert {name for path in sources("db") for name in imported(path)} & {"core", "pages"} == set()


def test_every_room_of_the_screens_is_a_room_of_core() -> None:
    screens = {path.parent.name for path in (ROOT / "pages" / "ui").glob("*/__init__.py")}
    rooms = {path.parent.name for path in (ROOT / "core").glob("*/__init__.py")}
    assert screens - {"kit", "frame"} <= rooms


def test_core_asks_the_clock_only_to_make_a_unit_of_work() -> None:
    clocks = re.compile(r"datetime\.(now|today|utcnow)\(|date\.today\(|time\.time\(")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources("core", "db")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if clocks.search(line) and path.name not in ("unit_of_work.py", "__main__.py")
    ]
    assert found == []


def test_requirements_are_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text("utf-8").splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[A-Za-z0-9_.\-]+(\[\w+\])?==[\w.]+", line), line
