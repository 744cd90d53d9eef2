"""Drafts: what a person typed into a form and has not sent, given back wherever they go on.

Each person has one of a form, and nobody else reads it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from core.kernel import once
from core.kernel.inputs import clean_text
from core.kernel.unit_of_work import UnitOfWork
from db.tables import Draft

KEPT = timedelta(days=14)
# In signs: far beyond what any form takes; a longer one is not kept.
LONGEST = 100_000


@dataclass(frozen=True)
class DraftView:
    """What was typed, by field; `stem` names the widgets that it was typed into."""

    stem: str
    typed: Mapping[str, Any]
    saved_at: datetime


def find(uow: UnitOfWork, *, form: str) -> DraftView | None:
    """The actor's draft of a form; None when there is none."""
    row = uow.session.scalar(select(Draft).where(*_own(uow, form)))
    return DraftView(row.data["stem"], row.data["typed"], row.saved_at) if row else None


def keep(uow: UnitOfWork, *, form: str, stem: str, typed: Mapping[str, Any]) -> bool:
    """Keep what the actor has typed so far, in place of what was kept; whether it is kept."""
    data = {"stem": stem, "typed": _clean(typed)}
    if len(json.dumps(data, ensure_ascii=False)) > LONGEST:
        return False
    once.put(uow.session, Draft, person_id=uow.actor.id, form=form, data=data, saved_at=uow.now)
    return True


def end(uow: UnitOfWork, *, form: str) -> None:
    """The form was sent, or is not wanted any more."""
    uow.session.execute(delete(Draft).where(*_own(uow, form)))


def forget_old(uow: UnitOfWork) -> None:
    """Drop the drafts that nobody has gone on with."""
    uow.session.execute(delete(Draft).where(Draft.saved_at < uow.now - KEPT))


def _own(uow: UnitOfWork, form: str) -> tuple[Any, ...]:
    return Draft.person_id == uow.actor.id, Draft.form == form


def _clean(value: Any) -> Any:
    # PostgreSQL keeps no NUL in a text; no form takes one either.
    if isinstance(value, Mapping):
        return {name: _clean(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return clean_text(value)
