"""Who is told of hand-overs and of applications to read: who decides, and then who asked.

A notice names no customer and says no reason: whoever may see the archive finds both there.
"""

from collections.abc import Iterator
from typing import Any

from core.customers import handovers, readings
from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices, receivers
from core.notices.notices import Told
from core.process.permissions import GRANTS
from core.process.rules import Done, Happening
from db.codes import NoticeKind, ReadingStatus
from db.tables import Handover, Notice, Reading, Station

ASKED, SETTLED = NoticeKind.YOUR_TURN, NoticeKind.DECISION


def proposed(uow: UnitOfWork, row: Handover, _done: Done) -> Iterator[Told]:
    """Who heads the station that answers is told that a customer is offered, or asked for."""
    asks, answers = row.to_station_id, row.from_station_id
    if row.is_offer:
        asks, answers = answers, asks
    people = receivers.heads(uow, answers)
    yield Told(ASKED, people, _of_handover(uow, row, asks) | {"offer": row.is_offer})


def answered(uow: UnitOfWork, row: Handover, _done: Done) -> Iterator[Told]:
    """Whoever proposed it is told the answer."""
    answers = row.to_station_id if row.is_offer else row.from_station_id
    yield Told(SETTLED, [row.asked_by_id], _of_handover(uow, row, answers))


def applied(uow: UnitOfWork, row: Reading, _done: Done) -> Iterator[Told]:
    """Whoever may grant it is told that somebody asks to read an archive."""
    roles = [role for role, granted in GRANTS.items() if readings.GRANT in granted]
    yield Told(ASKED, receivers.everywhere(uow, roles), {"reading": row.id})


def decided(_uow: UnitOfWork, row: Reading, _done: Done) -> Iterator[Told]:
    """Whoever asked is told what was decided, and who is to be there that they are named."""
    about: dict[str, Any] = {"reading": row.id, "customer_id": row.customer_id}
    days = {"from_on": row.from_on.isoformat(), "until_on": row.until_on.isoformat()}
    yield Told(SETTLED, [row.person_id], about | days)
    if row.status is ReadingStatus.GRANTED:
        yield Told(ASKED, [row.companion_id], about | days)


def is_settled(uow: UnitOfWork, happening: Happening) -> None:
    """What was asked is settled: nobody need look for it any more."""
    subject, _, _ = happening.fact.partition(".")
    first = {handovers.PROCESS.subject: "proposed", readings.PROCESS.subject: "asked"}[subject]
    source = f"{subject}.{first}:{happening.record.id}:"
    notices.mark(uow, Notice.source.startswith(source), Notice.kind == ASKED)


def _of_handover(uow: UnitOfWork, row: Handover, station_id: int) -> dict[str, Any]:
    station = uow.session.get_one(Station, station_id)
    return {"handover": row.id, "customer_id": row.customer_id, "station": station.name}
