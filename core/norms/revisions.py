"""Packs as shipped, and the company's dated revisions of its rule book."""

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml
from sqlalchemy import func, select

from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import LimitRule, Norm
from db.tables import NormRevision, ServiceRequest

PACKS = Path(__file__).parent / "packs"
DEFAULT_PACK = "appliance"
_NEWEST, _KEPT = "newest_revision", "revisions"


def pack_names() -> tuple[str, ...]:
    """The shipped packs, by name."""
    return tuple(sorted(path.stem for path in PACKS.glob("*.yaml")))


@lru_cache
def shipped(pack: str) -> Norm:
    """A pack as shipped."""
    return Norm.model_validate(yaml.safe_load((PACKS / f"{pack}.yaml").read_text("utf-8")))


@lru_cache
def known_limits() -> dict[str, LimitRule]:
    """Every limit of the shipped packs by its name: what a rule book may take over."""
    packs = (DEFAULT_PACK, *pack_names())
    return {rule.name: rule for pack in reversed(packs) for rule in shipped(pack).limits}


@lru_cache(maxsize=64)
def _parsed(text: str) -> Norm:
    # Keyed by content: the parsed norm keeps its calendar, which is costly to build.
    return Norm.model_validate_json(text)


@lru_cache(maxsize=64)
def _with_days(text: str, newest: str) -> Norm:
    return _parsed(text).with_days_of(_parsed(newest))


def _text(revision: NormRevision) -> str:
    # Kept with the row, which never changes: every step of a case asks several times.
    kept: str | None = vars(revision).get("_text")
    if kept is None:
        kept = vars(revision)["_text"] = json.dumps(revision.data, sort_keys=True)
    return kept


def norm_of(revision: NormRevision) -> Norm:
    """The rule book that a revision holds."""
    return _parsed(_text(revision))


def judged_by(uow: UnitOfWork, request: ServiceRequest) -> Norm:
    """The rule book of the revision that accepted a case, with the days off that are known today.

    Rules are those of the day of acceptance; that a day is off is a fact, whenever it is signed.
    """
    return _with_days(_text(_accepting(uow, request)), _text(newest(uow)))


def newest(uow: UnitOfWork) -> NormRevision:
    """The revision that was signed last, in force already or not."""
    kept: NormRevision | None = uow.session.info.get(_NEWEST)
    if kept is None:
        query = select(NormRevision).order_by(NormRevision.number.desc()).limit(1)
        kept = uow.session.info[_NEWEST] = uow.session.scalars(query).one()
        _kept(uow)[kept.id] = kept
    return kept


def norm_for(uow: UnitOfWork, request: ServiceRequest) -> Norm:
    """The rule book by which a case is judged: the revision that accepted it."""
    return norm_of(_accepting(uow, request))


def norms_of(uow: UnitOfWork, requests: Iterable[ServiceRequest]) -> dict[int, Norm]:
    """The rule books by which some cases are judged, by revision; one query at most."""
    ids, kept = {request.revision_id for request in requests}, _kept(uow)
    if missing := ids - kept.keys():
        query = select(NormRevision).where(NormRevision.id.in_(missing))
        kept |= {row.id: row for row in uow.session.scalars(query)}
    return {id: norm_of(kept[id]) for id in ids}


def _accepting(uow: UnitOfWork, request: ServiceRequest) -> NormRevision:
    kept, id = _kept(uow), request.revision_id
    if id not in kept:
        kept[id] = uow.session.get_one(NormRevision, id)
    return kept[id]


def _kept(uow: UnitOfWork) -> dict[int, NormRevision]:
    # A session forgets rows that nobody holds, and would read the same rule book several times.
    kept: dict[int, NormRevision] = uow.session.info.setdefault(_KEPT, {})
    return kept


def in_force(uow: UnitOfWork, on: date | None = None) -> NormRevision:
    """The revision in force on a local day (today unless given)."""
    day = on or uow.today
    revision = uow.session.scalar(
        select(NormRevision)
        .where(NormRevision.in_force_on <= day)
        .order_by(NormRevision.in_force_on.desc(), NormRevision.number.desc())
        .limit(1)
    )
    # A case received before the first revision (an import) is judged by that first one.
    return (
        revision
        or uow.session.scalars(select(NormRevision).order_by(NormRevision.number).limit(1)).one()
    )


def adopt(uow: UnitOfWork, *, norm: Norm, on: date, signed_by: str) -> NormRevision:
    """Sign a new revision that is in force from a local day."""
    last = uow.session.scalar(select(func.max(NormRevision.number))) or 0
    revision = NormRevision(
        number=last + 1,
        pack=norm.pack,
        in_force_on=on,
        signed_by=signed_by,
        created_at=uow.now,
        data=norm.dump(),
    )
    uow.session.add(revision)
    uow.session.flush()
    uow.session.info[_NEWEST] = revision
    return revision
