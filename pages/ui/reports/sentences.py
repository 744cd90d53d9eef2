"""What a report says in sentences: what is off target and where, the main problem, the trend."""

from collections.abc import Iterator

from core.kpi import FrozenFigure
from core.kpi.frozen import Point
from core.reports.kept import Kept, ReportTable, Table
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.kpi import amounts


def of(kept: Kept) -> Iterator[str]:
    """The sentences of a report, the weightiest first."""
    figures = kept.frozen.figures
    aimed = [each for each in figures if each.reached is not None]
    if aimed:
        reached = sum(bool(each.reached) for each in aimed)
        yield _("{n} of {all} targets are reached.", n=reached, all=len(aimed))
    for each in aimed:
        if not each.reached:
            yield _off(each)
    for table in kept.tables:
        yield from _problem(table)
    if silent := [words.code(each.name) for each in figures if each.value is None]:
        yield _("No data yet: {figures}.", figures=words.listed(silent))


def note(figure: FrozenFigure) -> str:
    """The sentence of one figure; empty where there is nothing to say."""
    return _off(figure) if figure.reached is False else ""


def _off(figure: FrozenFigure) -> str:
    facts = {
        "figure": words.code(figure.name),
        "value": amounts.said(figure.value, figure.unit),
        "target": amounts.said(figure.target, figure.unit),
    }
    worst = _worst(figure)
    if worst is None:
        return _("{figure} is {value}, target {target}.", **facts)
    facts["station"] = worst.station or _("without a station")
    facts["least"] = amounts.said(worst.value, figure.unit)
    return _("{figure} is {value}, target {target}; worst: {station}, {least}.", **facts)


def _worst(figure: FrozenFigure) -> Point | None:
    """The station that is furthest off; None where there is one only."""
    known = [point for point in figure.stations if point.value is not None]
    if len(known) < 2:
        return None
    sign = -1 if figure.lower_is_better else 1
    return min(known, key=lambda point: sign * (point.value or 0))


def _problem(table: Table) -> Iterator[str]:
    """What comes first in a table of problems."""
    if table.name not in (ReportTable.FAULT_AREAS, ReportTable.PRODUCTS) or not table.lines:
        return
    first = table.lines[0]
    count, share, *_rest = first.cells
    yield _(
        "{table}: most often {name}, {n} cases, {share} of all.",
        table=words.code(table.name),
        name=words.in_domain(table.codes, first.code) if first.code else first.name,
        n=words.number(count or 0),
        share=words.share(share),
    )
