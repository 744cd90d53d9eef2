"""Rooms of the house: what a capability declares on its card, and the list that reads the cards.

Down by call, up by fact, sideways never: a room calls rooms below it. What it must do when a lower
room or it itself changes, it declares as rows of what follows.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Select

from core.kernel.unit_of_work import UnitOfWork
from core.papers.paper import Paper
from core.process.lasting import Rest, Standing, rest
from core.process.rules import ANY, After, Happening, Process, facts_of
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
    withdrawn: StrEnum
    # The permission that opens it.
    read: str


@dataclass(frozen=True)
class Pile:
    """A pile of open work on the overview: who looks after it, and how many there are and late."""

    name: str
    permission: str
    count: Callable[[UnitOfWork], Select[int, int]]


@dataclass(frozen=True)
class Chore:
    """What the tool itself does once a minute, with each record that is due in turn."""

    due: Callable[[UnitOfWork], Sequence[int]]
    do: Callable[[UnitOfWork, int], object]


@dataclass(frozen=True)
class Room:
    """The card of a capability: all that other parts of the tool have to know of it."""

    name: str
    processes: tuple[Process, ...] = ()
    file: File | None = None
    after: tuple[After, ...] = ()
    piles: tuple[Pile, ...] = ()
    papers: tuple[Paper, ...] = ()
    minutely: tuple[Chore, ...] = ()
    # The closed lists of codes that a fact's data may hold, by the name of the data.
    codes: Mapping[str, tuple[type[StrEnum], ...]] = field(default_factory=dict)

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
        piles: set[str] = set()
        papers: set[str] = set()
        for room in self.rooms:
            known |= _new(room.facts, known, f"facts of {room.name}")
            unknown = {fact for row in room.after for fact in row.facts} - known - {ANY}
            if unknown:
                raise ValueError(f"{room.name} waits for facts of no room below: {sorted(unknown)}")
            if room.file:
                kinds |= _new({room.file.kind}, kinds, f"file of {room.name}")
            piles |= _new((pile.name for pile in room.piles), piles, f"piles of {room.name}")
            papers |= _new((paper.name for paper in room.papers), papers, f"papers of {room.name}")
        rows = {fact: tuple(self._rows(fact)) for fact in known}
        object.__setattr__(self, "_after", rows)

    def _rows(self, fact: str) -> Iterable[After]:
        """What follows from a fact: what follows from any, its own room, the others from below."""
        for room in self.rooms:
            yield from (row for row in room.after if ANY in row.facts)
        for room in sorted(self.rooms, key=lambda room: fact not in room.facts):
            yield from (row for row in room.after if fact in row.facts)

    def follow(self, uow: UnitOfWork, happening: Happening) -> None:
        """Bring about what follows from a fact, in the order of the house, depth first."""
        for row in self._after[happening.fact]:
            if row.applies(happening):
                row.do(uow, happening)

    def may_come(self, standings: Collection[Standing], facts: Iterable[str]) -> bool:
        """Whether one of the facts may still come about, as the files of a case stand."""
        return self._rest.may_come(standings, facts)

    @cached_property
    def _rest(self) -> Rest:
        return rest(self.processes)

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

    @cached_property
    def homes(self) -> dict[RequestKind, Room]:
        """The rooms of these files."""
        return {room.file.kind: room for room in self.rooms if room.file}

    @cached_property
    def papers(self) -> dict[str, Paper]:
        """Every paper by its name, in the order of the rooms."""
        return {paper.name: paper for room in self.rooms for paper in room.papers}

    @cached_property
    def chores(self) -> tuple[Chore, ...]:
        """What is done once a minute, in the order of the rooms."""
        return tuple(chore for room in self.rooms for chore in room.minutely)

    @cached_property
    def codes(self) -> dict[str, tuple[type[StrEnum], ...]]:
        """The codes that the data of facts may hold, by the name of the data."""
        found: dict[str, tuple[type[StrEnum], ...]] = {}
        for room in self.rooms:
            for name, codes in room.codes.items():
                found[name] = (*found.get(name, ()), *codes)
        return found


def _new(given: Iterable[KeyT], known: set[KeyT], what: str) -> set[KeyT]:
    fresh = set(given)
    if fresh & known:
        raise ValueError(f"{what} are told twice: {sorted(map(str, fresh & known))}")
    return fresh
