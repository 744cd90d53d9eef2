"""What pages may ask of core, found in their source, and two companies that differ in one station.

Each function of core that a page names and whose first argument is the unit of work is an entry.
"""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from types import ModuleType
from typing import Any, get_args, get_type_hints

from sqlalchemy import inspect as inspected
from sqlalchemy.exc import NoInspectionAvailable

from core.kernel.unit_of_work import UnitOfWork
from tests.running_tool import ROOT

Entry = Callable[..., Any]
# Ids that are tried where a function asks for one: of one's own, of others, of nobody.
IDS = range(1, 11)
DAYS = (date(2026, 3, 1), date(2026, 3, 31))


def entries() -> dict[str, Entry]:
    """Every function of core that a page names, by its full name."""
    found: dict[str, Entry] = {}
    for path in sorted((ROOT / "pages").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        known = dict(_imported(tree))
        for node in ast.walk(tree):
            named = _named(node, known)
            if inspect.isfunction(named) and _asks(named):
                found[f"{named.__module__}.{named.__name__}"] = named
    return found


def _imported(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("core"):
            module = importlib.import_module(node.module or "")
            for alias in node.names:
                yield alias.asname or alias.name, _part(module, alias.name)


def _part(module: ModuleType, name: str) -> Any:
    if hasattr(module, name):
        return getattr(module, name)
    return importlib.import_module(f"{module.__name__}.{name}")


def _named(node: ast.AST, known: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return getattr(known.get(node.value.id), node.attr, None)
    return None


def _asks(function: Entry) -> bool:
    first = next(iter(inspect.signature(function).parameters.values()), None)
    return first is not None and get_type_hints(function).get(first.name) is UnitOfWork


def trials(function: Entry, texts: tuple[str, ...]) -> list[dict[str, Any]] | None:
    """What a stranger tries; None where a page must have a record of core in hand to ask."""
    hints = get_type_hints(function)
    asked = [{}]
    for each in list(inspect.signature(function).parameters.values())[1:]:
        if each.default is not each.empty:
            continue
        named = each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
        tried = _tried(hints[each.name], each.name, texts) if named else None
        if tried is None:
            return None
        asked = [one | {each.name: value} for one in asked for value in tried]
    return asked


def _tried(kind: Any, name: str, texts: tuple[str, ...]) -> Any:
    if _is_optional(kind):
        return [None]
    if kind is int:
        return IDS
    if kind is str:
        return texts
    if kind is date:
        return [DAYS[name == "until"]]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)
    if get_args(kind) in ((int,), (date,)):
        return [DAYS if get_args(kind) == (date,) else tuple(IDS)]
    if is_dataclass(kind):
        return _made(kind)
    return None


def _made(kind: Any) -> Any:
    """A question as a page asks it before anything is chosen: of a month, where it needs days."""
    needed = {field.name for field in fields(kind) if field.default is field.default_factory}
    days = dict(zip(("since", "until"), DAYS, strict=True))
    return [kind(**{name: days[name] for name in needed})] if needed <= days.keys() else None


def _is_optional(kind: Any) -> bool:
    return type(None) in get_args(kind)


def plain(value: Any) -> Any:
    """What came back, in a form that can be held against what came from another database."""
    if value is None or isinstance(value, Enum):
        return value and str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {"": type(value).__name__} | {
            f.name: plain(getattr(value, f.name)) for f in fields(value)
        }
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [
            plain(each)
            for each in (sorted(value, key=str) if isinstance(value, (set, frozenset)) else value)
        ]
    try:
        state = inspected(value)
        return {c.key: plain(getattr(value, c.key)) for c in state.mapper.column_attrs}
    except (NoInspectionAvailable, AttributeError):
        return repr(value)
