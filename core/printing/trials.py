"""A template tried on a case before it is put into force, and what its placeholders say there."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from core import printing
from core.house import HOUSE
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers import filling
from core.papers.speech import Speech, Word
from core.process.permissions import require, visible_requests
from core.requests import lists
from db.codes import Language
from db.tables import ServiceRequest

# So many of the newest cases are looked at for one that a paper can be printed of.
NEWEST = 20


@dataclass(frozen=True)
class Trial:
    """A paper of a case from a template that is not in force yet."""

    number: str
    content: bytes
    # What each placeholder says of the case: texts by name, lists as the facts of their lines.
    facts: Mapping[str, Any]


def newest(uow: UnitOfWork, *, paper: str, word: Word) -> str:
    """The number of the newest case of which a paper can be printed; nothing without one."""
    require(uow, "paper:edit")
    kinds = [kind for kind, room in HOUSE.homes.items() if paper in {p.name for p in room.papers}]
    query = select(ServiceRequest.id, ServiceRequest.number).where(visible_requests(uow.actor))
    if kinds:
        query = query.where(ServiceRequest.kind.in_(kinds))
    query = query.order_by(ServiceRequest.id.desc()).limit(NEWEST)
    for case_id, number in uow.session.execute(query):
        try:
            _facts(uow, paper, case_id, Speech(uow.actor.language, uow.actor.zone_info, word))
        except NotFound:
            continue
        return str(number)
    return ""


def trial(
    uow: UnitOfWork,
    *,
    paper: str,
    language: Language,
    number: str,
    word: Word,
    content: bytes | None = None,
) -> Trial:
    """A paper of a case from a template that somebody brings, else from the one in force.

    NotFound without such a case or paper; TemplateRefused for what could not be put into force.
    """
    require(uow, "paper:edit")
    case_id = lists.numbered(uow, text=number)
    if case_id is None:
        raise NotFound(subject="request")
    facts = _facts(uow, paper, case_id, Speech(language, uow.actor.zone_info, word))
    if content is None:
        filled = printing.filled(uow, paper, language, facts)
    else:
        filling.check(content, HOUSE.papers[paper].shape)
        filled = filling.fill_own(content, facts)
    return Trial(facts.number, filled, asdict(facts))


def _facts(uow: UnitOfWork, paper: str, case_id: int, speech: Speech) -> Any:
    card = HOUSE.papers[paper]
    return card.read(uow, speech, **card.about(uow, case_id))
