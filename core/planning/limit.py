"""When to stop: after some seconds, after some rounds, or when somebody has seen enough."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from time import monotonic


@dataclass(frozen=True)
class Limit:
    """Seconds, or rounds for the same plan each time; `cancelled` ends both at once."""

    seconds: float | None = None
    rounds: int | None = None
    cancelled: Event | None = None

    def __post_init__(self) -> None:
        if self.seconds is None and self.rounds is None:
            raise ValueError("a search without an end")


@dataclass(frozen=True)
class Progress:
    """How far the planning is: a share of the time, and what the best plan holds by now."""

    share: float
    planned: int
    travel: int


Listener = Callable[[Progress], None]


class Watch:
    """A limit under way."""

    def __init__(self, limit: Limit) -> None:
        self.limit, self.begun = limit, monotonic()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody has seen enough."""
        return self.limit.cancelled is not None and self.limit.cancelled.is_set()

    def share(self) -> float:
        """How much of the seconds is spent."""
        if self.limit.seconds is None:
            return 0.0
        return (monotonic() - self.begun) / max(self.limit.seconds, 1e-3)

    def over(self, share: float) -> Callable[[], bool]:
        """Whether a share of the seconds is spent."""
        return lambda: self.is_cancelled or self.share() >= share
