"""Files beside the database, each named by the SHA-256 of what it holds.

Two letters of the name are its folder. Whatever is stored twice is stored once.
"""

import errno
import hashlib
import os
import secrets
from pathlib import Path

from db.session import FILE_MODE, FOLDER_MODE, ROOT

DEFAULT_FILES = ROOT / "var" / "files"
CONTENT, PREVIEW = "content", "preview"


def folder() -> Path:
    """Where the files are: AFTERCARE_FILES, else a folder below var/."""
    return Path(os.environ.get("AFTERCARE_FILES") or DEFAULT_FILES)


def keep(content: bytes) -> str:
    """Store some bytes and give their SHA-256; a damaged file of that name is replaced.

    The bytes and their name are on the disk when this returns: before a row names them. A
    transaction that is rolled back afterwards leaves a file that no row names. That is harmless:
    nobody is shown it, and the same bytes find it when they come again.
    """
    digest = sha256(content)
    place = _place(CONTENT, digest)
    if _bytes(place) != content:
        write(place, content)
    _sync(place.parent)  # also when somebody else has written it just now
    return digest


def load(digest: str) -> bytes | None:
    """The bytes stored under a SHA-256, as they are now; None when the file is missing."""
    return _bytes(_place(CONTENT, digest))


def erase(digest: str) -> None:
    """Let nothing be left of a file, nor of its small picture."""
    for part in (CONTENT, PREVIEW):
        _place(part, digest).unlink(missing_ok=True)


def size(digest: str) -> int | None:
    """How many bytes are stored under a SHA-256; None when the file is missing."""
    place = _place(CONTENT, digest)
    return place.stat().st_size if place.is_file() else None


def keep_preview(digest: str, content: bytes) -> None:
    """Store a small picture of a file; it can be made again at any time."""
    write(_place(PREVIEW, digest), content)


def load_preview(digest: str) -> bytes | None:
    """The small picture of a file; None when none was made."""
    return _bytes(_place(PREVIEW, digest))


def sha256(content: bytes) -> str:
    """The name that some bytes are stored under."""
    return hashlib.sha256(content).hexdigest()


def within(root: Path, digest: str) -> Path:
    """Where a file lies below a folder of files."""
    return root / digest[:2] / digest


def _place(part: str, digest: str) -> Path:
    return within(folder() / part, digest)


def _bytes(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None


def write(place: Path, content: bytes) -> None:
    """Write a file that nobody ever reads half: it has its name when all of it is on the disk."""
    _make_folder(place.parent)
    draft = place.with_name(f".{place.name}.{secrets.token_hex(8)}")
    try:
        with open(draft, "xb", opener=_private) as target:  # noqa: PTH123
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)


def _make_folder(place: Path) -> None:
    # `mkdir(parents=True)` gives the mode to the last folder only.
    for each in (*reversed(place.parents), place):
        if not each.is_dir():
            each.mkdir(FOLDER_MODE, exist_ok=True)
            _sync(each.parent)


def _sync(place: Path) -> None:
    """Bring the names in a folder to the disk: to sync a file is not to sync its name."""
    try:
        handle = os.open(place, os.O_RDONLY)
    except PermissionError:  # Windows opens no folder
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network drives sync no folder
            raise
    finally:
        os.close(handle)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, FILE_MODE)
