"""Rooms of the house: what a capability declares on its card, and the list that reads the cards.

Down by call, up by fact, sideways never: a room calls rooms below it. What it must do when a lower
room or it itself changes, it declares as rows of what follows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import After, Happening, Process, facts_of
from db.codes import RequestKind

KeyT = TypeVar("KeyT", bound=str)


@dataclass(frozen=True)
class File:
    """The file that a kind of case has beside its request, in the statuses that it goes through."""

    kind: RequestKind
    process: Process
    opening: StrEnum
    # The statuses in which the file waits for a step, and the one in which it is over.
    open: frozenset[StrEnum]
    ended: StrEnum
    # The permission that opens it.
    read: str


@dataclass(frozen=True)
class Room:
    """The card of a capability: its processes, its file, and what follows from facts."""

    name: str
    processes: tuple[Process, ...] = ()
    file: File | None = None
    after: tuple[After, ...] = ()

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that the room brings about."""
        return facts_of(self.processes)


@dataclass(frozen=True)
class House:
    """All rooms, the lowest first; ValueError when their cards do not fit together."""

    rooms: tuple[Room, ...]
    _after: dict[str, tuple[After, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known: set[str] = set()
        kinds: set[RequestKind] = set()
        for room in self.rooms:
            known |= _new(room.facts, known, f"facts of {room.name}")
            unknown = {fact for row in room.after for fact in row.facts} - known
            if unknown:
                raise ValueError(f"{room.name} waits for facts of no room below: {sorted(unknown)}")
            if room.file:
                kinds |= _new({room.file.kind}, kinds, f"file of {room.name}")
        rows = {fact: tuple(self._rows(fact)) for fact in known}
        object.__setattr__(self, "_after", rows)

    def _rows(self, fact: str) -> Iterable[After]:
        """What follows from a fact: its own room first, then the others from below."""
        for room in sorted(self.rooms, key=lambda room: fact not in room.facts):
            yield from (row for row in room.after if fact in row.facts)

    def follow(self, uow: UnitOfWork, happening: Happening) -> None:
        """Bring about what follows from a fact, in the order of the house, depth first."""
        for row in self._after[happening.fact]:
            if row.applies(happening):
                row.do(uow, happening)

    @cached_property
    def processes(self) -> tuple[Process, ...]:
        """Every process, in the order of the rooms."""
        return tuple(process for room in self.rooms for process in room.processes)

    @cached_property
    def facts(self) -> frozenset[str]:
        """Every fact that can start or meet a time limit."""
        return facts_of(self.processes)

    @cached_property
    def files(self) -> dict[RequestKind, File]:
        """The kinds of case that have a file of their own."""
        return {room.file.kind: room.file for room in self.rooms if room.file}


def _new(given: Iterable[KeyT], known: set[KeyT], what: str) -> set[KeyT]:
    fresh = set(given)
    if fresh & known:
        raise ValueError(f"{what} are told twice: {sorted(map(str, fresh & known))}")
    return fresh
