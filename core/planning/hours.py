"""Working time: the clock without the breaks, for shifts that rest at the same hour."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.planning.prepared import Windows
from core.planning.problem import Break, Shift


@dataclass(frozen=True)
class Hours:
    """A clock that stands still in the breaks, and begins with the first shift."""

    begin: int
    end: int
    breaks: tuple[Break, ...]

    def at(self, clock: int) -> int:
        """Minutes of work until then."""
        return self._worked(clock) - self._worked(self.begin)

    def _worked(self, clock: int) -> int:
        rested = sum(min(max(clock - rest.start, 0), rest.minutes) for rest in self.breaks)
        return clock - rested

    def windows(self, windows: Windows, minutes: int) -> Windows:
        """When a visit may begin, so that it pushes no break beyond its latest hour."""
        parts = [(max(low, self.begin), min(high, self.end)) for low, high in windows]
        for rest in self.breaks:
            if rest.start + minutes > rest.latest:
                shut = rest.latest - minutes + 1, rest.start - 1
                parts = [part for each in parts for part in _without(each, shut)]
        # The beginning of the break stands for all of it: they differ on the clock only.
        return tuple((self.at(low), self.at(high)) for low, high in parts if low <= high)


def _without(window: tuple[int, int], shut: tuple[int, int]) -> Windows:
    (low, high), (first, last) = window, shut
    if last < low or high < first or last < first:
        return (window,)
    return tuple(part for part in ((low, first - 1), (last + 1, high)) if part[0] <= part[1])


def hours_of(shifts: Iterable[Shift]) -> Hours:
    """The clock of shifts that go together."""
    held = list(shifts)
    breaks = sorted({s.rest for s in held if s.rest is not None}, key=lambda rest: rest.start)
    begin, end = min(shift.start for shift in held), max(shift.latest for shift in held)
    return Hours(begin, end, tuple(breaks))


def together(shifts: list[Shift]) -> list[list[int]]:
    """Shifts that can be planned by one clock; the largest party first."""
    parties: list[list[int]] = []
    for number, shift in enumerate(shifts):
        for party in parties:
            if all(_agree(shift, shifts[other]) for other in party):
                party.append(number)
                break
        else:
            parties.append([number])
    return sorted(parties, key=len, reverse=True)


def _agree(one: Shift, other: Shift) -> bool:
    if one.rest == other.rest:
        return True
    return _apart(one.rest, other) and _apart(other.rest, one)


def _apart(rest: Break | None, shift: Shift) -> bool:
    """Whether a shift knows nothing of somebody else's break, being over or not begun."""
    if rest is None:
        return True
    return shift.latest <= rest.start or rest.start + rest.minutes <= shift.start
