"""One-time form keys: sending a form twice gives the first result, not a second case."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from core.kernel.errors import Stale
from core.kernel.unit_of_work import (
    NOT_UNIQUE,
    Actor,
    Follows,
    UnitOfWork,
    sql_state,
    transaction,
    unit_of_work,
)
from db.tables import FormKey

KEPT = timedelta(days=30)


def submit(
    engine: Engine,
    actor: Actor,
    house: Follows,
    command: Callable[[UnitOfWork], Any],
    *,
    key: str,
    now: datetime | None = None,
) -> Any:
    """Run a write once for its form key and give its result's id; again, give the same one.

    A result that has no id is kept as it is, if JSON can hold it.

    The key and the change are one transaction. Two at once: the second waits for the first, is
    refused by the key's uniqueness and reads the first one's result.
    """
    try:
        with unit_of_work(engine, actor, house, write=True, now=now) as uow:
            earlier = uow.session.get(FormKey, key)
            if earlier is not None:
                return _result(earlier)
            row = FormKey(key=key, actor_id=actor.id, at=uow.now, result=None)
            uow.session.add(row)
            uow.session.flush()
            result = command(uow)
            row.result = {"id": getattr(result, "id", result)}
            return row.result["id"]
    except IntegrityError as error:
        with transaction(engine, write=False) as session:
            first = session.get(FormKey, key)
            if first is not None:
                return _result(first)
        if sql_state(error) == NOT_UNIQUE:
            # Somebody took the same name or number a moment ago; the next try says which.
            raise Stale() from error
        raise


def _result(row: FormKey) -> Any:
    return row.result["id"] if row.result else None
