"""The rule tables of contracts and of supplementary agreements, and who may see which (S7)."""

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from core.contracts.inputs import (
    ApproveSupplement,
    EditContract,
    EndContract,
    PutInForce,
    RefuseSupplement,
    WithdrawSupplement,
)
from core.customers import again
from core.customers.again import OWN
from core.kernel.unit_of_work import Actor
from core.process.permissions import visible_requests
from core.process.rules import Relation, Rule
from db.codes import ContractStatus, SupplementStatus
from db.tables import Contract, Supplement

KEEP, APPROVE = "contract:keep", "contract:approve"
DRAFT, IN_FORCE, ENDED = ContractStatus
ASKED, APPROVED, REFUSED, WITHDRAWN = SupplementStatus
NEW, BINDS, WAITS = frozenset({DRAFT}), frozenset({IN_FORCE}), frozenset({ASKED})
# Nobody approves what they asked for themselves (A23); the amount decides who may.
DECIDES = (
    Relation("own_supplement", lambda actor, row: row.asked_by_id != actor.id),
    Relation("too_low", lambda actor, row: actor.role in row.approvers),
)

CONTRACT_RULES = (
    Rule("made", None, frozenset(), DRAFT, KEEP, "S7"),
    Rule("edited", EditContract, NEW, None, KEEP, "S7", who=OWN),
    Rule("put_in_force", PutInForce, NEW, IN_FORCE, APPROVE, "S7", who=OWN),
    Rule("ended", EndContract, NEW | BINDS, ENDED, APPROVE, "S7", who=OWN),
    Rule("expired", None, BINDS, ENDED, KEEP, "S7"),
)
SUPPLEMENT_RULES = (
    Rule("asked", None, frozenset(), ASKED, KEEP, "S7"),
    Rule("approved", ApproveSupplement, WAITS, APPROVED, APPROVE, "S7", who=DECIDES),
    Rule("refused", RefuseSupplement, WAITS, REFUSED, APPROVE, "S7", who=DECIDES),
    Rule("withdrawn", WithdrawSupplement, WAITS, WITHDRAWN, KEEP, "S7"),
)


def contracts(actor: Actor) -> Select[Contract]:
    """The contracts of customers of the actor's station (C15)."""
    query = select(Contract).join(Contract.customer).where(again.own(actor))
    return query.options(contains_eager(Contract.customer))


def supplements(actor: Actor) -> Select[Supplement]:
    """The supplements of the cases that the actor may see."""
    return (
        select(Supplement)
        .join(Supplement.request)
        .join(Supplement.contract)
        .where(visible_requests(actor))
        .options(contains_eager(Supplement.request), contains_eager(Supplement.contract))
    )
