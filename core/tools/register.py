"""The register of tools: taken, given back, checked, out of order, retired (D14)."""

from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, select, update

from core.customers.catalogue import plain_name
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.people.own_jobs import own_jobs
from core.people.people import own_station_options
from core.process import changes, workflow
from core.process.permissions import require, sees_all_stations
from core.process.rules import Done, Process, Relation, Rule
from core.roster import fitness, qualifications
from core.tools.inputs import (
    AddTool,
    CheckTool,
    EditTool,
    GiveBackTool,
    RepairTool,
    ReportFault,
    RetireTool,
    TakeToNextJob,
    TakeTool,
)
from db.codes import ToolStatus
from db.tables import Person, Tool, ToolFault, ToolTrip

READ, USE, EDIT = "tool:read", "tool:use", "tool:edit"
IN_STORE, OUT, FAULTY, RETIRED = ToolStatus
ALIVE = frozenset({IN_STORE, OUT, FAULTY})
AT_HAND = frozenset({IN_STORE, OUT})
HOLDS = Relation("other_holder", lambda actor, row: actor.id == row.holder_id)
RULES = (
    Rule("added", None, frozenset(), IN_STORE, EDIT, "D14"),
    Rule("taken", TakeTool, frozenset({IN_STORE}), OUT, USE, "D14"),
    Rule("taken_on", TakeToNextJob, frozenset({OUT}), None, USE, "D14", who=(HOLDS,)),
    Rule("given_back", GiveBackTool, frozenset({OUT}), IN_STORE, USE, "D14", who=(HOLDS,)),
    Rule("given_back", GiveBackTool, frozenset({OUT}), IN_STORE, EDIT, "D14"),
    Rule("fault_found", ReportFault, AT_HAND, FAULTY, USE, "D14"),
    Rule("repaired", RepairTool, frozenset({FAULTY}), IN_STORE, EDIT, "D14"),
    Rule("checked", CheckTool, ALIVE, None, EDIT, "D14"),
    Rule("edited", EditTool, ALIVE, None, EDIT, "D14"),
    Rule("retired", RetireTool, frozenset({IN_STORE, FAULTY}), RETIRED, EDIT, "D14"),
)


def select_visible(actor: Actor) -> Select[Tool]:
    """The tools of the actor's station and of head office, or all."""
    query = select(Tool)
    if sees_all_stations(actor):
        return query
    own = Tool.station_id == actor.station_id
    return query.where(own | Tool.station_id.is_(None) | (Tool.holder_id == actor.id))


def add(uow: UnitOfWork, command: AddTool) -> int:
    """Take a tool into the register; gives its id."""
    require(uow, EDIT)
    wrong = _wrong(uow, command)
    key = plain_name(command.number)[:120]
    if uow.session.scalar(select(Tool.id).where(Tool.key == key)) is not None:
        wrong.append(Problem("number", "taken"))
    if command.checked_on and command.checked_on > uow.today:
        wrong.append(Problem("checked_on", "in_the_future"))
    if wrong:
        raise InvalidInput(*wrong)
    row = Tool(
        number=command.number,
        key=key,
        name=command.tool_name,
        station_id=command.station_id,
        qualification=command.qualification or "",
        check_months=command.check_months,
        checked_on=command.checked_on,
    )
    row.check_due_on = _due(uow, row)
    workflow.begin(uow, PROCESS, row, Done(note=row.name))
    return row.id


def _wrong(uow: UnitOfWork, command: AddTool | EditTool) -> list[Problem]:
    wrong = []
    if command.station_id is None and not sees_all_stations(uow.actor):
        wrong.append(Problem("station_id", "missing"))
    if command.station_id is not None and command.station_id not in own_station_options(uow):
        wrong.append(Problem("station_id", "not_an_option"))
    if command.qualification and command.qualification not in qualifications.kinds(uow):
        wrong.append(Problem("qualification", "not_an_option"))
    return wrong


def _due(uow: UnitOfWork, row: Tool) -> date | None:
    """When the next check is due: at once, where there never was one."""
    if row.check_months is None:
        return None
    if row.checked_on is None:
        return uow.today
    due: date = row.checked_on + relativedelta(months=row.check_months)
    return due


