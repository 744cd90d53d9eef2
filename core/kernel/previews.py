"""Small pictures of photos, made once and kept: a case page must not load originals of 20 MB.

They are drawn in a process of its own (see bounded.py), one at a time, so that five odd photos
at five cases cost no more than one. A photo that cannot be drawn is remembered as such beside the
pictures. Where the machine was too busy or ended the drawing, an hour goes by before the next try.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from core.kernel import bounded
from db import files

# What is drawn. HEIC is not among them: it is handed out, not shown.
DRAWN = ("image/jpeg", "image/png", "image/webp", "image/gif")
SIDE = 800
JPEG = b"\xff\xd8\xff"
# How long a page waits for pictures; those left over are drawn at the next view.
PATIENCE = 5.0
# On a machine that has time for nothing: the limit that counts is that of the work done.
LONGEST = 20.0
REST = timedelta(hours=1)
# What is kept instead of a picture: nothing at all, or the instant of the next try.
NEVER = b""

_one_at_a_time = Lock()


def of(digests: Iterable[str], *, now: datetime) -> dict[str, bytes]:
    """A JPEG of at most 800 pixels a side for each photo, made here if there is none yet.

    Those that are lost, cannot be drawn, or are not drawn in time are left out.
    """
    until = monotonic() + PATIENCE
    found = {digest: _kept(digest, now) for digest in digests}
    for digest, kept in found.items():
        if kept is None and monotonic() < until:
            found[digest] = _made(digest, now, until)
    return {digest: picture for digest, picture in found.items() if picture}


def draw(original: bytes, *, side: int = SIDE) -> bytes | None:
    """A photo made small, upright, without where and when it was taken; None if it cannot be."""
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        return None
    try:
        ended = _drawn(original, side)
    finally:
        _one_at_a_time.release()
    return ended.output if ended.output.startswith(JPEG) else None


def _kept(digest: str, now: datetime) -> bytes | None:
    """What is known of a photo: its picture, nothing to show, or None: to be drawn."""
    kept = files.load_preview(digest)
    if kept is None or kept == NEVER or kept.startswith(JPEG):
        return kept
    return NEVER if now < _next_try(kept, now) else None


def _next_try(kept: bytes, now: datetime) -> datetime:
    try:
        return datetime.fromisoformat(kept.decode("ascii"))
    except ValueError:  # damaged on the disk
        return now


def _made(digest: str, now: datetime, until: float) -> bytes | None:
    if not _one_at_a_time.acquire(timeout=max(0.0, until - monotonic())):
        return None
    try:
        # Somebody else may have waited for the same photo, and drawn it.
        kept = _kept(digest, now)
        return _try(digest, now) if kept is None else kept
    finally:
        _one_at_a_time.release()


def _try(digest: str, now: datetime) -> bytes | None:
    original = files.load(digest)
    if original is None or files.sha256(original) != digest:
        return None
    ended = _drawn(original, SIDE)
    if ended.output.startswith(JPEG):
        files.keep_preview(digest, ended.output)
        return ended.output
    known = NEVER if ended.is_fault_of_file else (now + REST).isoformat().encode()
    files.keep_preview(digest, known)
    return None


def _drawn(original: bytes, side: int) -> bounded.Ended:
    return bounded.run("core.kernel.drawing", str(side), content=original, seconds=LONGEST)
