"""Databases built by the migrations: a fresh one for each test, on SQLite and on PostgreSQL."""

import gc
import itertools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import psycopg
import pytest
import streamlit
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager

from core.kernel import database
from db import migrate
from db.session import make_engine
from tests import postgres
from tests.company_cast import Company, address, build, meet
from tests.sqlite_file import SqliteFile

# The same examples on every run: a test that fails today fails tomorrow, here and in CI.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("house")

BOTH = ("sqlite", "postgresql")

# Each window of a page test would read anew what every installed package says about itself.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

# Where the machine asks for no .pyc files, each worker and each started tool compiles everything.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

Fill = Callable[[Engine], None]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A browser test may be tried twice; the cells of a matrix take turns with the databases.

    On a busy machine a page can be late: `-rR` names who was tried again. Every test runs in both
    databases; of one with cells, the first runs in one, the second in the other. EVERY_CELL=1 runs
    all of them in both.
    """
    for item in items:
        if item.path.name.startswith("test_browser_"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if not os.environ.get("EVERY_CELL"):
        spared = dict.fromkeys(_out_of_turn(items))
        config.hook.pytest_deselected(items=[*spared])
        items[:] = [item for item in items if item not in spared]


def _out_of_turn(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Cells whose turn it is to run in the other database."""
    seen: dict[str, dict[Any, int]] = {}
    for item in items:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        databases = [each for each in params.values() if each in BOTH]
        if len(databases) != 1 or len(params) < 2:
            continue
        cell = tuple((name, str(each)) for name, each in params.items() if each not in BOTH)
        cells = seen.setdefault(item.nodeid.split("[")[0], {})
        if databases[0] != BOTH[cells.setdefault(cell, len(cells)) % len(BOTH)]:
            yield item


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why a first try failed: a test that passes at the second one hides it else."""
    for report in terminalreporter.stats.get("rerun", ()):
        terminalreporter.write_line(f"first try of {report.nodeid}:")
        terminalreporter.write_line(report.longreprtext[-1500:])


def pytest_collection_finish() -> None:
    """What was imported stays until the end: the collector of garbage need not walk it again."""
    gc.collect()
    gc.freeze()


class PostgresDatabase:
    """A PostgreSQL database that is put back as it was filled.

    CREATE DATABASE … TEMPLATE copies hundreds of files and takes a quarter of a second; the rows
    are few, and come back from a second schema in some milliseconds.
    """

    def __init__(self, server: postgres.Server, name: str, fill: Fill) -> None:
        server.execute(f"CREATE DATABASE {name}")
        self.engine = make_engine(server.url(name))
        migrate.upgrade(self.engine)
        fill(self.engine)
        self.engine.dispose()
        self.connection = psycopg.connect(server.url(name), autocommit=True)
        self.statements = "; ".join(self._keep())

    def _keep(self) -> Iterator[str]:
        run = self.connection.execute
        run("CREATE SCHEMA kept")
        yield "SET session_replication_role = replica"  # no foreign keys while rows come and go
        for (name,) in run(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall():
            run(f"CREATE TABLE kept.{name} AS TABLE public.{name}")
            yield f"DELETE FROM public.{name}"
            yield f"INSERT INTO public.{name} TABLE kept.{name}"
        for name, last in run("SELECT sequencename, last_value FROM pg_sequences").fetchall():
            yield f"SELECT setval('public.{name}', {last or 1}, {last is not None})"

    def put_back(self) -> None:
        self.connection.execute(self.statements)


class Databases:
    """Makes each database once; the PostgreSQL server starts when the first test asks for it."""

    def __init__(self, folder: Path, until_end: ExitStack) -> None:
        self.folder = folder
        self.until_end = until_end
        self.numbers = itertools.count(1)
        self.made: dict[tuple[str, str], SqliteFile | PostgresDatabase] = {}

    @cached_property
    def server(self) -> postgres.Server:
        return self.until_end.enter_context(postgres.running())

    @contextmanager
    def fresh(self, kind: str, name: str, fill: Fill) -> Iterator[Engine]:
        """The engine of a database as it was filled; one engine, because it keeps compiled SQL."""
        if (kind, name) not in self.made:
            self.made[kind, name] = self._make(kind, name, fill)
        else:
            self.made[kind, name].put_back()
        engine = self.made[kind, name].engine
        yield engine
        left_open = engine.pool.checkedout()  # type: ignore[attr-defined]
        engine.dispose()
        assert not left_open, f"{left_open} connections were left open"
        # A page test has the screens' own engine on the same database.
        database._engine(address(engine)).dispose()

    @contextmanager
    def blank(self, kind: str) -> Iterator[Engine]:
        """A database without any table."""
        name = f"blank{next(self.numbers)}"
        if kind == "sqlite":
            url = f"sqlite:///{self.folder / name}.db"
        else:
            self.server.execute(f"CREATE DATABASE {name}")
            url = self.server.url(name)
        engine = make_engine(url)
        yield engine
        engine.dispose()

    def _make(self, kind: str, name: str, fill: Fill) -> SqliteFile | PostgresDatabase:
        if kind == "sqlite":
            file = SqliteFile(self.folder / f"{name}.db")
            file.fill(fill)
            return file
        made = PostgresDatabase(self.server, name, fill)
        self.until_end.callback(made.connection.close)
        return made


@pytest.fixture(scope="session", autouse=True)
def key(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A key of the tests' own for what seals the history."""
    os.environ["AFTERCARE_KEY"] = str(tmp_path_factory.mktemp("key") / "history.key")


@pytest.fixture(autouse=True)
def heads_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has its own file of heads, as it has its own company."""
    monkeypatch.setenv("AFTERCARE_HEADS", str(tmp_path / "history.heads"))


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    with ExitStack() as until_end:
        yield Databases(tmp_path_factory.mktemp("databases"), until_end)


@pytest.fixture(params=BOTH)
def blank(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    """A database before its first migration."""
    with databases.blank(request.param) as engine:
        yield engine


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    """An empty migrated database."""
    with databases.fresh(request.param, "migrated", lambda engine: None) as engine:
        yield engine


@pytest.fixture(params=BOTH)
def company(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Company]:
    """A company that was set up, with its cast."""
    with databases.fresh(request.param, "staffed", build) as engine:
        yield meet(engine)


@pytest.fixture
def sqlite_company(databases: Databases) -> Iterator[Company]:
    """The same on SQLite only, for what does not depend on the database."""
    with databases.fresh("sqlite", "staffed", build) as engine:
        yield meet(engine)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder of its own for attachments."""
    folder = tmp_path / "files"
    monkeypatch.setenv("AFTERCARE_FILES", str(folder))
    return folder


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, sqlite_company: Company) -> Company:
    """A company whose database the screens use, with pages/ as server.py sets it."""
    monkeypatch.setenv("DATABASE_URL", sqlite_company.url)
    original = PagesManager.__init__

    def without_pages_directory(self: PagesManager, *given: Any, **more: Any) -> None:
        PagesManager.uses_pages_directory = False
        original(self, *given, **more)

    monkeypatch.setattr(PagesManager, "__init__", without_pages_directory)
    # Figures are kept for a minute, and the next company has the same name and address.
    streamlit.cache_data.clear()
    return sqlite_company
