"""Compare the time limit arithmetic with a file of worked cases (JSON)."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import index
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.norms.working_time import Calendar, Unit, due_at


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case: the due moments expected and computed, in the zone of the file."""

    name: str
    expected: datetime
    computed: datetime | None
    refusal: str = ""

    @property
    def is_agreed(self) -> bool:
        """Tell whether the computed due moment is the expected one."""
        return self.computed == self.expected


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcomes of all cases of a file, in its order."""

    outcomes: tuple[Outcome, ...]

    @property
    def differing(self) -> tuple[Outcome, ...]:
        """Return the cases whose due moment is not the expected one."""
        return tuple(outcome for outcome in self.outcomes if not outcome.is_agreed)


def compare(path: str | Path) -> Comparison:
    """Work out every case of a file; OSError or ValueError when it cannot be read as cases."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    try:
        name, cases = content["zone"], list(content["cases"])
        zone = ZoneInfo(name)
    except (KeyError, TypeError, ZoneInfoNotFoundError) as error:
        raise ValueError(f"no time zone or no list of cases: {error!r}") from error
    if not cases:
        raise ValueError("no cases")  # nothing compared is not agreement
    return Comparison(tuple(_outcome(case, zone, at) for at, case in enumerate(cases, start=1)))


def report(comparison: Comparison) -> str:
    """Say how many cases agree, and for each other one what was expected and computed."""
    total, differing = len(comparison.outcomes), comparison.differing
    lines = [f"{total - len(differing)} of {total} cases agree"]
    for outcome in differing:
        computed = f"refused: {outcome.refusal}"
        if outcome.computed:
            computed = f"computed {outcome.computed.isoformat()}"
        lines.append(f"differs: {outcome.name}")
        lines.append(f"    expected {outcome.expected.isoformat()}, {computed}")
    return "\n".join(lines)


def main(path: str | Path) -> int:
    """Print the report of a file; exit code 0 all agree, 1 one differs, 2 unreadable."""
    try:
        comparison = compare(path)
    except (OSError, ValueError) as error:
        print(f"{path} cannot be read as time limit cases: {error}", file=sys.stderr)
        return 2
    print(report(comparison))
    return 1 if comparison.differing else 0


def _outcome(case: Mapping[str, Any], zone: ZoneInfo, number: int) -> Outcome:
    """Work out one case; what the arithmetic refuses differs, what cannot be read is an error."""
    try:
        expected, start = _moment(case["due"], zone), _moment(case["start"], zone)
        pauses = [(_moment(a, zone), b and _moment(b, zone)) for a, b in case.get("pauses", ())]
        name, limit, calendar = str(case["name"]), case["limit"], dict(case["calendar"])
        unit, amount = str(limit["unit"]), index(limit["amount"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"case {number}: {error!r}") from error
    try:
        due = due_at(_calendar(calendar, zone), Unit(unit), amount, start, pauses)
    except (ValueError, TypeError) as error:
        return Outcome(name, expected, None, str(error))
    return Outcome(name, expected, due.astimezone(zone))


def _calendar(content: dict[str, Any], zone: ZoneInfo) -> Calendar:
    return Calendar.of(zone=zone.key, **content)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
