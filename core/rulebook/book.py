"""The company's rule book: read, drafted, checked, compared, signed, exported and imported."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy import select

from core.kernel.errors import InvalidInput, Problem, Refused
from core.kernel.inputs import Day, Input, RequiredLine
from core.kernel.unit_of_work import UnitOfWork
from core.norms import revisions
from core.norms.model import Norm
from core.norms.revisions import norm_of
from core.process import history, limits
from core.process.permissions import require, require_recent
from core.rulebook import references
from core.rulebook.changes import changes
from core.rulebook.checks import Fault as Fault
from core.rulebook.checks import check as check
from core.rulebook.sentences import Apart, fresh
from db.tables import NormDraft, NormRevision

# Six times the largest that came with the tool: every byte takes hundreds while it is read.
MOST_YAML = 200_000
# The reader in C, where there is one, takes a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BrokenNorm(Refused):
    """A draft that cannot be signed; every fault is named."""

    code: ClassVar[str] = "broken_norm"

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults=faults)
        self.faults = faults


@dataclass(frozen=True)
class RevisionView:
    """A revision of the rule book."""

    id: int
    number: int
    pack: str
    in_force_on: date
    signed_by: str
    in_force: bool


class Sign(Input):
    """Sign the draft: it is in force from a day, for the cases registered from then on."""

    in_force_on: Day
    signed_by: RequiredLine
    # Said by whoever signs: a sentence that names another length than its rule is meant to.
    sentences_stay: bool = False


def current(uow: UnitOfWork) -> Norm:
    """The rule book in force today."""
    require(uow, "norm:read")
    return norm_of(revisions.in_force(uow))


def list_revisions(uow: UnitOfWork) -> tuple[RevisionView, ...]:
    """Every revision, the newest first."""
    require(uow, "norm:read")
    now = revisions.in_force(uow).id
    rows = uow.session.scalars(select(NormRevision).order_by(NormRevision.number.desc()))
    return tuple(
        RevisionView(r.id, r.number, r.pack, r.in_force_on, r.signed_by, r.id == now) for r in rows
    )


def revision(uow: UnitOfWork, *, number: int) -> Norm:
    """The rule book of a revision."""
    require(uow, "norm:read")
    row = uow.session.scalars(select(NormRevision).where(NormRevision.number == number)).one()
    return norm_of(row)


def draft(uow: UnitOfWork) -> Norm | None:
    """The actor's draft; None without one."""
    require(uow, "norm:read")
    row = uow.session.get(NormDraft, uow.actor.id)
    return Norm.model_validate(row.data) if row else None


def keep_draft(uow: UnitOfWork, norm: Norm) -> None:
    """Keep the actor's draft; a broken one too, so that it can be mended later."""
    require(uow, "norm:edit")
    row = uow.session.get(NormDraft, uow.actor.id)
    if row is None:
        uow.session.add(NormDraft(person_id=uow.actor.id, data=norm.dump(), at=uow.now))
    else:
        row.data, row.at = norm.dump(), uow.now


def drop_draft(uow: UnitOfWork) -> None:
    """Throw the actor's draft away."""
    require(uow, "norm:edit")
    row = uow.session.get(NormDraft, uow.actor.id)
    if row is not None:
        uow.session.delete(row)


def sign(uow: UnitOfWork, command: Sign) -> int:
    """Sign the actor's draft as a new revision; BrokenNorm names every fault."""
    require(uow, "norm:edit")
    require_recent(uow)
    norm = draft(uow)
    if norm is None:
        raise InvalidInput(Problem("form", "missing"))
    if faults := tuple(check(norm)):
        raise BrokenNorm(*faults)
    if command.in_force_on < uow.today:
        # Cases that were accepted under a revision keep it: the past is not judged anew.
        raise InvalidInput(Problem("in_force_on", "in_the_past"))
    before = current(uow)
    if not changes(before, norm):
        raise InvalidInput(Problem("form", "no_difference"))
    parted = fresh(before, norm)
    if parted and not command.sentences_stay:
        raise BrokenNorm(*(_parted(each) for each in parted))
    known = norm_of(revisions.newest(uow))
    row = revisions.adopt(uow, norm=norm, on=command.in_force_on, signed_by=command.signed_by)
    moved = limits.move_by_days(uow, known) if norm.with_days_of(known) != norm else 0
    history.record(
        uow,
        subject="norm",
        subject_id=row.id,
        action="signed",
        data={
            "number": row.number,
            "in_force_on": row.in_force_on.isoformat(),
            **({"sentences_stay": sorted({each.key for each in parted})} if parted else {}),
            **({"limits_moved": moved} if moved else {}),
        },
    )
    drop_draft(uow)
    return row.number


def to_yaml(norm: Norm) -> bytes:
    """The rule book as a file that people can read, and that comes in again as it went out."""
    text = yaml.safe_dump(norm.dump(), allow_unicode=True, sort_keys=False, width=100)
    return text.encode("utf-8")


def from_yaml(content: bytes) -> Norm:
    """A rule book from a file; BrokenNorm says where it does not fit the model."""
    if len(content) > MOST_YAML:
        raise BrokenNorm(Fault("file", "too_large"))
    try:
        data = yaml.load(content.decode("utf-8-sig"), LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BrokenNorm(Fault("file", "not_yaml", str(error)[:200])) from error
    return parse(data)


def parse(data: Any) -> Norm:
    """A rule book from plain data; BrokenNorm names every place that does not fit."""
    if not isinstance(data, dict):
        raise BrokenNorm(Fault("file", "not_a_norm"))
    try:
        return Norm.model_validate(data)
    except ValidationError as error:
        raise BrokenNorm(
            *(
                Fault(".".join(map(str, each["loc"])) or "norm", each["type"], *_typed(each))
                for each in error.errors()
            )
        ) from error


def amended(before: Norm, data: Mapping[str, Any]) -> Norm:
    """A draft with other data; BrokenNorm names what does not fit, and what is still named."""
    faults = [
        Fault(f"{part}.{name}", "still_named", details={"row": row, "by": places})
        for part, name, row, places in references.lost(before.model_dump(mode="json"), data)
    ]
    try:
        norm = parse(data)
    except BrokenNorm as error:
        # What cites a clause that is gone is named with the clause.
        others = (fault for fault in error.faults if not faults or fault.code != "clauses_untold")
        raise BrokenNorm(*faults, *others) from error
    if faults:
        raise BrokenNorm(*faults)
    return norm


def _parted(each: Apart) -> Fault:
    return Fault(f"{each.part}.{each.key}", "sentence_apart", each.sentence)


def _typed(error: ErrorDetails) -> tuple[str, Mapping[str, object]]:
    """What was typed where a part does not fit the model, and what would fit."""
    typed = error.get("input")
    value = str(typed) if isinstance(typed, str | int | float) else ""
    return value[:80], {k: v for k, v in error.get("ctx", {}).items() if k != "error"}
