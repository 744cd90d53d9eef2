"""Seals: what only who has the key can write. The key lies in a file outside the database."""

import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from db.session import ROOT

DEFAULT_KEY = ROOT / "var" / "history.key"
LENGTH = 32


def key_file() -> Path:
    """Where the key lies: AFTERCARE_KEY, else a file below var/."""
    return Path(os.environ.get("AFTERCARE_KEY") or DEFAULT_KEY)


def has_key() -> bool:
    """Whether there is a key; without one nothing can be said about seals."""
    return key_file().is_file()


def seal(said: Any) -> str:
    """The seal of plain data. The first one makes the key."""
    return hmac.new(_key(key_file()), canonical(said), hashlib.sha256).hexdigest()


def seal_if_known(said: Any) -> str | None:
    """The seal of plain data; None where there is no key, and none is made."""
    return seal(said) if has_key() else None


def fingerprint() -> str:
    """By what a key is known again without being told; empty where there is none."""
    return seal_if_known("which key") or ""


def ensure() -> None:
    """Make the key where there is none: before the first write."""
    _key(key_file())


def canonical(said: Any) -> bytes:
    """Plain data in the one form in which it is compared."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@lru_cache(maxsize=8)
def _key(place: Path) -> bytes:
    if not place.is_file():
        _make(place)
    return bytes.fromhex(place.read_text("ascii"))


def _make(place: Path) -> None:
    place.parent.mkdir(0o700, parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.{secrets.token_hex(8)}")
    draft.touch(0o600)
    draft.write_text(secrets.token_hex(LENGTH), "ascii")
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    try:
        with suppress(FileExistsError):  # of two that make one at once, the first stays
            os.link(draft, place)
    finally:
        draft.unlink()
