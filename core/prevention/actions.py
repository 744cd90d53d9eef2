"""What becomes of an alarm of a repeat fault: settled with a note, or led to a measure (S8)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from core.improvements import actions as improvements
from core.improvements.actions import PlanImprovement
from core.kernel.inputs import Action, RequiredText
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process.permissions import visible_requests
from core.process.rules import Done, Process, Rule
from db.codes import AlarmStatus
from db.tables import RepeatFault

READ, SETTLE = "prevention:read", "prevention:settle"
OPEN, SETTLED = AlarmStatus.OPEN, AlarmStatus.SETTLED
WAITING = frozenset({OPEN})


class SettleAlarm(Action):
    """The alarm needs no measure of its own, or one is running already: say why."""

    note: RequiredText


RULES = (
    Rule("raised", None, WAITING, OPEN, "request:register", "S8"),
    # Whoever may settle an alarm may plan measures too.
    Rule("settled", PlanImprovement, WAITING, SETTLED, SETTLE, "S8"),
    Rule("settled", SettleAlarm, WAITING, SETTLED, SETTLE, "S8"),
)


def select_visible(actor: Actor) -> Select[RepeatFault]:
    """The alarms whose case the actor may see."""
    return (
        select(RepeatFault)
        .join(RepeatFault.request)
        .where(visible_requests(actor))
        .options(contains_eager(RepeatFault.request))
    )


def _settle(uow: UnitOfWork, alarm: RepeatFault, command: SettleAlarm) -> Done:
    return _settled(uow, alarm, command.note)


def _plan(uow: UnitOfWork, alarm: RepeatFault, command: PlanImprovement) -> Done:
    about = {"fault_area": command.fault_area or alarm.fault_area}
    measure = improvements.plan(uow, alarm.request, command.model_copy(update=about))
    return _settled(uow, alarm, command.measure, improvement=measure.id)


def _settled(uow: UnitOfWork, alarm: RepeatFault, note: str, **data: int) -> Done:
    """Its cases are not counted again."""
    alarm.settled_at, alarm.settled_by_id, alarm.note = uow.now, uow.actor.id, note
    return Done(note, data)


def _staff(uow: UnitOfWork, _alarm: Any) -> Mapping[int, str]:
    return improvements.staff(uow)


PROCESS = Process(
    subject="repeat_fault",
    rules=RULES,
    effects={SettleAlarm: _settle, PlanImprovement: _plan},
    select=select_visible,
    table=RepeatFault,
    case_id=lambda alarm: alarm.request_id,
    options={"staff": _staff},
)
