"""What may still come of a case that has ended: its files live on, and so do their time limits."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.process.rules import Process

# A file and the status in which it stands.
Standing = tuple[str, str]

# What begins anew is no rest of what was.
AGAIN = "reopened"


def latest(rows: Iterable[tuple[str, int, str | None]]) -> tuple[Standing, ...]:
    """Where the files of a case stand, from its history, oldest first: subject, id, new status."""
    status = {(subject, id): new for subject, id, new in rows if new}
    return tuple((subject, new) for (subject, _id), new in status.items())


@dataclass(frozen=True)
class Rest:
    """What may still come of the files of a case, by their rules."""

    # By where a file stands.
    left: Mapping[Standing, frozenset[str]]
    # The files that others come of: while these go on, those may come.
    comes_of: Mapping[str, tuple[str, ...]]

    def may_come(self, standings: Collection[Standing], facts: Iterable[str]) -> bool:
        """Whether one of the facts may still come about, as the files stand."""
        return any(self._comes(fact, standings) for fact in facts)

    def _comes(self, fact: str, standings: Collection[Standing]) -> bool:
        subject, _, name = fact.partition(".")
        for standing in standings:
            left = self.left.get(standing, frozenset())
            if standing[0] == subject and name in left:
                return True
            if left and standing[0] in self.comes_of.get(subject, ()):
                return True
        return False


def rest(processes: Iterable[Process]) -> Rest:
    """What may still come, reckoned once from all processes."""
    known = tuple(processes)
    left = {
        (process.subject, status.value): reached(process, status)
        for process in known
        for status in process.statuses
    }
    return Rest(left, {process.subject: process.comes_of for process in known})


def reached(process: Process, status: object) -> frozenset[str]:
    """What may come of a record from a status on, but for its being opened again."""
    facts: set[str] = set()
    seen, waiting = {status}, [status]
    while waiting:
        here = waiting.pop()
        for rule in process.rules:
            if here in rule.sources and rule.fact != AGAIN:
                facts.add(rule.fact)
                target = rule.target or here
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
    return frozenset(facts)
