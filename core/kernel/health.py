"""Whether the tool can work: it reads, and it writes a row of its own."""

from datetime import datetime
from threading import Lock
from time import monotonic

from core.kernel import database
from core.kernel.errors import Hindered
from core.kernel.hindrances import Hindrance
from core.kernel.unit_of_work import transaction
from db.tables import FormKey

KEY = "health"
# Anybody may ask: the database is asked once in so many seconds.
FRESH = 5.0

_lock = Lock()
_known: dict[str, tuple[float, Hindrance | None]] = {}


def standing(now: datetime) -> Hindrance | None:
    """What keeps the tool from saving; None when nothing does. Other errors are raised."""
    with _lock:
        url = str(database.engine().url)
        at, found = _known.get(url, (-FRESH, None))
        if monotonic() - at >= FRESH:
            found = _asked(now)
            _known[url] = (monotonic(), found)
    return found


def _asked(now: datetime) -> Hindrance | None:
    try:
        with transaction(database.patient(), write=True) as session:
            session.merge(FormKey(key=KEY, actor_id=None, at=now, result=None))
    except Hindered as error:
        return Hindrance(error.details["reason"])
    return None
