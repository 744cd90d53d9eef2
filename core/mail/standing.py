"""Whether the mailbox was read, when, and what went wrong last: for the administrator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.mail import boxes
from core.process.permissions import require
from db.codes import MailFault
from db.tables import MailBox


@dataclass(frozen=True)
class Standing:
    """The mailbox that is set up, and how its last reading went."""

    address: str
    read_at: datetime | None
    failed_at: datetime | None
    fault: MailFault | None


def view(uow: UnitOfWork) -> Standing | None:
    """How it stands with the company's mailbox; None where none is set up."""
    require(uow, "company:edit")
    try:
        box = boxes.configured()
    except ValueError:
        return Standing("", None, None, MailFault.ADDRESS)
    if box is None:
        return None
    row = uow.session.scalar(select(MailBox).where(MailBox.address == box.address))
    if row is None:
        return Standing(box.address, None, None, None)
    return Standing(box.address, row.read_at, row.failed_at, row.fault)
