"""Maintenance plans: made, changed with old and new in history, paused, ended."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from core.customers.purchases import name_of, piece_name
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.maintenance import sight
from core.maintenance.inputs import (
    EditContractMaintenance,
    EditMaintenance,
    EndMaintenance,
    MakeContractPlan,
    MakePlan,
    PauseMaintenance,
    ResumeMaintenance,
)
from core.maintenance.rules import MANAGE, PLAN_RULES, PLANNED
from core.norms.revisions import in_force, norm_of
from core.people.people import station_options
from core.process import changes, workflow
from core.process.permissions import require, sees_all_stations
from core.process.rules import Done, Process
from core.requests.kinds import SITE_KINDS
from db.codes import RequestKind
from db.tables import Asset, Customer, MaintenancePiece, MaintenancePlan, MaintenanceRound, Product

MOST = 2000
# A change of these gives every round other days.
RHYTHM = frozenset({"interval_length", "interval_unit", "counted_from", "first_on", "next_round"})
# What leaves the rounds that are planned as they are.
WORDS = frozenset({"title", "kind", "task", "contract"})


def make(uow: UnitOfWork, command: MakePlan | MakeContractPlan) -> int:
    """Make a plan, for a product or for a customer's contract; gives its id."""
    require(uow, MANAGE)
    if isinstance(command, MakePlan) and not sees_all_stations(uow.actor):
        raise NotAllowed(permission=MANAGE, reason="plan_of_all_stations")
    customer_id = command.customer_id if isinstance(command, MakeContractPlan) else None
    _check(uow, command, customer_id)
    plan = MaintenancePlan(**command.model_dump(exclude={"pieces"}), since=uow.today)
    workflow.begin(uow, PROCESS, plan, Done(note=plan.title))
    if isinstance(command, MakeContractPlan):
        _cover(uow, plan, [line.asset_id for line in command.pieces])
    return plan.id


def products(uow: UnitOfWork, _plan: Any = None) -> Mapping[int, str]:
    """The products of the catalogue, by name."""
    rows = uow.session.scalars(
        select(Product).order_by(Product.brand, Product.model, Product.specification).limit(MOST)
    )
    return {row.id: name_of(row) for row in rows}


def teams(uow: UnitOfWork, _plan: Any = None) -> Mapping[int, str]:
    """The stations whose plans the actor may keep."""
    stations = station_options(uow)
    if sees_all_stations(uow.actor):
        return stations
    return {id: name for id, name in stations.items() if id == uow.actor.station_id}


def kinds(uow: UnitOfWork, _plan: Any = None) -> Mapping[RequestKind, str]:
    """The kinds of request that a technician is sent for, of those of the rule book."""
    return {kind: "" for kind in norm_of(in_force(uow)).kinds if kind in SITE_KINDS}


def pieces_of(uow: UnitOfWork, *, customer_id: int) -> Mapping[int, str]:
    """The pieces of a customer of the actor's, by product and serial number."""
    query = select(Asset).where(Asset.customer_id == customer_id, Asset.joined_into_id.is_(None))
    if not sees_all_stations(uow.actor):
        query = query.join(Asset.customer).where(Customer.station_id == uow.actor.station_id)
    rows = uow.session.scalars(query.options(joinedload(Asset.product)).order_by(Asset.id))
    return {row.id: piece_name(row) for row in rows}


def named_pieces(uow: UnitOfWork, plan_id: int) -> Sequence[int]:
    """The pieces that a contract names."""
    named = select(MaintenancePiece.asset_id).where(MaintenancePiece.plan_id == plan_id)
    return uow.session.scalars(named.order_by(MaintenancePiece.asset_id)).all()


def _pieces(uow: UnitOfWork, plan: MaintenancePlan) -> Mapping[int, str]:
    return pieces_of(uow, customer_id=plan.customer_id) if plan.customer_id else {}


