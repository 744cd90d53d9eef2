"""Measures 改善措施: the list of all, and how often the fault came before and after each (A26)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, select

from core.improvements import actions as improvements
from core.improvements.actions import ImprovementView
from core.kernel.errors import NotFound
from core.kernel.inputs import clean_search
from core.kernel.paging import PAGE, Page, leaf
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import norm_for
from core.prevention.actions import READ
from core.prevention.causes import names
from core.prevention.watch import of_fault
from core.process import workflow
from core.process.permissions import require, visible_requests
from core.requests import lists
from db.codes import ImprovementStatus
from db.tables import Improvement, Product, ServiceRequest

# Rates are told for so many days; from fewer days no rate is drawn.
RATE_DAYS = 30
DAY = timedelta(days=1)


class Which(StrEnum):
    """Which measures are looked at; open are those that are not carried out and checked yet."""

    ALL = "all"
    MINE = "mine"
    OPEN = "open"
    LATE = "late"
    INEFFECTIVE = "ineffective"


class When(StrEnum):
    """Before or after the day on which a measure was carried out."""

    BEFORE = "before"
    AFTER = "after"


class Basis(StrEnum):
    """Why there is a comparison, or why there is none."""

    NO_SUBJECT = "no_subject"
    NOT_DONE = "not_done"
    TOO_EARLY = "too_early"
    NO_RECORD = "no_record"
    COMPARED = "compared"


@dataclass(frozen=True)
class Window:
    """Cases of the product and fault from an instant to another, and their rate in 30 days.

    `cut` where the norm's days were not all to be had; no rate where too few were.
    """

    begins: datetime
    ends: datetime
    cases: int
    cut: bool
    least_days: int

    @property
    def days(self) -> float:
        """How long the window is, in days of 24 hours."""
        return (self.ends - self.begins) / DAY

    @property
    def rate(self) -> float | None:
        """Cases in 30 days; None when the window is too short to tell."""
        return self.cases * RATE_DAYS / self.days if self.days >= self.least_days else None


@dataclass(frozen=True)
class Effect:
    """What a measure changed: the norm's days before it was done and as many after it."""

    basis: Basis
    days: int
    before: Window | None = None
    after: Window | None = None

    @property
    def change(self) -> float | None:
        """By which share the rate rose (or fell, below 0); None without two rates or from none."""
        old, new = (side.rate if side else None for side in (self.before, self.after))
        return new / old - 1 if new is not None and old else None


def listed(
    uow: UnitOfWork, *, which: Which = Which.ALL, product: str = "", page: int = 1
) -> Page[ImprovementView]:
    """Measures: those that run by their due day, then what is over, the newest first; one query."""
    require(uow, READ)
    runs = Improvement.status.in_(RUNNING)
    query = (
        improvements.select_visible(uow.actor)
        .add_columns(func.count().over())
        .where(*_where(uow, which, product))
        .options(*improvements.WITH_NAMES)
        .order_by(runs.desc(), case((runs, Improvement.due_on)), Improvement.id.desc())
    )
    found, number = leaf(uow, query, page=page, size=PAGE)
    rows = tuple(improvements.view(uow, row) for row, _ in found)
    return Page(rows, found[0][1] if found else 0, number)


def view(uow: UnitOfWork, *, id: int) -> ImprovementView:
    """One measure with the actions that the actor may take on it."""
    require(uow, READ)
    row: Improvement = workflow.fetch(uow, NAMED, id)
    return improvements.view(uow, row)


def effect(uow: UnitOfWork, *, id: int) -> Effect:
    """Cases of the same product and fault before and after a measure was carried out.

    The window after it ends now at the latest, the one before it begins with the first case on
    file: what was not looked at is not counted as quiet.
    """
    require(uow, READ)
    row: Improvement = workflow.fetch(uow, improvements.PROCESS, id)
    days = norm_for(uow, row.request).repeat_days
    if row.product_id is None or row.fault_area is None:
        return Effect(Basis.NO_SUBJECT, days)
    if row.done_at is None:
        return Effect(Basis.NOT_DONE, days)
    begins, ends = _windows(uow, row.done_at, days)
    before, after = _count(uow, row, begins, ends)
    full = timedelta(days=days)
    least = min(RATE_DAYS, days)
    sides = (
        Window(begins, row.done_at, before, row.done_at - begins < full, least),
        Window(row.done_at, ends, after, ends - row.done_at < full, least),
    )
    return Effect(_basis(*sides), days, *sides)


def cases(uow: UnitOfWork, *, id: int, when: When, page: int = 1) -> lists.Cases:
    """The cases that one side of a comparison counts; NotFound where nothing is compared."""
    require(uow, READ)
    row: Improvement = workflow.fetch(uow, improvements.PROCESS, id)
    found = effect(uow, id=id)
    window = found.before if when is When.BEFORE else found.after
    if window is None:
        raise NotFound(subject="improvement", id=id)
    where = _of(row, window.begins, window.ends)
    return lists.by_ids(uow, ids=select(ServiceRequest.id).where(*where), page=page)


RUNNING = (ImprovementStatus.PLANNED, ImprovementStatus.DONE)
NAMED = replace(
    improvements.PROCESS,
    select=lambda actor: improvements.select_visible(actor).options(*improvements.WITH_NAMES),
)


def _where(uow: UnitOfWork, which: Which, product: str) -> list[ColumnElement[bool]]:
    i = Improvement
    narrow: dict[Which, list[ColumnElement[bool]]] = {
        Which.ALL: [],
        Which.MINE: [i.owner_id == uow.actor.id],
        Which.OPEN: [i.status.in_(RUNNING)],
        Which.LATE: [i.status == ImprovementStatus.PLANNED, i.due_on < uow.today],
        Which.INEFFECTIVE: [i.status == ImprovementStatus.INEFFECTIVE],
    }
    where = narrow[which]
    if text := clean_search(product):
        where.append(i.product_id.in_(select(Product.id).where(names(text))))
    return where


def _windows(uow: UnitOfWork, done_at: datetime, days: int) -> tuple[datetime, datetime]:
    first = uow.session.scalar(select(func.min(ServiceRequest.received_at))) or done_at
    full = timedelta(days=days)
    begins = min(max(done_at - full, first), done_at)
    return begins, min(done_at + full, uow.now)


def _of(row: Improvement, begins: datetime, ends: datetime) -> list[ColumnElement[bool]]:
    assert row.product_id is not None and row.fault_area is not None  # asked before
    fault = (row.product_id, row.fault_area)
    return [*of_fault(fault, begins=begins), ServiceRequest.received_at < ends]


def _count(uow: UnitOfWork, row: Improvement, begins: datetime, ends: datetime) -> tuple[int, int]:
    is_before = ServiceRequest.received_at < row.done_at
    before, after = uow.session.execute(
        select(func.count().filter(is_before), func.count().filter(~is_before)).where(
            *_of(row, begins, ends), visible_requests(uow.actor)
        )
    ).one()
    return before, after


def _basis(before: Window, after: Window) -> Basis:
    if after.rate is None:
        return Basis.TOO_EARLY
    return Basis.COMPARED if before.rate is not None else Basis.NO_RECORD
