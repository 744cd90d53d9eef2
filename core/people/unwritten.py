"""Sign-ins while nothing can be written: kept in this process, and written down when it can be.

People go on reading while a disk is full, and whoever has to look something up must come in. The
wrong tries are counted here as strictly as those that are written down.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy.orm import Session

from core.people import attempts
from core.people.attempts import Reserved, Visitor
from core.people.records import Place

# The id of a try that has no row.
NO_ROW = -1
# Of these nobody is let in any more until something can be written.
MOST = 1000
LASTS = timedelta(days=1)


@dataclass(frozen=True)
class Opened:
    """A sign-in that has no row yet; the password that it was opened with must still hold."""

    person_id: int
    password_hash: str
    at: datetime
    place: Place


_lock = Lock()
_opened: dict[str, Opened] = {}
_ended: dict[str, datetime] = {}
_tries: dict[tuple[str, str], list[datetime]] = defaultdict(list)


def reserve(session: Session, who: Visitor, now: datetime) -> Reserved:
    """Count a try before its password is checked; refused where too many were wrong."""
    before = attempts.standing(session, who, now)
    named, here = (who.name, who.address), ("", who.address)
    with _lock:
        counted = [(_tries[named], attempts.TRIES), (_tries[here], attempts.FROM_ADDRESS)]
        waits = [
            attempts.wait(len(each), each[-1] if each else None, free, attempts.LONGEST, now)
            for each, free in counted
        ]
        before = replace(before, until=max(before.until, *waits))
        if before.until > now or len(_opened) >= MOST:
            return Reserved(None, who, before)
        for each, _free in counted:
            each.append(now)
    return Reserved(NO_ROW, who, before)


def open_for(digest: str, opened: Opened, who: Visitor) -> None:
    """Keep a sign-in whose password was right."""
    with _lock:
        _tries.pop((who.name, who.address), None)
        _opened[digest] = opened


def find(digest: str, now: datetime) -> Opened | None:
    """The sign-in that has this digest, if it has no row yet."""
    found = _opened.get(digest)
    return found if found and now - found.at < LASTS else None


def end(digest: str, now: datetime) -> None:
    """End a sign-in, with a row or without one."""
    with _lock:
        if _opened.pop(digest, None) is None:
            _ended[digest] = now


def is_ended(digest: str) -> bool:
    """Whether it was ended, and its row does not say so yet."""
    return digest in _ended


def taken() -> tuple[dict[str, Opened], dict[str, datetime]]:
    """What is to be written down: sign-ins that were opened, and when others were ended."""
    with _lock:
        return dict(_opened), dict(_ended)


def written(opened: dict[str, Opened], ended: dict[str, datetime]) -> None:
    """It is written down: the rows say it from now on."""
    with _lock:
        for digest in opened:
            _opened.pop(digest, None)
        for digest in ended:
            _ended.pop(digest, None)
        _tries.clear()
