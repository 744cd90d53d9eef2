"""Lists by the page."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select

from core.kernel.unit_of_work import UnitOfWork

# Far beyond any list; databases refuse endless numbers.
MOST_PAGES = 1_000_000


def pages_of(total: int, size: int) -> int:
    """How many pages a list has, at least one."""
    return max(1, -(-total // size))


def leaf(
    uow: UnitOfWork, query: Select[*tuple[Any, ...]], *, page: int, size: int
) -> tuple[Sequence[Any], int]:
    """The rows of one page, and which page it is: the first one where there is no such page."""
    number = min(max(1, page), MOST_PAGES)
    found = uow.session.execute(query.limit(size).offset((number - 1) * size)).all()
    if not found and number > 1:  # the list has become shorter meanwhile
        return leaf(uow, query, page=1, size=size)
    return found, number
