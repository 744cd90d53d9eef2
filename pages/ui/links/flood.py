"""How often somebody may ask: counted in this process, for each address and each link."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from core.kernel.errors import InvalidInput, Problem

# So many addresses or links are counted at once; of more, the one that asked longest ago is lost.
MOST_KEYS = 20_000


@dataclass
class Sieve:
    """Lets so many through in so many seconds, for each key."""

    most: int
    seconds: float
    _asked: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def is_full(self, key: str, now: float | None = None) -> bool:
        """Whether the key has had all it may have for now."""
        with self._lock:
            return len(self._recent(key, now)) >= self.most

    def take(self, key: str, now: float | None = None) -> bool:
        """Count one more; False when it is one too many, which is not counted."""
        with self._lock:
            recent = self._recent(key, now)
            if len(recent) >= self.most:
                return False
            recent.append(monotonic() if now is None else now)
            self._asked[key] = recent
            self._asked.move_to_end(key)
            while len(self._asked) > MOST_KEYS:
                self._asked.popitem(last=False)
            return True

    def _recent(self, key: str, now: float | None) -> deque[float]:
        recent = self._asked.get(key, deque())
        since = (monotonic() if now is None else now) - self.seconds
        while recent and recent[0] <= since:
            recent.popleft()
        return recent


@dataclass
class Floods:
    """What customers may ask: pages by address, pages of one link, and wrong links."""

    by_address: Sieve = field(default_factory=lambda: Sieve(240, 60))
    by_link: Sieve = field(default_factory=lambda: Sieve(60, 60))
    wrong: Sieve = field(default_factory=lambda: Sieve(30, 600))
    # Requests without the link of a case: of one address, and of all together.
    letters: Sieve = field(default_factory=lambda: Sieve(8, 3600))
    all_letters: Sieve = field(default_factory=lambda: Sieve(300, 3600))

    def refuse(self, address: str, link: str) -> bool:
        """Whether one more is too many; else it is counted."""
        if self.wrong.is_full(address) or not self.by_address.take(address):
            return True
        return bool(link) and not self.by_link.take(link)

    def letter(self, address: str) -> None:
        """Count one more request of somebody without a link; InvalidInput when it is too many."""
        if not self.letters.take(address) or not self.all_letters.take(""):
            raise InvalidInput(Problem("form", "too_often"))

    def was_wrong(self, address: str) -> None:
        """The link opened nothing."""
        self.wrong.take(address)
