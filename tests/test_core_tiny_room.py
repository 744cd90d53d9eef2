"""A capability built from nothing: instruction sheets, in a house of two rooms.

It touches no file but this one, and has its form, its pile, its facts, its history, its codes, its
chore, its matrix and what follows. docs/adding_a_capability.md is written after it.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

import pytest
from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.contracts import room as contracts_room
from core.customers import room as customers_room
from core.house import HOUSE
from core.kernel.errors import InvalidInput, NotAllowed, Problem
from core.kernel.inputs import Action, Choice, RequiredText
from core.kernel.unit_of_work import Actor, UnitOfWork, unit_of_work
from core.overview import Waiting, overview
from core.process import workflow
from core.process.room import Chore, House, Pile, Room
from core.process.rules import Done, Happening, Process, Rule, after
from core.requests import room as requests_room
from core.requests.actions import PROCESS as REQUESTS
from core.requests.inputs import Cancel
from db.base import Versioned
from db.types import code
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

# Storage: in a house that stands this is db/tables/sheets.py and a migration.


class Base(DeclarativeBase):
    pass


class SheetStatus(StrEnum):
    """A sheet is written, then handed out."""

    DRAFT = "draft"
    OUT = "out"


class Shelf(StrEnum):
    """Where sheets lie."""

    VAN = "van"
    DESK = "desk"


class Sheet(Versioned, Base):
    __tablename__ = "sheets"
    __mapper_args__ = {"version_id_col": Versioned.version}

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[SheetStatus] = mapped_column(code(SheetStatus, "status"))
    text: Mapped[str] = mapped_column(default="")
    shelf: Mapped[str] = mapped_column(default="")
    cancelled: Mapped[int] = mapped_column(default=0)


# The room: inputs, rules, effects, the card.


class Write(Action):
    """Write what technicians have to know."""

    text: RequiredText


class HandOut(Action):
    """It is handed out."""

    shelf: Annotated[str, Choice("shelves")]


DRAFT, OUT = SheetStatus
READ, WRITE = "norm:read", "norm:edit"
RULES = (
    Rule("begun", None, frozenset(), DRAFT, WRITE, "E9"),
    Rule("written", Write, frozenset({DRAFT}), None, WRITE, "E9"),
    Rule("handed_out", HandOut, frozenset({DRAFT}), OUT, WRITE, "E9"),
)


def seen_by(_actor: Actor) -> Select[Sheet]:
    return select(Sheet)


def write(_uow: UnitOfWork, sheet: Sheet, command: Write) -> Done:
    sheet.text = command.text
    return Done(note=command.text)


def hand_out(_uow: UnitOfWork, sheet: Sheet, command: HandOut) -> Done:
    if not sheet.text:
        raise InvalidInput(Problem("shelf", "missing"))
    sheet.shelf = command.shelf
    return Done(data={"shelf": command.shelf})


PROCESS = Process(
    subject="sheet",
    rules=RULES,
    effects={Write: write, HandOut: hand_out},
    select=seen_by,
    table=Sheet,
    case_id=lambda _sheet: None,
    options={"shelves": lambda _uow, _sheet: {each.value: each.value for each in Shelf}},
)


def drafts(_uow: UnitOfWork) -> Select[int, int]:
    return select(func.count(), literal(0)).select_from(Sheet).where(Sheet.status == DRAFT)


def count_cancelled(uow: UnitOfWork, _cancelled: Happening) -> None:
    """Sheets know how many cases were cancelled."""
    for sheet in uow.session.scalars(select(Sheet)):
        sheet.cancelled += 1


def due(uow: UnitOfWork) -> list[int]:
    return list(uow.session.scalars(select(Sheet.id).where(Sheet.status == DRAFT)))


def remind(_uow: UnitOfWork, _sheet_id: int) -> None:
    pass


ROOM = Room(
    "sheets",
    processes=(PROCESS,),
    after=(after("request.cancelled", do=count_cancelled),),
    piles=(Pile("sheets", WRITE, drafts),),
    minutely=(Chore(due, remind),),
    codes={"shelf": (Shelf,)},
)
TWO = House((customers_room.ROOM, contracts_room.ROOM, requests_room.ROOM, ROOM))


@pytest.fixture
def home(sqlite_company: Company) -> Iterator[Company]:
    Base.metadata.create_all(sqlite_company.engine)
    yield sqlite_company
    Base.metadata.drop_all(sqlite_company.engine)


def begin(company: Company) -> int:
    with unit_of_work(company.engine, company["manager"], TWO, write=True, now=NOW) as uow:
        sheet = Sheet()
        workflow.begin(uow, PROCESS, sheet)
        return sheet.id


def act(company: Company, who: str, id: int, command: Action, process: Process = PROCESS) -> Any:
    with unit_of_work(company.engine, company[who], TWO, write=True, now=NOW) as uow:
        version = company.get(process.table, id).version
        return workflow.act(uow, process, id=id, command=command, seen_version=version)


def test_its_form_offers_what_the_rules_say(home: Company) -> None:
    id = begin(home)
    with unit_of_work(home.engine, home["manager"], TWO, write=False, now=NOW) as uow:
        sheet = workflow.fetch(uow, PROCESS, id)
        assert [rule.action for rule in PROCESS.allowed(uow.actor, sheet)] == [Write, HandOut]
        form = workflow.form(uow, process=PROCESS, record_id=id, action=HandOut)
        assert form.options == {"shelves": {"van": "van", "desk": "desk"}}
    with pytest.raises(InvalidInput):
        act(home, "manager", id, HandOut(shelf="roof"))
    with pytest.raises(NotAllowed):
        act(home, "agent", id, Write(text="x"))


def test_its_history_is_kept_without_a_case(home: Company) -> None:
    id = begin(home)
    act(home, "manager", id, Write(text="先断电"))
    act(home, "manager", id, HandOut(shelf="van"))
    assert home.history("sheet", id) == [
        ("begun", None, "draft"),
        ("written", "draft", "draft"),
        ("handed_out", "draft", "out"),
    ]
    assert home.get(Sheet, id).shelf == "van"


def test_its_pile_stands_on_the_overview(home: Company) -> None:
    begin(home)
    for who, piles in (("manager", [Waiting("sheets", 1, 0)]), ("agent", [])):
        with unit_of_work(home.engine, home[who], TWO, write=False, now=NOW) as uow:
            found = [pile for pile in overview(uow, TWO).piles if pile.name == "sheets"]
        assert found == piles


def test_its_facts_can_start_and_meet_limits_and_its_codes_are_known() -> None:
    assert PROCESS.facts == {"sheet.begun", "sheet.written", "sheet.handed_out"} <= TWO.facts
    below = customers_room.ROOM.facts | contracts_room.ROOM.facts
    assert TWO.facts - PROCESS.facts - below == REQUESTS.facts
    assert TWO.codes["shelf"] == (Shelf,)
    below = (*contracts_room.ROOM.minutely, *requests_room.ROOM.minutely)
    assert TWO.chores == (*below, *ROOM.minutely)
    assert "sheet" not in {process.subject for process in HOUSE.processes}


def test_what_follows_from_a_room_below(home: Company) -> None:
    id, case_id = begin(home), home.register()
    act(home, "agent", case_id, Cancel(note="不修了"), REQUESTS)
    assert home.get(Sheet, id).cancelled == 1


cells = partial(Cells, kinds="sheet", roles="manager admin")
CELLS = (
    cells("write", "written", "draft", None),
    cells("hand_out", "handed_out", "draft", "out"),
)
SAMPLES = (Write(text="先断电"), HandOut(shelf="desk"))


@pytest.mark.parametrize("state", SheetStatus, ids=str)
def test_its_matrix(home: Company, state: SheetStatus) -> None:
    with unit_of_work(home.engine, home["manager"], TWO, write=True, now=NOW) as uow:
        sheet = Sheet(status=state, text="先断电")
        uow.session.add(sheet)
        uow.session.flush()
        everybody = [actor for name, actor in home.people.items() if "." not in name]
        stand = Stand(PROCESS, sheet, state.value, "sheet", None, CELLS)
        check_stand(uow, stand, everybody, SAMPLES, TWO)


def test_no_rule_is_left_out_of_its_matrix() -> None:
    check_no_rule_is_left_out(PROCESS, SAMPLES, CELLS)
