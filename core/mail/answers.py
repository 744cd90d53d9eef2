"""The answer that the sender of a mail gets: the number of the case, and by when we answer."""

from datetime import timedelta

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.messages import outbox
from db.codes import MessageStatus, Occasion
from db.tables import Mail, ServiceRequest

# Whoever writes often is told once; two machines that answer each other come to an end.
EACH = timedelta(hours=1)


def promise(uow: UnitOfWork, mail: Mail, request: ServiceRequest) -> None:
    """Tell the sender the number and the time that the rule book promises (C2, E26)."""
    if not mail.sender_key or _was_answered(uow, mail.sender_key):
        return
    message = outbox.queue(
        uow,
        request=request,
        occasion=Occasion.REGISTERED,
        address=mail.sender_key,
        answers=mail.message_id,
    )
    if message.status is not MessageStatus.DROPPED:
        mail.answered_at = uow.now


def _was_answered(uow: UnitOfWork, sender_key: str) -> bool:
    lately = (Mail.sender_key == sender_key) & (Mail.answered_at > uow.now - EACH)
    return uow.session.scalar(select(Mail.id).where(lately).limit(1)) is not None
