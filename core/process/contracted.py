"""The time limits of a contract, beside those of the rule book: what is due first binds (S7)."""

from collections.abc import Iterator

from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.norms.parts import LimitRule
from core.norms.revisions import judged_by
from db.codes import LimitUnit, Measure, RequestKind
from db.tables import Contract, ServiceRequest

RESPONSE, ARRIVAL = "contract_response", "contract_arrival"
NAMES = (RESPONSE, ARRIVAL)
CLAUSE, LADDER = "S7", "usual"
# Each with what meets it; the clock starts with the contact.
MET = {
    RESPONSE: ("request.acknowledged", "request.dispatched", "request.answered"),
    ARRIVAL: ("job.arrived", "request.answered"),
}


def book_of(uow: UnitOfWork, request: ServiceRequest) -> Norm:
    """The rule book by which the limits of a case run, with those of its contract."""
    norm = judged_by(uow, request)
    if request.contract_id is None or request.beyond_contract:
        return norm
    contract = uow.session.get_one(Contract, request.contract_id)
    own = tuple(_limits(norm, contract, request.kind))
    return norm.model_copy(update={"limits": (*norm.limits, *own)}) if own else norm


def _limits(norm: Norm, contract: Contract, kind: RequestKind) -> Iterator[LimitRule]:
    hours = {RESPONSE: contract.response_hours, ARRIVAL: contract.arrival_hours}
    for name, length in hours.items():
        if length:
            yield LimitRule(
                name=name,
                clause=CLAUSE,
                measure=Measure.RESPONSE,
                unit=LimitUnit.CLOCK_MINUTES,
                amount=length * 60,
                kinds=(kind,),
                starts="request.registered",
                since="received",
                met=MET[name],
                ladder=LADDER if norm.steps_of(LADDER) else None,
            )
