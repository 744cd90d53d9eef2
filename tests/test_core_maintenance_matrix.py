"""Action x status x role of maintenance plans and of their rounds."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import pytest

from core.house import HOUSE
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from core.maintenance import plans, rounds
from core.maintenance.inputs import (
    EditContractMaintenance,
    EditMaintenance,
    EndMaintenance,
    PauseMaintenance,
    ResumeMaintenance,
    SkipRound,
)
from db.codes import (
    CountedFrom,
    IntervalUnit,
    MaintenanceStatus,
    NextRound,
    RequestKind,
    RequestStatus,
    RoundStatus,
)
from db.tables import Asset, MaintenancePlan, MaintenanceRound, Product
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.maintained import TERMS, TODAY
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

plan = partial(Cells, kinds="product contract", roles="dispatcher manager", not_for="other_station")
PLAN_CELLS = (
    plan("edit_maintenance", "edited", "active paused", None, kinds="product"),
    plan("edit_contract_maintenance", "edited", "active paused", None, kinds="contract"),
    plan("pause_maintenance", "paused", "active", "paused"),
    plan("resume_maintenance", "resumed", "paused", "active"),
    plan("end_maintenance", "ended", "active paused", "ended"),
)
ROUND_CELLS = (
    Cells("skip_round", "skipped", "planned", "skipped", "dispatcher manager", kinds="round"),
)

Put = Callable[[UnitOfWork, Company, str], Stand]


def steps(_company: Company) -> tuple[Action, ...]:
    contract = {"contract": "HT-1", "station_id": Company.NORTH}
    return (
        parse(EditMaintenance, TERMS | {"station_id": Company.NORTH}),
        parse(EditContractMaintenance, TERMS | contract),
        PauseMaintenance(),
        ResumeMaintenance(),
        EndMaintenance(),
    )


def skippings(_company: Company) -> tuple[Action, ...]:
    return (SkipRound(note="刚修过"),)


def stored(uow: UnitOfWork, state: str, *, by_contract: bool, station: int | None) -> Any:
    owner = stored_rows.customer(uow.session, address="南京市")
    product = uow.session.get(Product, 1) or Product(brand="蓝石", model="H80")
    stored_rows.add(uow.session, product)
    asset = stored_rows.add(uow.session, Asset(customer_id=owner.id, product_id=product.id))
    row = MaintenancePlan(
        title="保养",
        status=MaintenanceStatus(state),
        product_id=None if by_contract else product.id,
        customer_id=owner.id if by_contract else None,
        contract="HT-1" if by_contract else "",
        station_id=station,
        kind=RequestKind.CLEANING,
        task="清洗",
        interval_length=1,
        interval_unit=IntervalUnit.MONTHS,
        counted_from=CountedFrom.PURCHASE,
        next_round=NextRound.FIXED,
        days_ahead=7,
        valid_from=TODAY,
        since=TODAY,
    )
    return stored_rows.add(uow.session, row), asset


def put_plan(
    uow: UnitOfWork,
    _company: Company,
    state: str,
    *,
    by_contract: bool = False,
    station: int | None = Company.NORTH,
) -> Stand:
    row, _asset = stored(uow, state, by_contract=by_contract, station=station)
    kind = "contract" if by_contract else "product"
    return Stand(plans.PROCESS, row, state, kind, None, PLAN_CELLS)


def put_round(uow: UnitOfWork, company: Company, state: str) -> Stand:
    of, asset = stored(uow, "active", by_contract=False, station=None)
    case = {}
    if state in ("made", "done"):
        status = RequestStatus.IN_PROGRESS if state == "made" else RequestStatus.RESOLVED
        case = {"request_id": stored_rows.request(uow.session, company, status).id}
    row = MaintenanceRound(
        plan_id=of.id,
        asset_id=asset.id,
        station_id=Company.NORTH,
        due_on=TODAY,
        make_on=TODAY,
        status=RoundStatus(state),
        done_on=date(2026, 3, 1) if state == "done" else None,
        note="x" if state == "skipped" else "",
        **case,
    )
    stored_rows.add(uow.session, row)
    return Stand(rounds.PROCESS, row, state, "round", None, ROUND_CELLS)


MATRICES: dict[str, tuple[Put, Any, type[Any]]] = {
    "plan": (put_plan, steps, MaintenanceStatus),
    "contract": (partial(put_plan, by_contract=True), steps, MaintenanceStatus),
    "round": (put_round, skippings, RoundStatus),
}
ALL = [(name, status.value) for name, (_, _, codes) in MATRICES.items() for status in codes]


def check(company: Company, name: str, states: Sequence[str], names: Sequence[str]) -> None:
    put, samples, _codes = MATRICES[name]
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        for state in states:
            actors = [company[each] for each in names]
            check_stand(uow, put(uow, company, state), actors, samples(company))


@pytest.mark.parametrize(("name", "state"), ALL)
def test_they_move_as_the_table_says(sqlite_company: Company, name: str, state: str) -> None:
    check(sqlite_company, name, [state], list(sqlite_company.people))


@pytest.mark.parametrize("name", MATRICES)
def test_a_sample_on_both_databases(company: Company, name: str) -> None:
    states = [status.value for status in MATRICES[name][2]][:2]
    check(company, name, states, ["dispatcher.stranger", "dispatcher", "manager", "auditor"])


def test_a_plan_for_all_stations_is_kept_by_who_sees_them_all(sqlite_company: Company) -> None:
    company = sqlite_company
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        row = put_plan(uow, company, "active", station=None).record
        kept = {"other_station": [actor.id for actor in company.people.values()]}
        everywhere = [company["manager"]]
        at_station = [company["dispatcher"], company["dispatcher.colleague"]]
        stand = Stand(plans.PROCESS, row, "active", "product", None, PLAN_CELLS)
        check_stand(uow, stand, everywhere, steps(company))
        barred = Stand(plans.PROCESS, row, "active", "product", None, PLAN_CELLS, kept)
        check_stand(uow, barred, at_station, steps(company))


def test_no_rule_is_left_out(sqlite_company: Company) -> None:
    check_no_rule_is_left_out(plans.PROCESS, steps(sqlite_company), PLAN_CELLS)
    check_no_rule_is_left_out(rounds.PROCESS, skippings(sqlite_company), ROUND_CELLS)
