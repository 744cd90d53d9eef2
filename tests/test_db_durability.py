"""What was acknowledged survives a power cut: commits are synced, and files with their names."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from core.kernel.unit_of_work import transaction
from core.requests import attachments
from db import files as store
from db import migrate
from db.session import make_engine
from tests.attached_files import PDF, picture
from tests.company_cast import Company

FULL = 2
CONNECTIONS = 25  # more than the pool keeps


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'new.db'}")
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


def test_every_commit_is_synced_on_every_connection(engine: Engine) -> None:
    def setting(name: str, *, write: bool) -> object:
        with transaction(engine, write=write) as session:
            return session.scalar(text(f"PRAGMA {name}"))

    assert {setting("synchronous", write=write) for write in (True, False)} == {FULL}
    assert setting("journal_mode", write=True) == "wal"
    with ExitStack() as together:
        for _ in range(CONNECTIONS):
            connection = together.enter_context(engine.connect())
            assert connection.scalar(text("PRAGMA synchronous")) == FULL
    with engine.connect() as used_before:
        assert used_before.scalar(text("PRAGMA synchronous")) == FULL


@pytest.fixture
def deeds(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is done to the disk, in its order: syncs by the path, and names given."""
    done: list[tuple[str, str]] = []
    real_open, real_sync, real_replace = os.open, os.fsync, os.replace
    opened: dict[int, str] = {}

    def note_open(path: str | Path, *given: int, **more: int) -> int:
        handle = real_open(path, *given, **more)
        opened[handle] = str(path)
        return handle

    def note_sync(handle: int) -> None:
        real_sync(handle)
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        done.append(("folder synced" if is_folder else "file synced", opened[handle]))

    def note_replace(old: str | Path, new: str | Path) -> None:
        real_replace(old, new)
        done.append(("named", str(new)))

    monkeypatch.setattr(os, "open", note_open)
    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_replace)
    return done


def test_a_file_and_its_name_are_on_the_disk_before_the_row_that_names_it(
    sqlite_company: Company, files: Path, deeds: list[tuple[str, str]]
) -> None:
    case_id = sqlite_company.register()
    event.listen(sqlite_company.engine, "commit", lambda _: deeds.append(("committed", "")))
    sqlite_company.do("agent", attachments.add, case_id=case_id, name="a.pdf", content=PDF)
    (place,) = (each for each in files.rglob("*") if each.is_file())
    (draft,) = (path for what, path in deeds if what == "file synced")
    assert Path(draft).parent == place.parent
    assert deeds == [
        ("folder synced", str(files.parent)),
        ("folder synced", str(files)),
        ("folder synced", str(files / "content")),
        ("file synced", draft),
        ("named", str(place)),
        ("folder synced", str(place.parent)),
        ("committed", ""),
    ]


def test_folders_that_are_there_are_not_synced_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deeds: list[tuple[str, str]]
) -> None:
    monkeypatch.setenv("AFTERCARE_FILES", str(tmp_path / "deep" / "er"))
    first = store.keep(PDF)
    made = [path for what, path in deeds if what == "folder synced"]
    root = tmp_path / "deep"
    folders = [tmp_path, root, root / "er", root / "er" / "content"]
    assert made == [str(each) for each in (*folders, root / "er" / "content" / first[:2])]
    deeds.clear()
    # Somebody else may have written it a moment ago: the name is synced all the same.
    assert store.keep(PDF) == first
    assert [what for what, _ in deeds] == ["folder synced"]


@pytest.mark.usefixtures("files")
def test_small_pictures_are_made_again_and_cost_no_folder(deeds: list[tuple[str, str]]) -> None:
    store.keep_preview("ab" * 32, picture("PNG"))
    deeds.clear()
    store.keep_preview("ab" * 32, picture("PNG"))
    assert [what for what, _ in deeds] == ["file synced", "named"]


def refusing(error: int, folders_only: Callable[[int], bool]) -> Callable[[int], None]:
    real = os.fsync

    def sync(handle: int) -> None:
        if folders_only(handle):
            raise OSError(error, os.strerror(error))
        real(handle)

    return sync


def is_folder(handle: int) -> bool:
    return stat.S_ISDIR(os.fstat(handle).st_mode)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("error", [errno.EINVAL, errno.ENOTSUP])
def test_a_disk_that_syncs_no_folder_keeps_files_all_the_same(
    monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    monkeypatch.setattr(os, "fsync", refusing(error, is_folder))
    assert store.load(store.keep(PDF)) == PDF


@pytest.mark.usefixtures("files")
def test_a_system_that_opens_no_folder_keeps_files_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = os.open

    def open_files_only(path: str | Path, *given: int, **more: int) -> int:
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, "a folder", str(path))
        return real(path, *given, **more)

    monkeypatch.setattr(os, "open", open_files_only)
    assert store.load(store.keep(PDF)) == PDF


@pytest.mark.usefixtures("files")
def test_a_disk_that_fails_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", refusing(errno.EIO, is_folder))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        store.keep(PDF)


def test_what_is_stored_is_for_its_owner_alone(tmp_path: Path, files: Path) -> None:
    place = tmp_path / "made" / "tool.db"
    engine = make_engine(f"sqlite:///{place}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE x (y)")
        beside = [each for each in place.parent.iterdir() if each != place]
        assert beside and {stat.S_IMODE(each.stat().st_mode) for each in beside} == {0o600}
    engine.dispose()
    place.chmod(0o644)  # of an older version of the tool
    with engine.connect():
        pass
    engine.dispose()
    digest = store.keep(b"a photo")
    modes = [place.parent, place, files, files / "content", store.within(files / "content", digest)]
    assert [f"{stat.S_IMODE(each.stat().st_mode):o}" for each in modes] == [
        *("700", "600", "700", "700", "600")
    ]