def _take(uow: UnitOfWork, row: Tool, command: TakeTool) -> Done:
    if row.check_due_on and row.check_due_on < uow.today:
        on = row.check_due_on.isoformat()
        raise InvalidInput(Problem("form", "check_overdue", {"on": on}))
    if row.qualification and not _holds(uow, row.qualification):
        raise InvalidInput(Problem("form", "not_qualified"))
    row.holder_id = uow.actor.id
    if command.job_id:
        _set_out(uow, row, command.job_id)
    return Done(note=uow.actor.name, data={"job": command.job_id})


def _take_on(uow: UnitOfWork, row: Tool, command: TakeToNextJob) -> Done:
    _end_trip(uow, row)
    _set_out(uow, row, command.job_id)
    return Done(data={"job": command.job_id})


def _set_out(uow: UnitOfWork, row: Tool, job_id: int) -> None:
    trip = {"tool_id": row.id, "job_id": job_id, "person_id": uow.actor.id}
    uow.session.add(ToolTrip(**trip, taken_at=uow.now))


def _end_trip(uow: UnitOfWork, row: Tool) -> None:
    is_out = (ToolTrip.tool_id == row.id) & ToolTrip.back_at.is_(None)
    for trip in uow.session.scalars(select(ToolTrip).where(is_out)):
        # The clock may have been set back meanwhile.
        trip.back_at = max(uow.now, trip.taken_at)


def _holds(uow: UnitOfWork, kind: str) -> bool:
    held = fitness.holds(kind, uow.today, uow.today)
    query = select(Person.id).where(Person.id == uow.actor.id, held)
    return uow.session.scalar(query) is not None


def _give_back(uow: UnitOfWork, row: Tool, _command: GiveBackTool) -> Done:
    _end_trip(uow, row)
    row.holder_id = None
    return Done()


def _report(uow: UnitOfWork, row: Tool, command: ReportFault) -> Done:
    _end_trip(uow, row)
    row.holder_id = None
    uow.session.add(ToolFault(tool_id=row.id, found_at=uow.now, what=command.note))
    return Done(note=command.note)


def _repair(uow: UnitOfWork, row: Tool, command: RepairTool) -> Done:
    _settle_faults(uow, row)
    return Done(note=command.note)


def _settle_faults(uow: UnitOfWork, row: Tool) -> None:
    is_open = (ToolFault.tool_id == row.id) & ToolFault.repaired_at.is_(None)
    uow.session.execute(update(ToolFault).where(is_open).values(repaired_at=uow.now))


def _check(uow: UnitOfWork, row: Tool, command: CheckTool) -> Done:
    if command.checked_on > uow.today:
        raise InvalidInput(Problem("checked_on", "in_the_future"))
    row.checked_on = command.checked_on
    row.check_due_on = _due(uow, row)
    return Done(note=command.note, data={"on": command.checked_on.isoformat()})


def _edit(uow: UnitOfWork, row: Tool, command: EditTool) -> Done:
    if wrong := _wrong(uow, command):
        raise InvalidInput(*wrong)
    facts = {
        "name": command.tool_name,
        "station_id": command.station_id,
        "qualification": command.qualification or "",
        "check_months": command.check_months,
    }
    data = changes.write(row, facts)
    row.check_due_on = _due(uow, row)
    return Done(data=data)


def _retire(uow: UnitOfWork, row: Tool, command: RetireTool) -> Done:
    _settle_faults(uow, row)
    return Done(note=command.note)


def _now(uow: UnitOfWork, row: Tool) -> dict[str, Any]:
    return {"tool_name": row.name, "qualification": row.qualification or None}


PROCESS = Process(
    subject="tool",
    rules=RULES,
    effects={
        CheckTool: _check,
        EditTool: _edit,
        GiveBackTool: _give_back,
        RepairTool: _repair,
        ReportFault: _report,
        RetireTool: _retire,
        TakeTool: _take,
        TakeToNextJob: _take_on,
    },
    select=select_visible,
    table=Tool,
    case_id=lambda row: None,
    options={
        "jobs": own_jobs,
        "stations": own_station_options,
        "qualifications": qualifications.kinds,
    },
    proposals={
        EditTool: _now,
        CheckTool: lambda uow, _row: {"checked_on": uow.today},
    },
)
