"""What an address of the pages for customers opens, to whom, and which forms stand there."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.care import asked
from core.codes import Language
from core.kernel import database
from core.kernel.unit_of_work import Actor, UnitOfWork, transaction
from core.links import links, page
from core.online import front
from pages.ui.kit import gate
from pages.ui.links import applying, asking, caring, said
from pages.ui.links.asking import Asked, Taker


@dataclass(frozen=True)
class Opened:
    """A page: who sees it, what is read for it, what it says and asks."""

    actor: Actor
    read: Callable[[UnitOfWork], Any]
    say: Callable[[Any], dict[str, Any]]
    ask: Callable[[Any], Iterable[Asked]]
    takers: Mapping[str, Taker]
    # Of whom the key of a form is taken once.
    whose: str
    # Whether anybody may open it.
    is_public: bool = False


def find(secret: str, language: Language, came_from: str) -> Opened | None:
    """What a secret opens; without one the company's own page; None for every wrong one."""
    with transaction(database.engine(), write=False) as session:
        if actor := links.holder(session, secret, gate.now(), language, came_from):
            whose = f"link {actor.link_id}"
            return Opened(actor, page.view, said.case, asking.of_case, asking.TAKERS, whose)
        digest = links.digest_of(secret)
        if actor := asked.holder(session, digest, gate.now(), language, came_from):
            whose = f"care {actor.care_id}"
            return Opened(actor, asked.view, caring.said, caring.ask, caring.TAKERS, whose)
        found = front.visitor(session, secret, language, came_from)
    if found is None:
        return None
    actor, piece = found
    read = partial(front.view, piece=piece)
    takers = applying.takers(piece)
    return Opened(actor, read, applying.said, applying.ask, takers, f"front {came_from}", True)
