"""Anybody does anything: actions and forms of the house filled in at random, at random times.

Whatever is typed, core either does it or refuses it in words; nothing else may be raised, and what
is there afterwards agrees with its history.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from inspect import signature
from random import Random
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from pydantic.fields import FieldInfo
from sqlalchemy import select

from core import sweep
from core.house import HOUSE
from core.kernel.errors import Refused
from core.kernel.inputs import Action, Choice, Input, line_of, parse
from core.kernel.unit_of_work import Actor, UnitOfWork, unit_of_work
from core.process import workflow
from db.codes import RequestKind
from tests.company_cast import NOW, REPAIR, Company
from tests.strangers import entries

SEEDS = st.integers(0, 2**32)
TEXTS = ("", "好", "SN-1", "138 0013 8000", "FP-1", "李雷", "x" * 300, "=1+1", "<b>", "2026-03-02")
NUMBERS = (0, 1, 2, 3, 5, 60, 100, 500_00, -1, 10**9)
IDS = (*range(1, 9), 10**6)
# So often somebody tries what is not theirs, or not the time for it.
STRAY = 0.1
Options = Mapping[str, Mapping[Any, str]]


def commands() -> dict[str, tuple[Any, type[Input], tuple[str, ...]]]:
    """The functions that pages send forms to: with the form's model, and what ids they take."""
    found = {}
    for name, function in entries().items():
        hints = get_type_hints(function)
        asked = list(signature(function).parameters.values())[1:]
        models = [p.name for p in asked if _is_input(hints.get(p.name))]
        others = [p for p in asked if p.name not in models and p.default is p.empty]
        if len(models) == 1 and all(hints[p.name] is int for p in others):
            model = models[0]
            found[name] = (function, hints[model], (model, *(p.name for p in others)))
    return found


def _is_input(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Input) and not issubclass(kind, Action)


class Filling:
    """Fills forms in at random: mostly as they are meant, now and then not."""

    def __init__(self, random: Random, now: datetime, options: Options | None = None) -> None:
        self.random, self.now, self.options = random, now, options or {}

    def form(self, model: type[Input], fields: tuple[str, ...] | None = None) -> dict[str, Any]:
        """Values for the fields of a form; what need not be said is left out half the time."""
        values = {}
        for name, info in model.model_fields.items():
            if fields is not None and name not in fields:
                continue
            if info.is_required() or self.random.random() < 0.5:
                values[name] = self._value(info, info.annotation)
        return values

    def _value(self, info: FieldInfo, kind: Any) -> Any:
        choice = next((mark for mark in info.metadata if isinstance(mark, Choice)), None)
        if line := line_of(info):
            return [self.form(line) for _ in range(self.random.choice((0, 1, 1, 2)))]
        offered = list(self.options.get(choice.options, ())) if choice else []
        if offered and self.random.random() > STRAY:
            return self.random.choice(offered)
        return self._of(kind)

    def _of(self, kind: Any) -> Any:
        if get_origin(kind) is Annotated:
            return self._of(get_args(kind)[0])
        if get_origin(kind) in (Union, UnionType):
            return self._of(self.random.choice(get_args(kind)))
        if kind is type(None):
            return None
        if isinstance(kind, type) and issubclass(kind, Enum):
            return self.random.choice(list(kind))
        return self._plain(kind)

    def _plain(self, kind: Any) -> Any:
        if kind is bool:
            return self.random.random() < 0.5
        if kind in (int, float):
            return self.random.choice(NUMBERS)
        # An aware moment of pydantic's is no type of its own.
        if kind is datetime or "Aware" in str(kind):
            return self.now + timedelta(hours=self.random.choice((-30, -1, 0, 1, 3, 50)))
        if kind is date:
            return self.now.date() + timedelta(days=self.random.choice((-400, -3, 0, 1, 9)))
        if get_origin(kind) in (list, tuple):
            return []
        return {} if get_origin(kind) in (dict, Mapping) else self.random.choice(TEXTS)


class Work(RuleBasedStateMachine):
    """A company at work; each step is somebody's, and its clock goes on."""

    def __init__(self, company: Company) -> None:
        super().__init__()
        self.company, self.now = company, NOW
        self.people = sorted(company.people)
        self.done = self.refused = 0
        self.commands = commands()

    @rule(seed=SEEDS)
    def register(self, seed: int) -> None:
        """Somebody calls."""
        random = Random(seed)
        name, kind = f"客户{random.randrange(4)}", random.choice(list(RequestKind))
        more = {"customer_name": name, "kind": kind, "serial": random.choice(("", "SN-1", "SN-2"))}
        facts = REPAIR | {"phone": f"1390000000{name[-1]}"} | more
        register, model, _ = self.commands["core.requests.intake.register"]
        self._try(random, lambda uow: register(uow, parse(model, facts)), "agent")

    @rule(seed=SEEDS)
    def send(self, seed: int) -> None:
        """Somebody sends one of the forms that begin something."""
        random = Random(seed)
        name = random.choice(sorted(self.commands))
        function, model, (place, *ids) = self.commands[name]

        def command(uow: UnitOfWork) -> Any:
            form = parse(model, Filling(random, self.now).form(model))
            given = {each: 1 if "version" in each else random.choice(IDS) for each in ids}
            return function(uow, **{place: form}, **given)

        self._try(random, command)

    @rule(seed=SEEDS)
    def act(self, seed: int) -> None:
        """Somebody takes an action on a record, as its form offers it."""
        self._act(Random(seed))

    @rule(seed=SEEDS)
    def go_on(self, seed: int) -> None:
        """Several actions in a row: most of the work is on what was begun."""
        random = Random(seed)
        for _ in range(5):
            self._act(random)

    @rule(minutes=st.sampled_from((1, 30, 600, 3_000)))
    def wait(self, minutes: int) -> None:
        """Time goes on, and the sweep comes by."""
        self.now += timedelta(minutes=minutes)
        sweep.run(self.company.engine, now=self.now)

    def _act(self, random: Random) -> None:
        process = random.choice(HOUSE.processes)
        key = process.table.__mapper__.primary_key[0]

        def command(uow: UnitOfWork) -> Any:
            ids = uow.session.scalars(select(key).order_by(key.desc()).limit(5)).all()
            if not ids:
                return None
            record = workflow.fetch(uow, process, id := random.choice(ids))
            here = process.allowed(uow.actor, record)
            if random.random() < STRAY:
                here = tuple(each for each in process.rules if each.action)
            if not here:
                return None
            action = random.choice(here).action
            drawn = workflow.form(uow, process=process, record_id=id, action=action)
            filling = Filling(random, self.now, drawn.options)
            filled = parse(action, filling.form(action, drawn.fields))
            seen = record.version
            return workflow.act(uow, process, id=id, command=filled, seen_version=seen)

        self._try(random, command)

    def _try(self, random: Random, command: Any, who: str = "") -> None:
        actor: Actor = self.company[who or random.choice(self.people)]
        try:
            with unit_of_work(self.company.engine, actor, HOUSE, write=True, now=self.now) as uow:
                command(uow)
        except Refused:
            self.refused += 1
        else:
            self.done += 1
