"""Why a task is not in the plan: the first thing that leaves nobody for it."""

from core.planning.prepared import NEVER, TOO_FAR, Prepared, Stop
from core.planning.problem import Reason
from core.planning.route import Route


def fits_alone(ready: Prepared, number: int, shift: int) -> bool:
    """Whether an otherwise empty shift has room for it, way there and back included."""
    return Route(ready, shift).home_with(ready.stops[number][-1], 0) < NEVER


def reason_of(ready: Prepared, routes: list[Route], number: int) -> tuple[Reason, int]:
    """The reason, and how many people on duty may do it."""
    able = ready.able[number]
    people = len({ready.shifts[shift].technician for shift in able})
    if not any(fits_alone(ready, number, shift) for shift in able):
        if all(ready.minutes[ready.starts[shift]][number] >= TOO_FAR for shift in able):
            return Reason.TOO_FAR, people
        locked = ready.tasks[number].locked is not None
        return (Reason.LOCKED_IMPOSSIBLE if locked else Reason.DOES_NOT_FIT), people
    if ready.tasks[number].locked is not None:
        return Reason.LOCKED_IMPOSSIBLE, people
    has_room = any(_has_room(routes[shift], ready.stops[number][-1]) for shift in able)
    return (Reason.NOT_WORTH if has_room else Reason.NO_ROOM), people


def _has_room(route: Route, stop: Stop) -> bool:
    return any(route.home_with(stop, place) < NEVER for place in range(len(route.stops) + 1))
