"""Instants as whole seconds since 1970, so that both databases reckon with them alike."""

from typing import Any

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Epoch(FunctionElement[int]):
    """The seconds of an instant since 1970; fractions are cut off."""

    type = Integer()
    inherit_cache = True


@compiles(Epoch, "sqlite")
def _epoch_sqlite(element: Epoch, compiler: Any, **options: Any) -> str:
    at = compiler.process(element.clauses, **options)
    return f"CAST(strftime('%s', substr({at}, 1, 19)) AS INTEGER)"


@compiles(Epoch, "postgresql")
def _epoch_postgresql(element: Epoch, compiler: Any, **options: Any) -> str:
    at = compiler.process(element.clauses, **options)
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM {at})) AS BIGINT)"


def seconds(since: Any, to: Any) -> ColumnElement[int]:
    """Whole seconds from one instant to another."""
    difference: ColumnElement[int] = Epoch(to) - Epoch(since)
    return difference


class Latest(FunctionElement[int]):
    """The largest of two or more numbers; none of them may be missing."""

    type = Integer()
    inherit_cache = True


@compiles(Latest, "sqlite")
def _latest_sqlite(element: Latest, compiler: Any, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


@compiles(Latest, "postgresql")
def _latest_postgresql(element: Latest, compiler: Any, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"
