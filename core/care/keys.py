"""Key customers 重点客户: named with a reason, ended with one, and named again (S14)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.care.inputs import EndKey, MarkKey, MarkKeyAgain
from core.care.rules import KEY, KEY_RULES, MARK, keys
from core.customers import again
from core.customers.customers import require_own
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.process import fairness, workflow
from core.process.fairness import Barred
from core.process.permissions import require
from core.process.rules import Done, Process, Rule
from db.codes import KeyStatus
from db.tables import Customer, KeyCustomer

MOST = 500


@dataclass(frozen=True)
class KeyView:
    """A key customer, or one that was: since when, why, and what may be done about it."""

    id: int
    version: int
    customer_id: int
    customer: str
    status: KeyStatus
    since: date
    reason: str
    actions: tuple[Rule, ...]
    barred: tuple[Barred, ...]

    @property
    def is_key(self) -> bool:
        """Whether it is one now."""
        return self.status is KEY


def mark(uow: UnitOfWork, command: MarkKey) -> int:
    """Name a customer a key customer; InvalidInput where it is, or was, one already."""
    require(uow, MARK)
    customer = again.known(uow, command.customer_id)
    require_own(uow, customer)
    uow.session.refresh(customer, with_for_update=True)
    if _of(uow, customer):
        raise InvalidInput(Problem("reason", "key_customer_already"))
    row = KeyCustomer(customer=customer, since=uow.today, reason=command.reason)
    done = Done(note=command.reason, data={"customer_id": customer.id})
    workflow.begin(uow, PROCESS, row, done)
    return row.id


def of_customer(uow: UnitOfWork, *, customer_id: int) -> KeyView | None:
    """Whether a customer is, or was, a key customer; None where nobody ever said so."""
    require(uow, "search:use")
    own = keys(uow.actor).where(KeyCustomer.customer_id == customer_id)
    row = uow.session.scalar(own)
    return _view(uow, row) if row else None


def listed(uow: UnitOfWork) -> tuple[KeyView, ...]:
    """The key customers of the actor's station, by name."""
    require(uow, "search:use")
    rows = keys(uow.actor).where(KeyCustomer.status == KEY, Customer.erased_at.is_(None))
    named = rows.order_by(Customer.name, Customer.id).limit(MOST)
    return tuple(_view(uow, row) for row in uow.session.scalars(named))


def _of(uow: UnitOfWork, customer: Customer) -> KeyCustomer | None:
    known = select(KeyCustomer).where(KeyCustomer.customer_id == customer.id)
    return uow.session.scalar(known)


def _view(uow: UnitOfWork, row: KeyCustomer) -> KeyView:
    return KeyView(
        id=row.id,
        version=row.version,
        customer_id=row.customer_id,
        customer=row.customer.name,
        status=row.status,
        since=row.since,
        reason=row.reason,
        actions=PROCESS.allowed(uow.actor, row),
        barred=fairness.barred(uow, PROCESS, row),
    )


def _again(uow: UnitOfWork, row: KeyCustomer, command: MarkKeyAgain) -> Done:
    row.since, row.reason = uow.today, command.note
    return Done(note=command.note)


def _end(_uow: UnitOfWork, row: KeyCustomer, command: EndKey) -> Done:
    row.reason = command.note
    return Done(note=command.note)


PROCESS = Process(
    subject="key_customer",
    rules=KEY_RULES,
    effects={EndKey: _end, MarkKeyAgain: _again},
    select=keys,
    table=KeyCustomer,
    case_id=lambda row: None,
)
