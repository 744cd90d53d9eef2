"""Every action in every status by everybody, asked of core cell by cell.

What is allowed is written down a second time by hand, in the words of the trade: `Cells`. The rule
tables of core must agree with them: the button is shown exactly when the command is accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import Select, select

from core.house import HOUSE
from core.kernel.errors import NotAllowed, NotFound, WrongStatus
from core.kernel.inputs import Action
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import workflow
from core.process.room import House
from core.process.rules import Process
from db.codes import Role
from db.tables import History
from tests.company_cast import Company

AT_STATION = (Role.AGENT, Role.DISPATCHER, Role.TECHNICIAN, Role.SUPPORT)


@dataclass(frozen=True)
class Cells:
    """In these states these roles may do it; it is remembered as `fact` and leads to `target`.

    `own` names roles that may do it on their own records only, `not_for` the relations that keep
    somebody from it.
    """

    action: str
    fact: str
    states: str
    target: str | None
    roles: str
    kinds: str = "repair complaint return"
    own: str = ""
    not_for: str = ""


@dataclass(frozen=True)
class Stand:
    """A record in a state, the process that moves it, and what the table says about it."""

    process: Process
    record: Any
    state: str
    kind: str
    owner_id: int | None
    cells: tuple[Cells, ...]
    # Who stands in which relation to the record, by id.
    relations: Mapping[str, Sequence[int | None]] = field(default_factory=dict)
    # Who sees it besides those of its station and of head office.
    shown_to: Sequence[int | None] = ()
    hidden_from: Sequence[int | None] = ()

    def expected(self, actor: Actor, action: str) -> Cells | type[Exception]:
        """The cells that allow it, or the error that refuses it."""
        if not self.is_seen_by(actor):
            return NotFound
        mine = [c for c in self.cells if c.action == action and _has_role(actor, c)]
        if not mine:
            return NotAllowed
        here = [c for c in mine if self.state in c.states.split() and self.kind in c.kinds.split()]
        if not here:
            return WrongStatus
        return next((cells for cells in here if self._stands(actor, cells)), NotAllowed)

    def is_seen_by(self, actor: Actor) -> bool:
        if actor.id in self.hidden_from:
            return False
        far = actor.role in AT_STATION and actor.station_id != Company.NORTH
        return not far or actor.id in self.shown_to

    def history(self) -> Select[History]:
        of_record = History.subject_id == self.record.id
        about = select(History).where(History.subject == self.process.subject, of_record)
        return about.order_by(History.sequence.desc())

    def read_anew(self, uow: UnitOfWork) -> None:
        """Load the record as stored: what was done and undone has left nothing of it."""
        everything = replace(uow.actor, role=Role.MANAGER)
        query = self.process.select(everything).where(self.process.table.id == self.record.id)
        uow.session.scalars(query.execution_options(populate_existing=True)).one()

    def _stands(self, actor: Actor, cells: Cells) -> bool:
        is_own = actor.role in cells.roles.split() or actor.id == self.owner_id
        kept = any(actor.id in self.relations.get(name, ()) for name in cells.not_for.split())
        return is_own and not kept


def _has_role(actor: Actor, cells: Cells) -> bool:
    return actor.role in (*cells.roles.split(), *cells.own.split())


def check_cell(uow: UnitOfWork, stand: Stand, command: Action) -> None:
    """One cell of the matrix: tried for real; what was accepted is undone."""
    expected = stand.expected(uow.actor, command.name)
    record = stand.record
    old = record.status.value
    is_offered = type(command) in [r.action for r in stand.process.allowed(uow.actor, record)]
    act = {"id": record.id, "command": command, "seen_version": record.version}
    if isinstance(expected, Cells):
        assert is_offered
        savepoint = uow.session.begin_nested()
        workflow.act(uow, stand.process, **act)
        rows = [r for r in uow.session.scalars(stand.history()) if r.action == expected.fact]
        row = rows[0]
        assert (row.old, row.new) == (old, expected.target or old)
        assert (row.actor_id, row.at) == (uow.actor.id, uow.now)
        savepoint.rollback()
        stand.read_anew(uow)
    else:
        assert expected is NotFound or not is_offered
        with pytest.raises(expected):
            workflow.act(uow, stand.process, **act)


def check_stand(
    uow: UnitOfWork,
    stand: Stand,
    actors: Sequence[Actor],
    samples: Any,
    house: House = HOUSE,
) -> None:
    """All cells of one state; nothing of what was refused is remembered."""
    stand.read_anew(uow)
    before = len(uow.session.scalars(stand.history()).all())
    for actor in actors:
        for command in samples:
            try:
                check_cell(UnitOfWork(uow.session, actor, uow.now, house), stand, command)
            except BaseException as error:
                error.add_note(f"{actor.name} tries {command.name} on {stand.kind} {stand.state}")
                raise
    assert len(uow.session.scalars(stand.history()).all()) == before


def check_no_rule_is_left_out(
    process: Process, samples: Sequence[Action], cells: Sequence[Cells]
) -> None:
    """Each rule of the process has its cells, and each action a sample and an effect."""
    actions = {rule.action for rule in process.rules if rule.action}
    assert actions == {type(sample) for sample in samples} == {*process.effects}
    facts = {rule.fact for rule in process.rules if rule.action}
    assert facts == {cell.fact for cell in cells}