def _check(uow: UnitOfWork, command: EditMaintenance, customer_id: int | None) -> None:
    wrong: list[Problem] = []
    if command.kind not in kinds(uow):
        wrong.append(Problem("kind", "not_an_option"))
    if command.station_id is None and not sees_all_stations(uow.actor):
        wrong.append(Problem("station_id", "missing"))
    elif command.station_id is not None and command.station_id not in teams(uow):
        wrong.append(Problem("station_id", "not_an_option"))
    if isinstance(command, MakePlan):
        wrong += _of_product(uow, command.product_id)
    if isinstance(command, EditContractMaintenance) and customer_id:
        wrong += _of_customer(uow, command, customer_id)
    if wrong:
        raise InvalidInput(*wrong)


def _of_product(uow: UnitOfWork, product_id: int) -> Iterator[Problem]:
    if not uow.session.scalar(select(Asset.id).where(Asset.product_id == product_id).limit(1)):
        yield Problem("product_id", "no_pieces")


def _of_customer(
    uow: UnitOfWork, command: EditContractMaintenance, customer_id: int
) -> Iterator[Problem]:
    customer = uow.session.get(Customer, customer_id)
    if customer is None:
        raise NotFound(subject="customer", id=customer_id)
    if not sees_all_stations(uow.actor) and customer.station_id != uow.actor.station_id:
        yield Problem("customer_id", "of_other_station")
        return  # what they have is not told
    if not customer.address:
        yield Problem("customer_id", "no_address")
    known = pieces_of(uow, customer_id=customer_id)
    if not known:
        yield Problem("customer_id", "owns_nothing")
    for number, line in enumerate(command.pieces):
        if line.asset_id not in known:
            yield Problem(f"pieces.{number}.asset_id", "not_an_option")


def _edit(uow: UnitOfWork, plan: MaintenancePlan, command: EditMaintenance) -> Done:
    _check(uow, command, plan.customer_id)
    data = changes.write(plan, command.model_dump(exclude={"pieces"}))
    if isinstance(command, EditContractMaintenance):
        data |= _cover(uow, plan, [line.asset_id for line in command.pieces])
    if data.keys() & RHYTHM:
        plan.since = uow.today
    if data.keys() - WORDS:
        _forget(uow, plan)
    return Done(data=data)


def _cover(uow: UnitOfWork, plan: MaintenancePlan, chosen: list[int]) -> dict[str, list[Any]]:
    names, before = _pieces(uow, plan), named_pieces(uow, plan.id)
    now = sorted(set(chosen))
    uow.session.execute(delete(MaintenancePiece).where(MaintenancePiece.plan_id == plan.id))
    uow.session.add_all(MaintenancePiece(plan_id=plan.id, asset_id=id) for id in now)
    uow.session.flush()
    old, new = ("、".join(names.get(id, str(id)) for id in ids) for ids in (before, now))
    return changes.differences({"pieces": old}, {"pieces": new})


def _forget(uow: UnitOfWork, plan: MaintenancePlan) -> None:
    """Rounds that are planned only are forecasts: the next sweep reckons them anew."""
    planned = MaintenanceRound.status == PLANNED
    uow.session.execute(
        delete(MaintenanceRound).where(MaintenanceRound.plan_id == plan.id, planned)
    )


def _rest(
    uow: UnitOfWork, plan: MaintenancePlan, command: PauseMaintenance | EndMaintenance
) -> Done:
    _forget(uow, plan)
    return Done(note=command.note)


def _resume(uow: UnitOfWork, plan: MaintenancePlan, _command: ResumeMaintenance) -> Done:
    plan.since = uow.today
    return Done()


def _proposed(uow: UnitOfWork, plan: MaintenancePlan) -> dict[str, Any]:
    return {"pieces": [{"asset_id": id} for id in named_pieces(uow, plan.id)]}


PROCESS = Process(
    subject="maintenance_plan",
    rules=PLAN_RULES,
    effects={
        EditMaintenance: _edit,
        EditContractMaintenance: _edit,
        PauseMaintenance: _rest,
        ResumeMaintenance: _resume,
        EndMaintenance: _rest,
    },
    select=sight.plans,
    table=MaintenancePlan,
    case_id=lambda plan: None,
    options={"kinds": kinds, "teams": teams, "pieces": _pieces},
    proposals={EditContractMaintenance: _proposed},
)
