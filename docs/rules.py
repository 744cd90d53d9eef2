"""Draws the processes from their rule tables: `python docs/rules.py` writes docs/rules.md."""

import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.house import HOUSE  # noqa: E402
from core.process.permissions import GRANTS  # noqa: E402
from core.process.rules import After, Process, Rule  # noqa: E402
from db.codes import Language, Role  # noqa: E402
from pages.ui.kit import words  # noqa: E402

PAGE = Path(__file__).with_suffix(".md")
HEAD = """\
# What may happen to what

Drawn by `python docs/rules.py` from the rule tables that the tool itself obeys; a test compares.
A rule that no person can use is a consequence: the tool itself brings it about. Clauses are those
of the rule books.
"""
FOLLOWS = """\
## What follows

What a room does when a room below it, or the room itself, changes: in the same transaction, its
own rows first, then the rooms from below. A consequence may refuse, and then nothing happened.
"""
COLUMNS = ("Fact", "Action", "From", "To", "Only if", "Clause", "Roles")


def processes() -> list[Process]:
    """Every process of core, by its subject."""
    return sorted(HOUSE.processes, key=lambda process: process.subject)


def text() -> str:
    """The page as it should be now."""
    return "\n".join([HEAD, *(_chapter(process) for process in processes()), _what_follows()])


def _what_follows() -> str:
    rows = (
        (", ".join(f"`{fact}`" for fact in row.facts), room.name, row.says, _only_if(row))
        for room in HOUSE.rooms
        for row in room.after
    )
    columns = ("After", "Room", "What follows", "Only if")
    table = [_line(columns), _line("---" for _ in columns), *map(_line, rows)]
    return "\n".join([FOLLOWS, *table, ""])


def _only_if(row: After) -> str:
    if row.when is None:
        return ""
    name = row.when.__name__
    return name.strip("_").replace("_", " ") if name != "<lambda>" else "by the record"


def _chapter(process: Process) -> str:
    title = process.subject.replace("_", " ").capitalize()
    parts = [f"## {title}", "", *_diagram(process), "", *_table(process), ""]
    return "\n".join(parts)


def _diagram(process: Process) -> list[str]:
    statuses = list(_statuses(process))
    edges: dict[tuple[StrEnum, StrEnum], list[str]] = {}
    for rule in process.rules:
        for source in statuses:
            if source in rule.sources and rule.target not in (None, source):
                facts = edges.setdefault((source, rule.target), [])
                facts += [rule.fact] if rule.fact not in facts else []
    left = {source for source, _target in edges}
    return [
        "```mermaid",
        "stateDiagram-v2",
        *(f'    state "{_both(type(status).__name__, status)}" as {status}' for status in statuses),
        f"    [*] --> {statuses[0]}",
        *(
            f"    {source} --> {target}: {', '.join(facts)}"
            for (source, target), facts in edges.items()
        ),
        *(f"    {status} --> [*]" for status in statuses if status not in left),
        "```",
    ]


def _statuses(process: Process) -> Iterator[StrEnum]:
    # In the order of their list, which begins with the status that a new record has.
    some = next(status for rule in process.rules for status in rule.sources)
    used = {status for rule in process.rules for status in (*rule.sources, rule.target)}
    return (status for status in type(some) if status in used)


def _table(process: Process) -> list[str]:
    rows = dict.fromkeys(_row(process, rule) for rule in process.rules)
    return [_line(COLUMNS), _line("---" for _ in COLUMNS), *map(_line, rows)]


def _row(process: Process, rule: Rule) -> tuple[str, ...]:
    fact = f"`{rule.fact}` {_both('fact', f'{process.subject}.{rule.fact}')}"
    asks = _both("action", rule.action.name) if rule.action else "*consequence*"
    sources = (
        ", ".join(status for status in _statuses(process) if status in rule.sources) or "*new*"
    )
    narrowed = [_condition(each) for each in (rule.when, rule.who) if each]
    stays = rule.target is None or rule.sources == {rule.target}
    target = "*stays*" if stays else rule.target
    return (fact, asks, sources, str(target), ", ".join(narrowed), rule.clause, _roles(rule))


def _roles(rule: Rule) -> str:
    if rule.action is None:
        return ""
    roles = [role.value for role in Role if rule.permission in GRANTS[role]]
    return ", ".join(roles) or "customer, by a link"


def _condition(function: object) -> str:
    name = getattr(function, "__name__", "")
    return "by number of tries" if name == "<lambda>" else name.strip("_").replace("_", " ")


def _both(context: str, code: str) -> str:
    said = (words.catalogue(language).pgettext(context, code) for language in reversed(Language))
    return " ".join(said)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
