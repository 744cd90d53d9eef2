"""What a draft changes: rows of its parts added, taken out, changed and put in another order."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.norms.model import Norm

Row = dict[str, Any]

SCOPE = ("kinds", "classes", "priorities", "channels", "in_warranty", "levels")
# What tells the rows of a part from each other, where they have no name.
KEYS = {
    "routes": (*SCOPE, "region"),
    "reach": SCOPE,
    "requirements": ("stage", "kinds"),
    "approvals": ("what", "role"),
    "penalties": ("who", "from_cents"),
    "emergencies": ("level",),
    "steps": ("share", "after_minutes"),
}
# In these the place of a row counts: the first route or work that fits, the last limit that is met.
ORDERED = ("limits", "routes", "work", "reach", "guidance")


@dataclass(frozen=True)
class Change:
    """One row or one value that a draft changes; None where there was none, or is none any more.

    `key` names it inside its part; a part of one value has none. Another order of rows is a change
    without a key of lists of keys.
    """

    part: str
    key: str
    old: Any
    new: Any


def changes(old: Norm, new: Norm) -> tuple[Change, ...]:
    """Every change of a draft, part by part in the order of the rule book."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    return tuple(
        change for part in Norm.model_fields for change in _part(part, before[part], after[part])
    )


def _part(part: str, old: Any, new: Any) -> Iterator[Change]:
    if part == "hours":
        yield from _entries(part, _hours(old), _hours(new))
    elif isinstance(old, dict):
        yield from _entries(part, old, new)
    elif any(isinstance(row, dict) for row in (*_rows(old), *_rows(new))):
        before, after = keyed(part, old), keyed(part, new)
        yield from _entries(part, before, after)
        shared = ([k for k in before if k in after], [k for k in after if k in before])
        if part in ORDERED and shared[0] != shared[1]:
            yield Change(part, "", *shared)
    elif old != new:
        yield Change(part, "", old, new)


def _entries(part: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            yield Change(part, key, old.get(key), new.get(key))


def _hours(hours: Row) -> Row:
    """The calendar as values that change one by one: a week day, a list of days."""
    week = {f"weekly.{day}": windows for day, windows in hours["weekly"].items()}
    return week | {name: value for name, value in hours.items() if name != "weekly"}


def keyed(part: str, rows: list[Row]) -> dict[str, Row]:
    """The rows of a part by what tells them apart; one that is there twice has its number."""
    times: Counter[str] = Counter()
    found = {}
    for row in rows:
        key = row.get("name") or " ".join(str(row[name]) for name in KEYS[part])
        times[key] += 1
        found[f"{key}#{times[key]}" if times[key] > 1 else key] = row
    return found


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
