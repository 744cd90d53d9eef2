"""Who may read and change prices, quote, take money, and count what was handed in."""

from sqlalchemy import ColumnElement, true

from core.kernel.errors import NotAllowed
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process.permissions import may
from db.tables import HandIn, Payment

PRICES, EDIT = "price:read", "price:edit"
QUOTE, GOODWILL = "quote:make", "charge:goodwill"
ANSWER = "quote:answer"
TAKE, COUNT, MONEY = "money:take", "money:count", "money:read"


def require_money(uow: UnitOfWork) -> None:
    """NotAllowed unless the actor takes money, or follows its way to finance."""
    if not may(uow.actor, TAKE) and not may(uow.actor, MONEY):
        raise NotAllowed(permission=TAKE)


def payments(actor: Actor) -> ColumnElement[bool]:
    """The payments whose way to finance the actor may follow: the own ones, or all."""
    return true() if may(actor, MONEY) else Payment.taken_by_id == actor.id


def hand_ins(actor: Actor) -> ColumnElement[bool]:
    """What the actor has handed in, or all."""
    return true() if may(actor, MONEY) else HandIn.person_id == actor.id
