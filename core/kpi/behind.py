"""One click from a figure to its cases: the same facts, the same conditions."""

from datetime import date
from typing import Any

from sqlalchemy import Select, false, select, true

from core.kernel import period
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.kpi import facts
from core.kpi.figures import DEFINITIONS, FigureName, Side, Source
from core.norms.revisions import in_force, norm_of
from core.process.permissions import require
from core.requests import lists
from db.codes import RequestKind
from db.tables import ServiceRequest


def cases_behind(
    uow: UnitOfWork,
    *,
    figure: FigureName,
    side: Side = Side.DENOMINATOR,
    since: date,
    until: date,
    month: date | None = None,
    station_id: int | None = None,
    kind: RequestKind | None = None,
    question: str | None = None,
    case_class: str | None = None,
    page: int = 1,
) -> lists.Cases:
    """The cases that a figure of the board counts, or those on one side of it; newest first.

    `month` narrows the period to one month, `question` the satisfaction to one dimension,
    `case_class` any figure to one class of the rule book ("" for what nobody has judged).
    InvalidInput for a side that the figure does not have.
    """
    require(uow, "kpi:read")
    if side not in DEFINITIONS[figure].sides:
        raise InvalidInput(Problem("side", "not_an_option"))
    span = period.months(month or since, month or until, uow.actor.zone_info)
    about = facts.scope(uow, station_id, kind)
    if figure is FigureName.COMPLAINT_RATE and kind is not None:
        return lists.by_ids(uow, ids=select(ServiceRequest.id).where(false()))
    source = Source.ANSWERS if question else DEFINITIONS[figure].source
    # The rule book is asked only for the figure that needs it.
    unhappy_below = norm_of(in_force(uow)).unhappy_below if source is Source.SURVEYS else 0
    counted = facts.of(source, now=uow.now, unhappy_below=unhappy_below)
    ids = _ids(counted, side).where(*about.where)
    ids = ids.where(counted.at >= span.begins, counted.at < span.ends)
    if case_class is not None:
        ids = ids.where(ServiceRequest.case_class == case_class)
    if question:
        ids = ids.where(counted.part == question)
    return lists.by_ids(uow, ids=ids, page=page)


def _ids(counted: facts.Facts, side: Side) -> Select[Any]:
    ids = select(ServiceRequest.id).select_from(counted.rows).where(*counted.counts)
    if side is Side.DENOMINATOR or counted.hit is None:
        return ids
    # An unmet limit has no moment to compare: neither true nor false, it belongs to the rest.
    return ids.where(counted.hit if side is Side.NUMERATOR else counted.hit.is_not(true()))
