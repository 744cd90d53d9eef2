"""Who is told that a customer has written about a case."""

from collections.abc import Iterator

from core.kernel.unit_of_work import UnitOfWork
from core.notices import receivers
from core.notices.notices import Told
from core.process.rules import Done
from db.codes import NoticeKind
from db.tables import Mail


def replied(uow: UnitOfWork, mail: Mail, _done: Done) -> Iterator[Told]:
    """Whoever has the case, or its station; nobody whom the complaint names."""
    request = mail.request
    if request is None:
        return
    people = [request.owner_id] if request.owner_id else receivers.of_station(uow, request)
    fair = [id for id in people if id not in request.named]
    yield Told(NoticeKind.YOUR_TURN, fair, {"subject": mail.subject[:120]})
