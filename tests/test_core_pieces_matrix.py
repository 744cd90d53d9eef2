"""Pieces and late reports: every action in every state by everybody, told a second time by hand."""

from functools import partial

import pytest

from core.customers import life
from core.customers.inputs import (
    CorrectPiece,
    MovePiece,
    RecyclePiece,
    RestorePiece,
    ScrapPiece,
)
from core.house import HOUSE
from core.jobs import sheets
from core.jobs.sheets import SetAsideSheet, TakeOverSheet
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from db.codes import PieceStatus, SheetStatus
from db.tables import Asset, Customer, Job, JobSheet, ServiceRequest
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

STAFF = "agent dispatcher technician support quality warehouse finance handler manager leader"
piece = partial(Cells, roles=STAFF, kinds="owned held", not_for="not_its_station")
EVER = "bought in_use held scrapped recycled"
PIECE_CELLS = (
    piece("correct_piece", "edited", EVER, None),
    piece("move_piece", "moved", "bought in_use", "in_use"),
    piece("scrap_piece", "scrapped", "bought in_use held", "scrapped"),
    piece("recycle_piece", "recycled", "bought in_use held", "recycled"),
    piece("restore_piece", "restored", "scrapped recycled", "in_use", kinds="owned"),
    piece("restore_piece", "restored", "scrapped recycled", "held", kinds="held"),
)
NOTE = {"note": "写错了"}
PIECE_SAMPLES = (
    CorrectPiece(brand="海尔", model="BCD-500", serial="SN-NEW", **NOTE),
    MovePiece(customer_id=2, **NOTE),
    ScrapPiece(**NOTE),
    RecyclePiece(**NOTE),
    RestorePiece(**NOTE),
)
sheet = partial(Cells, states="kept", roles="dispatcher manager", kinds="sheet")
SHEET_CELLS = (
    sheet("take_over_sheet", "taken_over", target="taken_over"),
    sheet("set_aside_sheet", "set_aside", target="set_aside"),
)
SHEET_SAMPLES = (TakeOverSheet(), SetAsideSheet(**NOTE))


def everybody(company: Company) -> list[str]:
    return [each for each in company.people if not each.endswith(".colleague")]


def put_piece(uow: UnitOfWork, company: Company, status: PieceStatus, before: str) -> Stand:
    owner = uow.session.get_one(Customer, 1)
    owner.station_id = Company.NORTH
    row = uow.session.get_one(Asset, 1)
    row.status = status
    is_gone = status in (PieceStatus.SCRAPPED, PieceStatus.RECYCLED)
    owned = status in (PieceStatus.BOUGHT, PieceStatus.IN_USE)
    row.left_on = None if owned else NOW.date()
    row.ended_from = PieceStatus("in_use" if before == "owned" else "held") if is_gone else None
    uow.session.flush()
    far = [company[each].id for each in everybody(company) if each.endswith(".stranger")]
    relations = {"not_its_station": far}
    return Stand(life.PROCESS, row, status.value, before, None, PIECE_CELLS, relations, far)


@pytest.mark.parametrize("before", ["owned", "held"])
@pytest.mark.parametrize("status", PieceStatus)
def test_a_piece_moves_as_the_table_says(
    sqlite_company: Company, status: PieceStatus, before: str
) -> None:
    company = sqlite_company
    case = company.register(serial="SN1")
    company.register(customer_name="李雷", phone="13900139000")
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        uow.session.get_one(ServiceRequest, case).asset_id = None  # no case of it is open
        uow.session.flush()
        stand = put_piece(uow, company, status, before)
        check_stand(uow, stand, [company[each] for each in everybody(company)], PIECE_SAMPLES)


@pytest.mark.parametrize("status", SheetStatus)
def test_a_late_report_moves_as_the_table_says(
    sqlite_company: Company, status: SheetStatus
) -> None:
    company = sqlite_company
    case, job = company.dispatched()
    decided = None if status is SheetStatus.KEPT else NOW
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        row = JobSheet(
            status=status,
            job=uow.session.get_one(Job, job),
            case=uow.session.get_one(ServiceRequest, case),
            person_id=company["technician"].id,
            typed={"cause": "皮带"},
            refused="cancelled",
            received_at=NOW,
            decided_at=decided,
        )
        stored_rows.add(uow.session, row)
        stand = Stand(sheets.PROCESS, row, status.value, "sheet", None, SHEET_CELLS)
        check_stand(uow, stand, [company[each] for each in everybody(company)], SHEET_SAMPLES)


def test_no_rule_is_left_out() -> None:
    check_no_rule_is_left_out(life.PROCESS, PIECE_SAMPLES, PIECE_CELLS)
    check_no_rule_is_left_out(sheets.PROCESS, SHEET_SAMPLES, SHEET_CELLS)
