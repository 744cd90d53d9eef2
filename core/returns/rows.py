"""Rows of a form that speak of a return's lines: each line once, all problems at once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from db.tables import GoodsReturn, ReturnLine


class _OfLine(Protocol):
    @property
    def line_id(self) -> int: ...


RowT = TypeVar("RowT", bound=_OfLine)


def by_line(
    row: GoodsReturn, given: Sequence[RowT], *, whole: bool = False
) -> Iterator[tuple[int, RowT, ReturnLine]]:
    """Each row with its number and its line; InvalidInput where a line stands twice.

    `whole` asks for a row of every line.
    """
    lines = {line.id: line for line in row.lines}
    ids = [each.line_id for each in given]
    if len(set(ids)) < len(ids):
        raise InvalidInput(Problem("lines", "line_twice"))
    if whole and set(ids) != set(lines):
        raise InvalidInput(Problem("lines", "line_missing"))
    return ((number, each, lines[each.line_id]) for number, each in enumerate(given))


def refuse(problems: Sequence[Problem]) -> None:
    """InvalidInput that names all problems, if there are any."""
    if problems:
        raise InvalidInput(*problems)


def too_many(number: int, field: str, code: str, most: int) -> Problem:
    """A row that takes more pieces of its line than there are."""
    return Problem(f"lines.{number}.{field}", code, {"most": most})


def options(_uow: UnitOfWork, row: GoodsReturn) -> Mapping[int, str]:
    """The lines of a return by their products, told apart by serial and batch."""
    return {line.id: label(line) for line in row.lines}


def label(line: ReturnLine) -> str:
    """A line by its product, serial number and batch, with its pieces."""
    product = line.purchase_line.product
    names = " ".join(filter(None, (product.brand, product.model, product.specification)))
    facts = (names, serial_of(line), line.purchase_line.batch)
    return " · ".join(filter(None, (*facts, f"×{line.quantity}")))


def serial_of(line: ReturnLine) -> str:
    """The serial number, as the customer said it or as the archive has it."""
    asset = line.purchase_line.asset
    return line.serial or (asset.serial if asset and asset.serial else "")


def plain(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of a command as history keeps them."""
    return [each.model_dump(mode="json", exclude_defaults=True) for each in rows]
