"""What the serving process does once a minute, safe with several processes at once."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from core.backups import plan
from core.erasing import pictures, retention
from core.house import HOUSE
from core.kernel.errors import Hindered, Stale
from core.kernel.unit_of_work import Actor, system_actor, unit_of_work
from core.kpi import upkeep
from core.mail import taking
from core.messages import sending
from core.notices import channels, escalation
from core.notices.channels import Speak
from core.people import attempts, sign_ins
from core.process import adopting, heads
from core.process.room import Chore
from core.reports import making
from db.codes import Role
from db.tables import Company

log = logging.getLogger("aftercare")

# Errors of a database that is busy or away: they pass.
PASSING = (DBAPIError, Stale, Hindered)


def run(engine: Engine, speak: Speak | None = None, *, now: datetime | None = None) -> None:
    """Drop what nobody needs, escalate, do the chores, count, report, sign, tell, back up.

    `speak` makes a title and a text of a message: core has codes and no words.
    """
    with unit_of_work(engine, system_actor(), HOUSE, write=True, now=now) as uow:
        company = uow.session.get(Company, 1)
        retention.sweep(uow, company)
        channels.forget_old(uow)
        attempts.forget_old(uow)
        sign_ins.keep_seen(uow)
        is_saved = sign_ins.write_down(uow)
    is_saved()
    if company is None:
        return
    tool = system_actor(company.time_zone, company.name)
    tool = replace(tool, language=company.language)
    _escalate(engine, tool, now)
    try:
        upkeep.keep(engine, tool, now=now)
    except (*PASSING, ValueError):
        log.exception("the figures could not be counted")
    _report(engine, tool, now)
    _prove(engine, tool, now)
    if speak:
        channels.deliver(engine, tool, HOUSE, speak, now=now)
    # Near the end, because services outside may be slow.
    _read_mail(engine, tool, now)
    _write_out(engine, tool, now)
    # Last, because it may take minutes.
    plan.keep(engine, tool, now=now)


def _escalate(engine: Engine, tool: Actor, now: datetime | None) -> None:
    ids = _ask(engine, tool, now, escalation.moved)
    while ids:
        _do(engine, tool, now, escalation.plan, ids)
        ids = _ask(engine, tool, now, escalation.moved, after=ids[-1])
    for chore in (Chore(escalation.due, escalation.climb), *HOUSE.chores):
        for id in _ask(engine, tool, now, chore.due):
            # One transaction each: a case that cannot be escalated keeps no other one waiting.
            _do(engine, tool, now, chore.do, id)


def _prove(engine: Engine, tool: Actor, now: datetime | None) -> None:
    try:
        adopting.adopt(engine, tool, HOUSE)
    except PASSING:
        log.exception("the history could not take up what a migration moved")
    try:
        if _ask(engine, tool, now, heads.is_due):
            _do(engine, tool, now, pictures.erase_left)
            _do(engine, tool, now, heads.take)
    except OSError:  # the place of the heads is full, away, or not ours
        log.exception("the head of the history could not be written")


def _read_mail(engine: Engine, tool: Actor, now: datetime | None) -> None:
    try:
        taking.read(engine, tool, HOUSE, now=now)
    except (*PASSING, OSError):  # the disk of the files too
        log.exception("mail could not be taken in")


def _write_out(engine: Engine, tool: Actor, now: datetime | None) -> None:
    try:
        sending.deliver(engine, tool, HOUSE, now=now)
    except PASSING:
        log.exception("messages to customers could not be sent")


def _report(engine: Engine, tool: Actor, now: datetime | None) -> None:
    # An administrator reads no figures: here the tool looks as the audit does.
    reader = replace(tool, role=Role.AUDITOR)
    for each in _ask(engine, reader, now, making.due):
        _do(engine, reader, now, making.make, each)


def _ask(
    engine: Engine, tool: Actor, now: datetime | None, query: Callable[..., Any], **about: Any
) -> Any:
    with unit_of_work(engine, tool, HOUSE, write=False, now=now) as uow:
        return query(uow, **about)


def _do(
    engine: Engine,
    tool: Actor,
    now: datetime | None,
    verb: Callable[..., Any],
    *about: Any,
) -> None:
    try:
        with unit_of_work(engine, tool, HOUSE, write=True, now=now) as uow:
            verb(uow, *about)
    except (*PASSING, ValueError):
        log.exception("the sweep could not %s %s", verb.__name__, about)
