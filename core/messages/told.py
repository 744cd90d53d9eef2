"""What follows from facts: messages of their own on the company's occasions, and who is told."""

from collections.abc import Callable, Iterator

from core.kernel.unit_of_work import UnitOfWork
from core.messages import outbox
from core.notices import receivers
from core.notices.notices import Told
from core.process.rules import Done, Happening
from core.requests import telling
from db.codes import MessageStatus, NoticeKind, Occasion
from db.tables import Company, CustomerMessage, ServiceRequest


def writes(occasion: Occasion) -> Callable[[UnitOfWork, Happening], None]:
    """Write to the customer on an occasion, where the company has switched it on."""

    def do(uow: UnitOfWork, happening: Happening) -> None:
        """The customer is written to, where the company has switched it on."""
        if occasion not in uow.session.get_one(Company, 1).occasions:
            return
        request = uow.session.get_one(ServiceRequest, happening.case_id)
        outbox.queue(uow, request=request, occasion=occasion)

    return do


def tell_progress(uow: UnitOfWork, sent: Happening) -> None:
    """The customer was told on the way how it goes."""
    telling.tell_progress(uow, uow.session.get_one(ServiceRequest, sent.record.request_id))


def is_progress(sent: Happening) -> bool:
    """Whether a message told how it goes."""
    return bool(sent.record.occasion is Occasion.PROGRESS)


def not_sent(uow: UnitOfWork, message: CustomerMessage, _done: Done) -> Iterator[Told]:
    """Whoever has the case, or its station: a message failed, or nobody knows if it went."""
    request = message.request
    people = {request.owner_id} if request.owner_id else {*receivers.of_station(uow, request)}
    fair = [id for id in sorted(people) if id not in request.named]
    is_unknown = message.status is MessageStatus.UNKNOWN
    yield Told(NoticeKind.YOUR_TURN, fair, {"unknown": is_unknown})
