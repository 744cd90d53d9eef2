"""Lists by the page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

from core.kernel.unit_of_work import UnitOfWork

RowT = TypeVar("RowT")

# Far beyond any list; databases refuse endless numbers.
MOST_PAGES = 1_000_000
# Rows of one page, where a list has no size of its own.
PAGE = 30


@dataclass(frozen=True)
class Page(Generic[RowT]):
    """One page of a list and how many rows there are in all."""

    rows: tuple[RowT, ...]
    total: int
    number: int
    size: int = field(default=PAGE, kw_only=True)

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return pages_of(self.total, self.size)


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
