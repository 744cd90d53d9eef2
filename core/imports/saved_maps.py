"""Maps by name: those that come with the tool, and those that people saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from sqlalchemy import select

from core.imports.mapping import ColumnMap
from core.imports.values import plain
from core.kernel.errors import InvalidInput, NotFound, Problem
from core.kernel.unit_of_work import UnitOfWork, seen
from core.process import changes, history
from core.process.permissions import require
from db.tables import ImportMap

SHIPPED = Path(__file__).parent / "maps"
PERMISSION = "import:run"
# The share of its columns by which a map knows its file.
_ITS_FILE = 0.7


@dataclass(frozen=True)
class MapView:
    """A map that can be chosen; `version` is None for one that was only shipped."""

    name: str
    map: ColumnMap
    version: int | None


def list_maps(uow: UnitOfWork) -> tuple[MapView, ...]:
    """Every map by name; a saved one stands for the shipped one of its name."""
    require(uow, PERMISSION)
    rows = uow.session.scalars(select(ImportMap).order_by(ImportMap.name))
    found = {name: MapView(name, shipped(name), None) for name in shipped_names()}
    found |= {row.name: _view(row) for row in rows}
    return tuple(found[name] for name in sorted(found))


def fitting(uow: UnitOfWork, columns: Iterable[str]) -> str:
    """The map that was made for a file of such columns; empty without one.

    A renamed column or two do not hide what file it is: what is missing then is named.
    """
    held = {plain(name) for name in columns}
    shares: dict[str, tuple[float, int]] = {}
    for view in list_maps(uow):
        needed = {*map(plain, view.map.needed())}
        share = len(needed & held) / len(needed) if needed else 0.0
        if share >= _ITS_FILE:
            shares[view.name] = share, len(needed)
    return max(shares, key=shares.__getitem__, default="")


def load_map(uow: UnitOfWork, name: str) -> ColumnMap:
    """A map by name, saved or shipped; NotFound when there is none."""
    require(uow, PERMISSION)
    row = uow.session.scalar(select(ImportMap).where(ImportMap.name == name))
    if row is not None:
        return _view(row).map
    if name not in shipped_names():
        raise NotFound(subject="import_map", id=name)
    return shipped(name)


def save_map(
    uow: UnitOfWork, name: str, map: ColumnMap, *, seen_version: int | None = None
) -> MapView:
    """Keep a map under a name; replacing one needs the version that was seen."""
    require(uow, PERMISSION)
    map.check_complete()
    name = name.strip()
    if not 0 < len(name) <= 60:
        raise InvalidInput(Problem("name", "missing" if not name else "string_too_long"))
    row = uow.session.scalar(select(ImportMap).where(ImportMap.name == name))
    before = row.data if row else {}
    if row is None:
        row = ImportMap(name=name, data=map.dump())
        uow.session.add(row)
    elif seen_version is None:
        raise InvalidInput(Problem("name", "taken"))
    else:
        seen(row, seen_version).data = map.dump()
    uow.session.flush()
    data = changes.differences(before, row.data)
    history.record(uow, subject="import_map", subject_id=row.id, action="saved", data=data)
    return _view(row)


def shipped_names() -> tuple[str, ...]:
    """The maps that come with the tool."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


@lru_cache
def shipped(name: str) -> ColumnMap:
    """A map as shipped."""
    return ColumnMap.model_validate(yaml.safe_load((SHIPPED / f"{name}.yaml").read_text("utf-8")))


def _view(row: ImportMap) -> MapView:
    return MapView(row.name, ColumnMap.model_validate(row.data), row.version)
