"""The database of this process: one engine per address."""

from functools import lru_cache

from sqlalchemy import Engine, text

from core.unit_of_work import transaction
from db.session import database_url, make_engine


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    return make_engine(url)


def engine() -> Engine:
    """The engine for DATABASE_URL as it is now."""
    return _engine(database_url())


def answers() -> None:
    """Ask the database for a sign of life; raises when there is none or it has no tables."""
    with transaction(engine(), write=False) as session:
        session.execute(text("SELECT count(*) FROM company"))
