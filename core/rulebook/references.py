"""What a rule book names in two places: what is taken away while something still names it."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from core.norms.model import INSIDE, Norm
from core.norms.parts import Scope

Data = Mapping[str, Any]


def _scoped(field: str) -> tuple[tuple[str, str], ...]:
    """Every part whose rows say for which cases they are, by one of the fields of a scope."""
    items = ((name, get_args(part.annotation)[:1]) for name, part in Norm.model_fields.items())
    return tuple(
        (name, field)
        for name, item in items
        if item and isinstance(item[0], type) and issubclass(item[0], Scope)
    )


# The rows that others name, and by which of their fields.
NAMED_BY = {
    "departments": (("routes", "department"),),
    "classes": _scoped("classes"),
    "ladders": (("limits", "ladder"),),
    "emergencies": _scoped("levels"),
    "extra_fields": (("requirements", "fields"),),
    "qualifications": (("work", "needs"),),
    "check_lists": (("requirements", "check_lists"),),
}


def lost(before: Data, after: Data) -> Iterator[tuple[str, str, Any, tuple[str, ...]]]:
    """Each row that is gone but still named: its part, its name, itself, and the places."""
    for part in (*NAMED_BY, "clauses"):
        kept = rows_of(after, part)
        for name, row in rows_of(before, part).items():
            if name not in kept and (places := tuple(naming(after, part, name))):
                yield part, name, row, places


def rows_of(data: Data, part: str) -> dict[str, Any]:
    """The rows of a part by what others name them by."""
    rows = data[part]
    if isinstance(rows, Mapping):
        return dict(rows)
    return {str(row.get("level" if part == "emergencies" else "name")): row for row in rows}


def naming(data: Data, part: str, name: str) -> Iterator[str]:
    """Every place that names a row of a part."""
    if part == "clauses":
        yield from (place for place, row in places_of(data) if row.get("clause") == name)
        yield from ("principles" for each in data["principles"] if each == name)
        return
    for other, field in NAMED_BY[part]:
        for number, row in enumerate(data[other]):
            said = row.get(field)
            if name in map(str, said if isinstance(said, list | tuple) else (said,)):
                yield f"{other}.{number}"


def places_of(data: Data) -> Iterator[tuple[str, Data]]:
    """Every row of a rule book with its place, those inside others too."""
    for part, rows in data.items():
        if not isinstance(rows, list):
            continue
        for number, row in enumerate(rows):
            if isinstance(row, Mapping):
                yield f"{part}.{number}", row
                field = INSIDE.get(part, "")
                inside = enumerate(row.get(field) or ())
                yield from ((f"{part}.{number}.{field}.{n}", item) for n, item in inside)
