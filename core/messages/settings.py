"""What the company has set of messages: on which occasions, and when nothing is sent."""

from dataclasses import dataclass

from core.kernel.unit_of_work import UnitOfWork, seen
from core.messages import ways
from core.messages.inputs import EditMessages
from core.messages.templates import EDIT
from core.process import changes, history
from core.process.permissions import require
from db.codes import MessageWay, Occasion
from db.tables import Company


@dataclass(frozen=True)
class Settings:
    """What is set, and which ways out there are."""

    occasions: tuple[Occasion, ...]
    quiet_from: str
    quiet_to: str
    public_address: str
    ways: tuple[MessageWay, ...]
    customer_pages: bool
    version: int


def view(uow: UnitOfWork) -> Settings:
    """What the company has set."""
    require(uow, EDIT)
    row = uow.session.get_one(Company, 1)
    return Settings(
        occasions=tuple(Occasion(each) for each in row.occasions),
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        public_address=row.public_address,
        ways=ways.set_up(),
        customer_pages=row.customer_pages,
        version=row.version,
    )


def edit(uow: UnitOfWork, command: EditMessages, *, seen_version: int) -> None:
    """Set it; the next minute goes by it."""
    require(uow, EDIT)
    row = seen(uow.session.get(Company, 1), seen_version)
    data = changes.write(row, command.model_dump(mode="json"))
    uow.session.flush()
    history.record(uow, subject="company", subject_id=1, action="edited", data=data)
