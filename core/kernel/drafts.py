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
from core.kernel.errors import Stale
from core.kernel.inputs import clean_text
from core.kernel.unit_of_work import UnitOfWork
from db.tables import Draft

KEPT = timedelta(days=14)
# In signs: far beyond what any form takes; a longer one is not kept.
LONGEST = 100_000
STEP = timedelta(microseconds=1)


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


def keep(
    uow: UnitOfWork,
    *,
    form: str,
    stem: str,
    typed: Mapping[str, Any],
    seen: datetime | None,
    anyway: bool = False,
) -> datetime | None:
    """Keep what the actor has typed so far, in place of what was kept; when that was.

    `seen` is when the draft was kept that this window goes on from, None for none: Stale where
    another window has kept or ended it meanwhile, unless it is to be kept `anyway`. None for what
    is too long to be kept.
    """
    now = uow.session.scalar(select(Draft.saved_at).where(*_own(uow, form)).with_for_update())
    if now != seen and not anyway:
        raise Stale(subject="draft")
    data = {"stem": stem, "typed": _clean(typed)}
    if len(json.dumps(data, ensure_ascii=False)) > LONGEST:
        return None
    # Two that are kept within one moment are two.
    at = max(uow.now, now + STEP) if now else uow.now
    once.put(uow.session, Draft, person_id=uow.actor.id, form=form, data=data, saved_at=at)
    return at


def end(uow: UnitOfWork, *, form: str) -> None:
    """The form was sent, or is not wanted any more."""
    uow.session.execute(delete(Draft).where(*_own(uow, form)))


def _own(uow: UnitOfWork, form: str) -> tuple[Any, ...]:
    return Draft.person_id == uow.actor.id, Draft.form == form


def _clean(value: Any) -> Any:
    # PostgreSQL keeps no NUL in a text; no form takes one either.
    if isinstance(value, Mapping):
        return {name: _clean(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return clean_text(value)
