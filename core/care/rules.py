"""The rule tables of key customers and of calls on a plan, and who may see which (E19, S14)."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from core.care.inputs import (
    AnswerCare,
    CareNotReached,
    EndKey,
    GiveCareLink,
    MarkKeyAgain,
    RecordCare,
    SkipCare,
)
from core.customers import again
from core.customers.again import OWN
from core.kernel.unit_of_work import Actor
from core.process.rules import Rule
from db.codes import CareStatus, KeyStatus
from db.tables import CareCall, Customer, KeyCustomer

CALL, MARK, BY_LINK = "care:call", "customer:mark", "care:answer"
TRIES = 3
KEY, FORMER = KeyStatus
DUE, DONE, UNREACHABLE, SKIPPED, DROPPED = CareStatus
WAITS = frozenset({DUE})


def _is_last_try(call: Any) -> bool:
    return bool(call.attempts >= TRIES - 1)


def _may_be_tried(call: Any) -> bool:
    return not _is_last_try(call)


KEY_RULES = (
    Rule("named", None, frozenset(), KEY, MARK, "S14"),
    Rule("ended", EndKey, frozenset({KEY}), FORMER, MARK, "S14", who=OWN),
    Rule("named_again", MarkKeyAgain, frozenset({FORMER}), KEY, MARK, "S14", who=OWN),
)
CALL_RULES = (
    Rule("planned", None, frozenset(), DUE, CALL, "E19"),
    Rule("answered", RecordCare, WAITS, DONE, CALL, "E19", who=OWN),
    Rule("answered", AnswerCare, WAITS, DONE, BY_LINK, "E20"),
    Rule("link_given", GiveCareLink, WAITS, None, CALL, "C13", who=OWN),
    Rule("not_reached", CareNotReached, WAITS, None, CALL, "E19", _may_be_tried, OWN),
    Rule("given_up", CareNotReached, WAITS, UNREACHABLE, CALL, "E19", _is_last_try, OWN),
    Rule("skipped", SkipCare, WAITS, SKIPPED, CALL, "E19", who=OWN),
    Rule("dropped", None, WAITS, DROPPED, CALL, "E19"),
)


def keys(actor: Actor) -> Select[KeyCustomer]:
    """The key customers whose archives the actor keeps (C15)."""
    named = select(KeyCustomer).join(KeyCustomer.customer)
    return named.where(again.own(actor)).options(contains_eager(KeyCustomer.customer))


def calls(actor: Actor) -> Select[CareCall]:
    """The calls to customers of the actor's station; nobody calls who was erased.

    A customer who comes by the link of a call sees that one alone.
    """
    mine = CareCall.id == actor.care_id if actor.role is None else again.own(actor)
    query = select(CareCall).join(CareCall.customer).where(mine)
    return query.where(Customer.erased_at.is_(None)).options(contains_eager(CareCall.customer))
