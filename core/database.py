"""The database of this process: one engine per address."""

from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine, inspect, make_url, text

from core.unit_of_work import transaction
from db.session import database_url, make_engine


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    return make_engine(url)


def engine() -> Engine:
    """The engine for DATABASE_URL as it is now."""
    return _engine(database_url())


def is_founded() -> bool:
    """Whether the database is there and a company in it; none is made by asking."""
    url = make_url(database_url())
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return False
    asking = make_engine(database_url())
    try:
        if not inspect(asking).has_table("company"):
            return False
        with transaction(asking, write=False) as session:
            return bool(session.scalar(text("SELECT count(*) FROM company")))
    finally:
        asking.dispose()


def answers() -> None:
    """Ask the database for a sign of life; raises when there is none or it has no tables."""
    with transaction(engine(), write=False) as session:
        session.execute(text("SELECT count(*) FROM company"))
